// A table's rows by the ten thousand, column by column, each known by its number: the rows that changes bring and those
// that stand in the warehouse, so that what is to be written is a choice of numbers.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory_resource>
#include <span>
#include <vector>

#include "engine/batch.h"

namespace garland::ingest::postgres {

using RowNumber = uint32_t;
inline constexpr RowNumber kNoRow = ~RowNumber{0};

/// Owns its values. Not thread-safe.
class RowStore {
 public:
  explicit RowStore(const std::vector<engine::Type>& types);
  RowStore(const RowStore&) = delete;
  RowStore& operator=(const RowStore&) = delete;

  RowNumber size() const { return rows_; }
  /// Copies the rows; `batch` has the store's columns first. The first one's number is size() before.
  void append(const engine::Batch& batch);
  /// The row's change did not send this column's value, which is as it was before.
  void leave_out(RowNumber row, size_t column) { left_out_[row].push_back(column); }
  bool is_whole(RowNumber row) const { return !left_out_.contains(row); }
  /// A new row: `row`, with what was left out taken from `base`, which is whole.
  RowNumber complete(RowNumber row, RowNumber base);
  /// All rows; valid until a row is added.
  std::span<const engine::Column> columns() const { return columns_; }

 private:
  struct Values {
    size_t width = 0;
    std::vector<std::byte> bytes;
    std::vector<uint64_t> validity;
  };
  void add(size_t column, const engine::Column& from, size_t row);
  void grow(size_t rows);

  std::vector<Values> values_;
  std::vector<engine::Column> columns_;
  std::pmr::monotonic_buffer_resource texts_;
  std::map<RowNumber, std::vector<size_t>> left_out_;
  RowNumber rows_ = 0;
};

/// Columns of chosen rows. Not thread-safe.
class RowChoice {
 public:
  /// At most kBatchRows rows, kNoRow: NULL. Valid until reset(), and until rows are added to `column`'s store.
  engine::Column take(const engine::Column& column, std::span<const RowNumber> rows);
  void reset() { used_ = 0; }

 private:
  struct Buffer {
    std::vector<std::byte> bytes;
    std::vector<uint64_t> validity;
  };
  std::deque<Buffer> buffers_;
  size_t used_ = 0;
};

}  // namespace garland::ingest::postgres
