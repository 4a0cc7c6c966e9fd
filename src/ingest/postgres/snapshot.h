// The tables as they were at one moment of the source: where its stream begins.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "ingest/postgres/applier.h"

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

/// Creates the slot on `replication` and copies all tables under the snapshot that it exports into their raw tables,
/// in one transaction of the warehouse together with the position where the stream goes on. So readers see all of it
/// or nothing; killed in between, it begins anew. What the raw tables held before is replaced. Throws 57014 when `stop`
/// is set meanwhile. `replication` may stream afterwards.
SnapshotResult take_snapshot(const CaptureContext& context, SourceConnection& replication,
                             const std::vector<SourceTable>& tables, const std::atomic<bool>& stop,
                             const std::function<void(const SnapshotProgress&)>& progress);

}  // namespace garland::ingest::postgres
