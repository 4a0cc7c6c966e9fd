#include "ingest/postgres/types.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/limits.h"
#include "engine/super.h"
#include "engine/text.h"
#include "ingest/postgres/numeric.h"
#include "ingest/postgres/wire_reader.h"

namespace garland::ingest::postgres {
namespace {

using engine::int128;
using engine::Type;
using engine::TypeId;
using Fault = std::optional<ValueFault>;

// pg_type.dat of PostgreSQL.
enum : Oid {
  kBoolOid = 16,
  kByteaOid = 17,
  kNameOid = 19,
  kInt8Oid = 20,
  kInt2Oid = 21,
  kInt4Oid = 23,
  kTextOid = 25,
  kJsonOid = 114,
  kFloat4Oid = 700,
  kFloat8Oid = 701,
  kBpcharOid = 1042,
  kVarcharOid = 1043,
  kDateOid = 1082,
  kTimeOid = 1083,
  kTimestampOid = 1114,
  kTimestampTzOid = 1184,
  kTimeTzOid = 1266,
  kNumericOid = 1700,
  kUuidOid = 2950,
  kJsonbOid = 3802,
};

constexpr int32_t kTypmodHeader = 4;    // VARHDRSZ
constexpr int32_t kNameBytes = 63 * 4;  // NAMEDATALEN - 1 characters, however they are encoded
constexpr int32_t kUuidBytes = 36;
constexpr int kFreeScale = 18;                     // of numeric without precision: as a NUMERIC parameter
constexpr int64_t kEpochUs = 946'684'800'000'000;  // PostgreSQL counts from 2000-01-01
constexpr int32_t kEpochDays = 10'957;
constexpr int32_t kLastDay = 106'762'947;  // 294276-12-31, Redshift's last (guide page r_Datetime_types)
constexpr int kMaxArrayDimensions = 6;     // MAXDIM

/// n characters of at most four bytes each.
Type text_of(int32_t typmod) {
  if (typmod < kTypmodHeader) return Type::varchar(kMaxVarcharBytes);
  const int64_t bytes = int64_t{4} * (typmod - kTypmodHeader);
  return Type::varchar(static_cast<int32_t>(std::clamp<int64_t>(bytes, 1, kMaxVarcharBytes)));
}

/// numeric's typmod: precision in the upper half, scale (from PostgreSQL 15 on maybe negative, 11 bits) in the lower.
Type decimal_of(int32_t typmod) {
  if (typmod < kTypmodHeader) return Type::decimal(kMaxDecimalPrecision, kFreeScale);
  const int precision = ((typmod - kTypmodHeader) >> 16) & 0xffff;
  const int scale = (((typmod - kTypmodHeader) & 0x7ff) ^ 1024) - 1024;
  if (scale < 0) return Type::decimal(std::min(precision - scale, kMaxDecimalPrecision), 0);
  const int kept = std::min(scale, kMaxDecimalScale);
  return Type::decimal(std::clamp(precision, std::max(kept, 1), kMaxDecimalPrecision), kept);
}

std::optional<Landing> builtin(Oid type, int32_t typmod) {
  switch (type) {
    case kBoolOid:
      return Landing{Form::kBool, Type::of(TypeId::kBoolean)};
    case kInt2Oid:
      return Landing{Form::kInt2, Type::of(TypeId::kSmallint)};
    case kInt4Oid:
      return Landing{Form::kInt4, Type::of(TypeId::kInteger)};
    case kInt8Oid:
      return Landing{Form::kInt8, Type::of(TypeId::kBigint)};
    case kFloat4Oid:
      return Landing{Form::kFloat4, Type::of(TypeId::kReal)};
    case kFloat8Oid:
      return Landing{Form::kFloat8, Type::of(TypeId::kDouble)};
    case kNumericOid:
      return Landing{Form::kNumeric, decimal_of(typmod)};
    case kTextOid:
    case kVarcharOid:
      return Landing{Form::kText, text_of(typmod)};
    case kBpcharOid:
      return Landing{Form::kPaddedText, text_of(typmod)};
    case kNameOid:
      return Landing{Form::kText, Type::varchar(kNameBytes)};
    case kDateOid:
      return Landing{Form::kDate, Type::of(TypeId::kDate)};
    case kTimeOid:
      return Landing{Form::kTime, Type::of(TypeId::kTime)};
    case kTimeTzOid:
      return Landing{Form::kTimeTz, Type::of(TypeId::kTimeTz)};
    case kTimestampOid:
      return Landing{Form::kTimestamp, Type::of(TypeId::kTimestamp)};
    case kTimestampTzOid:
      return Landing{Form::kTimestamp, Type::of(TypeId::kTimestampTz)};
    case kUuidOid:
      return Landing{Form::kUuid, Type::varchar(kUuidBytes)};
    case kByteaOid:
      return Landing{Form::kBytes, Type::varbyte(kMaxVarbyteBytes)};
    case kJsonOid:
      return Landing{Form::kJson, Type::of(TypeId::kSuper)};
    case kJsonbOid:
      return Landing{Form::kJsonb, Type::of(TypeId::kSuper)};
    default:
      return std::nullopt;
  }
}

ValueFault out_of_range(const Type& type) {
  return {kNumericValueOutOfRange, fmt::format("the number does not fit {}", to_string(type))};
}

ValueFault too_long(size_t bytes, const Type& type) {
  return {kStringDataRightTruncation, fmt::format("its {} bytes do not fit {}", bytes, to_string(type))};
}

ValueFault fault_of(NumericFault fault, const Type& type) {
  if (fault == NumericFault::kNotFinite) {
    return {kNumericValueOutOfRange, fmt::format("{} has neither NaN nor infinity", to_string(type))};
  }
  return out_of_range(type);
}

ValueFault fault_of(engine::SuperFault fault) {
  switch (fault) {
    case engine::SuperFault::kSyntax:
      return {kInvalidTextRepresentation, "the JSON text is no SUPER value"};
    case engine::SuperFault::kDuplicateAttribute:
      return {kInvalidTextRepresentation, "an attribute stands in the JSON text twice"};
    case engine::SuperFault::kLongString:
      return {kStringDataRightTruncation, "a text within it is longer than SUPER's 65535 bytes"};
    case engine::SuperFault::kTooDeep:
      return {kStatementTooComplex, "it is nested deeper than SUPER's 1000 levels"};
    case engine::SuperFault::kTooLarge:
      return {kStringDataRightTruncation, "it is larger than SUPER's 16 MB"};
  }
  return {kInternalError, "it is no SUPER value"};
}

template <class T>
bool in_range(int64_t value) {
  return value >= std::numeric_limits<T>::min() && value <= std::numeric_limits<T>::max();
}

int128 power_of_ten(int exponent) {
  int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

void set_decimal(engine::BatchBuilder& out, size_t column, const Type& type, int128 value) {
  if (type.precision <= 18) {
    out.set<int64_t>(column, static_cast<int64_t>(value));
  } else {
    out.set<int128>(column, value);
  }
}

/// An integer into a column that may be wider or, where the source's column has grown, narrower.
Fault set_integer(int64_t value, const Type& type, engine::BatchBuilder& out, size_t column) {
  switch (type.id) {
    case TypeId::kSmallint:
      if (!in_range<int16_t>(value)) return out_of_range(type);
      out.set<int16_t>(column, static_cast<int16_t>(value));
      return std::nullopt;
    case TypeId::kInteger:
      if (!in_range<int32_t>(value)) return out_of_range(type);
      out.set<int32_t>(column, static_cast<int32_t>(value));
      return std::nullopt;
    case TypeId::kDecimal: {
      const int128 limit = power_of_ten(type.precision - type.scale);
      if (value >= limit || value <= -limit) return out_of_range(type);
      set_decimal(out, column, type, value * power_of_ten(type.scale));
      return std::nullopt;
    }
    default:
      out.set<int64_t>(column, value);
      return std::nullopt;
  }
}

Fault set_text(std::string_view text, const Type& type, engine::BatchBuilder& out, size_t column) {
  if (text.size() > static_cast<size_t>(type.length)) return too_long(text.size(), type);
  out.set_string(column, text);
  return std::nullopt;
}

std::string_view without_padding(std::string_view text) { return text.substr(0, text.find_last_not_of(' ') + 1); }

std::string uuid_text(WireReader& reader) {
  std::string text;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", reader.number<uint8_t>());
  }
  return text;
}

Fault read_day(WireReader& reader, int32_t& days) {
  const auto since_2000 = reader.number<int32_t>();
  const bool infinite =
      since_2000 == std::numeric_limits<int32_t>::max() || since_2000 == std::numeric_limits<int32_t>::min();
  if (infinite || since_2000 > kLastDay - kEpochDays) {
    return ValueFault{kDatetimeFieldOverflow, "the date is infinite or later than the year 294276"};
  }
  days = since_2000 + kEpochDays;
  return std::nullopt;
}

Fault read_moment(WireReader& reader, int64_t& micros) {
  const auto since_2000 = reader.number<int64_t>();
  const bool infinite = since_2000 == std::numeric_limits<int64_t>::min();
  if (infinite || __builtin_add_overflow(since_2000, kEpochUs, &micros)) {
    return ValueFault{kDatetimeFieldOverflow, "the time is infinite or later than the year 294246"};
  }
  return std::nullopt;
}

engine::TimeTz read_timetz(WireReader& reader) {
  engine::TimeTz time{};
  time.micros = reader.number<int64_t>();
  time.offset_seconds = -reader.number<int32_t>();  // PostgreSQL counts west of UTC
  return engine::in_utc(time);
}

Fault append_json(std::string_view json, std::string& out) {
  engine::SuperJsonRules rules;
  rules.keep_last_duplicate = true;  // as PostgreSQL's own functions read type json
  if (const auto fault = engine::super_from_json(json, rules, out)) return fault_of(*fault);
  return std::nullopt;
}

/// jsonb's binary form begins with its version, 1.
std::string_view jsonb_text(std::string_view bytes) {
  WireReader reader(bytes, "value of type jsonb");
  if (reader.number<uint8_t>() != 1) throw reader.malformed("an unknown version");
  return reader.rest();
}

/// Appends an array's values as SUPER.
class ArrayReader {
 public:
  ArrayReader(const SourceTypes& types, std::string_view bytes) : types_(types), reader_(bytes, "array") {}

  Fault append(std::string& out) {
    const auto dimensions = reader_.number<int32_t>();
    reader_.number<int32_t>();  // whether there are NULLs
    const Oid element = reader_.number<Oid>();
    if (dimensions < 0 || dimensions > kMaxArrayDimensions) throw reader_.malformed("too many dimensions");
    for (int i = 0; i < dimensions; ++i) {
      sizes_.push_back(reader_.number<int32_t>());
      reader_.number<int32_t>();  // the first index
    }
    if (dimensions == 0) return out += "[]", std::nullopt;
    landing_ = landing_of(types_, element, -1);
    Fault fault = append_level(0, out);
    if (fault) return fault;
    reader_.finish();
    if (out.size() > static_cast<size_t>(kMaxSuperBytes)) return fault_of(engine::SuperFault::kTooLarge);
    return std::nullopt;
  }

 private:
  Fault append_level(size_t level, std::string& out) {
    out += '[';
    for (int32_t i = 0; i < sizes_[level]; ++i) {
      if (i > 0) out += ',';
      Fault fault = level + 1 < sizes_.size() ? append_level(level + 1, out) : append_element(out);
      if (fault) return fault;
    }
    out += ']';
    return std::nullopt;
  }

  Fault append_element(std::string& out) {
    const auto length = reader_.number<int32_t>();
    if (length == -1) return out += "null", std::nullopt;
    return append_scalar(reader_.bytes(length), out);
  }

  Fault append_scalar(std::string_view bytes, std::string& out) {
    switch (landing_.form) {
      case Form::kNumeric: {
        Numeric number;
        if (const auto fault = read_numeric(bytes, number)) return fault_of(*fault, Type::decimal(38, number.scale));
        engine::append_super_decimal(out, number.digits, number.scale);
        return std::nullopt;
      }
      case Form::kJson:
        return append_json(bytes, out);
      case Form::kJsonb:
        return append_json(jsonb_text(bytes), out);
      default:
        return append_by_column(bytes, out);
    }
  }

  /// Whatever else a column can hold: read as one value of a batch.
  Fault append_by_column(std::string_view bytes, std::string& out) {
    engine::BatchBuilder row({landing_.type});
    Fault fault = ValueReader(types_).read(landing_, bytes, row, 0);
    if (fault) return fault;
    row.end_row();
    const engine::Column& column = row.batch().columns.front();
    if (landing_.type.id == TypeId::kBoolean) {
      out += *column.values<uint8_t>() ? "true" : "false";
    } else if (landing_.type.is_float()) {
      const double value = landing_.type.id == TypeId::kReal ? *column.values<float>() : *column.values<double>();
      if (!(std::abs(value) <= std::numeric_limits<double>::max())) {
        return ValueFault{kNumericValueOutOfRange, "SUPER has neither NaN nor infinity"};
      }
      engine::append_super_float(out, value);
    } else {
      std::string text;
      engine::append_text(text, column, 0);
      if (landing_.type.is_integer()) {
        out += text;
      } else {
        engine::append_super_string(out, text);
      }
    }
    return std::nullopt;
  }

  const SourceTypes& types_;
  WireReader reader_;
  std::vector<int32_t> sizes_;
  Landing landing_;
};

Fault set_super(Fault fault, const std::string& value, engine::BatchBuilder& out, size_t column) {
  if (!fault) out.set_string(column, value);
  return fault;
}

Fault read_moments(const Landing& landing, WireReader& reader, engine::BatchBuilder& out, size_t column) {
  if (landing.form == Form::kDate) {
    int32_t days = 0;
    if (Fault fault = read_day(reader, days)) return fault;
    out.set<int32_t>(column, days);
  } else if (landing.form == Form::kTime) {
    out.set<int64_t>(column, reader.number<int64_t>());
  } else if (landing.form == Form::kTimeTz) {
    out.set<engine::TimeTz>(column, read_timetz(reader));
  } else {
    int64_t micros = 0;
    if (Fault fault = read_moment(reader, micros)) return fault;
    out.set<int64_t>(column, micros);
  }
  return std::nullopt;
}

void set_real(double value, const Type& type, engine::BatchBuilder& out, size_t column) {
  if (type.id == TypeId::kReal) {
    out.set<float>(column, static_cast<float>(value));
  } else {
    out.set<double>(column, value);
  }
}

Fault read_fixed(const Landing& landing, WireReader& reader, engine::BatchBuilder& out, size_t column) {
  switch (landing.form) {
    case Form::kBool:
      out.set<uint8_t>(column, reader.number<uint8_t>() != 0);
      return std::nullopt;
    case Form::kInt2:
      return set_integer(reader.number<int16_t>(), landing.type, out, column);
    case Form::kInt4:
      return set_integer(reader.number<int32_t>(), landing.type, out, column);
    case Form::kInt8:
      return set_integer(reader.number<int64_t>(), landing.type, out, column);
    case Form::kFloat4:
      set_real(static_cast<double>(reader.real()), landing.type, out, column);
      return std::nullopt;
    case Form::kFloat8:
      set_real(reader.double_precision(), landing.type, out, column);
      return std::nullopt;
    case Form::kUuid:
      return set_text(uuid_text(reader), landing.type, out, column);
    default:
      return read_moments(landing, reader, out, column);
  }
}

}  // namespace

void SourceTypes::read(SourceConnection& connection, Oid type) {
  if (type == 0 || knows(type)) return;
  const auto rows = connection.query(
      "select format_type(oid, null), typtype, typbasetype, typtypmod, case when typcategory = 'A' then typelem else 0 "
      "end from pg_catalog.pg_type where oid = $1",
      {std::to_string(type)});
  if (rows.empty()) return;
  const SourceRow& row = rows.front();
  SourceType found;
  found.name = row[0].value_or("");
  found.kind = row[1].value_or("b").front();
  found.base = static_cast<Oid>(std::stoul(row[2].value_or("0")));
  found.base_typmod = std::stoi(row[3].value_or("-1"));
  found.element = static_cast<Oid>(std::stoul(row[4].value_or("0")));
  types_[type] = found;
  read(connection, found.base);
  read(connection, found.element);
}

const SourceType& SourceTypes::at(Oid type) const {
  const auto found = types_.find(type);
  if (found != types_.end()) return found->second;
  throw Error(kUndefinedObject, fmt::format("the source has no type of number {} any more", type));
}

Landing landing_of(const SourceTypes& types, Oid type, int32_t typmod) {
  if (const auto found = builtin(type, typmod)) return *found;
  const SourceType& named = types.at(type);
  if (named.kind == 'd') return landing_of(types, named.base, named.base_typmod);
  if (named.kind == 'e') return {Form::kText, Type::varchar(kNameBytes)};
  if (named.kind == 'b' && named.element != 0) {
    landing_of(types, named.element, -1);  // refuses arrays of what is refused
    return {Form::kArray, Type::of(TypeId::kSuper)};
  }
  throw Error(kFeatureNotSupported, fmt::format("columns of type {} are not taken", named.name));
}

Fault ValueReader::read(const Landing& landing, std::string_view bytes, engine::BatchBuilder& out,
                        size_t column) const {
  std::string value;
  switch (landing.form) {
    case Form::kText:
    case Form::kBytes:
      return set_text(bytes, landing.type, out, column);
    case Form::kPaddedText:
      return set_text(without_padding(bytes), landing.type, out, column);
    case Form::kJson:
      return set_super(append_json(bytes, value), value, out, column);
    case Form::kJsonb:
      return set_super(append_json(jsonb_text(bytes), value), value, out, column);
    case Form::kArray:
      return set_super(ArrayReader(types_, bytes).append(value), value, out, column);
    case Form::kNumeric: {
      int128 number = 0;
      if (const auto fault = read_numeric(bytes, landing.type.precision, landing.type.scale, number))
        return fault_of(*fault, landing.type);
      set_decimal(out, column, landing.type, number);
      return std::nullopt;
    }
    default: {
      WireReader reader(bytes, "value");
      Fault fault = read_fixed(landing, reader, out, column);
      if (!fault) reader.finish();
      return fault;
    }
  }
}

}  // namespace garland::ingest::postgres
