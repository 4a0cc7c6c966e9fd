// Commands that this process does for another one of the same system user: `garland run` beside `garland serve`.
//
// A connection whose start-up options say `-c garland.commands=on` carries one command in place of SQL, as one with
// `replication` does in PostgreSQL. Only the local socket's trusted peers may ask for it (42501 else). The client sends
// the command's text in a Query message and gets
//   CopyOutResponse, then as it is printed, CopyData: one byte that names the stream, and what was printed there
//   CopyDone, CommandComplete with the tag "COMMAND <exit code>", ReadyForQuery; then the connection ends
// or an ErrorResponse. Notices may come at any time. A CancelRequest stops it as Ctrl-C does: the first asks it to
// finish its step, a second ends its statements. A client that goes away counts as one more.
//
// A command has threads of its own, and takes no execution slot.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>

#include "engine/engine.h"

namespace garland::endpoint {

struct Command {
  std::string text;        // as the client sent it
  engine::Engine& engine;  // its sessions end with the command
  engine::Login login;
  /// From any thread. Blocks while the client reads more slowly than the command prints; what a client that is gone
  /// would have read is dropped.
  std::function<void(char stream, std::string_view bytes)> print;
  const std::atomic<bool>& stop;  // set: finish the step and return
};

/// Does a command and returns its exit code; what it throws becomes the ErrorResponse. Called on a thread for each
/// command, also for several at once.
using Commands = std::function<int(const Command&)>;

}  // namespace garland::endpoint
