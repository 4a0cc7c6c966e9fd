#include "embedded/audit.h"

#include "base/error.h"
#include "base/log.h"
#include "embedded/password.h"
#include "embedded/row_appender.h"
#include "embedded/system_tables.h"

namespace garland::embedded {

namespace {

constexpr int64_t kDayUs = 86'400'000'000;

std::string physical(Oid table) { return "w.main.t" + std::to_string(table); }

void put(RowAppender& rows, const ConnectionRecord& connection) {
  const SessionRecord& session = connection.session;
  const engine::Client& client = session.client;
  rows.number(connection.time_us).text(connection.event).number(session.id).text(session.user_name);
  rows.text(session.database).text(session.application).text(client.host).text(client.port);
  rows.text(client.auth_method).text(client.tls_version).text(client.tls_cipher).text(client.driver_version);
  rows.text(client.os_version).text(client.plugin).number(client.protocol_version);
  rows.number(connection.time_us - session.start_us).text(connection.reason);
  rows.end_row();
}

/// The end of the password's validity; NULL where there is none, or none that can be read.
void put_end(RowAppender& rows, const User& user) {
  std::optional<int64_t> end;
  try {
    if (!user.valid_until.empty()) end = password_end_us(user.valid_until);
  } catch (const Error&) {  // let in by an earlier version
  }
  end ? rows.number(*end) : rows.null();
}

void put(RowAppender& rows, const AccessRecord& change) {
  rows.number(change.time_us).number(change.session.user).text(change.session.user_name);
  rows.number(change.session.id).number(change.transaction).number(change.query);
  rows.text(change.action).text(change.object).text(change.former);
  if (change.user) {
    rows.number(change.user->id).flag(change.user->create_db).flag(change.user->super);
    put_end(rows, *change.user);
  } else {
    rows.null().null().null().null();
  }
  rows.text(change.text);
  rows.end_row();
}

void put(RowAppender& rows, const QueryRecord& query) {
  const SessionRecord& session = query.session;
  rows.number(query.id).number(session.user).text(session.user_name).number(session.id).number(query.transaction);
  rows.text(session.database).text(session.application).text(query.label).text(query.type);
  rows.number(query.start_us).number(query.end_us).number(query.end_us - query.start_us);
  rows.text(query.status).text(query.sqlstate).text(query.error).number(static_cast<int64_t>(query.rows));
  rows.text(query.text);
  rows.end_row();
}

template <class Record>
void put_all(duck::Connection& connection, Oid table, const std::vector<Record>& records) {
  if (records.empty()) return;
  RowAppender rows(connection, system_table(table));
  for (const Record& record : records) put(rows, record);
  rows.finish();
}

}  // namespace

Audit::Audit(duck::Connection connection, History& history, const Clock& clock, int32_t keep_days)
    : connection_(std::move(connection)), history_(history), clock_(clock), keep_days_(keep_days) {
  duck::Result last = connection_.query("SELECT coalesce(max(c1), 0) FROM " + physical(kGarlandStatementLog));
  history_.number_from(last.fetch()->columns[0].values<int64_t>()[0]);
  thread_ = std::thread([this] { run(); });
}

Audit::~Audit() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
  flush();
}

void Audit::run() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kEvery, [this] { return closing_; })) {
    lock.unlock();
    flush();
    lock.lock();
  }
}

void Audit::flush() noexcept {
  const std::lock_guard lock(writing_);
  Unwritten rows = history_.take_unwritten();
  try {
    if (rows.size() > 0) write(rows);
  } catch (const std::exception& error) {
    spdlog::error("the audit was not written, {} records wait: {}", rows.size(), error.what());
    return history_.give_back(std::move(rows));
  }
  if (rows.lost > 0) spdlog::error("{} records of the audit were lost: they could not be written", rows.lost);
  try {
    forget_old();
  } catch (const std::exception& error) {  // they stay until the next time
    spdlog::error("old records of the audit were not removed: {}", error.what());
  }
}

void Audit::write(const Unwritten& rows) {
  connection_.query("BEGIN");
  try {
    put_all(connection_, kGarlandConnectionLog, rows.connections);
    put_all(connection_, kGarlandUserLog, rows.changes);
    put_all(connection_, kGarlandStatementLog, rows.queries);
    connection_.query("COMMIT");
  } catch (const duck::DuckError&) {
    try {
      connection_.query("ROLLBACK");
    } catch (const duck::DuckError&) {  // a commit that failed has ended it; the first error tells why
    }
    throw;
  }
}

/// At the first writing, and once a day.
void Audit::forget_old() {
  const int64_t now = clock_.now_us();
  if (keep_days_ == 0 || now < forgotten_us_ + kDayUs) return;
  const std::string before = "make_timestamp(" + std::to_string(now - keep_days_ * kDayUs) + ")";
  connection_.query("DELETE FROM " + physical(kGarlandConnectionLog) + " WHERE c1 < " + before);
  connection_.query("DELETE FROM " + physical(kGarlandUserLog) + " WHERE c1 < " + before);
  connection_.query("DELETE FROM " + physical(kGarlandStatementLog) + " WHERE c10 < " + before);
  forgotten_us_ = now;
}

}  // namespace garland::embedded
