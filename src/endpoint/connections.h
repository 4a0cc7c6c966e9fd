// The connections of a server: who is there, how many, and whom a cancel request means.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace garland::endpoint {

class Connection;

/// Thread-safe.
class Connections {
 public:
  /// A connection that did not log in yet. When there are more than `kMostPending`, the oldest of them is returned, to
  /// be closed: thousands of half-open connections must not keep others out.
  static constexpr size_t kMostPending = 1000;
  std::shared_ptr<Connection> add(std::shared_ptr<Connection> connection);
  /// Its login is complete. False when there are `most` sessions already.
  bool admit(const Connection& connection, const std::string& user, size_t most, std::optional<int32_t> most_of_user);
  void remove(const Connection& connection);

  std::shared_ptr<Connection> find(int32_t process) const;
  std::vector<std::shared_ptr<Connection>> all() const;
  size_t count() const;

 private:
  struct Entry {
    std::shared_ptr<Connection> connection;
    std::string user;  // empty: not yet
  };
  mutable std::mutex mutex_;
  std::map<int32_t, Entry> entries_;  // by process number, which grows with age
  size_t sessions_ = 0;
};

}  // namespace garland::endpoint
