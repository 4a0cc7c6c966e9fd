// What ran and who is connected, for SYS_QUERY_HISTORY, STV_SESSIONS and their like. In memory: the latest statements
// and connections of this process (docs/fidelity.md). Passwords never get here: texts come from sql::redacted().
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "embedded/access.h"

namespace garland::embedded {

struct SessionRecord {
  int64_t id = 0;
  PrincipalId user = 0;
  std::string user_name, database, application;
  int64_t start_us = 0;  // UTC, as all times here
};
struct ConnectionRecord {
  SessionRecord session;
  std::string event;  // "initiating session", "disconnecting session"
  int64_t time_us = 0;
};
struct QueryRecord {
  int64_t id = 0;
  SessionRecord session;
  int64_t transaction = 0;
  std::string label, type, text;
  std::string status;  // "running", "success", "failed"
  int64_t start_us = 0, end_us = 0;
  uint64_t rows = 0;
  std::string error;
};

/// Thread-safe.
class History {
 public:
  void connect(const SessionRecord& session);
  void disconnect(int64_t session, int64_t time_us);
  /// The statement's number. Of its text the beginning is kept.
  int64_t begin(QueryRecord query, std::string_view text);
  void end(int64_t query, std::string_view status, uint64_t rows, std::string_view error, int64_t time_us);

  std::vector<SessionRecord> sessions() const;
  std::vector<ConnectionRecord> connections() const;
  std::vector<QueryRecord> queries() const;

 private:
  static constexpr size_t kMostQueries = 10'000;
  static constexpr size_t kMostConnections = 10'000;
  static constexpr size_t kMostText = 4000;  // SYS_QUERY_HISTORY.query_text

  mutable std::mutex mutex_;
  int64_t last_query_ = 0;
  std::map<int64_t, SessionRecord> sessions_;
  std::deque<ConnectionRecord> connections_;
  std::deque<QueryRecord> queries_;  // by number
};

}  // namespace garland::embedded
