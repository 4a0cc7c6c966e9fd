// Logins that are tried again and again: after five wrong passwords in a row for one user from one address, that pair
// is refused for a while, the right password too. In memory: a restart forgets it.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "base/clock.h"

namespace garland::endpoint {

/// Thread-safe.
class Lockout {
 public:
  static constexpr int kAllowedFailures = 5;
  static constexpr int64_t kLockedUs = 300'000'000;

  explicit Lockout(const Clock& clock) : clock_(clock) {}

  /// Throws 28000 when the pair is locked, with the seconds left.
  void check(const std::string& user, const std::string& address);
  void failed(const std::string& user, const std::string& address);
  void succeeded(const std::string& user, const std::string& address);

 private:
  struct Tries {
    int failures = 0;
    int64_t last_us = 0;
  };
  /// Names and addresses are the client's to choose: they must not fill the memory.
  static constexpr size_t kMostPairs = 100'000;
  using Pair = std::pair<std::string, std::string>;
  void forget_old(int64_t now_us);

  const Clock& clock_;
  std::mutex mutex_;
  std::map<Pair, Tries> tries_;
};

}  // namespace garland::endpoint
