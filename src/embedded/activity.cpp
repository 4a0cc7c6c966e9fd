#include "embedded/activity.h"

#include <algorithm>

#include "base/error.h"

namespace garland::embedded {

namespace {
constexpr int64_t kRepeatNs = 5'000'000;
}

Watchdog::Watchdog(const Clock& clock) : clock_(clock), thread_([this] { run(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!closing_) {
    const int64_t now = clock_.steady_ns();
    if (const auto next = stop_due(now)) {
      changed_.wait_for(lock, std::chrono::nanoseconds(std::max<int64_t>(*next - now, 1'000'000)));
    } else {
      changed_.wait(lock);
    }
  }
}

std::optional<int64_t> Watchdog::stop_due(int64_t now_ns) {
  std::optional<int64_t> next;
  for (Activity* activity : running_) {
    if (!activity->stopped() && activity->deadline_ns_ != 0 && activity->deadline_ns_ <= now_ns) {
      activity->stop_ = Activity::Stop::kTimedOut;
    }
    int64_t due = activity->deadline_ns_;
    if (activity->stopped()) {
      activity->interrupt_();
      due = now_ns + kRepeatNs;
    }
    if (due != 0) next = next ? std::min(*next, due) : due;
  }
  return next;
}

Activity::Activity(Watchdog& watchdog, std::function<void()> interrupt)
    : watchdog_(watchdog), interrupt_(std::move(interrupt)) {}

Activity::~Activity() { end(); }

void Activity::begin(int64_t timeout_ms) {
  const std::lock_guard lock(watchdog_.mutex_);
  ++id_;
  stop_ = Stop::kNo;
  deadline_ns_ = timeout_ms > 0 ? watchdog_.clock_.steady_ns() + timeout_ms * 1'000'000 : 0;
  watchdog_.running_.insert(this);
  if (deadline_ns_ != 0) watchdog_.changed_.notify_all();
}

void Activity::end() {
  const std::lock_guard lock(watchdog_.mutex_);
  watchdog_.running_.erase(this);
}

void Activity::cancel(uint64_t id) {
  const std::lock_guard lock(watchdog_.mutex_);
  if (id != id_ || !watchdog_.running_.contains(this) || stopped()) return;
  stop_ = Stop::kCancelled;
  interrupt_();
  watchdog_.changed_.notify_all();
}

void Activity::check() const {
  switch (stop_.load()) {
    case Stop::kNo:
      return;
    case Stop::kCancelled:
      throw Error(kQueryCanceled, "canceling statement due to user request");
    case Stop::kTimedOut:
      throw Error(kQueryCanceled, "canceling statement due to statement timeout");
  }
}

}  // namespace garland::embedded
