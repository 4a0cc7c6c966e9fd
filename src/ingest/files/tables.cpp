#include "ingest/files/tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "sql/printer.h"

namespace garland::ingest {
namespace {

using engine::Type;
using engine::TypeId;

constexpr Type kBig = Type::of(TypeId::kBigint);
constexpr Type kInt = Type::of(TypeId::kInteger);
constexpr Type kMoment = Type::of(TypeId::kTimestamp);
constexpr Type kName = Type::varchar(kMaxIdentifierBytes);
constexpr Type kTable = Type::varchar(2 * kMaxIdentifierBytes + 1);
constexpr Type kHash = Type::varchar(32);
constexpr Type kWord = Type::varchar(16);
constexpr Type kText = Type::varchar(4096);

std::vector<std::pair<std::string, std::vector<TableColumn>>> ops_tables() {
  return {{"ops.batches", batch_columns()},
          {"ops.rejects", reject_columns()},
          {"ops.reject_headers", reject_header_columns()},
          {"ops.reject_events", reject_event_columns()}};
}

Error other_columns(const FileSource& source, std::string message) {
  return Error(kDatatypeMismatch, std::move(message))
      .in(source.place)
      .hint(fmt::format(
          "change the source's columns back, or give it another table; `drop table {}` makes the next run load all "
          "its files again",
          raw_table(source)));
}

}  // namespace

const std::vector<TableColumn>& provenance_columns() {
  static const std::vector<TableColumn> kColumns = {{"_source", kName, true},
                                                    {"_position", Type::varchar(1056), true, "zstd"},
                                                    {"_batch_id", kBig, true},
                                                    {"_loaded_at", kMoment, true}};
  return kColumns;
}

const std::vector<TableColumn>& batch_columns() {
  static const std::vector<TableColumn> kColumns = {{"batch_id", kBig, true},
                                                    {"source", kName, true},
                                                    {"table_name", kTable, true},
                                                    {"path", Type::varchar(1024), true},
                                                    {"status", kWord, true},
                                                    {"content_hash", kHash},
                                                    {"bytes", kBig},
                                                    {"line_count", kBig},
                                                    {"row_count", kBig},
                                                    {"rejected", kBig},
                                                    {"supersedes_batch_id", kBig},
                                                    {"duplicate_of", Type::varchar(1024)},
                                                    {"reading", kHash},  // hash of how the file was read
                                                    {"message", kText},
                                                    {"started_at", kMoment, true},
                                                    {"finished_at", kMoment, true}};
  return kColumns;
}

const std::vector<TableColumn>& reject_columns() {
  static const std::vector<TableColumn> kColumns = {
      {"batch_id", kBig, true},
      {"reject_no", kBig, true},
      {"source", kName, true},
      {"file", Type::varchar(1024), true},
      {"line", kBig, true},
      {"byte_offset", kBig},
      {"column_name", kName},
      {"reason", kText, true},
      {"sqlstate", Type::varchar(5), true},
      {"payload", Type::varbyte(kMaxVarbyteBytes)},
      {"payload_key", kName},  // of the vault; NULL: the payload is in clear
      {"part", kInt, true},
      {"parts", kInt, true},
      {"rejected_at", kMoment, true}};
  return kColumns;
}

const std::vector<TableColumn>& reject_header_columns() {
  static const std::vector<TableColumn> kColumns = {
      {"batch_id", kBig, true}, {"source", kName, true}, {"header", Type::varchar(kMaxVarcharBytes), true}};
  return kColumns;
}

const std::vector<TableColumn>& reject_event_columns() {
  static const std::vector<TableColumn> kColumns = {{"batch_id", kBig, true}, {"reject_no", kBig, true},
                                                    {"event", kWord, true},   {"row_count", kBig},
                                                    {"login", kName, true},   {"happened_at", kMoment, true}};
  return kColumns;
}

void write_batch(engine::Session& session, const SourceBatch& batch, const Clock& clock) {
  const auto& columns = batch_columns();
  std::deque<engine::BatchBuilder> rows;
  engine::BatchBuilder& row = open_batch(rows, columns);
  row.set<int64_t>(0, batch.id);
  row.set_string(1, batch.source);
  row.set_string(2, batch.target);
  row.set_string(3, batch.path);
  row.set_string(4, batch.status);
  row.set<int64_t>(8, static_cast<int64_t>(batch.rows));
  row.set<int64_t>(9, static_cast<int64_t>(batch.rejected));
  row.set<int64_t>(14, batch.started_us);
  row.set<int64_t>(15, clock.now_us());
  row.end_row();
  load_rows(session, "ops.batches", columns, rows);
}

std::vector<TableColumn> raw_columns(const FileSource& source) {
  std::vector<TableColumn> columns;
  for (const ColumnPlan& plan : column_plans(source)) {
    for (const StoredColumn& stored : stored_columns(plan)) columns.push_back({stored.name, stored.type, false});
  }
  columns.insert(columns.end(), provenance_columns().begin(), provenance_columns().end());
  return columns;
}

std::string raw_table(const FileSource& source) {
  return sql::quote_identifier(source.schema) + "." + sql::quote_identifier(source.table);
}

void create_ops_tables(engine::Session& session) {
  for (const auto& [table, columns] : ops_tables()) {
    if (columns_of(session, table)) continue;
    engine::run(session, "create schema if not exists ops");
    create_table(session, table, columns);
  }
}

bool check_raw_table(engine::Session& session, const FileSource& source) {
  auto found = columns_of(session, raw_table(source));
  if (!found) return false;
  if (source.drift != Drift::kQuarantine) {  // columns that headers have brought
    const auto wanted = column_names(raw_columns(source));
    std::erase_if(*found, [&](const auto& column) { return std::ranges::find(wanted, column.name) == wanted.end(); });
  }
  const std::string table = source.schema + "." + source.table;
  if (auto difference = column_difference(table, *found, raw_columns(source), source.name)) {
    throw other_columns(source, std::move(*difference));
  }
  return true;
}

void create_raw_table(engine::Session& session, const FileSource& source) {
  engine::run(session, "create schema if not exists " + sql::quote_identifier(source.schema));
  create_table(session, raw_table(source), raw_columns(source));
}

std::vector<semantics::Relation> ingest_relations(const std::vector<FileSource>& sources) {
  std::vector<semantics::Relation> relations;
  const auto add = [&](const std::string& schema, const std::string& name, const std::vector<TableColumn>& columns) {
    relations.push_back(as_relation(schema, name, columns));
  };
  for (const FileSource& source : sources) add(source.schema, source.table, raw_columns(source));
  for (const auto& [table, columns] : ops_tables()) add("ops", table.substr(table.find('.') + 1), columns);
  return relations;
}

}  // namespace garland::ingest
