// A project's warehouse with the endpoint, and webhooks, in front of it, in this process, until it is told to stop.
#pragma once

#include <csignal>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "cli/commands.h"
#include "cli/event_route.h"
#include "cli/project.h"
#include "cli/warehouse_metrics.h"
#include "endpoint/command.h"
#include "net/tls.h"

namespace garland::cli {

/// The server's Unix socket, under the name that libpq's programs look for: in the warehouse's folder, or where its
/// path would be too long, in a private folder that is removed at the end.
class LocalSocket {
 public:
  explicit LocalSocket(const std::filesystem::path& folder);
  ~LocalSocket();
  LocalSocket(const LocalSocket&) = delete;
  LocalSocket& operator=(const LocalSocket&) = delete;
  std::filesystem::path path() const;

 private:
  std::filesystem::path folder_;
  bool temporary_ = false;
};

class Serving {
 public:
  /// Opens the warehouse as its owner; SIGINT and SIGTERM are run()'s from here on. `source_folder`: where source files
  /// lie; empty: as the project says. To be made before other threads are.
  explicit Serving(const ServeArguments& arguments, const std::filesystem::path& source_folder = {});
  ~Serving();

  const ProjectFile& project() const { return project_; }
  engine::Engine& engine() { return *engine_; }

  /// What goes on in this process beside the sessions.
  struct Beside {
    std::function<std::string()> metrics;  // as ServerOptions::more_metrics
    std::function<void()> interrupt;       // called at each signal, on a thread of its own
    std::function<void()> wait;            // after the last session's end, until the rest has ended too
  };
  /// Listens, says where, and serves until a signal and the last session's end (endpoint/server.h says how).
  /// `commands`: as in ServerOptions.
  void run(endpoint::Commands commands, const Beside& beside);

 private:
  ProjectFile project_;
  sigset_t signals_;
  LocalSocket socket_;
  std::unique_ptr<engine::Engine> engine_;
  std::optional<WarehouseMetrics> metrics_;
  std::optional<net::ServerTls> tls_;
  std::unique_ptr<EventRoute> events_;
};

}  // namespace garland::cli
