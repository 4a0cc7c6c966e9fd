// Conversions and constants. Guide pages r_CAST_function, c_Supported_data_types ("Type compatibility and conversion"),
// r_Character_types.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "embedded/functions_emit.h"
#include "engine/sketch.h"
#include "engine/text.h"

namespace garland::embedded {
namespace {

using semantics::CastContext;

// ---- constants

[[noreturn]] void fail_constant(SqlState state, const Type& type, std::string_view text) {
  Type bare = type;
  bare.length = 0;
  const std::string name = type.id == TypeId::kDecimal ? "numeric" : engine::to_string(bare);
  if (state == kNumericValueOutOfRange)
    throw Error(state, fmt::format("value \"{}\" is out of range for type {}", text, name));
  throw Error(state, fmt::format("invalid input syntax for type {}: \"{}\"", name, text));
}

/// The constant as an engine reads it, printed in its plain form.
std::string plain_text(const std::string& text, const Type& type) {
  engine::BatchBuilder builder({type});
  if (const auto fault = engine::read_field(text, type, builder, 0)) {
    const bool overflow = *fault == engine::TextFault::kOverflow;
    fail_constant(overflow                                   ? kNumericValueOutOfRange
                  : type.is_datetime() || type.is_interval() ? kInvalidDatetimeFormat
                                                             : kInvalidTextRepresentation,
                  type, text);
  }
  builder.end_row();
  std::string plain;
  engine::append_text(plain, builder.batch().columns[0], 0);
  return plain;
}

std::string float_sql(const std::string& text, const Type& type) {
  const std::optional<double> value = engine::read_double(text);
  if (!value) fail_constant(kInvalidTextRepresentation, type, text);
  if (type.id == TypeId::kReal && std::isfinite(*value) && std::abs(*value) > std::numeric_limits<float>::max())
    fail_constant(kNumericValueOutOfRange, type, text);
  return cast_sql(quoted_sql(fmt::format("{}", *value)), type);
}

/// µs and days are exact, whatever the year and DuckDB's own reading of text are.
std::string moment_sql(const std::string& text, const Type& type) {
  const auto check = [&](const auto& value) {
    return value ? *value : (fail_constant(kInvalidDatetimeFormat, type, text), 0);
  };
  switch (type.id) {
    case TypeId::kDate:
      return fmt::format("CAST(CAST('1970-01-01' AS DATE) + CAST({} AS INTEGER) AS DATE)",
                         check(engine::read_date(text)));
    case TypeId::kTimestamp:
      return fmt::format("make_timestamp(CAST({} AS BIGINT))", check(engine::read_timestamp(text)));
    case TypeId::kTimestampTz:
      return fmt::format("g_utc(make_timestamp(CAST({} AS BIGINT)))", check(engine::read_timestamptz(text)));
    default:
      return cast_sql(quoted_sql(plain_text(text, type)), type);
  }
}

std::string sketch_sql(const std::string& text, const Type& type) {
  const std::optional<std::string> stored = engine::read_sketch(text);
  if (!stored) fail_constant(kInvalidTextRepresentation, type, text);
  return fmt::format("unhex('{:02x}')", fmt::join(std::vector<uint8_t>(stored->begin(), stored->end()), ""));
}

std::string interval_sql(const std::string& text, const Type& type) {
  const std::optional<engine::Interval> value = engine::read_interval(text);
  if (!value) fail_constant(kInvalidDatetimeFormat, type, text);
  return fmt::format(
      "(to_months(CAST({} AS INTEGER)) + to_days(CAST({} AS INTEGER)) + to_microseconds(CAST({} AS BIGINT)))",
      value->months, value->days, value->micros);
}

std::string constant_sql(const std::string& text, const Type& type) {
  switch (type.id) {
    case TypeId::kBoolean:
      return plain_text(text, type) == "t" ? "true" : "false";
    case TypeId::kSmallint:
    case TypeId::kInteger:
    case TypeId::kBigint:
    case TypeId::kDecimal:
      return cast_sql(plain_text(text, type), type);
    case TypeId::kReal:
    case TypeId::kDouble:
      return float_sql(text, type);
    case TypeId::kIntervalYearToMonth:
    case TypeId::kIntervalDayToSecond:
      return interval_sql(text, type);
    case TypeId::kVarbyte:
      return fmt::format("unhex({})", quoted_sql(plain_text(text, type)));
    case TypeId::kTimeTz:
      return cast_sql(fmt::format("g_timetz_text({})", quoted_sql(text)), type);
    case TypeId::kHllSketch:
      return sketch_sql(text, type);
    case TypeId::kDate:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
      return moment_sql(text, type);
    default:
      return quoted_sql(text);
  }
}

// ---- conversions

/// One conversion being printed.
struct Conversion {
  const Argument& operand;
  const Type& from;
  const Type& to;
  CastContext context;

  std::string_view sql() const { return operand.sql; }
  std::string cast() const { return cast_sql(operand.sql, to); }
  /// `name(operand)` of a function that may raise.
  std::string guarded_call(std::string_view name) const { return fmt::format("{}({})", name, guarded_sql(operand)); }
  /// `name(operand)`
  std::string call(std::string_view name) const { return fmt::format("{}({})", name, operand.sql); }
};

[[noreturn]] void refuse(const Conversion& c) {
  throw Error(kFeatureNotSupported, fmt::format("the conversion from {} to {} is not supported yet",
                                                engine::to_string(c.from), engine::to_string(c.to)));
}

bool is_string(const Type& type) { return type.is_string() || type.id == TypeId::kUnknown; }

/// Longest text form of a type's values, in bytes.
int32_t longest_text(const Type& type) {
  switch (type.id) {
    case TypeId::kSmallint:
      return 6;
    case TypeId::kInteger:
      return 11;
    case TypeId::kBigint:
      return 20;
    case TypeId::kDecimal:
      return type.precision + 3;
    case TypeId::kChar:
    case TypeId::kVarchar:
      return type.length;
    default:
      return kMaxVarcharBytes;
  }
}

std::string reader_of(const Type& to) {
  switch (to.id) {
    case TypeId::kBoolean:
      return "g_to_boolean";
    case TypeId::kSmallint:
      return "g_to_smallint";
    case TypeId::kInteger:
      return "g_to_integer";
    case TypeId::kBigint:
      return "g_to_bigint";
    case TypeId::kDecimal:
      return fmt::format("g_to_decimal_{}", to.scale);
    case TypeId::kReal:
      return "g_to_real";
    case TypeId::kDouble:
      return "g_to_double";
    case TypeId::kDate:
      return "g_to_date";
    case TypeId::kTime:
      return "g_to_time";
    case TypeId::kTimestamp:
      return "g_to_timestamp";
    case TypeId::kTimestampTz:
      return "g_to_timestamptz";
    case TypeId::kIntervalYearToMonth:
    case TypeId::kIntervalDayToSecond:
      return "g_to_interval";
    default:
      return {};
  }
}

/// Fits a text, given as `sql` of at most `longest` bytes, into the string type `to`.
std::string fitted(std::string_view sql, int32_t longest, const Conversion& c) {
  const bool character = c.to.id == TypeId::kChar;
  const bool already = character ? c.from.id == TypeId::kChar || c.from.is_numeric() : true;
  if ((already && longest <= c.to.length) || c.to.length <= 0) return std::string(sql);
  const std::string_view verb =
      c.context == CastContext::kExplicit || c.context == CastContext::kStrict ? "cut" : "fit";
  if (c.context == CastContext::kImplicit && !character) return std::string(sql);
  const bool raises = character || verb == "fit";
  const std::string text = raises ? guarded_sql(Argument{sql, Type::varchar(longest)}) : std::string(sql);
  const std::string fit =
      fmt::format("g_{}_{}({}, CAST({} AS INTEGER))", verb, character ? "character" : "text", text, c.to.length);
  if (character || !is_short(sql)) return fit;
  return fmt::format("CASE WHEN strlen({0}) <= {1} THEN {0} ELSE {2} END", sql, c.to.length, fit);
}

/// Bytes, at most `longest` of them, as VARBYTE(n); n = 0: as long as they are.
std::string fitted_bytes(std::string sql, int32_t longest, const Conversion& c) {
  const bool fits = c.to.length <= 0 || (longest > 0 && longest <= c.to.length);
  return fits ? sql : fmt::format("g_fit_bytes({}, CAST({} AS INTEGER))", sql, c.to.length);
}

std::string from_bytes_to_integer(const Conversion& c) {
  return c.guarded_call(c.to.id == TypeId::kSmallint  ? "g_bytes_smallint"
                        : c.to.id == TypeId::kInteger ? "g_bytes_integer"
                                                      : "g_bytes_bigint");
}

std::string from_text(const Conversion& c) {
  if (c.to.is_string()) return fitted(c.sql(), c.from.id == TypeId::kUnknown ? kMaxVarcharBytes : c.from.length, c);
  if (c.to.id == TypeId::kVarbyte) {
    // A CHAR keeps its padding (r_VARBYTE_type).
    const std::string text = c.from.id == TypeId::kChar
                                 ? fmt::format("g_rpad({}, CAST({} AS INTEGER), ' ')", c.sql(), c.from.length)
                                 : std::string(c.sql());
    return fitted_bytes(fmt::format("encode({})", text), c.from.length, c);
  }
  if (c.to.id == TypeId::kTimeTz) return cast_sql(c.guarded_call("g_timetz_text"), c.to);
  const std::string reader = reader_of(c.to);
  if (reader.empty()) refuse(c);
  const bool narrow = c.to.id == TypeId::kDecimal && c.to.precision < kMaxDecimalPrecision;
  return narrow ? cast_sql(c.guarded_call(reader), c.to) : c.guarded_call(reader);
}

std::string to_text(const Conversion& c) {
  std::string text;
  // DuckDB leaves out the zero before the point where a type has room for none.
  const bool has_whole_digits = c.from.id == TypeId::kDecimal && c.from.precision > c.from.scale;
  if (c.from.is_integer() || has_whole_digits) {
    text = fmt::format("CAST({} AS VARCHAR)", c.sql());
  } else if (c.from.id == TypeId::kIntervalYearToMonth) {
    text = c.call("g_text_months");
  } else if (c.from.id == TypeId::kVarbyte) {
    text = c.guarded_call("g_bytes_text");
  } else if (c.from.id == TypeId::kBoolean || c.from.id == TypeId::kHllSketch) {
    refuse(c);
  } else {
    text = c.call("g_text");
  }
  return fitted(text, longest_text(c.from), c);
}

/// Explicit casts of values cut digits; those of constants round, as all implicit ones do.
std::string from_decimal(const Conversion& c) {
  const bool cuts = c.context == CastContext::kExplicit && !c.operand.is_constant;
  const int scale = c.to.id == TypeId::kDecimal ? c.to.scale : 0;
  if (c.to.is_float() || !cuts || scale >= c.from.scale) return c.cast();
  return cast_sql(fmt::format("g_cut_{0}({1}, CAST({0} AS INTEGER))", scale, c.sql()), c.to);
}

std::string to_moment(const Conversion& c) {
  const bool zoned = c.from.id == TypeId::kTimestampTz;
  const std::string local = zoned ? c.call("g_local") : std::string(c.sql());
  switch (c.to.id) {
    case TypeId::kTimestamp:
      return zoned ? local : c.cast();
    case TypeId::kTimestampTz:
      return fmt::format("g_utc({})",
                         c.from.id == TypeId::kDate ? fmt::format("CAST({} AS TIMESTAMP)", c.sql()) : local);
    case TypeId::kTimeTz:
      return fmt::format("CAST(CAST(CAST({} AS TIME) AS VARCHAR) || '+00' AS TIMETZ)", local);
    default:
      return cast_sql(local, c.to);
  }
}

std::string from_super(const Conversion& c) {
  const bool strict = c.context == CastContext::kStrict;
  const std::string value = super_cast_sql(c.operand, c.to, strict);
  return c.to.is_string() ? fitted(value, kMaxVarcharBytes, c) : value;
}

std::string converted(const Conversion& c) {
  if (c.to.id == TypeId::kSuper) {
    const bool fits = is_string(c.from) || c.from.is_numeric() || c.from.id == TypeId::kBoolean;
    return fits ? cast_to_super_sql(c.operand) : (refuse(c), std::string());
  }
  if (c.from.id == TypeId::kSuper) return from_super(c);
  if (is_string(c.from)) return from_text(c);
  if (c.to.is_string()) return to_text(c);
  if (c.from.id == TypeId::kDecimal && c.to.is_numeric()) return from_decimal(c);
  if (c.from.is_datetime() && c.to.is_datetime()) return to_moment(c);
  if (c.from.id == TypeId::kVarbyte && c.to.id == TypeId::kVarbyte) {
    return c.from.length <= c.to.length ? std::string(c.sql())
                                        : fmt::format("g_fit_bytes({}, CAST({} AS INTEGER))", c.sql(), c.to.length);
  }
  if (c.from.is_integer() && c.to.id == TypeId::kVarbyte) return fitted_bytes(c.call("g_integer_bytes"), 8, c);
  if (c.from.id == TypeId::kVarbyte && c.to.is_integer()) return from_bytes_to_integer(c);
  const bool numbers =
      (c.from.is_numeric() || c.from.id == TypeId::kBoolean) && (c.to.is_numeric() || c.to.id == TypeId::kBoolean);
  if (!numbers) refuse(c);
  return c.cast();
}

}  // namespace

void emit_constant(std::string& out, const std::optional<std::string>& text, const Type& type) {
  out += text ? constant_sql(*text, type) : "CAST(NULL AS " + duck_type(type) + ")";
}

void emit_cast(std::string& out, const Argument& operand, const Type& to, CastContext context) {
  const bool same = operand.type == to || (operand.type.id == to.id && !to.is_string() && to.id != TypeId::kDecimal &&
                                           to.id != TypeId::kVarbyte);
  if (operand.is_constant && !operand.text) {
    emit_constant(out, std::nullopt, to);
  } else if (operand.type.id == TypeId::kUnknown && operand.is_constant && !is_string(to)) {
    emit_constant(out, *operand.text, to);
  } else if (same) {
    out += operand.sql;
  } else {
    out += converted({operand, operand.type, to, context});
  }
}

}  // namespace garland::embedded
