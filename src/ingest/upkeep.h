// What keeps the warehouse from growing for ever, whatever the source is: rows of the state tables that nobody reads
// any more go, and ops.upkeep says what was done. postgres/change_log_upkeep.h does the same for change logs.
//
// Deleted rows' place is used again: the engine gives it back at its checkpoints.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/table.h"

namespace garland::ingest {

constexpr int64_t kUsPerDay = 86'400'000'000;

/// The columns of ops.upkeep: one row for each table and time that something was done. Current: a table's latest row.
const std::vector<TableColumn>& upkeep_columns();

/// One row of it. Dates are 'YYYY-MM-DD', UTC.
struct UpkeepRow {
  std::string table;                         // schema.table
  std::optional<std::string> kept_from;      // what is older is gone
  std::optional<std::string> compacted_to;   // what is older is compacted, as far as it can be
  std::optional<int64_t> snapshot_batch_id;  // the change log's snapshot that compacted_to counts for
  std::optional<std::string> key_columns;    // by which it was compacted
  uint64_t removed_rows = 0;
};
/// Writes the row in a transaction of its own.
void write_upkeep(engine::Session& session, const UpkeepRow& row, const Clock& clock);
/// The table's current row.
std::optional<UpkeepRow> read_upkeep(engine::Session& session, const std::string& table);

/// Does `work`, which begins and ends its transactions itself, and again where another one's writes came between
/// (40001, some times).
void try_between_others(const std::function<void()>& work);
/// Likewise in a transaction around it.
void write_between_others(engine::Session& session, const std::function<void()>& work);

/// Microseconds since 1970 as the day's text: 'YYYY-MM-DD'.
std::string day_text(int64_t micros);

/// Deletes requests in ops.event_requests that are remembered no more, and superseded rows of ops.offsets,
/// ops.topic_offsets and ops.upkeep that are older than 30 days, at most once a day. Returns how many rows went.
/// `session` must be idle. While a source's snapshot is taken it does nothing: that transaction would have to begin
/// anew.
uint64_t trim_state_tables(engine::Session& session, const Clock& clock);

}  // namespace garland::ingest
