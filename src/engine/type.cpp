#include "engine/type.h"

#include <fmt/format.h>

#include "base/error.h"

namespace garland::engine {
namespace {

constexpr int32_t kHeaderBytes =
    4;  // PostgreSQL stores lengths and precisions in atttypmod with its varlena header added

struct WireType {
  TypeId id;
  uint32_t oid;
  const char* name;
};

// OIDs of pg_type; SUPER, VARBYTE, HLLSKETCH and the interval types as Redshift's own drivers list them.
constexpr WireType kWireTypes[] = {
    {TypeId::kUnknown, 705, "unknown"},
    {TypeId::kBoolean, 16, "boolean"},
    {TypeId::kSmallint, 21, "smallint"},
    {TypeId::kInteger, 23, "integer"},
    {TypeId::kBigint, 20, "bigint"},
    {TypeId::kDecimal, 1700, "numeric"},
    {TypeId::kReal, 700, "real"},
    {TypeId::kDouble, 701, "double precision"},
    {TypeId::kChar, 1042, "character"},
    {TypeId::kVarchar, 1043, "character varying"},
    {TypeId::kDate, 1082, "date"},
    {TypeId::kTime, 1083, "time without time zone"},
    {TypeId::kTimeTz, 1266, "time with time zone"},
    {TypeId::kTimestamp, 1114, "timestamp without time zone"},
    {TypeId::kTimestampTz, 1184, "timestamp with time zone"},
    {TypeId::kIntervalYearToMonth, 1188, "interval year to month"},
    {TypeId::kIntervalDayToSecond, 1190, "interval day to second"},
    {TypeId::kSuper, 4000, "super"},
    {TypeId::kVarbyte, 6551, "binary varying"},
    {TypeId::kHllSketch, 2935, "hllsketch"},
};

const WireType& wire_type(TypeId id) { return kWireTypes[static_cast<size_t>(id)]; }

Type with_length(TypeId id, int32_t typmod, int32_t longest) {
  return {id, typmod > kHeaderBytes ? typmod - kHeaderBytes : longest, 0, 0};
}

Type decimal_of(int32_t typmod) {
  if (typmod < kHeaderBytes) return Type::decimal(kMaxDecimalPrecision, 0);
  const int32_t packed = typmod - kHeaderBytes;
  return Type::decimal((packed >> 16) & 0xFFFF, packed & 0xFFFF);
}

}  // namespace

std::string to_string(const Type& type) {
  const char* name = wire_type(type.id).name;
  if (type.id == TypeId::kDecimal) return fmt::format("{}({},{})", name, type.precision, type.scale);
  if (type.length > 0) return fmt::format("{}({})", name, type.length);
  return name;
}

uint32_t oid(const Type& type) { return wire_type(type.id).oid; }

int32_t typmod(const Type& type) {
  if (type.id == TypeId::kDecimal) return ((type.precision << 16) | type.scale) + kHeaderBytes;
  return type.length > 0 ? type.length + kHeaderBytes : -1;
}

Type type_of(uint32_t oid, int32_t typmod) {
  if (oid == 0) return {};
  // text and name reach us from clients that bind strings; Redshift stores TEXT as VARCHAR (guide page
  // r_Character_types).
  if (oid == 25 || oid == 19) return with_length(TypeId::kVarchar, typmod, kMaxVarcharBytes);
  for (const WireType& wire : kWireTypes) {
    if (wire.oid != oid) continue;
    switch (wire.id) {
      case TypeId::kDecimal:
        return decimal_of(typmod);
      case TypeId::kVarchar:
        return with_length(wire.id, typmod, kMaxVarcharBytes);
      case TypeId::kChar:
        return with_length(wire.id, typmod, kMaxCharBytes);
      case TypeId::kVarbyte:
        return with_length(wire.id, typmod, kMaxVarbyteBytes);
      default:
        return Type::of(wire.id);
    }
  }
  throw Error(kUndefinedObject, fmt::format("type with OID {} does not exist", oid));
}

}  // namespace garland::engine
