#include "semantics/constant.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/utf8.h"
#include "engine/sketch.h"
#include "engine/super.h"
#include "engine/text.h"
#include "semantics/types.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

[[noreturn]] void invalid_syntax(std::string_view text, const Type& type) {
  std::string name = engine::to_string(type);
  if (type.id == TypeId::kDecimal) name = "numeric";
  throw Error(kInvalidTextRepresentation, "invalid input syntax for type " + name + ": \"" + std::string(text) + "\"");
}

/// Digits where a date or a time has them: then a field is out of range, else the text is no date at all.
[[noreturn]] void invalid_datetime(std::string_view text, const Type& type) {
  const bool shaped = !text.empty() && is_digit(text.front()) && std::ranges::count_if(text, is_digit) >= 3 &&
                      std::ranges::all_of(text, [](char c) {
                        return is_digit(c) || std::string_view("-/.: +TZ").find(c) != std::string_view::npos;
                      });
  if (shaped) throw Error(kDatetimeFieldOverflow, "date/time field value out of range: \"" + std::string(text) + "\"");
  throw Error(kInvalidDatetimeFormat,
              "invalid input syntax for type " + engine::to_string(type) + ": \"" + std::string(text) + "\"");
}

template <class T>
std::string print_value(const Type& type, T value) {
  std::string out;
  engine::append_text(out, engine::Column{type, &value, nullptr}, 0);
  return out;
}

std::string read_integer_constant(std::string_view text, const Type& type) {
  const std::optional<int64_t> value = engine::read_integer(text);
  const bool digits = !text.empty() && std::ranges::all_of(text.substr(text[0] == '-' ? 1 : 0), is_digit);
  if (!value && !(digits && text.size() > 18)) invalid_syntax(text, type);
  const int64_t most = type.id == TypeId::kSmallint  ? std::numeric_limits<int16_t>::max()
                       : type.id == TypeId::kInteger ? std::numeric_limits<int32_t>::max()
                                                     : std::numeric_limits<int64_t>::max();
  if (!value || *value > most || *value < -most - 1) {
    throw Error(kNumericValueOutOfRange,
                "value \"" + std::string(text) + "\" is out of range for type " + engine::to_string(type));
  }
  return std::to_string(*value);
}

std::string print_decimal(engine::int128 value, const Type& type) {
  if (type.precision <= 18) return print_value(type, static_cast<int64_t>(value));
  return print_value(type, value);
}

std::string read_decimal_constant(std::string_view text, const Type& type) {
  bool overflow = false;
  const std::optional<engine::int128> value = engine::read_decimal(text, type.precision, type.scale, false, &overflow);
  if (overflow) {
    throw Error(kNumericValueOutOfRange, "numeric field overflow")
        .detail("A field with precision " + std::to_string(type.precision) + ", scale " + std::to_string(type.scale) +
                " cannot hold " + std::string(text));
  }
  if (!value) invalid_syntax(text, type);
  return print_decimal(*value, type);
}

std::string read_float_constant(std::string_view text, const Type& type) {
  const std::optional<double> value = engine::read_double(text);
  if (!value) invalid_syntax(text, type);
  if (type.id == TypeId::kDouble) return print_value(type, *value);
  const auto narrow = static_cast<float>(*value);
  if (std::isinf(narrow) && !std::isinf(*value)) {
    throw Error(kNumericValueOutOfRange, "value \"" + std::string(text) + "\" is out of range for type real");
  }
  return print_value(type, narrow);
}

int64_t floor_to_days(int64_t micros) {
  constexpr int64_t kDay = 86'400'000'000;
  return micros >= 0 ? micros / kDay : -((-micros + kDay - 1) / kDay);
}

std::string read_datetime_constant(std::string_view text, const Type& type) {
  switch (type.id) {
    case TypeId::kDate:
      if (const auto date = engine::read_date(text)) return print_value(type, *date);
      if (const auto moment = engine::read_timestamp(text)) {
        return print_value(type, static_cast<int32_t>(floor_to_days(*moment)));
      }
      break;
    case TypeId::kTime:
      if (const auto time = engine::read_time(text)) return print_value(type, *time);
      break;
    case TypeId::kTimeTz:
      if (engine::read_timetz(text)) return std::string(text);  // printed, it would lose its offset
      break;
    case TypeId::kTimestamp:
      if (const auto moment = engine::read_timestamp(text)) return print_value(type, *moment);
      break;
    default:
      if (const auto moment = engine::read_timestamptz(text)) return print_value(type, *moment);
  }
  invalid_datetime(text, type);
}

/// Tables keep TIMETZ in UTC (r_Datetime_types).
std::string read_stored_time(std::string_view text, const Type& type) {
  const auto time = engine::read_timetz(text);
  if (!time) invalid_datetime(text, type);
  return print_value(type, engine::in_utc(*time));
}

std::string_view without_trailing_blanks(std::string_view text) {
  const size_t end = text.find_last_not_of(' ');
  return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

std::string read_string_constant(std::string_view text, const Type& type, CastContext context) {
  const auto length = static_cast<size_t>(type.length);
  if (text.size() > length && context != CastContext::kExplicit && without_trailing_blanks(text).size() > length) {
    throw Error(kStringDataRightTruncation, "value too long for type " + engine::to_string(type));
  }
  text = first_bytes(text, length);
  if (type.id == TypeId::kVarchar) return std::string(text);
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    throw Error(kCharacterNotInRepertoire, "CHAR string contains invalid ASCII character")
        .hint("CHAR holds single-byte characters only; use VARCHAR");
  }
  return std::string(without_trailing_blanks(text));
}

/// A literal may mix months and days, as old-style intervals do; the day-to-second form alone would lose the months.
std::string print_interval(const engine::Interval& value, const Type& type) {
  const std::string text = print_value(type, value);
  if (type.id == TypeId::kIntervalYearToMonth || value.months == 0) return text;
  return std::to_string(value.months) + " mons " + text;
}

std::string read_any_interval(std::string_view text, const Type& type) {
  const std::optional<engine::Interval> value = engine::read_interval(text);
  const bool months = type.id == TypeId::kIntervalYearToMonth;
  if (!value || (months && (value->days != 0 || value->micros != 0)) || (!months && value->months != 0)) {
    throw Error(kInvalidDatetimeFormat,
                "invalid input syntax for type " + engine::to_string(type) + ": \"" + std::string(text) + "\"");
  }
  return print_value(type, *value);
}

/// A typed constant as a SUPER value; nothing for types that are not cast to SUPER.
std::optional<std::string> super_constant(std::string_view text, const Type& from) {
  std::string value;
  if (from.is_string()) {
    engine::append_super_string(value, text);
  } else if (from.id == TypeId::kBoolean) {
    value = text == "t" ? "true" : "false";
  } else if (from.is_integer() || from.id == TypeId::kDecimal) {
    value = text;
  } else if (const std::optional<double> real = from.is_float() ? engine::read_double(text) : std::nullopt) {
    engine::append_super_float(value, *real);
  } else {
    return std::nullopt;
  }
  return value;
}

bool holds_number(const Type& type) { return type.is_integer() || type.id == TypeId::kDecimal; }

}  // namespace

Type number_type(std::string_view text) {
  if (text.find_first_of("eE") != std::string_view::npos) return Type::of(TypeId::kDouble);
  const size_t point = text.find('.');
  const auto digits = static_cast<int>(std::ranges::count_if(text, is_digit));
  if (point == std::string_view::npos) {
    const std::optional<int64_t> value = engine::read_integer(text);
    if (value && *value >= std::numeric_limits<int32_t>::min() && *value <= std::numeric_limits<int32_t>::max()) {
      return Type::of(TypeId::kInteger);
    }
    if (value) return Type::of(TypeId::kBigint);
  }
  const int scale = point == std::string_view::npos ? 0 : static_cast<int>(text.size() - point - 1);
  if (digits > kMaxDecimalPrecision || scale > kMaxDecimalScale) {
    throw Error(kNumericValueOutOfRange, "numeric literal has more than 38 digits");
  }
  return Type::decimal(std::max(digits, 1), scale);
}

std::optional<std::string> read_constant(std::string_view text, const Type& type, CastContext context) {
  if (type.is_integer()) return read_integer_constant(text, type);
  if (type.is_float()) return read_float_constant(text, type);
  if (type.id == TypeId::kTimeTz && context == CastContext::kAssignment) return read_stored_time(text, type);
  if (type.is_datetime()) return read_datetime_constant(text, type);
  if (type.is_string()) return read_string_constant(text, type, context);
  if (type.is_interval()) return read_any_interval(text, type);
  switch (type.id) {
    case TypeId::kDecimal:
      return read_decimal_constant(text, type);
    case TypeId::kBoolean: {
      const std::optional<bool> value = engine::read_boolean(text);
      if (!value) invalid_syntax(text, type);
      return *value ? "t" : "f";
    }
    case TypeId::kSuper: {
      std::string value;
      engine::append_super_string(value, text);
      return value;
    }
    case TypeId::kHllSketch: {
      const std::optional<std::string> stored = engine::read_sketch(text);
      if (!stored) invalid_syntax(text, type);
      return print_value(type, std::string_view(*stored));
    }
    default:
      return std::nullopt;
  }
}

std::optional<std::string> convert_constant(std::string_view text, const Type& from, const Type& to) {
  if (from.is_string() && to.is_string()) {
    if (text.size() > static_cast<size_t>(to.length)) return std::nullopt;
    return read_string_constant(text, to, CastContext::kImplicit);
  }
  if (to.id == TypeId::kSuper) return super_constant(text, from);
  if (!holds_number(from)) return std::nullopt;
  if (to.id == TypeId::kDouble || to.id == TypeId::kReal) return read_float_constant(text, to);
  if (!holds_number(to)) return std::nullopt;
  const Type target = to.is_integer() ? Type::decimal(19, 0) : to;
  if (from.id == TypeId::kDecimal && from.scale > target.scale) return std::nullopt;  // rounding is the engine's
  if (!engine::read_decimal(text, target.precision, target.scale, false)) return std::nullopt;
  if (!to.is_integer()) return read_decimal_constant(text, to);
  try {
    return read_integer_constant(text, to);
  } catch (const Error&) {
    return std::nullopt;  // out of range: raised where the value is computed
  }
}

CastContext matched_context(const Type& from, const Type& to) {
  for (const CastContext context : {CastContext::kImplicit, CastContext::kAssignment}) {
    if (can_convert(from, to, context)) return context;
  }
  return CastContext::kExplicit;
}

IntervalConstant read_interval_constant(std::string_view text, std::string_view qualifier) {
  std::string spelled(text);
  const bool number = !text.empty() && text.find_first_not_of("0123456789.+- ") == std::string_view::npos &&
                      text.find('-', 1) == std::string_view::npos;
  if (number && !qualifier.empty() && qualifier.find(" to ") == std::string_view::npos) {
    spelled += " " + std::string(qualifier);  // interval '3' day
  } else if (qualifier.starts_with("day to ") &&
             text.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos) {
    if (const size_t blank = spelled.find(' '); blank != std::string::npos && blank > 0) spelled.insert(blank, " days");
  }
  const std::optional<engine::Interval> value = engine::read_interval(spelled);
  if (!value) {
    throw Error(kInvalidDatetimeFormat, "invalid input syntax for type interval: \"" + std::string(text) + "\"");
  }
  const bool months_alone = value->months != 0 && value->days == 0 && value->micros == 0;
  const bool months =
      qualifier.empty() ? months_alone : qualifier.starts_with("year") || qualifier.starts_with("month");
  const Type type = Type::of(months ? TypeId::kIntervalYearToMonth : TypeId::kIntervalDayToSecond);
  if (!qualifier.empty() && months && !months_alone && (value->days != 0 || value->micros != 0)) {
    throw Error(kInvalidDatetimeFormat,
                "interval \"" + std::string(text) + "\" does not fit " + std::string(qualifier));
  }
  return {print_interval(*value, type), type};
}

}  // namespace garland::semantics
