#include "endpoint/connections.h"

#include <algorithm>

#include "endpoint/connection.h"

namespace garland::endpoint {

std::shared_ptr<Connection> Connections::add(std::shared_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Connection> oldest;
  if (entries_.size() - sessions_ >= kMostPending) {
    const auto found = std::ranges::find_if(entries_, [](const auto& entry) { return entry.second.user.empty(); });
    oldest = found->second.connection;
  }
  const int32_t process = connection->process();
  entries_.emplace(process, Entry{std::move(connection), ""});
  return oldest;
}

bool Connections::admit(const Connection& connection, const std::string& user, size_t most,
                        std::optional<int32_t> most_of_user) {
  const std::lock_guard lock(mutex_);
  if (sessions_ >= most) return false;
  if (most_of_user) {
    const auto mine = std::ranges::count_if(entries_, [&](const auto& entry) { return entry.second.user == user; });
    if (mine >= *most_of_user) return false;
  }
  const auto found = entries_.find(connection.process());
  if (found == entries_.end()) return false;  // closed meanwhile
  found->second.user = user;
  ++sessions_;
  return true;
}

void Connections::remove(const Connection& connection) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(connection.process());
  if (found == entries_.end()) return;
  if (!found->second.user.empty()) --sessions_;
  entries_.erase(found);
}

std::shared_ptr<Connection> Connections::find(int32_t process) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(process);
  return found == entries_.end() ? nullptr : found->second.connection;
}

std::vector<std::shared_ptr<Connection>> Connections::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Connection>> result;
  for (const auto& [process, entry] : entries_) result.push_back(entry.connection);
  return result;
}

size_t Connections::count() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace garland::endpoint
