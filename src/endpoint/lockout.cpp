#include "endpoint/lockout.h"

#include "base/error.h"

namespace garland::endpoint {

void Lockout::check(const std::string& user, const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto found = tries_.find({user, address});
  if (found == tries_.end() || found->second.failures < kAllowedFailures) return;
  const int64_t left_us = found->second.last_us + kLockedUs - clock_.now_us();
  if (left_us <= 0) {
    tries_.erase(found);
    return;
  }
  throw Error(kInvalidAuthorization, "too many failed logins of user \"" + user + "\" from this address")
      .hint("Try again in " + std::to_string((left_us + 999'999) / 1'000'000) + " seconds.");
}

void Lockout::failed(const std::string& user, const std::string& address) {
  const std::lock_guard lock(mutex_);
  const int64_t now_us = clock_.now_us();
  if (tries_.size() >= kMostPairs) forget_old(now_us);
  Tries& tries = tries_[{user, address}];
  ++tries.failures;
  tries.last_us = now_us;
}

void Lockout::succeeded(const std::string& user, const std::string& address) {
  const std::lock_guard lock(mutex_);
  tries_.erase({user, address});
}

/// Those whose time is over; all when that frees nothing.
void Lockout::forget_old(int64_t now_us) {
  std::erase_if(tries_, [&](const auto& entry) { return entry.second.last_us + kLockedUs <= now_us; });
  if (tries_.size() >= kMostPairs) tries_.clear();
}

}  // namespace garland::endpoint
