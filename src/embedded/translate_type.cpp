#include "embedded/translate.h"

namespace garland::embedded {

using engine::TypeId;

std::string duck_type(const engine::Type& type) {
  switch (type.id) {
    case TypeId::kBoolean:
      return "BOOLEAN";
    case TypeId::kSmallint:
      return "SMALLINT";
    case TypeId::kInteger:
      return "INTEGER";
    case TypeId::kBigint:
      return "BIGINT";
    case TypeId::kDecimal:
      return "DECIMAL(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")";
    case TypeId::kReal:
      return "FLOAT";
    case TypeId::kDouble:
      return "DOUBLE";
    case TypeId::kDate:
      return "DATE";
    case TypeId::kTime:
      return "TIME";
    case TypeId::kTimeTz:
      return "TIMETZ";
    case TypeId::kTimestamp:
      return "TIMESTAMP";
    case TypeId::kTimestampTz:
      return "TIMESTAMPTZ";
    case TypeId::kIntervalYearToMonth:
    case TypeId::kIntervalDayToSecond:
      return "INTERVAL";
    case TypeId::kVarbyte:
    case TypeId::kHllSketch:
      return "BLOB";
    case TypeId::kSuper:  // its text: engine/super.h
    case TypeId::kUnknown:
    case TypeId::kChar:
    case TypeId::kVarchar:
      break;
  }
  return "VARCHAR";
}

}  // namespace garland::embedded
