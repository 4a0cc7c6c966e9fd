// The threads that run statements. A bounded number of jobs runs at once; a job that waits for another session (a table
// lock) gives its place away meanwhile, so that the session it waits for can go on.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/engine.h"

namespace garland::endpoint {

/// Thread-safe. Destroyed after its last job has ended.
class WorkerPool : public engine::WaitObserver {
 public:
  struct Job {
    virtual ~Job() = default;
    /// Throws nothing.
    virtual void run() = 0;
  };

  /// `slots`: how many jobs run at once.
  explicit WorkerPool(size_t slots);
  ~WorkerPool() override;

  void post(std::unique_ptr<Job> job);

  struct Load {
    size_t slots = 0, running = 0;
    size_t waiting = 0;  // jobs without a place
  };
  Load load() const;

  // ---- called by jobs, around a wait
  void wait_begins() override;
  /// Waits for a place; before jobs that did not begin.
  void wait_ends() override;

 private:
  void work();
  void wake();

  const size_t slots_;
  mutable std::mutex mutex_;
  std::condition_variable has_work_, has_place_;
  std::deque<std::unique_ptr<Job>> jobs_;
  size_t running_ = 0, idle_ = 0, returning_ = 0;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace garland::endpoint
