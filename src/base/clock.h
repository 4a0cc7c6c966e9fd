// Time from one place, so that tests can set it. Models never read it: they read ops.clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace garland {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Microseconds since 1970-01-01 00:00:00 UTC.
  virtual int64_t now_us() const = 0;
  /// Monotonic nanoseconds, for durations only.
  virtual int64_t steady_ns() const = 0;
};

/// The machine's clocks. Thread-safe.
const Clock& system_clock();

}  // namespace garland
