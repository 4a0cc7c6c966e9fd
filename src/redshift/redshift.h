// Opens a Redshift cluster, or another process's Garland, as an engine: sessions over libpq. Everything above this
// folder needs this header and engine/engine.h only.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/engine.h"

namespace garland::redshift {

struct Options {
  /// A name, an address, or a folder (an absolute path) in which the server's Unix socket lies as `.s.PGSQL.<port>`.
  std::string host;
  uint16_t port = 5439;
  /// Empty: none is sent. A secret: it goes into no log and no error.
  std::string password;
  /// libpq's sslmode; means nothing over a Unix socket.
  std::string tls = "verify-full";
};

/// Connects at open_session(), which throws 08006 when the server cannot be reached and the server's own error when it
/// refuses the login. Sessions show the server's errors with their SQLSTATE, detail, hint and position. account() knows
/// nobody: a server checks its users itself. Bulk loads are refused (0A000).
std::unique_ptr<engine::Engine> open(const Options& options);

/// What a command does that another process's Garland works on, as it happens.
struct CommandEvents {
  std::function<void(char stream, std::string_view bytes)> print;
  std::function<void(const engine::Notice&)> notice;
};

/// Hands a command to another process's Garland (endpoint/command.h) and returns its exit code. `stop` set: it is asked
/// to stop, once, and still waited for. Throws 08006 when the server is lost, and the server's own error when it
/// refuses the login or the command.
int hand_over(const Options& options, const engine::Login& login, const std::string& command,
              const CommandEvents& events, const std::atomic<bool>& stop);

}  // namespace garland::redshift
