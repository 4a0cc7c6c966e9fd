// Slots and threads: statements that wait for each other never stop the rest.
#include "endpoint/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "endpoint/on_pool.h"

namespace garland::endpoint {
namespace {

namespace asio = boost::asio;

/// A pool that runs until the end of the test.
class Running {
 public:
  explicit Running(size_t slots)
      : pool_(io_, slots), work_(asio::make_work_guard(io_)), thread_([this] { pool_.run(); }) {}
  ~Running() {
    work_.reset();
    thread_.join();
  }
  WorkerPool& pool() { return pool_; }

  template <class Work>
  void post(Work work) {
    asio::co_spawn(io_, on_pool(pool_, std::move(work)), asio::detached);
  }

 private:
  asio::io_context io_;
  WorkerPool pool_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

/// Opened once; statements wait at it.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

class Count {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  void wait_for(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return count_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t count_ = 0;
};

TEST(WorkerPool, LongStatementsLeaveAThreadToShortOnes) {
  constexpr size_t kLong = 12;
  Gate gate;
  Count begun, done;
  Running running(50);
  for (size_t i = 0; i < kLong; ++i) {
    running.post([&] {
      begun.add();
      gate.wait();
      done.add();
    });
  }
  begun.wait_for(kLong);
  running.post([&] { done.add(); });
  done.wait_for(1);
  EXPECT_GT(running.pool().load().threads, kLong);
  gate.open();
  done.wait_for(kLong + 1);
}

TEST(WorkerPool, NoMoreRunThanThereAreSlots) {
  constexpr size_t kSlots = 3, kStatements = 20;
  Gate gate;
  Count begun, done;
  std::atomic<size_t> now{0}, most{0};
  Running running(kSlots);
  for (size_t i = 0; i < kStatements; ++i) {
    running.post([&] {
      const size_t together = ++now;
      for (size_t before = most; before < together && !most.compare_exchange_weak(before, together);) {
      }
      begun.add();
      gate.wait();
      --now;
      done.add();
    });
  }
  begun.wait_for(kSlots);
  while (running.pool().load().waiting < kStatements - kSlots) std::this_thread::yield();
  gate.open();
  done.wait_for(kStatements);
  EXPECT_EQ(most, kSlots);
}

TEST(WorkerPool, WhoWaitsForALockGivesItsSlotToTheOneThatHoldsIt) {
  constexpr size_t kSlots = 2, kWaiters = kSlots + 1;
  Gate lock;
  Count waiting, done;
  Running running(kSlots);
  for (size_t i = 0; i < kWaiters; ++i) {
    running.post([&] {
      running.pool().wait_begins();
      waiting.add();
      lock.wait();
      running.pool().wait_ends();
      done.add();
    });
  }
  waiting.wait_for(kWaiters);
  running.post([&] { lock.open(); });  // the holder's COMMIT
  done.wait_for(kWaiters);
}

TEST(WorkerPool, WhatAStatementThrowsReachesItsCoroutine) {
  Count done;
  Running running(1);
  asio::co_spawn(running.pool().io(), on_pool(running.pool(), [] { throw Error(kInternalError, "thrown"); }),
                 [&](const std::exception_ptr& failure) {
                   EXPECT_THROW(std::rethrow_exception(failure), Error);
                   done.add();
                 });
  done.wait_for(1);
  running.post([&] { done.add(); });  // the slot is free again
  done.wait_for(2);
}

}  // namespace
}  // namespace garland::endpoint
