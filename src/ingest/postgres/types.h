// What PostgreSQL's types become in the warehouse, and their binary values as column batches.
//
//   bool BOOLEAN · int2, int4, int8 SMALLINT, INTEGER, BIGINT · float4, float8 REAL, DOUBLE PRECISION
//   numeric(p,s) DECIMAL(p,s), at most 38 digits; numeric DECIMAL(38,18): a value that does not fit is refused, never
//   rounded · text VARCHAR(65535), varchar(n) and char(n) VARCHAR(4n), since n counts characters there and bytes here,
//   char without its padding · name VARCHAR(252) · date, time, timetz, timestamp, timestamptz the same
//   uuid VARCHAR(36) · bytea VARBYTE(16777216) · json, jsonb and arrays SUPER · enums VARCHAR(252) · domains as their
//   base type. Other types are refused by name.
//
// Sources: PostgreSQL 15 documentation, chapter "Data Types"; the binary forms are those of the types' send functions
// (src/backend/utils/adt). Infinite dates and numbers and NaN have no place in DECIMAL and Redshift's dates: refused.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "engine/batch.h"
#include "ingest/postgres/connection.h"
#include "ingest/postgres/messages.h"

namespace garland::ingest::postgres {

/// A row of the source's pg_type.
struct SourceType {
  std::string name;  // as format_type prints it
  char kind = 'b';   // typtype: b base, e enum, d domain, …
  Oid base = 0;      // of a domain
  int32_t base_typmod = -1;
  Oid element = 0;  // of an array, 0 for others
};

/// The types that the source's columns have.
class SourceTypes {
 public:
  bool knows(Oid type) const { return types_.contains(type); }
  /// Reads a type, and those it is made of, from the source.
  void read(SourceConnection& connection, Oid type);
  /// Throws 42704 for one that was not read.
  const SourceType& at(Oid type) const;
  void add(Oid oid, SourceType type) { types_[oid] = std::move(type); }

 private:
  std::map<Oid, SourceType> types_;
};

/// How a value's bytes are to be read.
enum class Form : uint8_t {
  kBool,
  kInt2,
  kInt4,
  kInt8,
  kFloat4,
  kFloat8,
  kNumeric,
  kText,
  kPaddedText,
  kDate,
  kTime,
  kTimeTz,
  kTimestamp,  // with and without time zone: both are microseconds
  kUuid,
  kBytes,
  kJson,
  kJsonb,
  kArray,
};

/// How a column's values arrive and what they become.
struct Landing {
  Form form = Form::kText;
  engine::Type type;
};

/// Throws 0A000 with the type's name for what Garland does not take.
Landing landing_of(const SourceTypes& types, Oid type, int32_t typmod);

/// Why a value could not be taken. Never shows the value.
struct ValueFault {
  SqlState state;
  std::string reason;
};

/// Reads values of one source's types. Thread-safe as long as `types` is.
class ValueReader {
 public:
  explicit ValueReader(const SourceTypes& types) : types_(types) {}
  /// Sets column `column` of the row that `out` is building. On a fault nothing is set. Malformed bytes throw 08P01.
  std::optional<ValueFault> read(const Landing& landing, std::string_view bytes, engine::BatchBuilder& out,
                                 size_t column) const;

 private:
  const SourceTypes& types_;
};

}  // namespace garland::ingest::postgres
