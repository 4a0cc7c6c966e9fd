#include "embedded/history.h"

#include <algorithm>
#include <iterator>

#include "base/limits.h"
#include "base/utf8.h"

namespace garland::embedded {

void History::number_from(int64_t last_query) {
  const std::lock_guard lock(mutex_);
  last_query_ = last_query;
}

/// With the mutex held.
bool History::has_room() {
  if (unwritten_.size() < kMostUnwritten) return true;
  ++unwritten_.lost;
  return false;
}

/// With the mutex held.
void History::add(ConnectionRecord connection) {
  if (has_room()) unwritten_.connections.push_back(connection);
  connections_.push_back(std::move(connection));
  if (connections_.size() > kMostConnections) connections_.pop_front();
}

void History::connect(const SessionRecord& session) {
  const std::lock_guard lock(mutex_);
  sessions_[session.id] = session;
  if (!session.client.auth_method.empty()) add({session, "authenticated", session.start_us});
  add({session, "initiating session", session.start_us});
}

void History::disconnect(int64_t session, std::string_view reason, int64_t time_us) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  add({found->second, "disconnecting session", time_us, std::string(reason)});
  sessions_.erase(found);
}

/// What a stranger sends is cut to what a name may be.
void History::refuse(const SessionRecord& session, std::string_view reason) {
  SessionRecord refused = session;
  for (std::string* text : {&refused.user_name, &refused.database, &refused.application, &refused.client.driver_version,
                            &refused.client.os_version, &refused.client.plugin}) {
    *text = first_bytes(*text, kMaxIdentifierBytes);
  }
  const std::lock_guard lock(mutex_);
  add({refused, "authentication failure", session.start_us, std::string(first_bytes(reason, 2 * kMaxIdentifierBytes))});
}

void History::changed(std::vector<AccessRecord> changes) {
  const std::lock_guard lock(mutex_);
  for (AccessRecord& change : changes) {
    if (has_room()) unwritten_.changes.push_back(std::move(change));
  }
}

int64_t History::begin(QueryRecord query, std::string_view text) {
  query.text = first_bytes(text, kMostText);
  const std::lock_guard lock(mutex_);
  query.id = ++last_query_;
  query.status = "running";
  running_.emplace(last_query_, std::move(query));
  return last_query_;
}

std::optional<QueryRecord> History::end(int64_t query, const StatementEnd& end, int64_t time_us) {
  const std::lock_guard lock(mutex_);
  const auto found = running_.find(query);
  if (found == running_.end()) return std::nullopt;
  QueryRecord record = std::move(found->second);
  running_.erase(found);
  record.status = end.sqlstate.empty() ? "success" : "failed";
  record.rows = end.rows;
  record.sqlstate = end.sqlstate;
  record.error = end.error;
  record.end_us = time_us;
  if (has_room()) unwritten_.queries.push_back(record);
  record.text = std::string(first_bytes(record.text, kMostShown));
  queries_.push_back(record);
  if (queries_.size() > kMostQueries) queries_.pop_front();
  return record;
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
  std::vector<QueryRecord> result(queries_.begin(), queries_.end());
  for (const auto& [id, query] : running_) {
    QueryRecord& shown = result.emplace_back(query);
    shown.text = std::string(first_bytes(query.text, kMostShown));
  }
  std::ranges::sort(result, {}, &QueryRecord::id);
  return result;
}

Unwritten History::take_unwritten() {
  const std::lock_guard lock(mutex_);
  return std::exchange(unwritten_, {});
}

void History::give_back(Unwritten unwritten) {
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  const std::lock_guard lock(mutex_);
  append(unwritten.connections, unwritten_.connections);
  append(unwritten.changes, unwritten_.changes);
  append(unwritten.queries, unwritten_.queries);
  unwritten.lost += unwritten_.lost;
  unwritten_ = std::move(unwritten);
}

}  // namespace garland::embedded
