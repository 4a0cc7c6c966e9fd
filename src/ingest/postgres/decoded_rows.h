// Rows of one table as the source sends them, decoded into column batches of the raw table's types, sensitive columns
// as their tokens and facts (sensitive/columns.h).
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/batch.h"
#include "ingest/postgres/row_store.h"
#include "ingest/postgres/types.h"
#include "ingest/sensitive/tokeniser.h"
#include "ingest/table.h"

namespace garland::ingest::postgres {

/// Where a column of the raw table, or a token with its facts, comes from.
struct RowColumn {
  std::string name;  // in the raw table
  Landing landing;   // its type is the raw table's; of a tokenised column: the source's
  int index = -1;    // in the source's rows; -1: they have no such column
  bool key = false;
  std::optional<std::string> missing;  // its value then, as text; none: NULL
  std::optional<ColumnClass> sensitive = std::nullopt;

  ColumnPlan plan() const { return {name, landing.type, sensitive}; }
};

struct RowFault {
  ValueFault fault;
  std::string column;
};

/// Not thread-safe.
class DecodedRows {
 public:
  /// `types` must outlive it. `vault` is that of a source with sensitive columns: card numbers are sought in all of its
  /// tables then. nullptr: the source classes nothing, and its rows are taken as they are.
  DecodedRows(const SourceTypes& types, const Vault* vault) : reader_(types), vault_(vault) {}

  /// Only while it is empty. `subject`: the column of the shop's customer id.
  void set_columns(std::vector<RowColumn> columns, const std::optional<std::string>& subject);
  const std::vector<RowColumn>& columns() const { return columns_; }
  /// The columns of batch().
  const std::vector<TableColumn>& stored() const { return stored_; }

  enum class Part { kWhole, kKey };
  /// Adds a row, of Part::kKey with NULL in all columns but the key's. On a fault nothing is added. Throws 08P01 for a
  /// row of another shape.
  std::optional<RowFault> add(const Tuple& tuple, Part part);

  size_t size() const { return size_; }
  size_t bytes() const { return bytes_; }
  /// Whether a row holds values that its change left out.
  bool has_unchanged() const { return !unchanged_.empty(); }
  /// The one way out: sensitive values become tokens here, their originals go to `originals`, which may be null where
  /// there are none. Valid until the next call.
  const engine::Batch& batch(size_t number, OriginalWriter* originals);
  /// All rows, in their order, likewise; `store` has the columns of batch().
  void copy_to(RowStore& store, OriginalWriter* originals);
  void clear();

 private:
  std::optional<RowFault> set(const RowColumn& column, size_t number, const Value& value);

  ValueReader reader_;
  const Vault* const vault_;
  std::vector<RowColumn> columns_;
  std::vector<TableColumn> stored_;
  std::vector<size_t> origin_;  // by stored column: the one it was made of
  std::vector<bool> refuses_;   // by column: card numbers
  std::optional<Tokeniser> tokeniser_;
  size_t width_ = 0;  // columns that the source's rows have at least
  std::deque<engine::BatchBuilder> batches_;
  std::map<size_t, std::vector<size_t>> unchanged_;  // row → columns whose large values were left out
  size_t size_ = 0, bytes_ = 0;
};

}  // namespace garland::ingest::postgres
