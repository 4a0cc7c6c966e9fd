// One captured table's changes on their way into the warehouse: decoded, folded with the rows that stand there, written
// to raw.<table> and raw.<table>_changes. Everything happens in the session's open transaction, which is the caller's.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "ingest/files/writers.h"
#include "ingest/postgres/change_fold.h"
#include "ingest/postgres/decoded_rows.h"
#include "ingest/postgres/drift.h"
#include "ingest/postgres/raw_tables.h"
#include "ingest/postgres/source_table.h"

namespace garland::ingest::postgres {

/// The batch that changes are written in.
struct BatchContext {
  int64_t id = 0;
  int64_t loaded_at_us = 0;
  RejectWriter* rejects = nullptr;
  OriginalWriter* originals = nullptr;  // nullptr: the source has no sensitive columns
};

/// Used by the session's thread.
class TableWriter {
 public:
  /// The raw tables must be there; of a table without current rows only the change log is written. `types` must outlive
  /// it and know the types of the table's columns. `vault`: nullptr where the source has no sensitive columns. Throws
  /// what check_tokens() throws.
  TableWriter(engine::Session& session, const PostgresSource& source, SourceTable table, const SourceTypes& types,
              const Vault* vault);

  const SourceTable& table() const { return table_; }
  /// What the raw table's columns are made of, as the last relate() left them, and these themselves.
  const std::vector<RowColumn>& columns() const { return rows_.columns(); }
  const std::vector<TableColumn>& raw_columns() const { return raw_; }

  /// The columns that the source sends from now on. Writes what is pending first. When the raw tables must change for
  /// them (DriftPlan::changes_tables), nothing else is done: that needs transactions of its own. Throws 55000 when the
  /// table's key has changed.
  DriftPlan relate(const Relation& relation, const BatchContext& batch);
  /// Why its changes go to ops.rejects; empty: they do not.
  const std::string& quarantine() const { return quarantine_; }

  void add(const Insert& change, const ChangePlace& place, const BatchContext& batch);
  void add(const Update& change, const ChangePlace& place, const BatchContext& batch);
  void add(const Delete& change, const ChangePlace& place, const BatchContext& batch);
  void truncate(const ChangePlace& place, const BatchContext& batch);
  /// Puts a row that cannot be taken into ops.rejects.
  void reject(const ChangePlace& place, const RowFault& fault, const Tuple& row, const BatchContext& batch);

  /// Deletes current rows by their keys, which the log never hears of. Not while changes are pending; a key that cannot
  /// be read is given back. Tables with a key only.
  std::optional<RowFault> add_key(const Tuple& tuple);
  void delete_keys();

  /// What waits in memory.
  size_t pending_rows() const { return rows_.size(); }
  size_t pending_bytes() const { return rows_.bytes(); }
  void flush(const BatchContext& batch);

  /// SQL: rows of two tables (names in the statement, quoted) have the same key.
  std::string same_key(const std::string& one, const std::string& other) const;

  /// Changes that went to ops.rejects instead, since the last call.
  uint64_t take_rejected();

 private:
  struct LogRow {
    std::string_view op;
    ChangePlace place;
    RowNumber before = kNoRow, after = kNoRow;
  };
  struct Decoded {
    RowNumber row = kNoRow;         // none: not even its key could be read
    std::optional<RowFault> fault;  // the row is its key only
  };
  Decoded decode(const Tuple& tuple);
  void reject_text(const ChangePlace& place, const RowFault& fault, std::string row, const BatchContext& batch);
  bool remember_after(RowChange& change, const Tuple& after, const BatchContext& batch);
  bool quarantined(const ChangePlace& place, const Tuple& row, const BatchContext& batch);
  void use_columns(std::vector<RowColumn> columns);
  void load_keys(const RowStore& store, std::span<const RowNumber> rows);
  void read_current(RowStore& store, ChangeFold& fold, std::span<const RowNumber> wanted);
  void delete_current();
  void fold(const BatchContext& batch);
  std::vector<LogRow> apply(const RowStore& store, ChangeFold& fold, const BatchContext& batch);
  void write_log(const RowStore& store, std::span<const LogRow> rows, const BatchContext& batch);
  void write_current(const RowStore& store, const ChangeFold& fold, const BatchContext& batch);
  std::string keys_table() const;
  std::vector<TableColumn> key_columns() const;
  bool has_current() const { return table_.configured.current_rows; }

  engine::Session& session_;
  const PostgresSource& source_;
  SourceTable table_;
  const SourceTypes& types_;
  DecodedRows rows_;
  std::vector<RowChange> pending_;
  std::vector<TableColumn> raw_;      // the source's columns, as the raw table has them
  std::vector<size_t> key_;           // numbers of the key's columns
  RowKey row_key_{{}, {}};            // of these
  std::optional<Relation> previous_;  // what the source said last of its columns
  std::string quarantine_;            // why its changes are rejected; empty: they are not
  uint64_t rejected_ = 0;
};

/// "0/16B3748#12".
std::string position_text(const ChangePlace& place);

/// Sets the provenance, the last four columns of a row that is being built.
void set_provenance(engine::BatchBuilder& row, size_t first, const std::string& source, const std::string& position,
                    const BatchContext& batch);

}  // namespace garland::ingest::postgres
