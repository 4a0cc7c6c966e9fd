#include "models/task_run.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

namespace garland::models {
namespace {

class TaskRun {
 public:
  TaskRun(const std::vector<Task>& tasks, const std::atomic<bool>& stop)
      : tasks_(tasks), stop_(stop), waits_for_(tasks.size()), followers_(tasks.size()), ran_(tasks.size(), false) {
    for (size_t i = 0; i < tasks.size(); ++i) {
      waits_for_[i] = tasks[i].after.size();
      for (size_t other : tasks[i].after) followers_[other].push_back(i);
      if (tasks[i].after.empty()) ready_.insert(i);
    }
  }

  void work(const std::function<std::unique_ptr<engine::Session>()>& open_session) {
    try {
      std::unique_ptr<engine::Session> session = open_session();
      while (std::optional<size_t> task = next()) {
        tasks_[*task].work(*session);
        finish(*task);
      }
    } catch (...) {
      std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      changed_.notify_all();
    }
  }

  std::vector<bool> result() {
    if (failure_) std::rethrow_exception(failure_);
    return std::move(ran_);
  }

 private:
  std::optional<size_t> next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failure_ || stop_ || !ready_.empty() || running_ == 0; });
    if (failure_ || stop_ || ready_.empty()) {
      changed_.notify_all();
      return std::nullopt;
    }
    size_t task = *ready_.begin();
    ready_.erase(ready_.begin());
    ++running_;
    return task;
  }

  void finish(size_t task) {
    std::lock_guard lock(mutex_);
    --running_;
    ran_[task] = true;
    for (size_t follower : followers_[task]) {
      if (--waits_for_[follower] == 0) ready_.insert(follower);
    }
    changed_.notify_all();
  }

  const std::vector<Task>& tasks_;
  const std::atomic<bool>& stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<size_t> waits_for_;
  std::vector<std::vector<size_t>> followers_;
  std::set<size_t> ready_;
  size_t running_ = 0;
  std::vector<bool> ran_;
  std::exception_ptr failure_;
};

}  // namespace

std::vector<bool> run_tasks(const std::vector<Task>& tasks, int threads,
                            const std::function<std::unique_ptr<engine::Session>()>& open_session,
                            const std::atomic<bool>& stop) {
  TaskRun run(tasks, stop);
  std::vector<std::thread> workers;
  size_t count = std::min<size_t>(static_cast<size_t>(std::max(threads, 1)), tasks.size());
  for (size_t i = 0; i < count; ++i) workers.emplace_back([&] { run.work(open_session); });
  for (std::thread& worker : workers) worker.join();
  return run.result();
}

std::vector<bool> run_tasks_in_turn(const std::vector<Task>& tasks, engine::Session& session,
                                    const std::atomic<bool>& stop) {
  std::vector<bool> ran(tasks.size(), false);
  for (size_t i = 0; i < tasks.size() && !stop; ++i) {
    tasks[i].work(session);
    ran[i] = true;
    if (session.transaction_status() == engine::TransactionStatus::kFailed) break;
  }
  return ran;
}

}  // namespace garland::models
