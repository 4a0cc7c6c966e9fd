#include "ingest/files/turns.h"

namespace garland::ingest {

Turns::Turns(size_t files, std::function<bool(size_t)> alone, std::function<bool()> stopped)
    : files_(files), alone_(std::move(alone)), stopped_(std::move(stopped)) {}

std::optional<size_t> Turns::next() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return !occupied_ || failed_; });
    if (failed_ || next_ == files_ || stopped_()) return std::nullopt;
    const size_t file = next_;
    if (!alone_(file)) return next_++;
    if (finished_ == file) {
      occupied_ = true;
      return next_++;
    }
    changed_.wait(lock, [&] { return failed_ || occupied_ || next_ != file || finished_ == file; });
  }
}

void Turns::wait(size_t file) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return finished_ == file || failed_; });
  if (finished_ != file) throw Failed();
}

void Turns::finish(size_t file) {
  const std::lock_guard lock(mutex_);
  finished_ = file + 1;
  occupied_ = false;
  changed_.notify_all();
}

void Turns::fail() {
  const std::lock_guard lock(mutex_);
  failed_ = true;
  changed_.notify_all();
}

size_t Turns::handed_out() const {
  const std::lock_guard lock(mutex_);
  return next_;
}

}  // namespace garland::ingest
