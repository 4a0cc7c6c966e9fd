#include <cmath>
#include <limits>

#include "base/ascii.h"
#include "engine/sketch.h"
#include "engine/super.h"
#include "engine/text.h"
#include "engine/text_scan.h"

namespace garland::engine {
namespace {

using Fault = std::optional<TextFault>;

/// True for an integer as written, of any length.
bool looks_like_integer(std::string_view text) {
  text = trim_blanks(text);
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

template <class T>
Fault set_integer(std::string_view text, BatchBuilder& out, size_t column) {
  const auto value = read_integer(text);
  if (!value) return looks_like_integer(text) ? TextFault::kOverflow : TextFault::kInvalid;
  if (*value < std::numeric_limits<T>::min() || *value > std::numeric_limits<T>::max()) return TextFault::kOverflow;
  out.set(column, static_cast<T>(*value));
  return std::nullopt;
}

Fault set_float(std::string_view text, const Type& type, BatchBuilder& out, size_t column) {
  const auto value = read_double(text);
  if (!value) {
    bool overflow = false;
    const bool number = read_decimal(text, kMaxDecimalPrecision, 0, true, &overflow).has_value() || overflow;
    return number ? TextFault::kOverflow : TextFault::kInvalid;
  }
  if (type.id == TypeId::kDouble) {
    out.set(column, *value);
    return std::nullopt;
  }
  const float narrow = static_cast<float>(*value);
  if (std::isinf(narrow) != std::isinf(*value) || (narrow == 0) != (*value == 0)) return TextFault::kOverflow;
  out.set(column, narrow);
  return std::nullopt;
}

Fault set_decimal(std::string_view text, const Type& type, BatchBuilder& out, size_t column, bool truncate) {
  bool overflow = false;
  const auto value = read_decimal(text, type.precision, type.scale, truncate, &overflow);
  if (!value) return overflow ? TextFault::kOverflow : TextFault::kInvalid;
  if (type.precision <= 18) {
    out.set(column, static_cast<int64_t>(*value));
  } else {
    out.set(column, *value);
  }
  return std::nullopt;
}

Fault set_text(std::string_view text, const Type& type, BatchBuilder& out, size_t column) {
  const size_t limit = static_cast<size_t>(type.length);
  if (!is_utf8(text)) return TextFault::kInvalidUtf8;
  if (type.length > 0 && text.size() > limit) {
    if (text.find_first_not_of(' ', limit) != std::string_view::npos) return TextFault::kTooLong;
    text = text.substr(0, limit);
  }
  if (type.id == TypeId::kChar) {
    for (const char c : text) {
      if (static_cast<unsigned char>(c) >= 0x80) return TextFault::kInvalid;
    }
    text = text.substr(0, text.find_last_not_of(' ') + 1);
  }
  out.set_string(column, text);
  return std::nullopt;
}

Fault set_sketch(std::string_view text, BatchBuilder& out, size_t column) {
  const std::optional<std::string> stored = read_sketch(text);
  if (!stored) return TextFault::kInvalid;
  out.set_string(column, *stored);
  return std::nullopt;
}

Fault set_bytes(std::string_view text, const Type& type, BatchBuilder& out, size_t column) {
  if (text.size() % 2 != 0) return TextFault::kInvalid;
  if (type.length > 0 && text.size() / 2 > static_cast<size_t>(type.length)) return TextFault::kTooLong;
  std::string bytes(text.size() / 2, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) {
    const int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return TextFault::kInvalid;
    bytes[i] = static_cast<char>(high * 16 + low);
  }
  out.set_string(column, bytes);
  return std::nullopt;
}

Fault set_json(std::string_view text, BatchBuilder& out, size_t column) {
  if (text.size() > static_cast<size_t>(kMaxSuperBytes)) return TextFault::kTooLong;
  if (!is_utf8(text)) return TextFault::kInvalidUtf8;
  std::string value;
  const auto fault = super_from_json(text, {}, value);
  if (fault) return *fault == SuperFault::kLongString ? TextFault::kTooLong : TextFault::kInvalid;
  out.set_string(column, value);
  return std::nullopt;
}

template <class T>
Fault set_value(const std::optional<T>& value, BatchBuilder& out, size_t column) {
  if (!value) return TextFault::kInvalid;
  out.set(column, *value);
  return std::nullopt;
}

/// Tables keep UTC (guide page r_Datetime_types).
std::optional<TimeTz> stored_time(std::string_view text) {
  const auto time = read_timetz(text);
  return time ? std::optional(in_utc(*time)) : std::nullopt;
}

Fault set_boolean(std::string_view text, BatchBuilder& out, size_t column) {
  const auto value = read_boolean(text);
  if (!value) return TextFault::kInvalid;
  out.set(column, static_cast<uint8_t>(*value));
  return std::nullopt;
}

/// The parts that the type has no field for are cut off (guide page r_interval_data_types).
Fault set_interval(std::string_view text, const Type& type, BatchBuilder& out, size_t column) {
  auto value = read_interval(text);
  if (!value) return TextFault::kInvalid;
  if (type.id == TypeId::kIntervalYearToMonth) {
    value->days = 0;
    value->micros = 0;
  } else {
    value->months = 0;
  }
  out.set(column, *value);
  return std::nullopt;
}

}  // namespace

std::optional<TextFault> read_field(std::string_view text, const Type& type, BatchBuilder& out, size_t column,
                                    bool truncate_decimals) {
  switch (type.id) {
    case TypeId::kBoolean:
      return set_boolean(text, out, column);
    case TypeId::kSmallint:
      return set_integer<int16_t>(text, out, column);
    case TypeId::kInteger:
      return set_integer<int32_t>(text, out, column);
    case TypeId::kBigint:
      return set_integer<int64_t>(text, out, column);
    case TypeId::kDecimal:
      return set_decimal(text, type, out, column, truncate_decimals);
    case TypeId::kReal:
    case TypeId::kDouble:
      return set_float(text, type, out, column);
    case TypeId::kUnknown:
    case TypeId::kChar:
    case TypeId::kVarchar:
      return set_text(text, type, out, column);
    case TypeId::kDate:
      return set_value(read_date(text), out, column);
    case TypeId::kTime:
      return set_value(read_time(text), out, column);
    case TypeId::kTimeTz:
      return set_value(stored_time(text), out, column);
    case TypeId::kTimestamp:
      return set_value(read_timestamp(text), out, column);
    case TypeId::kTimestampTz:
      return set_value(read_timestamptz(text), out, column);
    case TypeId::kIntervalYearToMonth:
    case TypeId::kIntervalDayToSecond:
      return set_interval(text, type, out, column);
    case TypeId::kVarbyte:
      return set_bytes(text, type, out, column);
    case TypeId::kSuper:
      return set_json(text, out, column);
    case TypeId::kHllSketch:
      return set_sketch(text, out, column);
  }
  return TextFault::kInvalid;
}

}  // namespace garland::engine
