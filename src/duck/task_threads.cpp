#include "duck/task_threads.h"

#include <duckdb.h>

#include <chrono>

namespace garland::duck {

namespace {

constexpr auto kLook = std::chrono::milliseconds(1);
constexpr auto kSoon = std::chrono::microseconds(100);  // where there were tasks, more follow
constexpr int kSoonLooks = 20;
constexpr int kLooksBeforeSleep = 50;  // statements follow each other: none should have to wake anybody
constexpr idx_t kTasks = 64;

}  // namespace

TaskThreads::TaskThreads(_duckdb_database* database, size_t count)
    : state_(duckdb_create_task_state(reinterpret_cast<duckdb_database>(database))) {
  for (size_t i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
}

TaskThreads::~TaskThreads() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  duckdb_finish_execution(state_);
  for (std::thread& thread : threads_) thread.join();
  duckdb_destroy_task_state(state_);
}

/// Either this sees the sleeper, or the sleeper, who looks once more, sees the statement.
void TaskThreads::begin() {
  ++statements_;
  if (asleep_ == 0) return;
  const std::lock_guard lock(mutex_);
  wake_.notify_all();
}

void TaskThreads::sleep_until_a_statement() {
  std::unique_lock lock(mutex_);
  ++asleep_;
  wake_.wait(lock, [&] { return stopping_ || statements_ > 0; });
  --asleep_;
}

void TaskThreads::work() {
  int since_tasks = kSoonLooks, since_statements = 0;
  while (!stopping_) {
    if (duckdb_execute_n_tasks_state(state_, kTasks) > 0) {
      since_tasks = 0;
      continue;
    }
    since_statements = statements_ > 0 ? 0 : since_statements + 1;
    if (since_statements > kLooksBeforeSleep) {
      sleep_until_a_statement();
      since_statements = 0;
    }
    std::this_thread::sleep_for(since_tasks++ < kSoonLooks ? std::chrono::microseconds(kSoon) : kLook);
  }
}

}  // namespace garland::duck
