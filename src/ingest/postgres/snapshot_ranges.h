// What a snapshot that is not whole yet has copied: ranges of pages, each durable in a transaction of its own.
//
//   ops.snapshot_ranges   INSERT-only; what counts is found by reading an attempt's rows in the order of batch_id:
//     copied              the rows of a table that lay on pages from_page (included) to to_page (not) at `position`
//     void                what was copied of these pages before counts no more
//     followed            all that was copied stands at `position` now
//
// `attempt` is the batch_id of the row `prepared` in ops.offsets that the snapshot belongs to: a new such row, and all
// that was copied is void. A partitioned table's pages are those of that number in any of its partitions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/postgres/raw_tables.h"

namespace garland::ingest::postgres {

/// Pages of a table's file, `to` not included.
struct PageRange {
  int64_t from = 0, to = 0;
  friend bool operator==(const PageRange&, const PageRange&) = default;
};

/// What `done` lacks of the pages from 0 to `pages`, in pieces of `step` pages at most. At least one page is looked
/// at, so that an empty table has a range, too. `done`: in any order, without overlaps.
std::vector<PageRange> missing_ranges(int64_t pages, int64_t step, std::vector<PageRange> done);

/// SQL for the source: the row lies on one of these pages. Adjoining ranges become one.
std::string lies_in(std::vector<PageRange> ranges);
/// Likewise, for the range at the table's end, which has no end of its own.
std::string lies_from(int64_t page);

struct CopiedRange {
  Oid table = 0;
  PageRange pages;
  std::string shape;  // of the table then: source_shape.h
  uint64_t rows = 0, rejected = 0;
  int64_t batch_id = 0;
};

/// Where an attempt stands.
struct SnapshotState {
  Lsn position = 0;  // of all ranges
  std::vector<CopiedRange> ranges;
};

const std::vector<TableColumn>& snapshot_range_columns();

/// Nothing when no range was ever copied.
std::optional<SnapshotState> read_snapshot_state(engine::Session& session, int64_t attempt);

/// An attempt's rows, each with its row in ops.batches; inside the caller's transaction.
class RangeLedger {
 public:
  RangeLedger(const PostgresSource& source, int64_t attempt, const Clock& clock)
      : source_(source), attempt_(attempt), clock_(clock) {}
  int64_t attempt() const { return attempt_; }

  void copied(engine::Session& session, const SourceTable& table, const CopiedRange& range, Lsn position,
              int64_t started_us) const;
  /// A whole table: from page 0 to kEndOfPages.
  void set_void(engine::Session& session, const SourceTable& table, PageRange pages, int64_t batch_id) const;
  /// `rows` were read again for that.
  void followed(engine::Session& session, int64_t batch_id, Lsn position, uint64_t rows, int64_t started_us) const;

 private:
  struct Row;
  void write(engine::Session& session, const Row& row) const;
  const PostgresSource& source_;
  const int64_t attempt_;
  const Clock& clock_;
};

/// Past the last page that a table can have (32 TB of pages of 8 kB).
inline constexpr int64_t kEndOfPages = int64_t{1} << 32;

}  // namespace garland::ingest::postgres
