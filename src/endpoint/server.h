// The endpoint: answers on a port as a Redshift cluster does (PostgreSQL's protocol v3 with Redshift's extensions), in
// front of an engine.
//
// Connections live as coroutines, and their statements run, on the threads of worker_pool.h. A connection that waits
// for its client holds none of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "endpoint/command.h"
#include "endpoint/http_route.h"
#include "engine/engine.h"
#include "net/tls.h"

namespace garland::endpoint {

struct ServerOptions {
  std::string host = "127.0.0.1";
  uint16_t port = 5439;  // 0: one that is free
  /// A Unix socket besides, for this machine's own commands; empty: none. At most kMaxSocketPath bytes. The system's
  /// user who runs the server, and root, log in there as anybody without a password ("peer", PostgreSQL documentation,
  /// "Peer Authentication").
  std::filesystem::path local_socket;
  /// The Data API and /metrics, on `host`: HTTP or HTTPS for this machine, HTTPS for others; 0: a port that is free;
  /// none: off. Keys lie in `data_folder`.
  std::optional<uint16_t> http_port;
  std::filesystem::path data_folder;
  /// Sessions at once; superusers may open a few more (53300).
  size_t max_connections = 500;
  /// Statements that run at once: as many as a cluster's queues can have (guide page "Quotas and limits": 50 slots).
  size_t slots = 50;
  /// From the first byte to the end of the login.
  std::chrono::seconds login_timeout{60};
  /// A session that sends nothing; inside a transaction block. The cluster's figures (guide page "Quotas and limits").
  std::chrono::seconds idle_timeout{4 * 3600};
  std::chrono::seconds idle_in_transaction_timeout{6 * 3600};
  /// How long a stop waits for statements and transactions before it cancels them.
  std::chrono::seconds drain{30};
  /// What it does for the trusted peers of `local_socket`; empty: no commands.
  Commands commands;
  /// What GET /metrics shows besides, in Prometheus' text format; from any thread. Empty: nothing.
  std::function<std::string()> more_metrics;
  /// What else is answered on the HTTP port: to this machine, and to others over HTTPS.
  HttpRoute route;
};

/// A path of sockaddr_un.
inline constexpr size_t kMaxSocketPath = 107;

/// Thread-safe.
class Server {
 public:
  /// Listens; a local socket that stands there is replaced. Throws 58030 when it cannot, with what to do about it.
  /// `engine` and `tls` must outlive the server.
  Server(engine::Engine& engine, const net::ServerTls& tls, ServerOptions options);
  ~Server();

  /// host:port as it listens.
  std::string address() const;
  /// Of HTTP; empty: it is off.
  std::string http_address() const;
  /// Serves until stop() was called and the last connection has ended.
  void run();
  /// From any thread: no new connections; sessions end when they are idle, commands after their step, both at the
  /// latest after `drain`. A second call cancels what runs at once.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace garland::endpoint
