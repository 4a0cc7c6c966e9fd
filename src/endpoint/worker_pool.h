// The threads of the server. Connections live on them as coroutines, and their statements run in place, without a way
// to another thread and back: that way costs as much as a short statement.
//
// How many threads there are follows the load. One is enough for a few clients that wait for each other; while all are
// busy, another comes, up to one a processor; and where long statements hold them all, one comes for those who wait,
// the later the more there are, so that equal statements are answered in turn. A thread that waits for a table lock
// does not count. Those that are not needed go.
//
// A bounded number of statements (slots) runs at once; one that waits for a lock gives its slot away meanwhile, so that
// the session that it waits for can go on.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "engine/engine.h"

namespace garland::endpoint {

/// Thread-safe.
class WorkerPool : public engine::WaitObserver {
 public:
  /// What waits for a slot.
  struct Job {
    virtual ~Job() = default;
    /// With the slot, which it gives back by leave(). Posts what is to be done and throws nothing.
    virtual void run() = 0;
  };

  /// `io` must outlive it. `slots`: how many statements run at once.
  WorkerPool(boost::asio::io_context& io, size_t slots);
  ~WorkerPool() override;

  /// Runs what `io` has to do, on this thread and others, until there is nothing left.
  void run();
  boost::asio::io_context& io() { return io_; }

  /// A slot, for this thread; false: none is free.
  bool try_enter();
  /// Runs the job as soon as there is a slot.
  void enter_later(std::unique_ptr<Job> job);
  void leave();

  struct Load {
    size_t slots = 0, running = 0;
    size_t waiting = 0;  // jobs without a slot
    size_t threads = 0;
  };
  Load load() const;

  // ---- called by statements, around a wait
  void wait_begins() override;
  /// Waits for a slot; before jobs that did not begin.
  void wait_ends() override;

 private:
  /// What watch() saw, counted in looks in a row.
  struct Looks {
    uint64_t ended = 0;     // statements, until the last look
    size_t idle = 0;        // none ran or ended
    size_t stuck = 0;       // every thread had one, and none ended
    size_t with_spare = 0;  // more than one thread had none
    size_t since_load = 0;  // since the processor time was read
    int64_t cpu_ns = 0;     // of the process, then
    int64_t at_ns = 0;
  };

  void start_thread();
  void work();
  bool goes();
  void pass_on();
  void watch();
  void look(Looks& looks);
  bool is_loaded(Looks& looks) const;
  void join_gone();

  boost::asio::io_context& io_;
  const size_t slots_, processors_;
  mutable std::mutex mutex_;
  std::condition_variable has_slot_, watched_;
  std::deque<std::unique_ptr<Job>> jobs_;
  size_t running_ = 0, returning_ = 0;
  size_t threads_ = 0, blocked_ = 0;  // that are here; of them, that wait for a lock
  uint64_t ended_ = 0;                // statements
  bool done_ = false;
  std::list<std::thread> started_;
  std::deque<std::thread::id> gone_;
  std::atomic<size_t> surplus_{0};  // threads that are to go
  std::atomic<bool> watch_sleeps_{false};
};

/// A slot until the end of a block.
class HeldSlot {
 public:
  explicit HeldSlot(WorkerPool& pool) : pool_(pool) {}
  ~HeldSlot() { pool_.leave(); }
  HeldSlot(const HeldSlot&) = delete;
  HeldSlot& operator=(const HeldSlot&) = delete;

 private:
  WorkerPool& pool_;
};

}  // namespace garland::endpoint
