#include "ingest/postgres/raw_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/text.h"
#include "ingest/postgres/snapshot_ranges.h"
#include "sql/printer.h"

namespace garland::ingest::postgres {
namespace {

using engine::Type;
using engine::TypeId;

constexpr Type kBig = Type::of(TypeId::kBigint);
constexpr Type kMoment = Type::of(TypeId::kTimestamp);
constexpr Type kName = Type::varchar(kMaxIdentifierBytes);
constexpr Type kTable = Type::varchar(2 * kMaxIdentifierBytes + 1);
constexpr Type kPosition = Type::varchar(64);

void run_statement(engine::Statement& statement, std::span<const engine::ParameterValue> values) {
  const auto cursor = statement.execute(values);
  while (cursor->fetch() != nullptr) {
  }
}

void alter(engine::Session& session, const std::string& table, const std::string& action) {
  engine::run(session, fmt::format("alter table {} {}", table, action));
}

/// `raw`: nothing where there are no current rows.
void add(engine::Session& session, const std::optional<std::string>& raw, const std::string& changes,
         const DriftPlan::Added& added) {
  const Type& type = added.column.type;
  const std::string name = sql::quote_identifier(added.column.name);
  const std::string before = sql::quote_identifier(std::string(kBeforePrefix) + added.column.name);
  engine::Transaction transaction(session);
  if (raw) alter(session, *raw, fmt::format("add column {} {}", name, to_string(type)));
  for (const std::string& column : {name, before}) {
    alter(session, changes, fmt::format("add column {} {}", column, to_string(type)));
  }
  engine::BatchBuilder readable({type});
  if (raw && added.value && !engine::read_field(*added.value, type, readable, 0)) {
    const engine::ParameterValue values[] = {*added.value};
    run_statement(*session.prepare(fmt::format("update {} set {} = $1", *raw, name), {&type, 1}), values);
  }
  transaction.commit();
}

}  // namespace

const std::vector<TableColumn>& offset_columns() {
  static const std::vector<TableColumn> kColumns = {{"source", kName, true},
                                                    {"batch_id", kBig, true},
                                                    {"status", Type::varchar(16), true},
                                                    {"position", kPosition, true},
                                                    {"slot", kName},
                                                    {"system_identifier", kPosition},
                                                    {"timeline", kPosition},
                                                    {"transactions", kBig},
                                                    {"changes", kBig},
                                                    {"committed_at", kMoment},
                                                    {"written_at", kMoment, true}};
  return kColumns;
}

const std::vector<TableColumn>& captured_table_columns() {
  static const std::vector<TableColumn> kColumns = {{"source", kName, true},    {"source_table", kTable, true},
                                                    {"source_oid", kBig, true}, {"raw_table", kTable, true},
                                                    {"batch_id", kBig, true},   {"position", kPosition, true},
                                                    {"row_count", kBig, true},  {"written_at", kMoment, true}};
  return kColumns;
}

void create_state_tables(engine::Session& session) {
  create_ops_tables(session);
  create_table(session, "ops.offsets", offset_columns());
  create_table(session, "ops.captured_tables", captured_table_columns());
  create_table(session, "ops.snapshot_ranges", snapshot_range_columns());
}

std::optional<Offset> read_offset(engine::Session& session, const std::string& source) {
  const engine::ParameterValue name = source;
  const auto rows = engine::query_text(session,
                                       "select batch_id, status, position, system_identifier, timeline from "
                                       "ops.offsets where source = $1 order by batch_id desc limit 1",
                                       {&name, 1});
  if (rows.empty()) return std::nullopt;
  const engine::TextRow& row = rows.front();
  Offset offset;
  offset.batch_id = number_in(row[0]);
  offset.status = row[1].value_or("");
  offset.position = read_lsn(row[2].value_or("")).value_or(0);
  offset.system = row[3].value_or("");
  offset.timeline = row[4].value_or("");
  return offset;
}

void write_offset(engine::Session& session, const PostgresSource& source, int64_t batch_id,
                  const SourceIdentity& identity, const BatchSummary& summary, const Clock& clock) {
  const std::string position = lsn_text(summary.position);
  write_batch(session,
              {batch_id, source.name, raw_tables(source), summary.status, position, summary.changes, summary.rejected,
               summary.started_us},
              clock);
  const engine::ParameterValue offset[] = {
      source.name,
      std::to_string(batch_id),
      summary.status,
      position,
      source.slot,
      identity.system,
      identity.timeline,
      std::to_string(summary.transactions),
      std::to_string(summary.changes),
      summary.committed_us ? engine::ParameterValue(moment_text(*summary.committed_us)) : std::nullopt,
      moment_text(clock.now_us())};
  insert_row(session, "ops.offsets", offset_columns(), offset);
}

std::vector<Oid> read_captured_tables(engine::Session& session, const std::string& source) {
  // Of the latest snapshot: an earlier one's tables may be others.
  const engine::ParameterValue name = source;
  std::vector<Oid> oids;
  for (const engine::TextRow& row :
       engine::query_text(session,
                          "select source_oid from ops.captured_tables where source = $1 and batch_id = "
                          "(select max(batch_id) from ops.captured_tables where source = $1)",
                          {&name, 1})) {
    oids.push_back(number_in<Oid>(row[0]));
  }
  return oids;
}

void write_captured_table(engine::Session& session, const PostgresSource& source, const SourceTable& table,
                          int64_t batch_id, Lsn position, uint64_t rows, const Clock& clock) {
  const engine::ParameterValue values[] = {source.name,
                                           table.configured.text(),
                                           std::to_string(table.oid),
                                           source.raw_schema + "." + table.configured.target,
                                           std::to_string(batch_id),
                                           lsn_text(position),
                                           std::to_string(rows),
                                           moment_text(clock.now_us())};
  insert_row(session, "ops.captured_tables", captured_table_columns(), values);
}

void create_change_log(engine::Session& session, const PostgresSource& source, const SourceTable& table) {
  engine::run(session, "create schema if not exists " + sql::quote_identifier(source.raw_schema));
  create_table(session, changes_table(source, table.configured), change_columns(raw_columns(table)));
  complete_change_log(session, source, table);
}

void complete_change_log(engine::Session& session, const PostgresSource& source, const SourceTable& table) {
  const std::string changes = changes_table(source, table.configured);
  const auto there = columns_in_warehouse(session, changes);
  if (std::ranges::find(there, gap_column().name, &TableColumn::name) != there.end()) return;
  alter(session, changes, fmt::format("add column {} {}", gap_column().name, to_string(gap_column().type)));
}

std::vector<TableColumn> columns_in_warehouse(engine::Session& session, const std::string& table) {
  std::vector<TableColumn> columns;
  for (const engine::ResultColumn& column : session.prepare("select * from " + table)->columns()) {
    columns.push_back({column.name, column.type, column.origin && column.origin->not_null});
  }
  return columns;
}

std::vector<TableColumn> source_columns_in_warehouse(engine::Session& session, const PostgresSource& source,
                                                     const CapturedTable& table) {
  const auto there =
      columns_in_warehouse(session, table.current_rows ? raw_table(source, table) : changes_table(source, table));
  const auto is_there = [&](const std::string& name) {
    return std::ranges::find(there, name, &TableColumn::name) != there.end();
  };
  std::vector<TableColumn> columns;
  std::ranges::copy_if(there, std::back_inserter(columns), [&](const TableColumn& column) {
    return table.current_rows ? !is_own_column(column.name) : is_there(std::string(kBeforePrefix) + column.name);
  });
  return columns;
}

void check_current_rows(engine::Session& session, const PostgresSource& source, const CapturedTable& table,
                        bool captured) {
  const std::string raw = raw_table(source, table);
  const bool is_there = columns_of(session, raw).has_value();
  if (!table.current_rows && is_there) {
    throw Error(kObjectNotInPrerequisiteState,
                fmt::format("table {} is there and would not follow its source: current_rows = false", raw))
        .in(table.place)
        .hint(fmt::format("drop table {};", raw));
  }
  if (table.current_rows && captured && !is_there) {
    throw Error(kObjectNotInPrerequisiteState, fmt::format("table {} was captured without current rows", table.text()))
        .in(table.place)
        .hint(new_snapshot_hint(source));
  }
}

void change_raw_tables(engine::Session& session, const PostgresSource& source, const CapturedTable& table,
                       const DriftPlan& plan) {
  const std::string changes = changes_table(source, table);
  const auto raw = table.current_rows ? std::optional(raw_table(source, table)) : std::nullopt;
  for (const DriftPlan::Added& added : plan.added) add(session, raw, changes, added);
  // The raw table last, or the log's column where there is none: what it says is what the next plan goes by.
  for (const auto& [column, type] : plan.widened) {
    widen_column(session, changes, std::string(kBeforePrefix) + column, type);
    widen_column(session, changes, column, type);
    if (raw) widen_column(session, *raw, column, type);
  }
}

}  // namespace garland::ingest::postgres
