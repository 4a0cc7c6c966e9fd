#include "endpoint/data_api/statements.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/error.h"
#include "base/log.h"
#include "endpoint/on_pool.h"
#include "net/digest.h"

namespace garland::endpoint {

namespace {

constexpr int64_t kDayUs = int64_t{24} * 3600 * 1'000'000;

/// RFC 9562, version 4.
std::string random_uuid() {
  std::string bytes = net::random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string text = net::hex(bytes);
  for (const size_t at : {8u, 13u, 18u, 23u}) text.insert(at, "-");
  return text;
}

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

Statements::Statements(engine::Engine& engine, WorkerPool& pool, const Clock& clock)
    : engine_(engine), pool_(pool), clock_(clock) {}

Statements::~Statements() = default;

/// Asked again until none works: a session that is about to execute misses it.
void Statements::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (const auto& [id, entry] : entries_) cancel(*entry);
}

bool Statements::is_working() const {
  const std::lock_guard lock(mutex_);
  return active_ > 0;
}

/// With the mutex held.
void Statements::cancel(Entry& entry) {
  entry.cancelled = true;
  if (entry.session) entry.session->cancel(entry.session->statement_id());
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
    cancel(*found);
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

// ---- with a slot of the pool

void Statements::run(Entry& entry) {
  note(entry, ApiStatus::kStarted);
  ApiStatus end = ApiStatus::kFinished;
  try {
    const auto session = engine_.open_session(entry.statement.login);
    const int64_t process =
        std::stoll(engine::query_text(*session, "select pg_backend_pid()").at(0).at(0).value_or("0"));
    {
      const std::lock_guard lock(mutex_);
      entry.statement.process = process;
      entry.session = session.get();
    }
    try {
      run_parts(entry, *session);
    } catch (const Error& error) {
      end = error.state() == kQueryCanceled ? ApiStatus::kAborted : ApiStatus::kFailed;
    }
    const std::lock_guard lock(mutex_);
    entry.session = nullptr;
  } catch (const Error& error) {  // no session
    const std::lock_guard lock(mutex_);
    entry.statement.parts.front().error = told(error);
    end = ApiStatus::kFailed;
  } catch (const std::exception& error) {
    spdlog::error("a statement of the Data API failed: {}", error.what());
    const std::lock_guard lock(mutex_);
    entry.session = nullptr;
    entry.statement.parts.front().error = "ERROR: internal error [SQLSTATE XX000]";
    end = ApiStatus::kFailed;
  }
  note(entry, end);
  const std::lock_guard lock(mutex_);
  forget_old();
  --active_;
  ended_.notify_all();
}

void Statements::run_parts(Entry& entry, engine::Session& session) {
  const bool together = entry.statement.batch && !entry.statement.auto_commit;
  if (together) engine::run(session, "begin");
  for (size_t i = 0; i < entry.statement.parts.size(); ++i) run_part(entry, i, session);
  if (together) engine::run(session, "commit");
}

void Statements::run_part(Entry& entry, size_t index, engine::Session& session) {
  ApiPart& part = entry.statement.parts[index];
  const int64_t begun = clock_.steady_ns();
  const auto end = [&](ApiStatus status, const std::string& error, std::shared_ptr<const ApiResult> result,
                       uint64_t rows) {
    const std::lock_guard lock(mutex_);
    part.status = status;
    part.error = error;
    part.has_result = result != nullptr;
    part.result = std::move(result);
    part.rows = rows;
    part.duration_ns = clock_.steady_ns() - begun;
    part.updated_us = clock_.now_us();
  };
  {
    const std::lock_guard lock(mutex_);
    part.status = ApiStatus::kStarted;
  }
  try {
    const auto statement = prepared(session, part.numbered);
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
