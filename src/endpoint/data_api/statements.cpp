#include "endpoint/data_api/statements.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/error.h"
#include "base/log.h"
#include "endpoint/data_api/identifier.h"
#include "endpoint/on_pool.h"

namespace garland::endpoint {

namespace {

constexpr int64_t kDayUs = int64_t{24} * 3600 * 1'000'000;

std::string told(const Error& error) {
  std::string text = "ERROR: " + error.message();
  if (!error.detail().empty()) text += "\n  Detail: " + error.detail();
  if (!error.hint().empty()) text += "\n  Hint: " + error.hint();
  return text + " [SQLSTATE " + std::string(error.state().text()) + "]";
}

/// Values are texts; a parameter that has no type from where it stands is one (Redshift would say 42P18 of `select
/// $1`).
std::unique_ptr<engine::Statement> prepared(engine::Session& session, const NumberedStatement& numbered) {
  std::vector<engine::Type> types(numbered.values.size());
  for (size_t tries = 0;; ++tries) {
    try {
      return session.prepare(numbered.sql, types);
    } catch (const Error& error) {
      const size_t dollar = error.message().rfind('$');
      if (error.state() != kIndeterminateDatatype || tries == types.size() || dollar == std::string::npos) throw;
      types.at(std::stoul(error.message().substr(dollar + 1)) - 1) = engine::Type::varchar(kMaxVarcharBytes);
    }
  }
}

}  // namespace

const char* status_name(ApiStatus status) {
  switch (status) {
    case ApiStatus::kSubmitted:
      return "SUBMITTED";
    case ApiStatus::kStarted:
      return "STARTED";
    case ApiStatus::kFinished:
      return "FINISHED";
    case ApiStatus::kFailed:
      return "FAILED";
    case ApiStatus::kAborted:
      return "ABORTED";
  }
  return "";
}

/// Its fields are read and written with the store's mutex held, but for what a part is run with, which never changes.
struct Statements::Entry {
  ApiStatement statement;
  engine::Session* session = nullptr;  // while it runs
  bool cancelled = false;
};

Statements::Statements(engine::Engine& engine, WorkerPool& pool, const Clock& clock, Metrics& metrics)
    : engine_(engine), pool_(pool), clock_(clock), metrics_(metrics), sessions_(clock) {}

Statements::~Statements() = default;

/// Asked again until none works: a session that is about to execute misses it.
void Statements::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (const auto& [id, entry] : entries_) request_cancel(*entry);
}

bool Statements::is_working() const {
  const std::lock_guard lock(mutex_);
  return active_ > 0;
}

/// With the mutex held.
void Statements::request_cancel(Entry& entry) {
  entry.cancelled = true;
  if (entry.session) entry.session->cancel(entry.session->statement_id());
}

void Statements::sweep() {
  auto expired = sessions_.take_expired();
  std::erase(expired, nullptr);
  if (!expired.empty()) boost::asio::co_spawn(pool_.io(), close(std::move(expired)), boost::asio::detached);
  const std::lock_guard lock(mutex_);
  for (const std::string& id : sessions_.overdue()) {
    const auto found = entries_.find(id);
    if (found != entries_.end()) request_cancel(*found->second);
  }
}

/// Its session is the one that it names, or a new one where it is to be kept.
void Statements::enter_session(ApiStatement& statement) {
  if (!statement.session.empty()) {
    const ApiSession session = sessions_.take(statement.session, statement.user, statement.keep_alive_s, statement.id);
    statement.login = session.login;
  } else if (statement.keep_alive_s.value_or(0) > 0) {
    statement.session = sessions_.open(statement.login, statement.user, *statement.keep_alive_s, statement.id);
  }
}

std::string Statements::submit(ApiStatement statement) {
  auto entry = std::make_shared<Entry>();
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = with_token(statement)) return *known;
    if (stopping_) throw Error(kCannotConnectNow, "the server is stopping");
    if (active_ >= kMostActiveStatements) throw Error(kTooManyConnections, "too many active statements");
    statement.id = random_uuid();
    statement.created_us = statement.updated_us = clock_.now_us();
    statement.login.waits = &pool_;
    enter_session(statement);
    for (ApiPart& part : statement.parts) part.created_us = part.updated_us = statement.created_us;
    entry->statement = std::move(statement);
    entries_[entry->statement.id] = entry;
    order_.push_back(entry->statement.id);
    ++active_;
  }
  const std::string id = entry->statement.id;
  boost::asio::co_spawn(pool_.io(), run(std::move(entry)), boost::asio::detached);
  return id;
}

/// With the mutex held; null: unknown, over for more than a day, or another user's.
std::shared_ptr<Statements::Entry> Statements::entry(const std::string& id, const std::string& user) const {
  const auto found = entries_.find(id);
  const bool theirs = found != entries_.end() && found->second->statement.user == user;
  return theirs && !is_forgotten(found->second->statement) ? found->second : nullptr;
}

std::optional<ApiStatement> Statements::find(const std::string& id, const std::string& user) const {
  const std::lock_guard lock(mutex_);
  const auto found = entry(id, user);
  return found ? std::optional(found->statement) : std::nullopt;
}

bool Statements::is_running(const std::string& id, const std::string& user) const {
  const std::lock_guard lock(mutex_);
  const auto found = entry(id, user);
  return found && !is_over(found->statement.status);
}

std::vector<ApiStatement> Statements::list(const std::string& user) const {
  const std::lock_guard lock(mutex_);
  std::vector<ApiStatement> all;
  for (auto id = order_.rbegin(); id != order_.rend(); ++id) {
    const ApiStatement& statement = entries_.at(*id)->statement;
    if (statement.user == user && !is_forgotten(statement)) all.push_back(statement);
  }
  return all;
}

/// Asked once, a session that is about to execute would miss it.
bool Statements::cancel(const std::string& id, const std::string& user) {
  constexpr int kTries = 200;
  constexpr auto kBetween = std::chrono::milliseconds(10);
  std::unique_lock lock(mutex_);
  const auto found = entry(id, user);
  if (!found || is_over(found->statement.status)) return false;
  for (int i = 0; i < kTries && !is_over(found->statement.status); ++i) {
    request_cancel(*found);
    ended_.wait_for(lock, kBetween);
  }
  return true;
}

/// With the mutex held: the statement that the user's token stands for.
std::optional<std::string> Statements::with_token(const ApiStatement& asked) const {
  if (asked.client_token.empty()) return std::nullopt;
  for (const auto& [id, known] : entries_) {
    const ApiStatement& statement = known->statement;
    const bool same = statement.client_token == asked.client_token && statement.user == asked.user;
    if (same && !is_forgotten(statement)) return id;
  }
  return std::nullopt;
}

bool Statements::is_forgotten(const ApiStatement& statement) const {
  return is_over(statement.status) && statement.updated_us < clock_.now_us() - kDayUs;
}

boost::asio::awaitable<void> Statements::run(std::shared_ptr<Entry> entry) {
  co_await boost::asio::post(boost::asio::use_awaitable);  // not within the request that submits it
  co_await on_pool(pool_, [&] { run(*entry); });
}

boost::asio::awaitable<void> Statements::close(std::vector<std::unique_ptr<engine::Session>> sessions) {
  co_await boost::asio::post(boost::asio::use_awaitable);
  co_await on_pool(pool_, [&] {
    for (const auto& session : sessions) session->will_end("it was not used for as long as it was to be kept");
    sessions.clear();
  });
}

// ---- with a slot of the pool

void Statements::run(Entry& entry) {
  note(entry, ApiStatus::kStarted);
  ApiStatus end = ApiStatus::kFinished;
  try {
    run_in_session(entry);
  } catch (const Error& error) {
    end = error.state() == kQueryCanceled ? ApiStatus::kAborted : ApiStatus::kFailed;
    const std::lock_guard lock(mutex_);
    ApiPart& first = entry.statement.parts.front();
    if (!is_over(first.status)) first.error = told(error);  // it did not get so far: no session
  } catch (const std::exception& error) {
    spdlog::error("a statement of the Data API failed: {}", error.what());
    const std::lock_guard lock(mutex_);
    entry.statement.parts.front().error = "ERROR: internal error [SQLSTATE XX000]";
    end = ApiStatus::kFailed;
  }
  if (const std::string& id = entry.statement.session; !id.empty()) {
    if (const auto closed = sessions_.release(id)) closed->will_end("the Data API's session is over");
  }
  note(entry, end);
  const std::lock_guard lock(mutex_);
  forget_old();
  --active_;
  ended_.notify_all();
}

void Statements::run_in_session(Entry& entry) {
  const std::string& id = entry.statement.session;
  engine::Session* kept = id.empty() ? nullptr : sessions_.engine_session(id);
  if (kept) return run_with(entry, *kept);
  auto opened = engine_.open_session(entry.statement.login);
  if (id.empty()) {
    run_with(entry, *opened);
    opened->will_end("the Data API's statement is over");
    return;
  }
  kept = opened.get();
  sessions_.keep(id, std::move(opened));
  run_with(entry, *kept);
}

/// While it lives, the entry can be cancelled through its session.
class Statements::InSession {
 public:
  InSession(Statements& statements, Entry& entry, engine::Session& session) : statements_(statements), entry_(entry) {
    const std::lock_guard lock(statements_.mutex_);
    entry_.statement.process = session.number();
    entry_.session = &session;
  }
  ~InSession() {
    const std::lock_guard lock(statements_.mutex_);
    entry_.session = nullptr;
  }
  InSession(const InSession&) = delete;
  InSession& operator=(const InSession&) = delete;

 private:
  Statements& statements_;
  Entry& entry_;
};

void Statements::run_with(Entry& entry, engine::Session& session) {
  const InSession running(*this, entry, session);
  run_parts(entry, session);
}

/// A batch is one transaction, unless its session has one already.
void Statements::run_parts(Entry& entry, engine::Session& session) {
  const bool outside = session.transaction_status() == engine::TransactionStatus::kIdle;
  const bool together = entry.statement.batch && !entry.statement.auto_commit && outside;
  if (together) engine::run(session, "begin");
  try {
    for (size_t i = 0; i < entry.statement.parts.size(); ++i) run_part(entry, i, session);
  } catch (...) {  // of whatever kind, and thrown on: the session may live on, without the batch's transaction
    if (together) engine::run(session, "rollback");
    throw;
  }
  if (together) engine::run(session, "commit");
}

void Statements::run_part(Entry& entry, size_t index, engine::Session& session) {
  ApiPart& part = entry.statement.parts[index];
  const int64_t begun = clock_.steady_ns();
  bool ran = false;
  const auto end = [&](ApiStatus status, const std::string& error, std::shared_ptr<const ApiResult> result,
                       uint64_t rows) {
    const std::lock_guard lock(mutex_);
    part.status = status;
    part.error = error;
    part.has_result = result != nullptr;
    part.result = std::move(result);
    part.rows = rows;
    part.duration_ns = clock_.steady_ns() - begun;
    part.query = ran ? session.query_id() : 0;
    metrics_.statement_ended(status == ApiStatus::kFinished, part.duration_ns);
    metrics_.rows_sent(part.result ? part.result->records.size() : 0);
    part.updated_us = clock_.now_us();
  };
  {
    const std::lock_guard lock(mutex_);
    part.status = ApiStatus::kStarted;
  }
  try {
    const auto statement = prepared(session, part.numbered);
    ran = true;
    const auto cursor = statement->execute(part.numbered.values);
    {
      const std::lock_guard lock(mutex_);
      if (entry.cancelled) throw Error(kQueryCanceled, "canceling statement due to user request");
    }
    auto result = fetch(*cursor, entry.statement.format);
    end(ApiStatus::kFinished, "", std::move(result), cursor->row_count());
  } catch (const Error& error) {
    end(error.state() == kQueryCanceled ? ApiStatus::kAborted : ApiStatus::kFailed, told(error), nullptr, 0);
    throw;
  }
}

std::shared_ptr<const ApiResult> Statements::fetch(engine::Cursor& cursor, RecordFormat format) const {
  auto result = std::make_shared<ApiResult>();
  result->columns = cursor.columns();
  while (const engine::Batch* batch = cursor.fetch()) {
    for (size_t row = 0; !result->columns.empty() && row < batch->rows; ++row) {
      std::string& record = result->records.emplace_back();
      format == RecordFormat::kJson ? append_json_record(record, *batch, row) : append_csv_record(record, *batch, row);
      result->bytes += record.size();
    }
    if (result->bytes > kMostResultBytes) {
      throw Error(kProgramLimitExceeded, "the result is larger than 100 MB").hint("UNLOAD it, or select less.");
    }
  }
  return result->columns.empty() ? nullptr : result;
}

void Statements::note(Entry& entry, ApiStatus status) {
  const std::lock_guard lock(mutex_);
  entry.statement.status = status;
  entry.statement.updated_us = clock_.now_us();
}

/// With the mutex held: what is over for a day goes, and results beyond what there is room for, the oldest first.
void Statements::forget_old() {
  while (!order_.empty() && is_forgotten(entries_.at(order_.front())->statement)) {
    entries_.erase(order_.front());
    order_.pop_front();
  }
  uint64_t bytes = 0;
  for (auto id = order_.rbegin(); id != order_.rend(); ++id) {
    for (ApiPart& part : entries_.at(*id)->statement.parts) {
      bytes += part.result ? part.result->bytes : 0;
      if (bytes > kMostResultsBytes) part.result = nullptr;
    }
  }
}

}  // namespace garland::endpoint
