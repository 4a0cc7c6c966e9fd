// Sessions of the Data API: what SessionKeepAliveSeconds keeps open between statements, so that temporary tables,
// settings and transactions live on (AWS documentation, Redshift Data API Reference, ExecuteStatement and
// ListSessions). A session runs one statement at a time, belongs to who signed for it, and ends when it was not used
// for as long as it was asked to be kept, or 24 hours after its beginning.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "engine/engine.h"

namespace garland::endpoint {

/// "configuration_limit_exceeded" (PostgreSQL documentation, "Error Codes"): as many sessions as there may be.
inline constexpr SqlState kTooManySessions{"53400"};
inline constexpr size_t kMostActiveSessions = 500;
inline constexpr int32_t kMostKeepAliveSeconds = 86'400;

struct ApiSession {
  std::string id, user;  // who signed
  engine::Login login;
  int32_t keep_alive_s = 0;
  int64_t created_us = 0, updated_us = 0;
  int64_t expires_us = 0;  // as it is now
  std::string statement;   // that it runs; empty: none
  bool closed = false;
};

/// Thread-safe.
class ApiSessions {
 public:
  explicit ApiSessions(const Clock& clock) : clock_(clock) {}

  /// A new session that is about to run `statement`. Throws 53400 when there are too many.
  std::string open(const engine::Login& login, const std::string& user, int32_t keep_alive_s,
                   const std::string& statement);
  /// The session is about to run `statement`; from now on it is kept for `keep_alive_s`, if given. Throws 42704 for one
  /// that is unknown, closed or another user's, 55006 while it runs another statement.
  ApiSession take(const std::string& id, const std::string& user, std::optional<int32_t> keep_alive_s,
                  const std::string& statement);
  /// The engine's session, for the thread that runs its statement, until release(); null before keep().
  engine::Session* engine_session(const std::string& id);
  void keep(const std::string& id, std::unique_ptr<engine::Session> session);
  /// Its statement is over. What is returned is the caller's to destroy: the session is closed.
  std::unique_ptr<engine::Session> release(const std::string& id);

  /// What is over and idle, for the caller to destroy; closed ones are forgotten a day later.
  std::vector<std::unique_ptr<engine::Session>> take_expired();
  /// Statements whose session is over while they run: the caller cancels them.
  std::vector<std::string> overdue() const;
  /// The user's, latest first.
  std::vector<ApiSession> list(const std::string& user) const;

 private:
  struct Entry {
    ApiSession session;
    std::unique_ptr<engine::Session> engine_session;
  };
  int64_t last_moment(const ApiSession& session) const;
  std::unique_ptr<engine::Session> close(Entry& entry);

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
  size_t active_ = 0;
};

}  // namespace garland::endpoint
