// How long a source that is away is waited for: pauses that grow, each of a random part, so that many readers of a
// source do not come back at once.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>

#include "base/clock.h"
#include "base/error.h"

namespace garland::ingest::postgres {

/// Used by one thread.
class Patience {
 public:
  /// pause() gives up `limit_s` after the first failure without a success since; none: never.
  Patience(const Clock& clock, std::optional<int64_t> limit_s, const std::atomic<bool>& stop);

  /// Waits before the next try, or less when `stop` is set. Throws the error again when trying is of no use (it wants
  /// somebody to act), or no more.
  void pause(const Error& error);
  /// It works: the next pause is a short one again.
  void worked();
  uint64_t pauses() const { return pauses_; }

 private:
  const Clock& clock_;
  const std::optional<int64_t> limit_s_;
  const std::atomic<bool>& stop_;
  std::minstd_rand random_;
  std::chrono::milliseconds next_;
  std::optional<int64_t> failing_since_ns_;
  uint64_t pauses_ = 0;
};

}  // namespace garland::ingest::postgres
