// Change data capture of a PostgreSQL source: its tables' rows in raw.<table>, every change in raw.<table>_changes,
// exactly once, whatever is killed or cut in between.
//
// The first time, a replication slot is made and the tables are copied under its snapshot (snapshot.h); from then on
// the stream goes on where the warehouse's last batch ended (ops.offsets). The slot is told that only after the
// warehouse committed. A source that is away is tried again, with growing pauses.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/postgres/applier.h"
#include "ingest/postgres/capture_halt.h"
#include "ingest/postgres/source.h"
#include "ingest/sensitive/vault.h"
#include "semantics/catalog.h"

namespace garland::ingest::postgres {

struct CaptureReport {
  std::string source;
  bool snapshot = false;  // the tables were copied now
  uint64_t snapshot_rows = 0;
  uint64_t transactions = 0, changes = 0, rejected = 0, batches = 0;
  std::string position;  // up to where the warehouse has the source: "16/B374D848"
  uint64_t reconnects = 0;
  double seconds = 0;
  bool stopped = false;              // by the stop flag, before it had caught up
  std::vector<std::string> notices;  // what people should know: columns that came, slots without a limit
};

struct CaptureProgress {
  std::string trouble;                  // not empty: why the source is to be tried again; nothing else is told then
  bool snapshot = false;                // copying tables; else following the stream
  std::string table;                    // being copied
  uint64_t rows = 0, expected = 0;      // copied so far, and about how many there are
  uint64_t changes = 0;                 // of the stream, in the warehouse
  uint64_t rejected = 0;                // of those, in ops.rejects instead
  uint64_t behind_bytes = 0;            // of the source's log: up to the position wanted, or to its end
  uint64_t kept_bytes = 0;              // of its log that the source keeps for us
  std::optional<int64_t> committed_us;  // when the source committed the last transaction that is in the warehouse
};

/// How long to go on.
enum class CaptureUntil {
  kCaughtUp,  // until the warehouse has all that the source had committed when this began
  kStopped,   // until `stop`
};

/// `session` must be idle. `progress` is called after each batch, and about each second while nothing comes, on this
/// thread. `stop` set: what is whole is committed, then it returns. Throws what keeps it from going on:
/// 55000 a source that cannot be captured, or is another one than before (restored, failed over, its slot lost), 55006
/// another process reads its slot, 28P01 and 42501 its rights, 08006 when it is away for longer than retry_s. A source
/// with sensitive columns needs the vault. `open_session` gives more sessions of the same login, to copy tables side by
/// side; empty: one after the other. `halt`: where others may ask it to stand still; nullptr: nobody does.
CaptureReport capture(engine::Session& session, const OpenSession& open_session, const PostgresSource& source,
                      const Clock& clock, CaptureUntil until,
                      const std::function<void(const CaptureProgress&)>& progress, const std::atomic<bool>& stop,
                      Vault* vault = nullptr, CaptureHalt* halt = nullptr);

/// The next capture takes a new snapshot, whatever the source has become, and drops the slot that it finds. What the
/// change logs have stays; rows that the snapshot no longer finds get a delete there (`_gap`). False when the source
/// was never captured.
bool forget_position(engine::Session& session, const PostgresSource& source, const Clock& clock);

/// As capture(), until the warehouse has exactly what the source had committed before `position`, and nothing later.
/// That is for comparing both; `position` must not lie behind the warehouse's.
CaptureReport capture_up_to(engine::Session& session, const PostgresSource& source, const Clock& clock, Lsn position,
                            const std::atomic<bool>& stop, Vault* vault);

/// The raw tables and change logs that the source's tables would have now, and the state tables, for checks without an
/// engine. Asks the source; throws as capture() does when that is not possible.
std::vector<semantics::Relation> capture_relations(const std::vector<PostgresSource>& sources);

}  // namespace garland::ingest::postgres
