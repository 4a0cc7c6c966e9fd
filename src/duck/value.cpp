#include "duck/value.h"

#include <string_view>
#include <utility>

#include "duck/types.h"

namespace garland::duck {

using engine::TypeId;

namespace {

duckdb_value decimal(const engine::Column& column, size_t row) {
  const __int128 value = column.type.precision <= 18 ? column.values<int64_t>()[row] : column.values<__int128>()[row];
  return duckdb_create_decimal({column.type.precision, column.type.scale, to_hugeint(value)});
}

duckdb_value create(const engine::Column& column, size_t row) {
  switch (column.type.id) {
    case TypeId::kBoolean:
      return duckdb_create_bool(column.values<uint8_t>()[row] != 0);
    case TypeId::kSmallint:
      return duckdb_create_int16(column.values<int16_t>()[row]);
    case TypeId::kInteger:
      return duckdb_create_int32(column.values<int32_t>()[row]);
    case TypeId::kBigint:
      return duckdb_create_int64(column.values<int64_t>()[row]);
    case TypeId::kDecimal:
      return decimal(column, row);
    case TypeId::kReal:
      return duckdb_create_float(column.values<float>()[row]);
    case TypeId::kDouble:
      return duckdb_create_double(column.values<double>()[row]);
    case TypeId::kDate:
      return duckdb_create_date({column.values<int32_t>()[row]});
    case TypeId::kTime:
      return duckdb_create_time({column.values<int64_t>()[row]});
    case TypeId::kTimeTz: {
      const auto& value = column.values<engine::TimeTz>()[row];
      return duckdb_create_time_tz_value(duckdb_create_time_tz(value.micros, value.offset_seconds));
    }
    case TypeId::kTimestamp:
      return duckdb_create_timestamp({column.values<int64_t>()[row]});
    case TypeId::kTimestampTz:
      return duckdb_create_timestamp_tz({column.values<int64_t>()[row]});
    case TypeId::kIntervalYearToMonth:
    case TypeId::kIntervalDayToSecond: {
      const auto& value = column.values<engine::Interval>()[row];
      return duckdb_create_interval({value.months, value.days, value.micros});
    }
    case TypeId::kVarbyte:
    case TypeId::kHllSketch: {
      const auto bytes = column.values<std::string_view>()[row];
      return duckdb_create_blob(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    }
    default: {
      const auto text = column.values<std::string_view>()[row];
      return duckdb_create_varchar_length(text.data(), text.size());
    }
  }
}

}  // namespace

Value Value::null() { return Value(duckdb_create_null_value()); }

Value Value::of(const engine::Column& column, size_t row) {
  return column.is_null(row) ? null() : Value(create(column, row));
}

Value Value::text(std::string_view text) { return Value(duckdb_create_varchar_length(text.data(), text.size())); }

Value Value::bigint(int64_t value) { return Value(duckdb_create_int64(value)); }

Value Value::list(const engine::Type& element, const std::vector<Value>& values) {
  std::vector<duckdb_value> handles;
  handles.reserve(values.size() + 1);  // the C API refuses an array without an address, also for an empty list
  for (const Value& value : values) handles.push_back(value.handle());
  return Value(duckdb_create_list_value(logical_type(element).get(), handles.data(), handles.size()));
}

Value::Value(Value&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
Value& Value::operator=(Value&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}
Value::~Value() { duckdb_destroy_value(&handle_); }

}  // namespace garland::duck
