#include "ingest/upkeep.h"

#include <fmt/format.h>

#include "base/error.h"
#include "ingest/events/webhook_receiver.h"
#include "ingest/files/tables.h"
#include "sql/printer.h"

namespace garland::ingest {
namespace {

using engine::Type;
using engine::TypeId;

constexpr const char* kTable = "ops.upkeep";
constexpr int kTries = 5;
constexpr int64_t kSupersededDays = 30;
constexpr int64_t kLongestSnapshotDays = 3;

/// Rows that are not the current ones of their key.
struct Superseded {
  const char* table;
  const char* key;      // what has one current row
  const char* number;   // which is the highest in it
  const char* written;  // when it was written
};
constexpr Superseded kSuperseded[] = {
    {"ops.offsets", "source", "batch_id", "written_at"},
    {"ops.topic_offsets", "source, topic, partition_no", "batch_id", "written_at"},
    {kTable, "table_name", "written_at", "written_at"},
};

std::string superseded_sql(const Superseded& rows, const std::string& before) {
  return fmt::format(
      "delete from {0} using (select {1}, max({2}) as newest from {0} group by {1}) current_row where {3} and "
      "{0}.{2} < current_row.newest and {0}.{4} < cast('{5}' as timestamp)",
      rows.table, rows.key, rows.number,
      [&] {
        std::string same, key = std::string(rows.key) + ", ";
        for (size_t from = 0, to; (to = key.find(", ", from)) != std::string::npos; from = to + 2) {
          const std::string column = key.substr(from, to - from);
          same += fmt::format("{}{}.{} = current_row.{}", same.empty() ? "" : " and ", rows.table, column, column);
        }
        return same;
      }(),
      rows.written, before);
}

/// 0 where there is no such table.
uint64_t delete_from(engine::Session& session, const std::string& table, const std::string& statement) {
  if (!columns_of(session, table)) return 0;
  uint64_t rows = 0;
  write_between_others(session, [&] { rows = engine::run(session, statement); });
  return rows;
}

/// `since`: one that was prepared earlier has been given up.
bool takes_snapshot(engine::Session& session, const std::string& since) {
  if (!columns_of(session, "ops.offsets")) return false;
  return !engine::query_text(session,
                             fmt::format("select 1 from ops.offsets o join (select source, max(batch_id) as batch_id "
                                         "from ops.offsets group by source) l on l.source = o.source and l.batch_id = "
                                         "o.batch_id where o.status = 'prepared' and o.written_at > cast('{}' as "
                                         "timestamp)",
                                         since))
              .empty();
}

}  // namespace

const std::vector<TableColumn>& upkeep_columns() {
  constexpr Type kBig = Type::of(TypeId::kBigint);
  constexpr Type kDay = Type::of(TypeId::kDate);
  static const std::vector<TableColumn> kColumns = {{"table_name", Type::varchar(2 * kMaxIdentifierBytes + 1), true},
                                                    {"kept_from", kDay},
                                                    {"compacted_to", kDay},
                                                    {"snapshot_batch_id", kBig},
                                                    {"key_columns", Type::varchar(kMaxVarcharBytes)},
                                                    {"removed_rows", kBig, true},
                                                    {"written_at", Type::of(TypeId::kTimestamp), true}};
  return kColumns;
}

void write_upkeep(engine::Session& session, const UpkeepRow& row, const Clock& clock) {
  const engine::ParameterValue values[] = {
      row.table,
      row.kept_from,
      row.compacted_to,
      row.snapshot_batch_id ? engine::ParameterValue(std::to_string(*row.snapshot_batch_id)) : std::nullopt,
      row.key_columns,
      std::to_string(row.removed_rows),
      moment_text(clock.now_us())};
  create_ops_tables(session);
  create_table(session, kTable, upkeep_columns());
  write_between_others(session, [&] { insert_row(session, kTable, upkeep_columns(), values); });
}

std::optional<UpkeepRow> read_upkeep(engine::Session& session, const std::string& table) {
  if (!columns_of(session, kTable)) return std::nullopt;
  const engine::ParameterValue name = table;
  const auto rows = engine::query_text(session,
                                       "select kept_from, compacted_to, snapshot_batch_id, key_columns, removed_rows "
                                       "from ops.upkeep where table_name = $1 order by written_at desc limit 1",
                                       {&name, 1});
  if (rows.empty()) return std::nullopt;
  const engine::TextRow& row = rows.front();
  UpkeepRow found{table, row[0], row[1], std::nullopt, row[3], number_in<uint64_t>(row[4])};
  if (row[2]) found.snapshot_batch_id = number_in(row[2]);
  return found;
}

void try_between_others(const std::function<void()>& work) {
  for (int tries = 1;; ++tries) {
    try {
      return work();
    } catch (const Error& error) {
      if (error.state() != kSerializationFailure || tries == kTries) throw;
    }
  }
}

void write_between_others(engine::Session& session, const std::function<void()>& work) {
  try_between_others([&] {
    engine::Transaction transaction(session);
    work();
    transaction.commit();
  });
}

std::string day_text(int64_t micros) { return moment_text(micros).substr(0, std::string_view("YYYY-MM-DD").size()); }

uint64_t trim_state_tables(engine::Session& session, const Clock& clock) {
  const int64_t now_us = clock.now_us();
  const std::string today = day_text(now_us);
  const auto last = read_upkeep(session, "ops.*");
  if (last && last->kept_from == today) return 0;
  if (takes_snapshot(session, day_text(now_us - kLongestSnapshotDays * kUsPerDay))) return 0;
  // By the newest request's time, too: a clock that jumped ahead would forget keys that still come again. While it is
  // wrong, no request gets in: its signature's time does not fit.
  uint64_t removed =
      delete_from(session, "ops.event_requests",
                  fmt::format("delete from ops.event_requests using (select max(received_at) as at from "
                              "ops.event_requests) newest where received_at < least(cast('{}' as timestamp), "
                              "dateadd(day, -{}, newest.at))",
                              day_text(now_us - (events::kRememberedDays + 1) * kUsPerDay), events::kRememberedDays));
  const std::string before = day_text(now_us - kSupersededDays * kUsPerDay);
  for (const Superseded& rows : kSuperseded) removed += delete_from(session, rows.table, superseded_sql(rows, before));
  write_upkeep(session, {.table = "ops.*", .kept_from = today, .removed_rows = removed}, clock);
  return removed;
}

}  // namespace garland::ingest
