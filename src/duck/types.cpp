#include "duck/types.h"

namespace garland::duck {

using engine::Type;
using engine::TypeId;

namespace {

duckdb_type plain_type(TypeId id) {
  switch (id) {
    case TypeId::kBoolean:
      return DUCKDB_TYPE_BOOLEAN;
    case TypeId::kSmallint:
      return DUCKDB_TYPE_SMALLINT;
    case TypeId::kInteger:
      return DUCKDB_TYPE_INTEGER;
    case TypeId::kBigint:
      return DUCKDB_TYPE_BIGINT;
    case TypeId::kReal:
      return DUCKDB_TYPE_FLOAT;
    case TypeId::kDouble:
      return DUCKDB_TYPE_DOUBLE;
    case TypeId::kDate:
      return DUCKDB_TYPE_DATE;
    case TypeId::kTime:
      return DUCKDB_TYPE_TIME;
    case TypeId::kTimeTz:
      return DUCKDB_TYPE_TIME_TZ;
    case TypeId::kTimestamp:
      return DUCKDB_TYPE_TIMESTAMP;
    case TypeId::kTimestampTz:
      return DUCKDB_TYPE_TIMESTAMP_TZ;
    case TypeId::kIntervalYearToMonth:
    case TypeId::kIntervalDayToSecond:
      return DUCKDB_TYPE_INTERVAL;
    case TypeId::kVarbyte:
    case TypeId::kHllSketch:
      return DUCKDB_TYPE_BLOB;
    default:
      return DUCKDB_TYPE_VARCHAR;
  }
}

duckdb_type decimal_storage(uint8_t precision) {
  if (precision <= 4) return DUCKDB_TYPE_SMALLINT;
  if (precision <= 9) return DUCKDB_TYPE_INTEGER;
  return precision <= 18 ? DUCKDB_TYPE_BIGINT : DUCKDB_TYPE_HUGEINT;
}

}  // namespace

LogicalType logical_type(const Type& type) {
  if (type.id == TypeId::kDecimal) return LogicalType(duckdb_create_decimal_type(type.precision, type.scale));
  return LogicalType(duckdb_create_logical_type(plain_type(type.id)));
}

DuckColumn describe(duckdb_logical_type type) {
  DuckColumn column;
  column.type = column.storage = duckdb_get_type_id(type);
  if (column.type == DUCKDB_TYPE_DECIMAL) {
    column.precision = duckdb_decimal_width(type);
    column.scale = duckdb_decimal_scale(type);
    column.storage = decimal_storage(column.precision);
  }
  return column;
}

Type engine_type(const DuckColumn& column) {
  switch (column.type) {
    case DUCKDB_TYPE_BOOLEAN:
      return Type::of(TypeId::kBoolean);
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_SMALLINT:
      return Type::of(TypeId::kSmallint);
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_INTEGER:
      return Type::of(TypeId::kInteger);
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_BIGINT:
      return Type::of(TypeId::kBigint);
    case DUCKDB_TYPE_HUGEINT:
      return Type::decimal(38, 0);
    case DUCKDB_TYPE_DECIMAL:
      return Type::decimal(column.precision, column.scale);
    case DUCKDB_TYPE_FLOAT:
      return Type::of(TypeId::kReal);
    case DUCKDB_TYPE_DOUBLE:
      return Type::of(TypeId::kDouble);
    case DUCKDB_TYPE_VARCHAR:
      return Type::varchar(kMaxVarcharBytes);
    case DUCKDB_TYPE_BLOB:
      return Type::varbyte(kMaxVarbyteBytes);
    case DUCKDB_TYPE_DATE:
      return Type::of(TypeId::kDate);
    case DUCKDB_TYPE_TIME:
      return Type::of(TypeId::kTime);
    case DUCKDB_TYPE_TIME_TZ:
      return Type::of(TypeId::kTimeTz);
    case DUCKDB_TYPE_TIMESTAMP:
      return Type::of(TypeId::kTimestamp);
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return Type::of(TypeId::kTimestampTz);
    case DUCKDB_TYPE_INTERVAL:
      return Type::of(TypeId::kIntervalDayToSecond);
    default:
      return {};
  }
}

}  // namespace garland::duck
