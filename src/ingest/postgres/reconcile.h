// Does the warehouse have what the source has? Both are compared row by row at one position of the source's log: a
// temporary slot exports the source's snapshot there, the capture is taken up to it and no further, then the source's
// rows are read again and compared with raw.<table>. A capture that goes on for ever stands still at that position
// until the comparison has begun a transaction, and goes on beside it.
//
// The source's rows pass the capture's own reader, so that equal values are equal bytes; what is compared are sums of
// hashes by bucket of keys, and, of buckets that differ, each row. Sensitive columns are compared as tokens. Columns
// that the warehouse keeps otherwise than they come (types frozen by `drift`) cannot be compared and are named. Tables
// without current rows are left out.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/postgres/capture_halt.h"
#include "ingest/postgres/source.h"
#include "ingest/sensitive/vault.h"
#include "ingest/table.h"

namespace garland::ingest::postgres {

struct RowDifference {
  enum class Kind { kMissing, kSurplus, kOther };  // not in the warehouse; only there; with other values
  Kind kind = Kind::kOther;
  std::string key;  // for people: "id 5"; of a table without a key all its values, cut
};

struct ReconciledTable {
  std::string source_table, raw_table;
  uint64_t source_rows = 0, warehouse_rows = 0;
  uint64_t unreadable = 0;  // of the source's: the warehouse cannot hold them, they are among the rejects
  uint64_t differing = 0;   // rows; at least, when `more`
  bool more = false;        // there are more than were looked at
  std::vector<RowDifference> differences;  // the first of them
  std::vector<std::string> not_compared;   // columns
  std::string reason;                      // why nothing was compared; empty: it was
  bool equal() const { return differing == 0 && reason.empty(); }
};

struct Reconciliation {
  std::string source;
  std::string position;  // where both were compared
  std::vector<ReconciledTable> tables;
  bool equal() const;
};

/// `session` must be idle. Writes one row a table to ops.reconciliations. Throws what capture() throws, 55000 when the
/// source has not been captured yet, 57014 when `stop` is set meanwhile. A source with sensitive columns needs the
/// vault. `live`: of the capture that goes on for the source in this process; then it throws what stand_at() does, and
/// 55000 when the source is too busy to be met; nullptr: there is none, and what the source has committed is captured
/// first.
Reconciliation reconcile(engine::Session& session, const PostgresSource& source, const Clock& clock,
                         const std::atomic<bool>& stop, Vault* vault, CaptureHalt* live = nullptr);

/// When the source was compared last, in microseconds since 1970; nothing before the first time.
std::optional<int64_t> last_reconciled_us(engine::Session& session, const PostgresSource& source);

/// The columns of ops.reconciliations.
const std::vector<TableColumn>& reconciliation_columns();

}  // namespace garland::ingest::postgres
