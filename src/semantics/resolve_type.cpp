#include <algorithm>
#include <map>

#include "base/error.h"
#include "semantics/resolve.h"

namespace garland::semantics {
namespace {

using engine::TypeId;
using sql::TypeName;

const std::map<std::string_view, TypeId>& plain_types() {
  static const std::map<std::string_view, TypeId> kTypes = {
      {"smallint", TypeId::kSmallint}, {"int2", TypeId::kSmallint},
      {"integer", TypeId::kInteger},   {"int", TypeId::kInteger},
      {"int4", TypeId::kInteger},      {"bigint", TypeId::kBigint},
      {"int8", TypeId::kBigint},       {"real", TypeId::kReal},
      {"float4", TypeId::kReal},       {"double precision", TypeId::kDouble},
      {"float8", TypeId::kDouble},     {"boolean", TypeId::kBoolean},
      {"bool", TypeId::kBoolean},      {"date", TypeId::kDate},
      {"super", TypeId::kSuper},       {"hllsketch", TypeId::kHllSketch},
      {"oid", TypeId::kBigint},  // of the catalog
  };
  return kTypes;
}

/// Types with fractional digits as a modifier that Redshift takes and ignores (it keeps six).
const std::map<std::string_view, TypeId>& time_types() {
  static const std::map<std::string_view, TypeId> kTypes = {
      {"time", TypeId::kTime},
      {"time without time zone", TypeId::kTime},
      {"timetz", TypeId::kTimeTz},
      {"time with time zone", TypeId::kTimeTz},
      {"timestamp", TypeId::kTimestamp},
      {"timestamp without time zone", TypeId::kTimestamp},
      {"timestamptz", TypeId::kTimestampTz},
      {"timestamp with time zone", TypeId::kTimestampTz},
  };
  return kTypes;
}

constexpr std::string_view kLacking[] = {"bytea", "bit",     "bit varying", "uuid",      "json",        "jsonb",
                                         "xml",   "money",   "serial",      "bigserial", "smallserial", "inet",
                                         "cidr",  "macaddr", "point",       "line",      "lseg",        "box",
                                         "path",  "polygon", "circle",      "hstore",    "tsvector",    "tsquery"};
constexpr std::string_view kLater[] = {"geometry", "geography", "regclass", "refcursor", "anyelement"};

[[noreturn]] void fail(SqlState state, std::string message, const TypeName& name) {
  throw Error(state, std::move(message)).at(name.span.begin);
}

void check_modifier_count(const TypeName& name, size_t most) {
  if (name.modifiers.size() <= most) return;
  if (most == 0) fail(kSyntaxError, "type modifier is not allowed for type \"" + name.name + "\"", name);
  fail(kInvalidParameterValue, "too many modifiers for type \"" + name.name + "\"", name);
}

int32_t byte_length(const TypeName& name, int32_t unsaid, int32_t most) {
  check_modifier_count(name, 1);
  if (name.modifiers.empty()) return unsaid;
  const int32_t length = name.modifiers[0];
  if (length == TypeName::kMax) return most;
  if (length < 1) fail(kInvalidParameterValue, "length for type " + name.name + " must be at least 1", name);
  if (length > most) {
    fail(kInvalidParameterValue, "length for type " + name.name + " cannot exceed " + std::to_string(most), name);
  }
  return length;
}

Type decimal_type(const TypeName& name) {
  check_modifier_count(name, 2);
  if (name.modifiers.empty()) return Type::decimal(kDefaultDecimalPrecision, 0);
  const int precision = name.modifiers[0];
  const int scale = name.modifiers.size() > 1 ? name.modifiers[1] : 0;
  if (precision < 1 || precision > kMaxDecimalPrecision) {
    fail(kInvalidParameterValue, "DECIMAL precision " + std::to_string(precision) + " must be between 1 and 38", name);
  }
  if (scale < 0 || scale > std::min(precision, kMaxDecimalScale)) {
    fail(kInvalidParameterValue,
         "DECIMAL scale " + std::to_string(scale) + " must be between 0 and precision " + std::to_string(precision),
         name);
  }
  return Type::decimal(precision, scale);
}

/// FLOAT is DOUBLE; FLOAT(n) is REAL up to 24 binary digits.
Type float_type(const TypeName& name) {
  check_modifier_count(name, 1);
  if (name.modifiers.empty()) return Type::of(TypeId::kDouble);
  const int digits = name.modifiers[0];
  if (digits < 1) fail(kInvalidParameterValue, "precision for type float must be at least 1 bit", name);
  if (digits > 53) fail(kInvalidParameterValue, "precision for type float must be less than 54 bits", name);
  return Type::of(digits <= 24 ? TypeId::kReal : TypeId::kDouble);
}

std::optional<Type> string_type(const TypeName& name) {
  const std::string& text = name.name;
  if (text == "varchar" || text == "character varying" || text == "nvarchar") {
    return Type::varchar(byte_length(name, kDefaultVarcharBytes, kMaxVarcharBytes));
  }
  if (text == "char" || text == "character" || text == "nchar")
    return Type::character(byte_length(name, 1, kMaxCharBytes));
  if (text == "bpchar") return Type::character(byte_length(name, kDefaultVarcharBytes, kMaxCharBytes));
  if (text == "text") {
    check_modifier_count(name, 0);
    return Type::varchar(kDefaultVarcharBytes);
  }
  if (text == "name") {  // of the catalog
    check_modifier_count(name, 0);
    return Type::varchar(128);
  }
  if (text == "varbyte" || text == "varbinary" || text == "binary varying") {
    return Type::varbyte(byte_length(name, kDefaultVarbyteBytes, kMaxVarbyteBytes));
  }
  return std::nullopt;
}

/// INTERVAL's qualifier decides: years and months, or days and smaller. Without one it is days to seconds.
std::optional<Type> interval_type(const TypeName& name) {
  if (name.name != "interval" && !name.name.starts_with("interval ")) return std::nullopt;
  const std::string_view qualifier = std::string_view(name.name).substr(std::min<size_t>(9, name.name.size()));
  const bool months = qualifier.starts_with("year") || qualifier.starts_with("month");
  return Type::of(months ? TypeId::kIntervalYearToMonth : TypeId::kIntervalDayToSecond);
}

}  // namespace

Type resolve_type(const TypeName& name) {
  if (const auto plain = plain_types().find(name.name); plain != plain_types().end()) {
    check_modifier_count(name, 0);
    return Type::of(plain->second);
  }
  if (const std::optional<Type> string = string_type(name)) return *string;
  if (name.name == "numeric" || name.name == "decimal" || name.name == "dec") return decimal_type(name);
  if (name.name == "float") return float_type(name);
  if (const auto time = time_types().find(name.name); time != time_types().end()) {
    check_modifier_count(name, 1);
    return Type::of(time->second);
  }
  if (const std::optional<Type> interval = interval_type(name)) return *interval;
  if (std::ranges::find(kLater, name.name) != std::end(kLater)) {
    fail(kFeatureNotSupported, "type \"" + name.name + "\" is not supported yet", name);
  }
  if (std::ranges::find(kLacking, name.name) != std::end(kLacking)) {
    throw Error(kUndefinedObject, "type \"" + name.name + "\" does not exist")
        .hint("Amazon Redshift has no such type (guide page c_unsupported-postgresql-datatypes)")
        .at(name.span.begin);
  }
  fail(kUndefinedObject, "type \"" + name.name + "\" does not exist", name);
}

}  // namespace garland::semantics
