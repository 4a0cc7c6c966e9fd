// What ran, who is connected and what was changed about users, for SYS_QUERY_HISTORY, STV_SESSIONS and their like: in
// memory the latest statements and connections of this process (docs/fidelity.md), and everything that is over until
// the audit has written it (audit.h). Passwords never get here: texts come from sql::redacted().
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "embedded/access.h"
#include "engine/engine.h"

namespace garland::embedded {

struct SessionRecord {
  int64_t id = 0;  // 0: a login that was refused
  PrincipalId user = 0;
  std::string user_name, database, application;
  int64_t start_us = 0;  // UTC, as all times here
  engine::Client client = {};
};
struct ConnectionRecord {
  SessionRecord session;
  std::string event;  // as SYS_CONNECTION_LOG names it
  int64_t time_us = 0;
  std::string reason = {};  // why it was refused, or ended
};
struct QueryRecord {
  int64_t id = 0;
  SessionRecord session;
  int64_t transaction = 0;
  std::string label, type, text;
  std::string status;  // "running", "success", "failed"
  int64_t start_us = 0, end_us = 0;
  uint64_t rows = 0;
  std::string error, sqlstate;  // of one that failed
};
/// How a statement ended: with rows, or with an error.
struct StatementEnd {
  uint64_t rows = 0;
  std::string sqlstate = {}, error = {};
};
/// What a statement did to a user, group, role, privilege or policy.
struct AccessRecord {
  int64_t time_us = 0, query = 0, transaction = 0;
  SessionRecord session;          // who did it
  std::string action;             // "create user", "rename user", "grant" …
  std::string object, former;     // its name; the one before a rename
  std::optional<User> user = {};  // as the statement left it, or as it was before it was dropped
  std::string text;
};

/// What is over and not yet written.
struct Unwritten {
  std::vector<ConnectionRecord> connections;
  std::vector<AccessRecord> changes;
  std::vector<QueryRecord> queries;
  size_t lost = 0;  // records beyond kMostUnwritten
  size_t size() const { return connections.size() + changes.size() + queries.size(); }
};

/// Thread-safe.
class History {
 public:
  /// Of a statement's text as much as a VARCHAR holds is kept for the audit, and its beginning after that.
  static constexpr size_t kMostText = 65'535;
  static constexpr size_t kMostUnwritten = 100'000;

  /// Statements are numbered from the next one on.
  void number_from(int64_t last_query);
  void connect(const SessionRecord& session);
  void disconnect(int64_t session, std::string_view reason, int64_t time_us);
  /// A login that was refused.
  void refuse(const SessionRecord& session, std::string_view reason);
  /// What a transaction did, once it is committed.
  void changed(std::vector<AccessRecord> changes);
  /// The statement's number.
  int64_t begin(QueryRecord query, std::string_view text);
  /// What is known of it; none: it is no longer.
  std::optional<QueryRecord> end(int64_t query, const StatementEnd& end, int64_t time_us);

  std::vector<SessionRecord> sessions() const;
  std::vector<ConnectionRecord> connections() const;
  /// By number.
  std::vector<QueryRecord> queries() const;

  Unwritten take_unwritten();
  /// They could not be written, and wait for the next time.
  void give_back(Unwritten unwritten);

 private:
  static constexpr size_t kMostQueries = 10'000;
  static constexpr size_t kMostConnections = 10'000;
  static constexpr size_t kMostShown = 4000;  // SYS_QUERY_HISTORY.query_text

  void add(ConnectionRecord connection);
  bool has_room();

  mutable std::mutex mutex_;
  int64_t last_query_ = 0;
  std::map<int64_t, SessionRecord> sessions_;
  std::deque<ConnectionRecord> connections_;
  std::map<int64_t, QueryRecord> running_;
  std::deque<QueryRecord> queries_;  // that are over, in that order
  Unwritten unwritten_;
};

}  // namespace garland::embedded
