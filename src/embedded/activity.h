// What a session is executing now, and how it is stopped: by cancel() from another thread or by statement_timeout.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "base/clock.h"

namespace garland::embedded {

class Activity;

/// One thread for all sessions of an engine: stops statements whose time is over, and stops a cancelled statement again
/// and again until it has ended (DuckDB forgets an interrupt that comes between two of its statements).
class Watchdog {
 public:
  explicit Watchdog(const Clock& clock);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog();

 private:
  friend class Activity;
  void run();
  std::optional<int64_t> stop_due(int64_t now_ns);

  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Activity*> running_;
  bool closing_ = false;
  std::thread thread_;
};

/// Of one session. begin(), end() and check() are for its thread, cancel() and id() for any.
class Activity {
 public:
  /// `interrupt` must be callable from any thread and must not block for long; it is never called outside begin() …
  /// end().
  Activity(Watchdog& watchdog, std::function<void()> interrupt);
  Activity(const Activity&) = delete;
  Activity& operator=(const Activity&) = delete;
  ~Activity();

  /// A statement starts; ends the one before. `timeout_ms` 0: no limit.
  void begin(int64_t timeout_ms);
  void end();
  uint64_t id() const { return id_.load(); }
  void cancel(uint64_t id);
  bool stopped() const { return stop_.load() != Stop::kNo; }
  /// Throws 57014 when the statement was stopped.
  void check() const;

 private:
  friend class Watchdog;
  enum class Stop { kNo, kCancelled, kTimedOut };

  Watchdog& watchdog_;
  std::function<void()> interrupt_;
  std::atomic<uint64_t> id_{0};
  std::atomic<Stop> stop_{Stop::kNo};
  int64_t deadline_ns_ = 0;  // guarded by the watchdog's mutex; 0: none
};

}  // namespace garland::embedded
