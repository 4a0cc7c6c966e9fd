// The tables as they were at one moment of the source: where its stream begins.
//
// Tables are cut in ranges of pages, which several connections copy side by side under one snapshot of the source, each
// range in a transaction of its own, into tables that nobody reads (snapshot_twin.h). When all are there, one
// transaction makes them the raw tables, together with the position where the stream goes on: readers see all of it or
// nothing. Killed or stopped in between, the next one goes on with the ranges that are not there, under a snapshot of
// its own to which those that are there are brought first (snapshot_follow.h). A table begins anew where that cannot
// be: it has no key, was truncated, rewritten or changed its columns; a range does that had rows which were rejected.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "ingest/postgres/applier.h"
#include "ingest/postgres/snapshot_ranges.h"

namespace garland::ingest::postgres {

struct SnapshotProgress {
  std::string table;
  uint64_t tables_done = 0, tables_total = 0;
  uint64_t rows = 0;      // of all tables so far
  uint64_t expected = 0;  // of all tables, as the source estimates; 0: it does not know
};

struct SnapshotResult {
  uint64_t rows = 0, rejected = 0;
  Lsn position = 0;
};

struct SnapshotAttempt {
  int64_t number = 0;                  // batch_id of its row in ops.offsets
  std::optional<SnapshotState> state;  // what it has copied already; then the slot is there
};

/// Creates the slot on `replication`, or goes on with it, and copies all tables. What the raw tables held before is
/// replaced. `progress` is called on this thread. Throws 57014 when `stop` is set meanwhile, which keeps the ranges
/// that are there, and 55000 when a new snapshot was asked for meanwhile. `replication` may stream afterwards. In
/// memory are, for each thread, what RangeCopy holds and DuckDB's share of a range; and read_touched()'s keys.
SnapshotResult take_snapshot(const CaptureContext& context, SourceConnection& replication,
                             const std::vector<SourceTable>& tables, const SnapshotAttempt& attempt,
                             const std::atomic<bool>& stop,
                             const std::function<void(const SnapshotProgress&)>& progress);

}  // namespace garland::ingest::postgres
