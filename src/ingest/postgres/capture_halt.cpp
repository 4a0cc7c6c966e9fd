#include "ingest/postgres/capture_halt.h"

#include <fmt/format.h>

namespace garland::ingest::postgres {
namespace {

constexpr std::chrono::milliseconds kLook(50);  // how soon a stop is seen
constexpr std::chrono::seconds kLongestAway(30);

}  // namespace

/// Without an answer from the capture while it follows the stream, it is in a large transaction.
void CaptureHalt::wait_for_capture(std::unique_lock<std::mutex>& lock, const PostgresSource& source,
                                   const std::atomic<bool>& stop) {
  std::chrono::milliseconds away(0);
  while (state_ == State::kAsked) {
    changed_.wait_for(lock, kLook);
    if (stop) throw Error(kQueryCanceled, "the comparison was stopped");
    away = is_following_ ? std::chrono::milliseconds(0) : away + kLook;
    if (state_ != State::kAsked || away < kLongestAway) continue;
    throw Error(kObjectNotInPrerequisiteState, fmt::format("source \"{}\" is not streaming", source.name))
        .hint("garland sources status");
  }
}

bool CaptureHalt::stand_at(const PostgresSource& source, Lsn position, const std::function<void()>& then,
                           const std::atomic<bool>& stop) {
  std::unique_lock lock(mutex_);
  if (state_ != State::kFree) {
    throw Error(kObjectInUse, fmt::format("source \"{}\" is being compared already", source.name));
  }
  const auto let_go = [&] {
    state_ = State::kFree;
    wanted_.reset();
    changed_.notify_all();
  };
  state_ = State::kAsked;
  wanted_ = position;
  try {
    wait_for_capture(lock, source, stop);
    if (state_ == State::kStands) {
      lock.unlock();
      then();
      lock.lock();
    }
  } catch (...) {  // whatever then() or a stop throws: goes on to the caller, once the capture may
    if (!lock.owns_lock()) lock.lock();
    let_go();
    throw;
  }
  const bool stood = state_ == State::kStands;
  let_go();
  return stood;
}

void CaptureHalt::follows(bool is_following) {
  const std::lock_guard lock(mutex_);
  is_following_ = is_following;
}

std::optional<Lsn> CaptureHalt::wanted() const {
  const std::lock_guard lock(mutex_);
  return wanted_;
}

void CaptureHalt::pass(Lsn position) {
  const std::lock_guard lock(mutex_);
  if (wanted_ != position) return;
  state_ = State::kPassed;
  wanted_.reset();
  changed_.notify_all();
}

void CaptureHalt::stand(Lsn position) {
  std::unique_lock lock(mutex_);
  if (wanted_ != position) return;
  state_ = State::kStands;
  wanted_.reset();
  changed_.notify_all();
  changed_.wait(lock, [&] { return state_ != State::kStands; });
}

}  // namespace garland::ingest::postgres
