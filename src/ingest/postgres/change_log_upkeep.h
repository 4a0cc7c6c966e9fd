// Change logs do not grow for ever: changes older than `keep` go, and of changes older than `compact_after` those of
// one row on one day (UTC) become one (compaction.h). Days are whole ones, so there is something to do once a day.
//
// A day of a log is a stretch of it: from the first change that the source committed on that day to the first of a
// later one; a source's clock that was set back divides no stretch. How old a change is, the earlier of two clocks
// says, this machine's and the source's: one that jumped ahead would make young changes old. Only changes since the
// last snapshot are compacted: before it the key may have been another one, and positions. Tables without a key are
// kept as they are.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/postgres/source.h"

namespace garland::ingest::postgres {

struct KeptChangeLog {
  std::string table;          // "raw.orders_changes"
  std::string kept_from;      // 'YYYY-MM-DD'; empty: all is kept
  std::string compacted_to;   // likewise; empty: nothing is compacted
  uint64_t removed_rows = 0;  // of both
};

/// Does what is due at the logs of a source, beside whoever writes them: in short transactions, each of which holds its
/// log's lock for about a second. Returns the logs at which something was due; each has a new row in ops.upkeep.
/// `session` must be idle. Nothing is done while the source has no position (a snapshot is taken). Asks the source for
/// keys and its time once something is due; throws 08006 when it is away, 57014 when `stop` is set meanwhile. What was
/// done stays done.
std::vector<KeptChangeLog> keep_change_logs(engine::Session& session, const PostgresSource& source, const Clock& clock,
                                            const std::atomic<bool>& stop);

}  // namespace garland::ingest::postgres
