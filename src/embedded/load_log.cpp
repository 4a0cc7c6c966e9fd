#include "embedded/load_log.h"

#include "base/log.h"
#include "base/utf8.h"
#include "embedded/row_appender.h"
#include "embedded/system_tables.h"
#include "records/printable.h"

namespace garland::embedded {

namespace {

using engine::Type;
using engine::TypeId;

/// As STL_LOAD_ERRORS names types: guide page r_STL_LOAD_ERRORS.
const char* short_name(const Type& type) {
  if (type.id == TypeId::kChar) return "char";
  return type.is_interval() ? "interval" : engine::typname(type);
}

std::string length_of(const Type& type) { return type.length > 0 ? std::to_string(type.length) : ""; }

/// A statement that failed keeps its own error when its log cannot be written either.
template <typename Write>
void in_own_transaction(Context& context, bool completed, Write write) {
  try {
    duck::Connection connection = context.warehouse.database().connect();
    connection.query("BEGIN");
    write(connection);
    connection.query("COMMIT");
  } catch (const std::exception& error) {
    if (completed) throw;
    spdlog::warn("the load log of query {} was not written: {}", context.running_query, error.what());
  }
}

}  // namespace

void LoadLog::error(const std::string& file, const records::LoadError& error) {
  constexpr size_t kMostKept = 100'000;  // as MAXERROR's limit
  constexpr size_t kMostWithFields = 1'000;
  ++count_;
  if (errors_.size() >= kMostKept) return;
  errors_.push_back({file, error});
  if (errors_.size() > kMostWithFields) errors_.back().error.fields.clear();
}

void LoadLog::replaced(const std::string& file, uint64_t line, const std::string& column) {
  constexpr size_t kMostKept = 100;
  if (replaced_.size() < kMostKept) replaced_.push_back({file, line, column});
}

std::string LoadLog::column_name(size_t column) const {
  return column < columns_.size() ? columns_[column].name : std::string();
}

void LoadLog::write_errors(duck::Connection& connection) {
  if (errors_.empty()) return;
  const auto query = context_.running_query;
  RowAppender short_rows(connection, system_table(kStlLoadErrors));
  RowAppender rows(connection, system_table(kSysLoadErrorDetail));
  for (const auto& [file, error] : errors_) {
    const bool known = error.column < columns_.size();
    const std::string type = known ? short_name(columns_[error.column].type) : "";
    const std::string length = known ? length_of(columns_[error.column].type) : "";
    short_rows.number(context_.identity().user)
        .number(0)
        .number(table_.oid)
        .number(context_.statement_start_us)
        .number(context_.session_number());
    short_rows.number(query).text(file).number(static_cast<int64_t>(error.line)).text(column_name(error.column));
    short_rows.text(type).text(length).number(error.fault.position).text(as_single_bytes(error.raw_line));
    short_rows.text(as_single_bytes(error.raw_value)).number(error.fault.code).text(error.fault.reason);
    short_rows.end_row();
    rows.number(context_.identity().user)
        .number(query)
        .number(static_cast<int64_t>(context_.transaction.number()))
        .number(context_.session_number());
    rows.text(context_.login.database).number(table_.oid).number(context_.statement_start_us).text(file);
    rows.number(static_cast<int64_t>(error.line)).text(column_name(error.column)).text(type).text(length);
    rows.number(error.fault.position).number(error.fault.code).text(error.fault.reason);
    rows.end_row();
  }
  short_rows.finish();
  rows.finish();
}

void LoadLog::write_details(duck::Connection& connection) {
  RowAppender rows(connection, system_table(kStlLoadErrorDetail));
  for (const auto& [file, error] : errors_) {
    for (size_t i = 0; i < error.fields.size() && i < columns_.size(); ++i) {
      const auto& [value, null] = error.fields[i];
      rows.number(context_.identity().user).number(0).number(context_.session_number()).number(context_.running_query);
      rows.text(file).number(static_cast<int64_t>(error.line)).number(static_cast<int64_t>(i)).text(columns_[i].name);
      rows.text(as_single_bytes(value)).number(null ? 1 : 0).text(short_name(columns_[i].type));
      rows.text(length_of(columns_[i].type));
      rows.end_row();
    }
  }
  rows.finish();
}

void LoadLog::write_replacements(duck::Connection& connection) {
  RowAppender rows(connection, system_table(kStlReplacements));
  for (const auto& [file, line, column] : replaced_) {
    rows.number(context_.identity().user).number(context_.running_query).number(0).number(table_.oid);
    rows.number(context_.statement_start_us)
        .number(context_.session_number())
        .text(file)
        .number(static_cast<int64_t>(line));
    rows.text(column).text("");
    rows.end_row();
  }
  rows.finish();
}

void LoadLog::write_history(duck::Connection& connection, const Summary& summary) {
  const int64_t now = context_.warehouse.options().clock->now_us();
  RowAppender rows(connection, system_table(kSysLoadHistory));
  rows.number(context_.identity().user).number(context_.running_query);
  rows.number(static_cast<int64_t>(context_.transaction.number()))
      .number(context_.session_number())
      .text(context_.login.database);
  rows.text(summary.completed ? "completed" : "aborted").text(table_.name).number(context_.statement_start_us);
  rows.number(now).number(now - context_.statement_start_us).text(summary.source).text(summary.format);
  rows.number(static_cast<int64_t>(summary.rows)).number(static_cast<int64_t>(summary.bytes));
  rows.number(static_cast<int64_t>(summary.files)).number(static_cast<int64_t>(summary.bytes));
  rows.number(static_cast<int64_t>(summary.files)).number(static_cast<int64_t>(summary.bytes));
  rows.number(static_cast<int64_t>(count_)).number(0);
  rows.end_row();
  rows.finish();
}

void LoadLog::write(const Summary& summary) {
  in_own_transaction(context_, summary.completed, [&](duck::Connection& connection) {
    write_errors(connection);
    write_details(connection);
    write_replacements(connection);
    write_history(connection, summary);
  });
}

namespace {

void write_rows(Context& context, duck::Connection& connection, const UnloadSummary& summary) {
  const int64_t now = context.warehouse.options().clock->now_us();
  const auto query = context.running_query;
  const auto transaction = static_cast<int64_t>(context.transaction.number());
  uint64_t bytes = 0;
  RowAppender details(connection, system_table(kSysUnloadDetail));
  for (const UnloadedFile& file : summary.files) {
    bytes += file.bytes;
    details.number(context.identity().user)
        .number(query)
        .number(context.session_number())
        .number(transaction)
        .text(file.place);
    details.number(context.statement_start_us).number(now).number(static_cast<int64_t>(file.rows));
    details.number(static_cast<int64_t>(file.bytes)).text(summary.format);
    details.end_row();
  }
  details.finish();
  RowAppender rows(connection, system_table(kSysUnloadHistory));
  rows.number(context.identity().user)
      .number(query)
      .number(transaction)
      .number(context.session_number())
      .text(context.login.database);
  rows.text(summary.error.empty() ? "completed" : "aborted").number(context.statement_start_us).number(now);
  rows.number(now - context.statement_start_us).text(summary.format).text(summary.packing).text(summary.target);
  rows.number(static_cast<int64_t>(summary.rows)).number(static_cast<int64_t>(summary.files.size()));
  rows.number(static_cast<int64_t>(bytes)).text(summary.error);
  rows.end_row();
  rows.finish();
}

}  // namespace

void write_unload_log(Context& context, const UnloadSummary& summary) {
  in_own_transaction(context, summary.error.empty(),
                     [&](duck::Connection& connection) { write_rows(context, connection, summary); });
}

}  // namespace garland::embedded
