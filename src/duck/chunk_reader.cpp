#include "duck/chunk_reader.h"

#include <cstring>
#include <limits>
#include <string_view>

#include "duck/error.h"

namespace garland::duck {

using engine::Type;
using engine::TypeId;

namespace {

bool is_set(const uint64_t* validity, size_t row) { return !validity || ((validity[row / 64] >> (row % 64)) & 1); }

bool is_integer(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_HUGEINT:
      return true;
    default:
      return false;
  }
}

bool readable_as(const DuckColumn& source, const Type& wanted) {
  if (source.type == DUCKDB_TYPE_SQLNULL) return true;
  switch (wanted.id) {
    case TypeId::kSmallint:
    case TypeId::kInteger:
    case TypeId::kBigint:
      return is_integer(source.type);
    case TypeId::kDecimal:
      return source.type == DUCKDB_TYPE_DECIMAL ? source.scale == wanted.scale
                                                : is_integer(source.type) && wanted.scale == 0;
    case TypeId::kDouble:
      return source.type == DUCKDB_TYPE_DOUBLE || source.type == DUCKDB_TYPE_FLOAT;
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kSuper:
    case TypeId::kUnknown:
      return source.type == DUCKDB_TYPE_VARCHAR;
    case TypeId::kVarbyte:
    case TypeId::kHllSketch:
      return source.type == DUCKDB_TYPE_BLOB;
    default:
      return describe(logical_type(wanted).get()).type == source.type;
  }
}

template <class From, class To>
void copy_integers(const void* data, const uint64_t* validity, size_t rows, To* out) {
  const From* in = static_cast<const From*>(data);
  for (size_t row = 0; row < rows; ++row) {
    if (!is_set(validity, row)) {
      out[row] = 0;
      continue;
    }
    const __int128 value = in[row];
    if (value < std::numeric_limits<To>::min() || value > std::numeric_limits<To>::max()) {
      throw DuckError(ErrorKind::kOther, "Out of Range Error: a number of the result does not fit its type");
    }
    out[row] = static_cast<To>(value);
  }
}

void widen_hugeints(const void* data, size_t rows, __int128* out) { std::memcpy(out, data, rows * sizeof(__int128)); }

}  // namespace

ChunkReader::ChunkReader(std::vector<DuckColumn> sources, const std::vector<Type>& wanted)
    : sources_(std::move(sources)), buffers_(sources_.size()) {
  if (wanted.size() != sources_.size()) {
    throw DuckError(ErrorKind::kOther, "Internal Error: " + std::to_string(sources_.size()) + " columns, wanted " +
                                           std::to_string(wanted.size()));
  }
  batch_.columns.resize(sources_.size());
  for (size_t i = 0; i < sources_.size(); ++i) {
    batch_.columns[i].type = wanted[i];
    if (!readable_as(sources_[i], wanted[i])) {
      throw DuckError(ErrorKind::kOther, "Internal Error: column " + std::to_string(i + 1) + " of DuckDB type number " +
                                             std::to_string(sources_[i].type) + " is not " + to_string(wanted[i]));
    }
  }
}

const engine::Batch& ChunkReader::read(duckdb_data_chunk chunk) {
  batch_.rows = duckdb_data_chunk_get_size(chunk);
  for (size_t i = 0; i < sources_.size(); ++i) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i);
    const uint64_t* validity = duckdb_vector_get_validity(vector);
    if (sources_[i].type == DUCKDB_TYPE_SQLNULL) {
      buffers_[i].validity.assign(engine::kBatchRows / 64, 0);
      validity = buffers_[i].validity.data();
    }
    batch_.columns[i].validity = validity;
    batch_.columns[i].data = convert(i, duckdb_vector_get_data(vector), validity, batch_.rows);
  }
  return batch_;
}

template <class To>
const void* ChunkReader::convert_integers(size_t column, void* data, const uint64_t* validity, size_t rows) {
  auto& words = buffers_[column].words;
  words.resize(engine::kBatchRows);
  To* out = reinterpret_cast<To*>(words.data());
  switch (sources_[column].storage) {
    case DUCKDB_TYPE_TINYINT:
      copy_integers<int8_t>(data, validity, rows, out);
      break;
    case DUCKDB_TYPE_SMALLINT:
      copy_integers<int16_t>(data, validity, rows, out);
      break;
    case DUCKDB_TYPE_INTEGER:
      copy_integers<int32_t>(data, validity, rows, out);
      break;
    case DUCKDB_TYPE_BIGINT:
      copy_integers<int64_t>(data, validity, rows, out);
      break;
    case DUCKDB_TYPE_UTINYINT:
      copy_integers<uint8_t>(data, validity, rows, out);
      break;
    case DUCKDB_TYPE_USMALLINT:
      copy_integers<uint16_t>(data, validity, rows, out);
      break;
    case DUCKDB_TYPE_UINTEGER:
      copy_integers<uint32_t>(data, validity, rows, out);
      break;
    case DUCKDB_TYPE_UBIGINT:
      copy_integers<uint64_t>(data, validity, rows, out);
      break;
    default: {  // HUGEINT; its vectors may be aligned to 8 bytes only
      std::vector<__int128> wide(rows);
      widen_hugeints(data, rows, wide.data());
      copy_integers<__int128>(wide.data(), validity, rows, out);
    }
  }
  return out;
}

const void* ChunkReader::convert_strings(size_t column, void* data, const uint64_t* validity, size_t rows) {
  auto& words = buffers_[column].words;
  static_assert(sizeof(std::string_view) == sizeof(__int128));
  words.resize(engine::kBatchRows);
  auto* out = reinterpret_cast<std::string_view*>(words.data());
  auto* in = static_cast<duckdb_string_t*>(data);
  for (size_t row = 0; row < rows; ++row) {
    out[row] = is_set(validity, row) ? std::string_view(duckdb_string_t_data(&in[row]), duckdb_string_t_length(in[row]))
                                     : std::string_view();
  }
  return out;
}

const void* ChunkReader::convert(size_t column, void* data, const uint64_t* validity, size_t rows) {
  const DuckColumn& source = sources_[column];
  const Type& wanted = batch_.columns[column].type;
  auto& words = buffers_[column].words;
  if (source.type == DUCKDB_TYPE_SQLNULL) {
    words.assign(engine::kBatchRows, 0);
    return words.data();
  }
  switch (wanted.id) {
    case TypeId::kSmallint:
      return source.storage == DUCKDB_TYPE_SMALLINT ? data : convert_integers<int16_t>(column, data, validity, rows);
    case TypeId::kInteger:
      return source.storage == DUCKDB_TYPE_INTEGER ? data : convert_integers<int32_t>(column, data, validity, rows);
    case TypeId::kBigint:
      return source.storage == DUCKDB_TYPE_BIGINT ? data : convert_integers<int64_t>(column, data, validity, rows);
    case TypeId::kDecimal:
      if (wanted.precision <= 18) {
        return source.storage == DUCKDB_TYPE_BIGINT ? data : convert_integers<int64_t>(column, data, validity, rows);
      }
      if (source.storage != DUCKDB_TYPE_HUGEINT) return convert_integers<__int128>(column, data, validity, rows);
      if (reinterpret_cast<uintptr_t>(data) % alignof(__int128) == 0) return data;
      words.resize(engine::kBatchRows);
      widen_hugeints(data, rows, words.data());
      return words.data();
    case TypeId::kDouble: {
      if (source.type == DUCKDB_TYPE_DOUBLE) return data;
      words.resize(engine::kBatchRows);
      double* out = reinterpret_cast<double*>(words.data());
      for (size_t row = 0; row < rows; ++row) out[row] = static_cast<const float*>(data)[row];
      return out;
    }
    case TypeId::kTimeTz: {
      words.resize(engine::kBatchRows);
      auto* out = reinterpret_cast<engine::TimeTz*>(words.data());
      for (size_t row = 0; row < rows; ++row) {
        const auto value = duckdb_from_time_tz(static_cast<duckdb_time_tz*>(data)[row]);
        out[row] = {duckdb_to_time(value.time).micros, value.offset};
      }
      return out;
    }
    case TypeId::kUnknown:
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kSuper:
    case TypeId::kVarbyte:
    case TypeId::kHllSketch:
      return convert_strings(column, data, validity, rows);
    default:
      return data;  // BOOLEAN, REAL, DATE, TIME, TIMESTAMP, INTERVAL: the layouts agree
  }
}

}  // namespace garland::duck
