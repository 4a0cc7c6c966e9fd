// Rows of one table as the source sends them, decoded into column batches of the raw table's types.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/batch.h"
#include "ingest/postgres/row_image.h"
#include "ingest/postgres/types.h"

namespace garland::ingest::postgres {

/// Where a column of the raw table comes from.
struct RowColumn {
  std::string name;  // in the raw table
  Landing landing;   // its type is the raw table's
  int index = -1;    // in the source's rows; -1: they have no such column
  bool key = false;
  std::optional<std::string> missing;  // its value then, as text; none: NULL
};

struct RowFault {
  ValueFault fault;
  std::string column;
};

/// Not thread-safe.
class DecodedRows {
 public:
  /// `types` must outlive it.
  explicit DecodedRows(const SourceTypes& types) : reader_(types) {}

  /// Only while it is empty.
  void set_columns(std::vector<RowColumn> columns);
  const std::vector<RowColumn>& columns() const { return columns_; }

  enum class Part { kWhole, kKey };
  /// Adds a row, of Part::kKey with NULL in all columns but the key's. On a fault nothing is added. Throws 08P01 for a
  /// row of another shape.
  std::optional<RowFault> add(const Tuple& tuple, Part part);

  size_t size() const { return size_; }
  size_t bytes() const { return bytes_; }
  /// Whether a row holds values that its change left out.
  bool has_unchanged() const { return !unchanged_.empty(); }
  size_t batch_count() const { return batches_.size(); }
  /// The one way out: whatever must happen to values before they are written or kept (tokens in the place of sensitive
  /// ones) happens here, to a batch at a time.
  const engine::Batch& batch(size_t number);
  /// All rows, in their order.
  std::vector<RowImage> images();
  void clear();

 private:
  std::optional<RowFault> set(const RowColumn& column, size_t number, const Value& value);

  ValueReader reader_;
  std::vector<RowColumn> columns_;
  size_t width_ = 0;  // columns that the source's rows have at least
  std::deque<engine::BatchBuilder> batches_;
  std::map<size_t, std::vector<size_t>> unchanged_;  // row → columns whose large values were left out
  size_t size_ = 0, bytes_ = 0;
};

}  // namespace garland::ingest::postgres
