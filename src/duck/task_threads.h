// The threads that help statements with DuckDB's tasks, in place of DuckDB's own workers.
//
// DuckDB wakes a worker for every task, also for those of a statement that takes 20 µs. Waking costs more than such a
// statement, and the worker then spins for a while: with two cores a short statement takes twice as long as without
// workers (docs/decisions.md). A statement's own thread can run all of its tasks; these threads look each millisecond,
// while statements run, whether tasks wait for a thread, and sleep otherwise.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

struct _duckdb_database;

namespace garland::duck {

/// Thread-safe.
class TaskThreads {
 public:
  /// `count` threads. The database, which must leave its tasks to others (external_threads), must outlive them.
  TaskThreads(_duckdb_database* database, size_t count);
  ~TaskThreads();

  /// Around everything that runs a statement's tasks.
  class Statement {
   public:
    /// nullptr: nobody helps.
    explicit Statement(TaskThreads* task_threads) : task_threads_(task_threads) {
      if (task_threads_) task_threads_->begin();
    }
    ~Statement() {
      if (task_threads_) --task_threads_->statements_;
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

   private:
    TaskThreads* task_threads_;
  };

 private:
  void begin();
  void work();
  void sleep_until_a_statement();

  void* state_;  // duckdb_task_state
  std::atomic<int> statements_{0}, asleep_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::thread> threads_;
};

}  // namespace garland::duck
