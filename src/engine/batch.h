// Column batches: how rows travel between engines, ingest and clients. Up to kBatchRows rows, column by column.
//
// Values of a column are one array of its physical type:
//   BOOLEAN uint8_t · SMALLINT int16_t · INTEGER int32_t · BIGINT int64_t · REAL float · DOUBLE double
//   DECIMAL(p ≤ 18) int64_t scaled by 10^s · DECIMAL(p > 18) __int128 scaled by 10^s
//   DATE int32_t days since 1970-01-01 · TIME int64_t µs since midnight
//   TIMESTAMP int64_t µs since 1970-01-01 00:00 · TIMESTAMPTZ the same in UTC · TIMETZ struct TimeTz
//   INTERVAL types struct Interval · CHAR (unpadded), VARCHAR, VARBYTE (bytes), SUPER (JSON text), HLLSKETCH
//   (bytes, sketch.h) std::string_view
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/type.h"

namespace garland::engine {

inline constexpr size_t kBatchRows = 2048;  // DuckDB's vector size: batches map one to one

using int128 = __int128;

struct Interval {
  int32_t months;
  int32_t days;
  int64_t micros;
  friend bool operator==(const Interval&, const Interval&) = default;
};
struct TimeTz {
  int64_t micros;          // local time since midnight
  int32_t offset_seconds;  // east of UTC
  friend bool operator==(const TimeTz&, const TimeTz&) = default;
};

/// Bytes of one value of the type in a batch's column (of the std::string_view for strings).
size_t value_width(const Type& type);

/// One column of a batch; borrowed memory.
struct Column {
  Type type;
  const void* data = nullptr;
  const uint64_t* validity = nullptr;  // bit i of word i/64 is 1 when row i is not NULL; null pointer: no NULLs

  bool is_null(size_t row) const { return validity && !((validity[row / 64] >> (row % 64)) & 1); }
  template <class T>
  const T* values() const {
    return static_cast<const T*>(data);
  }
};

/// Rows that somebody else owns; valid as long as its source says.
struct Batch {
  std::vector<Column> columns;
  size_t rows = 0;
};

/// Builds a batch and owns its memory. Not thread-safe. Reuse by clear().
class BatchBuilder {
 public:
  explicit BatchBuilder(std::vector<Type> types);
  ~BatchBuilder();
  BatchBuilder(BatchBuilder&&) noexcept;
  BatchBuilder& operator=(BatchBuilder&&) noexcept;

  const std::vector<Type>& types() const;
  size_t rows() const;
  bool full() const { return rows() == kBatchRows; }

  /// Sets a value of the row being built (row index rows()); T is the physical type of the column. Strings are copied.
  template <class T>
  void set(size_t column, T value);
  void set_string(size_t column, std::string_view value);
  /// As set_string, without a copy: the bytes must outlive the batch.
  void set_borrowed(size_t column, std::string_view value);
  void set_null(size_t column);
  /// Ends the row; columns that were not set are NULL.
  void end_row();
  /// Forgets what was set since the last end_row().
  void drop_row();
  /// The rows so far; valid until the next clear() or destruction.
  const Batch& batch();
  void clear();

 private:
  struct State;
  std::unique_ptr<State> state_;
  void* slot(size_t column, size_t width);
};

template <class T>
void BatchBuilder::set(size_t column, T value) {
  *static_cast<T*>(slot(column, sizeof(T))) = value;
}

}  // namespace garland::engine
