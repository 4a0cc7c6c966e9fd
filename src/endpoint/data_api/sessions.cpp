#include "endpoint/data_api/sessions.h"

#include <algorithm>

#include "endpoint/data_api/identifier.h"

namespace garland::endpoint {

namespace {
constexpr int64_t kSecondUs = 1'000'000, kDayUs = int64_t{24} * 3600 * kSecondUs;
}

/// When it is closed, whatever happens.
int64_t ApiSessions::last_moment(const ApiSession& session) const {
  const int64_t forced = session.created_us + kDayUs;
  return std::min(forced, clock_.now_us() + session.keep_alive_s * kSecondUs);
}

std::string ApiSessions::open(const engine::Login& login, const std::string& user, int32_t keep_alive_s,
                              const std::string& statement) {
  const std::lock_guard lock(mutex_);
  if (active_ >= kMostActiveSessions) {
    throw Error(kTooManySessions,
                "the maximum number of active sessions, " + std::to_string(kMostActiveSessions) + ", is exceeded");
  }
  ApiSession session{random_uuid(), user, login, keep_alive_s, clock_.now_us(), clock_.now_us(), 0, statement};
  session.expires_us = last_moment(session);
  const std::string id = session.id;
  entries_.emplace(id, Entry{std::move(session), nullptr});
  ++active_;
  return id;
}

ApiSession ApiSessions::take(const std::string& id, const std::string& user, std::optional<int32_t> keep_alive_s,
                             const std::string& statement) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  const bool there = found != entries_.end() && found->second.session.user == user && !found->second.session.closed;
  const bool idle = there && found->second.session.statement.empty();
  if (!there || (idle && found->second.session.expires_us <= clock_.now_us())) {
    throw Error(kUndefinedObject, "Session does not exist.");
  }
  ApiSession& session = found->second.session;
  if (!idle) throw Error(kObjectInUse, "Session is not available: it runs the statement " + session.statement + ".");
  if (keep_alive_s) session.keep_alive_s = *keep_alive_s;
  session.statement = statement;
  session.updated_us = clock_.now_us();
  session.expires_us = session.created_us + kDayUs;
  return session;
}

engine::Session* ApiSessions::engine_session(const std::string& id) {
  const std::lock_guard lock(mutex_);
  return entries_.at(id).engine_session.get();
}

void ApiSessions::keep(const std::string& id, std::unique_ptr<engine::Session> session) {
  const std::lock_guard lock(mutex_);
  entries_.at(id).engine_session = std::move(session);
}

/// With the mutex held.
std::unique_ptr<engine::Session> ApiSessions::close(Entry& entry) {
  entry.session.closed = true;
  entry.session.updated_us = clock_.now_us();
  --active_;
  return std::move(entry.engine_session);
}

std::unique_ptr<engine::Session> ApiSessions::release(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_.at(id);
  ApiSession& session = entry.session;
  session.statement.clear();
  session.updated_us = clock_.now_us();
  session.expires_us = last_moment(session);
  // without the engine's there was no login
  if (!entry.engine_session || session.expires_us <= clock_.now_us()) return close(entry);
  return nullptr;
}

std::vector<std::unique_ptr<engine::Session>> ApiSessions::take_expired() {
  const std::lock_guard lock(mutex_);
  const int64_t now = clock_.now_us();
  std::vector<std::unique_ptr<engine::Session>> expired;
  for (auto& [id, entry] : entries_) {
    const ApiSession& session = entry.session;
    if (!session.closed && session.statement.empty() && session.expires_us <= now) expired.push_back(close(entry));
  }
  std::erase_if(entries_, [&](const auto& known) {
    return known.second.session.closed && known.second.session.updated_us < now - kDayUs;
  });
  return expired;
}

std::vector<std::string> ApiSessions::overdue() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> statements;
  for (const auto& [id, entry] : entries_) {
    const ApiSession& session = entry.session;
    if (!session.statement.empty() && session.created_us + kDayUs <= clock_.now_us()) {
      statements.push_back(session.statement);
    }
  }
  return statements;
}

std::vector<ApiSession> ApiSessions::list(const std::string& user) const {
  const std::lock_guard lock(mutex_);
  std::vector<ApiSession> all;
  for (const auto& [id, entry] : entries_) {
    if (entry.session.user == user) all.push_back(entry.session);
  }
  std::ranges::sort(all, std::ranges::greater(), &ApiSession::created_us);
  return all;
}

}  // namespace garland::endpoint
