// The warehouse's side of a source: its raw tables and change logs, and the state tables.
//
//   ops.offsets          one row a batch: up to where the source's log stands in the warehouse. Current: the row of the
//                        highest batch_id of a source. Status `prepared` (a slot is about to be made), `snapshot`
//                        (the tables as they were at `position`), `applied` (every transaction that the source
//                        committed up to `position`).
//   ops.captured_tables  one row for each table that a snapshot took.
//   ops.snapshot_ranges  what of a snapshot is there before it is whole (snapshot_ranges.h).
//
// All through the session, in its transaction when one is open.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/batch_number.h"
#include "ingest/files/tables.h"
#include "ingest/postgres/drift.h"
#include "ingest/postgres/setup.h"
#include "ingest/postgres/source_table.h"

namespace garland::ingest::postgres {

const std::vector<TableColumn>& offset_columns();
const std::vector<TableColumn>& captured_table_columns();

/// Creates ops.batches, ops.rejects and the tables above where they are missing.
void create_state_tables(engine::Session& session);

struct Offset {
  int64_t batch_id = 0;
  std::string status;
  Lsn position = 0;
  std::string system, timeline;  // of the source's cluster
};
/// The source's current row.
std::optional<Offset> read_offset(engine::Session& session, const std::string& source);

/// What a batch did, for its rows in ops.batches and ops.offsets.
struct BatchSummary {
  std::string status;
  Lsn position = 0;
  uint64_t transactions = 0, changes = 0, rejected = 0;
  std::optional<int64_t> committed_us;  // the last transaction's, at the source
  int64_t started_us = 0;
};

/// Writes the row in ops.batches, too.
void write_offset(engine::Session& session, const PostgresSource& source, int64_t batch_id,
                  const SourceIdentity& identity, const BatchSummary& summary, const Clock& clock);

/// The tables that a snapshot took, by their numbers in the source.
std::vector<Oid> read_captured_tables(engine::Session& session, const std::string& source);
void write_captured_table(engine::Session& session, const PostgresSource& source, const SourceTable& table,
                          int64_t batch_id, Lsn position, uint64_t rows, const Clock& clock);

/// Creates the schema and the change log where they are missing.
void create_change_log(engine::Session& session, const PostgresSource& source, const SourceTable& table);

/// Adds what the change log of an older Garland lacks. In a transaction of its own.
void complete_change_log(engine::Session& session, const PostgresSource& source, const SourceTable& table);

/// A table's columns as the warehouse has them.
std::vector<TableColumn> columns_in_warehouse(engine::Session& session, const std::string& table);

/// The source's columns as the warehouse has them: in the raw table, or in the change log where there is none.
std::vector<TableColumn> source_columns_in_warehouse(engine::Session& session, const PostgresSource& source,
                                                     const CapturedTable& table);

/// A raw table follows its source, or is not there. Throws 55000 when it is there without current_rows, and when a
/// table that was `captured` has none: garland.toml says otherwise than it did.
void check_current_rows(engine::Session& session, const PostgresSource& source, const CapturedTable& table,
                        bool captured);

/// Changes the raw table and its log as a plan says. In transactions of its own, so that none may be open: an engine
/// may refuse to alter a table that its transaction has changed. Interrupted, it can be done again.
void change_raw_tables(engine::Session& session, const PostgresSource& source, const CapturedTable& table,
                       const DriftPlan& plan);

}  // namespace garland::ingest::postgres
