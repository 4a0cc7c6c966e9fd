// Opens a Redshift cluster, or another process's Garland, as an engine: sessions over libpq. Everything above this
// folder needs this header and engine/engine.h only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

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

}  // namespace garland::redshift
