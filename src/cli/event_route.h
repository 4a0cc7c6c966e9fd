// POST /events/<source> on the server's HTTP port, for the project's sources of kind "events".
#pragma once

#include <memory>

#include "cli/project.h"
#include "endpoint/http_route.h"
#include "engine/engine.h"

namespace garland::cli {

/// Thread-safe. Must outlive the server that has its route.
class EventRoute {
 public:
  /// Reads the sources and makes their tables. `engine` must outlive it. Throws what read_project_sources() and
  /// WebhookReceiver() throw.
  EventRoute(engine::Engine& engine, const ProjectFile& project);
  ~EventRoute();

  /// None without sources of events.
  endpoint::HttpRoute route();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace garland::cli
