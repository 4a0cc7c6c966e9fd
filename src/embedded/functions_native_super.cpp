// SUPER inside DuckDB: parsing, navigation, casts, comparison, arithmetic. Guide pages query-super,
// operators-functions, super-configurations, limitations-super and those of the functions. A SUPER is its text
// (engine/super.h).
#include "embedded/functions_native_super.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <tuple>

#include "engine/super.h"
#include "engine/text.h"

namespace garland::embedded {
namespace {

using namespace native;
using engine::SuperKind;
using engine::SuperNumber;
using View = std::string_view;
template <class T>
using Maybe = std::optional<T>;

[[noreturn]] void fail_json(engine::SuperFault fault) {
  switch (fault) {
    case engine::SuperFault::kDuplicateAttribute:
      fail(kInvalidTextRepresentation, "JSON parsing error: an object has two attributes of one name");
    case engine::SuperFault::kLongString:
      fail(kInvalidTextRepresentation, "JSON parsing error: a string is longer than 65535 bytes");
    case engine::SuperFault::kTooDeep:
      fail(kProgramLimitExceeded, "JSON parsing error: nested more than 1000 deep");
    case engine::SuperFault::kTooLarge:
      fail(kProgramLimitExceeded, "the value is larger than the 16 MB of type super");
    case engine::SuperFault::kSyntax:
      break;
  }
  fail(kInvalidTextRepresentation, "JSON parsing error");
}

Maybe<std::string> json_parse(View json, int32_t rules) {
  std::string out;
  const auto fault =
      engine::super_from_json(json, {(rules & kDedupAttributes) != 0, (rules & kTruncateStrings) != 0}, out);
  if (!fault) return out;
  if (rules & kNullOnParseError) return std::nullopt;
  fail_json(*fault);
}

uint8_t can_json_parse(View json) {
  std::string out;
  return !engine::super_from_json(json, {}, out);
}

// ---- navigation

/// The path that this thread used last: paths are constants.
const std::vector<engine::SuperStep>& compiled_path(View text) {
  thread_local std::string last;
  thread_local std::vector<engine::SuperStep> path;
  if (last != text) {
    path = engine::super_path(text);
    last = text;
  }
  return path;
}

Maybe<View> navigate(View value, View path, uint8_t strict) {
  const Maybe<View> found = engine::super_navigate(value, compiled_path(path));
  if (!found && strict) fail(kInvalidParameterValue, "invalid navigation into a value of type super");
  return found;
}

Maybe<View> element(View value, int64_t index, uint8_t strict) {
  const engine::SuperStep step = index;
  const Maybe<View> found = index < 0 ? std::nullopt : engine::super_navigate(value, {&step, 1});
  if (!found && strict) fail(kInvalidParameterValue, "invalid navigation into a value of type super");
  return found;
}

// ---- casts from SUPER

/// The text that a static value of the same kind has; nothing for null, arrays and objects.
Maybe<std::string> scalar_text(View value) {
  switch (engine::super_kind(value)) {
    case SuperKind::kString:
      return engine::super_string(value);
    case SuperKind::kBoolean:
      return std::string(value);
    case SuperKind::kNumber: {
      const Maybe<SuperNumber> number = engine::super_number(value);
      if (!number || !number->real) return std::string(value);
      std::string text;
      engine::append_text(text, {kDouble, &*number->real, nullptr}, 0);
      return text;
    }
    default:
      return std::nullopt;
  }
}

int128 whole_part(const SuperNumber& number) { return number.digits / power_of_ten(number.scale); }

Maybe<int64_t> to_integer(View value, int64_t least, int64_t most) {
  Maybe<int64_t> result;
  if (const Maybe<SuperNumber> number = engine::super_number(value)) {
    if (number->real) {
      const double rounded = std::nearbyint(*number->real);
      if (rounded >= -9.2e18 && rounded <= 9.2e18) result = static_cast<int64_t>(rounded);
    } else {
      const int128 whole = whole_part(*number);
      if (whole >= least && whole <= most) result = static_cast<int64_t>(whole);
    }
  } else if (engine::super_kind(value) == SuperKind::kBoolean) {
    result = value == "true";
  } else if (engine::super_kind(value) == SuperKind::kString) {
    result = engine::read_integer(engine::super_string(value));
  }
  return result && *result >= least && *result <= most ? result : std::nullopt;
}

Maybe<uint8_t> to_boolean(View value) {
  if (engine::super_kind(value) == SuperKind::kBoolean) return value == "true";
  if (const Maybe<SuperNumber> number = engine::super_number(value)) {
    if (number->real || number->scale > 0) return std::nullopt;
    return number->digits != 0;
  }
  const Maybe<std::string> text = scalar_text(value);
  const Maybe<bool> truth = text ? engine::read_boolean(*text) : std::nullopt;
  return truth ? Maybe<uint8_t>(*truth) : std::nullopt;
}

Maybe<double> to_double(View value) {
  if (const Maybe<SuperNumber> number = engine::super_number(value)) return number->as_double();
  if (engine::super_kind(value) != SuperKind::kString) return std::nullopt;
  return engine::read_double(engine::super_string(value));
}

Maybe<float> to_real(View value) {
  const Maybe<double> wide = to_double(value);
  if (!wide || (std::isfinite(*wide) && std::abs(*wide) > std::numeric_limits<float>::max())) return std::nullopt;
  return static_cast<float>(*wide);
}

/// Digits behind the scale are cut, as explicit casts of values do.
Maybe<int128> to_decimal(View value, int scale, int precision) {
  if (engine::super_kind(value) == SuperKind::kBoolean) return std::nullopt;
  const Maybe<SuperNumber> number = engine::super_number(value);
  const Maybe<std::string> text =
      number && number->real ? Maybe<std::string>(fmt::format("{:.{}f}", *number->real, scale)) : scalar_text(value);
  return text ? engine::read_decimal(*text, precision, scale, number && !number->real) : std::nullopt;
}

/// A cast: `read` gives nothing where the value cannot be cast; then the result is NULL, or an error in strict mode.
template <class Result, class F>
Overloads cast_function(std::string name, Type type, View type_name, F read) {
  return {nullable<View, uint8_t>(
      std::move(name), type, {kText, kBoolean}, [read, type_name](View value, uint8_t strict) -> Maybe<Result> {
        if (engine::super_kind(value) == SuperKind::kNull) return std::nullopt;
        const auto result = read(value);
        if (result) return static_cast<Result>(*result);
        if (strict) {
          fail(kInvalidTextRepresentation, fmt::format("cannot cast a value of type super to {}", type_name));
        }
        return std::nullopt;
      })};
}

/// Types that only strings can become.
template <class Result, class F>
Overloads string_cast(std::string name, Type type, View type_name, F read) {
  return cast_function<Result>(std::move(name), type, type_name, [read](View value) {
    return engine::super_kind(value) == SuperKind::kString ? read(engine::super_string(value))
                                                           : decltype(read(std::string()))();
  });
}

/// The result has room for 38 digits; values with more than the second argument are none of the type.
Overloads decimal_cast(int scale) {
  return {nullable<View, int32_t, uint8_t>(
      fmt::format("g_super_to_decimal_{}", scale), Type::decimal(38, scale), {kText, kInteger, kBoolean},
      [scale](View value, int32_t precision, uint8_t strict) -> Maybe<int128> {
        if (engine::super_kind(value) == SuperKind::kNull) return std::nullopt;
        const Maybe<int128> result = to_decimal(value, scale, precision);
        if (!result && strict) fail(kInvalidTextRepresentation, "cannot cast a value of type super to numeric");
        return result;
      })};
}

std::vector<Overloads> number_casts() {
  const auto integer = [](const char* name, Type type, View type_name, int64_t least, int64_t most) {
    return cast_function<int64_t>(name, type, type_name, [least, most](View v) { return to_integer(v, least, most); });
  };
  std::vector<Overloads> all{
      integer("g_super_to_bigint", kBigint, "bigint", std::numeric_limits<int64_t>::min(),
              std::numeric_limits<int64_t>::max()),
      integer("g_super_to_integer", kBigint, "integer", std::numeric_limits<int32_t>::min(),
              std::numeric_limits<int32_t>::max()),
      integer("g_super_to_smallint", kBigint, "smallint", std::numeric_limits<int16_t>::min(),
              std::numeric_limits<int16_t>::max()),
      cast_function<double>("g_super_to_double", kDouble, "double precision", to_double),
      cast_function<float>("g_super_to_real", kReal, "real", to_real),
      cast_function<uint8_t>("g_super_to_boolean", kBoolean, "boolean", to_boolean),
  };
  for (int scale = 0; scale <= kMaxDecimalScale; ++scale) all.push_back(decimal_cast(scale));
  return all;
}

std::vector<Overloads> text_casts() {
  return {
      cast_function<std::string>("g_super_to_text", kText, "character varying", scalar_text),
      string_cast<int32_t>("g_super_to_date", kDate, "date", [](const std::string& t) { return engine::read_date(t); }),
      string_cast<int64_t>("g_super_to_time", kTime, "time", [](const std::string& t) { return engine::read_time(t); }),
      string_cast<int64_t>("g_super_to_timestamp", kTimestamp, "timestamp",
                           [](const std::string& t) { return engine::read_timestamp(t); }),
      string_cast<int64_t>("g_super_to_timestamptz", kTimestampTz, "timestamptz",
                           [](const std::string& t) { return engine::read_timestamptz(t); }),
  };
}

// ---- casts to SUPER

std::string from_text(View text) {
  std::string out;
  engine::append_super_string(out, text);
  return out;
}

std::string from_double(double value) {
  std::string out;
  engine::append_super_float(out, value);
  return out;
}

std::string checked_object(View value) {
  std::string out;
  if (const auto fault = engine::super_from_json(value, {}, out)) {
    if (*fault == engine::SuperFault::kDuplicateAttribute)
      fail(kInvalidParameterValue, "OBJECT has two attributes of one name");
    fail_json(*fault);
  }
  return out;
}

// ---- comparison and inspection

Maybe<std::string> key(View value) {
  if (engine::super_kind(value) == SuperKind::kNull) return std::nullopt;
  std::string out;
  engine::append_super_key(out, value);
  return out;
}

/// Only booleans, numbers and strings are less or more than another of their kind.
Maybe<int32_t> compare(View left, View right) {
  const SuperKind kind = engine::super_kind(left);
  const bool scalar = kind == SuperKind::kBoolean || kind == SuperKind::kNumber || kind == SuperKind::kString;
  if (!scalar || kind != engine::super_kind(right)) return std::nullopt;
  std::string a, b;
  engine::append_super_key(a, left);
  engine::append_super_key(b, right);
  return a < b ? -1 : a > b ? 1 : 0;
}

View type_of(View value) {
  constexpr View kNames[] = {"null", "boolean", "number", "string", "array", "object"};
  return kNames[static_cast<size_t>(engine::super_kind(value))];
}

bool is_whole(const Maybe<SuperNumber>& number, int128 most) {
  return number && !number->real && number->scale == 0 && number->digits <= most && number->digits >= -most - 1;
}

uint8_t is_a(View value, View what) {
  const SuperKind kind = engine::super_kind(value);
  if (what == "array") return kind == SuperKind::kArray;
  if (what == "object") return kind == SuperKind::kObject;
  if (what == "boolean") return kind == SuperKind::kBoolean;
  if (what == "varchar") return kind == SuperKind::kString;
  if (what == "scalar") return kind != SuperKind::kNull && kind != SuperKind::kArray && kind != SuperKind::kObject;
  if (what == "char") {
    return kind == SuperKind::kString &&
           std::all_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  }
  const Maybe<SuperNumber> number = engine::super_number(value);
  if (what == "float") return number && number->real;
  if (what == "decimal") return number && !number->real;
  if (what == "smallint") return is_whole(number, std::numeric_limits<int16_t>::max());
  if (what == "integer") return is_whole(number, std::numeric_limits<int32_t>::max());
  return is_whole(number, std::numeric_limits<int64_t>::max());
}

Maybe<int32_t> decimal_precision(View value) {
  const Maybe<SuperNumber> number = engine::super_number(value);
  if (!number || number->real) return std::nullopt;
  int digits = 0;
  for (int128 rest = number->digits; rest != 0; rest /= 10) ++digits;
  return std::max({digits, number->scale, 1});
}

Maybe<int32_t> decimal_scale(View value) {
  const Maybe<SuperNumber> number = engine::super_number(value);
  return number && !number->real ? Maybe<int32_t>(number->scale) : std::nullopt;
}

}  // namespace

std::vector<Overloads> super_natives() {
  std::vector<Overloads> all{
      {nullable<View, int32_t>("g_json_parse", kText, {kText, kInteger}, json_parse)},
      {function<View>("g_can_json_parse", kBoolean, {kText}, can_json_parse)},
      {nullable<View, View, uint8_t>("g_super_get", kText, {kText, kText, kBoolean}, navigate)},
      {nullable<View, int64_t, uint8_t>("g_super_at", kText, {kText, kBigint, kBoolean}, element)},
      {function<View>("g_super_from_text", kText, {kText}, from_text)},
      {function<double>("g_super_from_double", kText, {kDouble}, from_double)},
      {function<View>("g_super_object", kText, {kText}, checked_object)},
      {nullable<View>("g_super_key", kBytes, {kText}, key)},
      {nullable<View, View>("g_super_compare", kInteger, {kText, kText}, compare)},
      {function<View>("g_super_typeof", kText, {kText}, type_of)},
      {function<View, View>("g_super_is", kBoolean, {kText, kText}, is_a)},
      {nullable<View>("g_super_precision", kInteger, {kText}, decimal_precision)},
      {nullable<View>("g_super_scale", kInteger, {kText}, decimal_scale)},
  };
  for (auto family : {number_casts, text_casts, super_arithmetic_natives, super_array_natives, super_set_natives}) {
    for (Overloads& overloads : family()) all.push_back(std::move(overloads));
  }
  return all;
}

}  // namespace garland::embedded
