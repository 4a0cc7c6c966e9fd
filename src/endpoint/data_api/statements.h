// The statements that were given to the Data API: they run on the server's pool, one after the other within a batch,
// and their results wait to be fetched. Limits are the API's (AWS documentation, "Considerations when calling the
// Amazon Redshift Data API"): 500 active statements, results and history for 24 hours. Results live in memory, at most
// kMostResultBytes each and kMostResultsBytes together: the oldest go first.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>  // before Asio's coroutines: g++ 12
#include <vector>

#include "base/clock.h"
#include "endpoint/data_api/placeholders.h"
#include "endpoint/data_api/records.h"
#include "endpoint/data_api/sessions.h"
#include "endpoint/metrics.h"
#include "endpoint/worker_pool.h"
#include "engine/engine.h"

namespace garland::endpoint {

inline constexpr size_t kMostActiveStatements = 500;
inline constexpr uint64_t kMostResultBytes = 100u << 20;
inline constexpr uint64_t kMostResultsBytes = 512u << 20;

enum class ApiStatus { kSubmitted, kStarted, kFinished, kFailed, kAborted };
/// "SUBMITTED", "STARTED" …
const char* status_name(ApiStatus status);
inline bool is_over(ApiStatus status) { return status >= ApiStatus::kFinished; }

struct ApiResult {
  std::vector<engine::ResultColumn> columns;
  std::vector<std::string> records;  // in the statement's format
  uint64_t bytes = 0;
};

/// One SQL text of a statement.
struct ApiPart {
  std::string sql;
  NumberedStatement numbered;
  ApiStatus status = ApiStatus::kSubmitted;
  std::string error;
  int64_t created_us = 0, updated_us = 0, duration_ns = 0;
  int64_t query = 0;  // SYS_QUERY_HISTORY.query_id; 0: it did not run
  uint64_t rows = 0;
  bool has_result = false;
  std::shared_ptr<const ApiResult> result;  // null: none, or gone
};

struct ApiStatement {
  std::string id, name, client_token;
  std::string user;  // who signed
  engine::Login login;
  std::map<std::string, std::string> parameters;
  bool batch = false, auto_commit = false;
  RecordFormat format = RecordFormat::kJson;
  std::vector<ApiPart> parts;
  ApiStatus status = ApiStatus::kSubmitted;
  int64_t created_us = 0, updated_us = 0;
  int64_t process = 0;
  std::string session;                  // SessionId; empty: one of its own, for itself alone
  std::optional<int32_t> keep_alive_s;  // SessionKeepAliveSeconds
};

/// Thread-safe.
class Statements {
 public:
  /// What they count goes into `metrics`.
  Statements(engine::Engine& engine, WorkerPool& pool, const Clock& clock, Metrics& metrics);
  ~Statements();

  /// Its id. A token that the user gave before means that statement again. Throws 53300 when too many are active, and
  /// what ApiSessions throws.
  std::string submit(ApiStatement statement);
  /// As it is now; none: unknown, over for more than a day, or another user's.
  std::optional<ApiStatement> find(const std::string& id, const std::string& user) const;
  /// False for one that is not there.
  bool is_running(const std::string& id, const std::string& user) const;
  /// The user's, latest first.
  std::vector<ApiStatement> list(const std::string& user) const;
  /// Cancels what runs, and takes nothing more.
  void stop();
  bool is_working() const;
  /// False when it is over. Waits for its end, at most two seconds.
  bool cancel(const std::string& id, const std::string& user);
  /// The user's sessions, latest first.
  std::vector<ApiSession> sessions(const std::string& user) const { return sessions_.list(user); }
  /// Closes the sessions whose time is over; to be called now and then. Does not wait.
  void sweep();

 private:
  struct Entry;
  class InSession;
  boost::asio::awaitable<void> run(std::shared_ptr<Entry> entry);
  boost::asio::awaitable<void> close(std::vector<std::unique_ptr<engine::Session>> sessions);
  void run(Entry& entry);
  void run_in_session(Entry& entry);
  void run_with(Entry& entry, engine::Session& session);
  void enter_session(ApiStatement& statement);
  static void request_cancel(Entry& entry);
  void run_parts(Entry& entry, engine::Session& session);
  void run_part(Entry& entry, size_t index, engine::Session& session);
  std::shared_ptr<const ApiResult> fetch(engine::Cursor& cursor, RecordFormat format) const;
  std::shared_ptr<Entry> entry(const std::string& id, const std::string& user) const;
  std::optional<std::string> with_token(const ApiStatement& asked) const;
  bool is_forgotten(const ApiStatement& statement) const;
  void forget_old();
  void note(Entry& entry, ApiStatus status);

  engine::Engine& engine_;
  WorkerPool& pool_;
  const Clock& clock_;
  Metrics& metrics_;
  ApiSessions sessions_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::map<std::string, std::shared_ptr<Entry>> entries_;
  std::deque<std::string> order_;  // oldest first
  size_t active_ = 0;
  bool stopping_ = false;
};

}  // namespace garland::endpoint
