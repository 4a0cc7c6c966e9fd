// An engine in front of another one, whose sessions can be ended together.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <set>

#include "engine/engine.h"

namespace garland::endpoint {

/// Thread-safe. Must outlive its sessions, and the engine must outlive it.
class StoppableEngine : public engine::Engine {
 public:
  explicit StoppableEngine(engine::Engine& engine) : engine_(engine) {}

  std::optional<engine::Account> account(std::string_view user) override { return engine_.account(user); }
  std::unique_ptr<engine::Session> open_session(const engine::Login& login) override;

  /// Cancels what the sessions run; whatever they or new ones are asked for from then on, but a
  /// rollback, is refused (57014). A
  /// statement that began just then may be missed: call it again until the sessions are gone.
  void stop();

 private:
  class StoppableSession;
  class StoppableLoad;
  void require_running() const;

  engine::Engine& engine_;
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::set<engine::Session*> sessions_;
};

}  // namespace garland::endpoint
