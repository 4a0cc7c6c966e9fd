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
  const char* typname;
  int16_t typlen;
};

// OIDs of pg_type; SUPER, VARBYTE, HLLSKETCH and the interval types as Redshift's own drivers list them.
constexpr WireType kWireTypes[] = {
    {TypeId::kUnknown, 705, "unknown", "unknown", -1},
    {TypeId::kBoolean, 16, "boolean", "bool", 1},
    {TypeId::kSmallint, 21, "smallint", "int2", 2},
    {TypeId::kInteger, 23, "integer", "int4", 4},
    {TypeId::kBigint, 20, "bigint", "int8", 8},
    {TypeId::kDecimal, 1700, "numeric", "numeric", -1},
    {TypeId::kReal, 700, "real", "float4", 4},
    {TypeId::kDouble, 701, "double precision", "float8", 8},
    {TypeId::kChar, 1042, "character", "bpchar", -1},
    {TypeId::kVarchar, 1043, "character varying", "varchar", -1},
    {TypeId::kDate, 1082, "date", "date", 4},
    {TypeId::kTime, 1083, "time without time zone", "time", 8},
    {TypeId::kTimeTz, 1266, "time with time zone", "timetz", 12},
    {TypeId::kTimestamp, 1114, "timestamp without time zone", "timestamp", 8},
    {TypeId::kTimestampTz, 1184, "timestamp with time zone", "timestamptz", 8},
    {TypeId::kIntervalYearToMonth, 1188, "interval year to month", "intervaly2m", 4},
    {TypeId::kIntervalDayToSecond, 1190, "interval day to second", "intervald2s", 8},
    {TypeId::kSuper, 4000, "super", "super", -1},
    {TypeId::kVarbyte, 6551, "binary varying", "varbyte", -1},
    {TypeId::kHllSketch, 2935, "hllsketch", "hllsketch", -1},
};

static_assert(std::size(kWireTypes) == kTypeCount);

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

const char* typname(const Type& type) { return wire_type(type.id).typname; }

int16_t typlen(const Type& type) { return wire_type(type.id).typlen; }

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
