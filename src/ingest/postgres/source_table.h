// What the source's catalog says of a captured table, and what becomes of it in the warehouse.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ingest/files/tables.h"
#include "ingest/postgres/source.h"
#include "ingest/postgres/types.h"

namespace garland::ingest::postgres {

/// A column that is taken: neither ignored nor generated (pgoutput leaves generated ones out).
struct CatalogColumn {
  std::string name;    // in the source
  std::string target;  // in the raw table: lower case
  Oid type = 0;
  int32_t typmod = -1;
  bool key = false;
  Landing landing;
  std::optional<std::string> missing;  // its value, as text, in rows that are older than it
  std::optional<ColumnClass> sensitive = std::nullopt;
};

struct SourceTable {
  CapturedTable configured;
  Oid oid = 0;
  bool partitioned = false;
  /// No key: rows are told apart by all of their values (REPLICA IDENTITY FULL without a primary key).
  bool keyless = false;
  std::vector<CatalogColumn> columns;
  std::vector<std::string> absent;  // columns that garland.toml classes and the source does not have (any more)
};

/// Reads the tables as they are now, their types into `types`. Throws with all it takes to mend it: 42P01 a table that
/// is not there, 42501 one that may not be read, 55000 one without a replica identity, 0A000 a type or a kind of table
/// that is not taken, F0000 a class that does not go with its column.
std::vector<SourceTable> describe_tables(SourceConnection& connection, const PostgresSource& source,
                                         SourceTypes& types);

/// Columns of the raw table: the source's, sensitive ones as their tokens and facts (stored_columns()). Before the
/// provenance stand `_row_key` (keyless tables: a hash of the values) and `_stale` (a later version of this row was
/// rejected).
std::vector<TableColumn> raw_columns(const SourceTable& table);

/// The source's columns with Garland's own behind them.
std::vector<TableColumn> with_own_columns(std::vector<TableColumn> columns, bool keyless);

/// Whether a raw table's column is Garland's, not the source's.
bool is_own_column(std::string_view name);

/// Columns of the change log: what happened (`_op`: insert, update, delete, truncate), the position of its commit
/// (`_lsn`), its number within the transaction (`_sequence`, from 1), when the source committed it (UTC), the row after
/// it, the row before it (`_before_<column>`), the provenance, and whether the change itself was never seen (`_gap`).
/// Of `raw` only the source's columns count.
std::vector<TableColumn> change_columns(const std::vector<TableColumn>& raw);
/// True in the delete of a row that a new snapshot no longer found; else NULL.
const TableColumn& gap_column();
inline constexpr std::string_view kBeforePrefix = "_before_";
inline constexpr std::string_view kRowKey = "_row_key";
inline constexpr std::string_view kStale = "_stale";

}  // namespace garland::ingest::postgres
