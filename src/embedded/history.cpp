#include "embedded/history.h"

#include <algorithm>

#include "base/utf8.h"

namespace garland::embedded {

void History::connect(const SessionRecord& session) {
  const std::lock_guard lock(mutex_);
  sessions_[session.id] = session;
  connections_.push_back({session, "initiating session", session.start_us});
  if (connections_.size() > kMostConnections) connections_.pop_front();
}

void History::disconnect(int64_t session, int64_t time_us) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  connections_.push_back({found->second, "disconnecting session", time_us});
  if (connections_.size() > kMostConnections) connections_.pop_front();
  sessions_.erase(found);
}

int64_t History::begin(QueryRecord query, std::string_view text) {
  query.text = first_bytes(text, kMostText);
  const std::lock_guard lock(mutex_);
  query.id = ++last_query_;
  query.status = "running";
  queries_.push_back(std::move(query));
  if (queries_.size() > kMostQueries) queries_.pop_front();
  return last_query_;
}

void History::end(int64_t query, std::string_view status, uint64_t rows, std::string_view error, int64_t time_us) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::lower_bound(queries_, query, {}, &QueryRecord::id);
  if (found == queries_.end() || found->id != query) return;
  found->status = status;
  found->rows = rows;
  found->error = error;
  found->end_us = time_us;
}

std::vector<SessionRecord> History::sessions() const {
  const std::lock_guard lock(mutex_);
  std::vector<SessionRecord> result;
  for (const auto& [id, session] : sessions_) result.push_back(session);
  return result;
}

std::vector<ConnectionRecord> History::connections() const {
  const std::lock_guard lock(mutex_);
  return {connections_.begin(), connections_.end()};
}

std::vector<QueryRecord> History::queries() const {
  const std::lock_guard lock(mutex_);
  return {queries_.begin(), queries_.end()};
}

}  // namespace garland::embedded
