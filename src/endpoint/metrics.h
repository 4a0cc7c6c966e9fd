// What the server counts since it began, for Prometheus (its documentation, "Exposition formats", text format 0.0.4).
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/clock.h"
#include "endpoint/worker_pool.h"

namespace garland::endpoint {

/// Thread-safe.
class Metrics {
 public:
  explicit Metrics(const Clock& clock) : clock_(clock) {}

  /// What durations are taken from.
  int64_t now_ns() const { return clock_.steady_ns(); }
  void connection_accepted() { ++connections_; }
  void login_failed() { ++failed_logins_; }
  void rows_sent(uint64_t rows) { rows_ += rows; }
  /// A statement of a session is over: when its last row was sent, or with its error.
  void statement_ended(bool ok, int64_t duration_ns);

  /// `connections`: those that are open.
  std::string text(size_t connections, const WorkerPool::Load& pool) const;

 private:
  static constexpr std::array kBoundsMs{1, 5, 10, 50, 100, 500, 1'000, 5'000, 10'000, 60'000};

  const Clock& clock_;
  std::atomic<uint64_t> connections_{0}, failed_logins_{0}, rows_{0}, succeeded_{0}, failed_{0};
  std::array<std::atomic<uint64_t>, kBoundsMs.size() + 1> durations_{};  // how many up to each bound, and beyond
  std::atomic<uint64_t> duration_ns_{0};
};

}  // namespace garland::endpoint
