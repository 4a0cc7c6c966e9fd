// Redshift's data types (guide page c_Supported_data_types), as every part of Garland sees them.
#pragma once

#include <cstdint>
#include <string>

#include "base/limits.h"

namespace garland::engine {

enum class TypeId : uint8_t {
  kUnknown,  // an untyped literal or NULL, before context gives it a type; results never have it
  kBoolean,
  kSmallint,
  kInteger,
  kBigint,
  kDecimal,
  kReal,
  kDouble,
  kChar,
  kVarchar,
  kDate,
  kTime,
  kTimeTz,
  kTimestamp,
  kTimestampTz,
  kIntervalYearToMonth,
  kIntervalDayToSecond,
  kSuper,
  kVarbyte,
  kHllSketch,
};
inline constexpr size_t kTypeCount = static_cast<size_t>(TypeId::kHllSketch) + 1;

/// A type with its modifier. Plain value; compare with ==.
struct Type {
  TypeId id = TypeId::kUnknown;
  int32_t length = 0;     // kChar, kVarchar, kVarbyte: in bytes
  uint8_t precision = 0;  // kDecimal: 1–38
  uint8_t scale = 0;      // kDecimal: 0–37
  /// kChar, kVarchar: COLLATE CASE_INSENSITIVE (guide page r_COLLATE); no part of the type's name.
  bool case_insensitive = false;

  static constexpr Type of(TypeId id) { return {id, 0, 0, 0}; }
  static constexpr Type decimal(int precision, int scale) {
    return {TypeId::kDecimal, 0, static_cast<uint8_t>(precision), static_cast<uint8_t>(scale)};
  }
  static constexpr Type varchar(int32_t bytes) { return {TypeId::kVarchar, bytes, 0, 0}; }
  static constexpr Type character(int32_t bytes) { return {TypeId::kChar, bytes, 0, 0}; }
  static constexpr Type varbyte(int32_t bytes) { return {TypeId::kVarbyte, bytes, 0, 0}; }

  constexpr bool is_integer() const {
    return id == TypeId::kSmallint || id == TypeId::kInteger || id == TypeId::kBigint;
  }
  constexpr bool is_float() const { return id == TypeId::kReal || id == TypeId::kDouble; }
  constexpr bool is_numeric() const { return is_integer() || is_float() || id == TypeId::kDecimal; }
  constexpr bool is_string() const { return id == TypeId::kChar || id == TypeId::kVarchar; }
  constexpr bool is_datetime() const { return id >= TypeId::kDate && id <= TypeId::kTimestampTz; }
  constexpr bool is_interval() const {
    return id == TypeId::kIntervalYearToMonth || id == TypeId::kIntervalDayToSecond;
  }
  friend constexpr bool operator==(const Type&, const Type&) = default;
};

/// As PostgreSQL's format_type prints it: "character varying(256)", "numeric(18,2)", "timestamp without time zone".
std::string to_string(const Type& type);

/// The type's OID on the wire (pg_type; SUPER 4000, VARBYTE 6551, interval types 1188 and 1190).
uint32_t oid(const Type& type);
/// pg_type.typname: "int4", "bpchar", "timestamptz".
const char* typname(const Type& type);
/// pg_type.typlen: bytes of a value in binary form, -1 where they vary.
int16_t typlen(const Type& type);
/// pg_attribute.atttypmod: -1 where the type has no modifier.
int32_t typmod(const Type& type);
/// The reverse; throws 42704 for an OID that is no Redshift type.
Type type_of(uint32_t oid, int32_t typmod);

}  // namespace garland::engine
