#include "duck/chunk_writer.h"

#include <cstring>
#include <limits>
#include <string_view>

#include "duck/error.h"

namespace garland::duck {

using engine::TypeId;

namespace {

void write_validity(const engine::Column& column, size_t rows, duckdb_vector vector) {
  if (!column.validity) return;
  duckdb_vector_ensure_validity_writable(vector);
  uint64_t* validity = duckdb_vector_get_validity(vector);
  std::memcpy(validity, column.validity, (rows + 63) / 64 * sizeof(uint64_t));
}

template <class To, class From>
void narrow(const engine::Column& column, size_t rows, void* out) {
  const From* in = column.values<From>();
  To* to = static_cast<To*>(out);
  for (size_t row = 0; row < rows; ++row) {
    if (column.is_null(row)) {
      to[row] = 0;
      continue;
    }
    if (in[row] < std::numeric_limits<To>::min() || in[row] > std::numeric_limits<To>::max()) {
      throw DuckError(ErrorKind::kOther, "Out of Range Error: a decimal does not fit its column");
    }
    to[row] = static_cast<To>(in[row]);
  }
}

void write_decimals(const engine::Column& column, size_t rows, void* out, const DuckColumn& target) {
  switch (target.storage) {
    case DUCKDB_TYPE_SMALLINT:
      return narrow<int16_t, int64_t>(column, rows, out);
    case DUCKDB_TYPE_INTEGER:
      return narrow<int32_t, int64_t>(column, rows, out);
    case DUCKDB_TYPE_BIGINT:
      std::memcpy(out, column.data, rows * sizeof(int64_t));
      return;
    default:
      std::memcpy(out, column.data, rows * sizeof(__int128));
  }
}

void write_strings(const engine::Column& column, size_t rows, duckdb_vector vector) {
  const auto* in = column.values<std::string_view>();
  for (size_t row = 0; row < rows; ++row) {
    if (!column.is_null(row)) {
      duckdb_unsafe_vector_assign_string_element_len(vector, row, in[row].data(), in[row].size());
    }
  }
}

void write_time_tz(const engine::Column& column, size_t rows, void* out) {
  const auto* in = column.values<engine::TimeTz>();
  for (size_t row = 0; row < rows; ++row) {
    static_cast<duckdb_time_tz*>(out)[row] = duckdb_create_time_tz(in[row].micros, in[row].offset_seconds);
  }
}

}  // namespace

void write_column(const engine::Column& column, size_t rows, duckdb_vector vector, const DuckColumn& target) {
  write_validity(column, rows, vector);
  if (!column.data) return;
  void* out = duckdb_vector_get_data(vector);
  switch (column.type.id) {
    case TypeId::kDecimal:
      return write_decimals(column, rows, out, target);
    case TypeId::kTimeTz:
      return write_time_tz(column, rows, out);
    case TypeId::kUnknown:
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kSuper:
    case TypeId::kVarbyte:
    case TypeId::kHllSketch:
      return write_strings(column, rows, vector);
    default:
      std::memcpy(out, column.data, rows * engine::value_width(column.type));
  }
}

}  // namespace garland::duck
