// Lets another thread see the warehouse as the source was at one position, while a capture goes on for ever: the
// capture stands still there until the other one has begun a transaction.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "ingest/postgres/messages.h"
#include "ingest/postgres/source.h"

namespace garland::ingest::postgres {

/// Between one capture and those who want it to stand still, one at a time. Thread-safe.
class CaptureHalt {
 public:
  /// Waits until the warehouse has all that the source committed before `position`, and nothing later; calls `then`,
  /// and lets the capture go on. False: the capture is past the position. Throws what `then` throws, 55006 while
  /// another one waits, 55000 when the source has not been streaming for 30 s, 57014 when `stop` is set.
  bool stand_at(const PostgresSource& source, Lsn position, const std::function<void()>& then,
                const std::atomic<bool>& stop);

  // ---- for the capture

  /// Whether it follows the stream now, so that waiting for it is of use.
  void follows(bool is_following);
  std::optional<Lsn> wanted() const;
  /// It is past that position.
  void pass(Lsn position);
  /// It stands at that position: returns when it may go on.
  void stand(Lsn position);

 private:
  enum class State { kFree, kAsked, kPassed, kStands };
  void wait_for_capture(std::unique_lock<std::mutex>& lock, const PostgresSource& source,
                        const std::atomic<bool>& stop);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::kFree;
  std::optional<Lsn> wanted_;  // while it is asked
  bool is_following_ = false;
};

}  // namespace garland::ingest::postgres
