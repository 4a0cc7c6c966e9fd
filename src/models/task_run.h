// Tasks that wait for one another, run by a few threads, each with a session of its own.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "engine/engine.h"

namespace garland::models {

struct Task {
  std::vector<size_t> after;  // tasks that must have ended
  /// Leaves the session in the transaction state it found. An exception ends the run: it is rethrown by run_tasks.
  std::function<void(engine::Session&)> work;
};

/// Runs every task once, in the order of their numbers where they do not wait, on up to `threads` threads; what a task
/// wrote is seen by those that wait for it. `stop` set: tasks that run are finished, no other begins. Returns which
/// tasks ran.
std::vector<bool> run_tasks(const std::vector<Task>& tasks, int threads,
                            const std::function<std::unique_ptr<engine::Session>()>& open_session,
                            const std::atomic<bool>& stop);

/// The same on one session, one task after the other. Tasks wait for lower numbers only. A task that leaves the
/// session's transaction failed is the last one.
std::vector<bool> run_tasks_in_turn(const std::vector<Task>& tasks, engine::Session& session,
                                    const std::atomic<bool>& stop);

}  // namespace garland::models
