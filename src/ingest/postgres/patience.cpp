#include "ingest/postgres/patience.h"

#include <algorithm>
#include <thread>

#include "base/log.h"
#include "ingest/postgres/connection.h"

namespace garland::ingest::postgres {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirst(100), kLongest(5'000), kLook(10);
/// A process that died may hold the slot for a moment; one that lives keeps it.
constexpr int64_t kSlotFreeS = 5;
constexpr int64_t kNsPerSecond = 1'000'000'000;

}  // namespace

Patience::Patience(const Clock& clock, std::optional<int64_t> limit_s, const std::atomic<bool>& stop)
    : clock_(clock), limit_s_(limit_s), stop_(stop), random_(std::random_device()()), next_(kFirst) {}

void Patience::worked() {
  next_ = kFirst;
  failing_since_ns_.reset();
}

void Patience::pause(const Error& error) {
  const bool slot_in_use = error.state() == kObjectInUse;
  if (!slot_in_use && !is_passing(error)) throw error;
  const auto limit_s = slot_in_use ? std::optional(kSlotFreeS) : limit_s_;
  const int64_t now = clock_.steady_ns();
  if (!failing_since_ns_) failing_since_ns_ = now;
  if (limit_s && now - *failing_since_ns_ >= *limit_s * kNsPerSecond) throw error;
  spdlog::warn("{}; trying again", error.message());
  ++pauses_;
  const auto longest = static_cast<int>(next_.count());
  const int64_t pause_ns = std::uniform_int_distribution<int64_t>(longest / 2, longest)(random_) * 1'000'000;
  const int64_t until = clock_.steady_ns() + pause_ns;
  while (!stop_ && clock_.steady_ns() < until) std::this_thread::sleep_for(kLook);
  next_ = std::min(next_ * 2, kLongest);
}

}  // namespace garland::ingest::postgres
