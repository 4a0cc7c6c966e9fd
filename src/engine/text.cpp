#include "engine/text.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <iterator>

#include "engine/sketch.h"

namespace garland::engine {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

template <class Integer>
void append_integer(std::string& out, Integer value) {
  char text[24];
  out.append(text, std::to_chars(text, std::end(text), value).ptr);
}

/// The digits of `value` before `end`, a point before the last `scale` of them; returns where they begin.
template <class Unsigned>
char* write_scaled(char* end, Unsigned value, int scale) {
  for (int written = 0; value != 0 || written <= scale; ++written) {
    if (written == scale && scale > 0) *--end = '.';
    *--end = static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  }
  return end;
}

void append_decimal(std::string& out, int128 value, int scale) {
  using uint128 = unsigned __int128;
  const bool negative = value < 0;
  const uint128 size = negative ? -static_cast<uint128>(value) : static_cast<uint128>(value);
  char digits[48];
  char* p = size <= UINT64_MAX ? write_scaled(std::end(digits), static_cast<uint64_t>(size), scale)
                               : write_scaled(std::end(digits), size, scale);
  if (negative) *--p = '-';
  out.append(p, std::end(digits));
}

/// The shortest text of a value that is not written with an exponent; "" where it has more than `digits` characters.
std::string_view short_text(char (&text)[40], double value, int digits) {
  const double size = std::abs(value);
  if (size != 0 && (size < 1e-4 || size >= 1e15)) return {};
  const auto [end, failure] = std::to_chars(text, text + digits, value, std::chars_format::fixed);
  return failure == std::errc() ? std::string_view(text, end) : std::string_view();
}

// extra_float_digits = 0: 6 significant digits of REAL, 15 of DOUBLE (PostgreSQL's FLT_DIG and DBL_DIG). A shortest
// text with no more digits is the same, and is made faster.
void append_float(std::string& out, double value, int digits) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value < 0 ? "-Infinity" : "Infinity";
  } else {
    char text[40];
    if (const std::string_view made = short_text(text, value, digits); !made.empty()) {
      out += made;
      return;
    }
    const auto end = std::to_chars(text, std::end(text), value, std::chars_format::general, digits).ptr;
    out.append(text, end);
  }
}

void write_two(char* at, unsigned value) {
  at[0] = static_cast<char>('0' + value / 10);
  at[1] = static_cast<char>('0' + value % 10);
}

void append_two(std::string& out, int value) {
  char text[2];
  write_two(text, static_cast<unsigned>(value));
  out.append(text, sizeof text);
}

/// Returns true when the year is before Christ; the caller adds " BC" at the value's end.
bool append_date(std::string& out, int64_t days) {
  using namespace std::chrono;
  // Whole 400-year cycles are taken off first, for std::chrono knows years -32767 to 32767 only.
  constexpr int64_t kCycleDays = 146'097;
  const int64_t cycle = days >= 0 ? days / kCycleDays : (days - kCycleDays + 1) / kCycleDays;
  const year_month_day date{sys_days{std::chrono::days{static_cast<int>(days - cycle * kCycleDays)}}};
  int64_t year = static_cast<int>(date.year()) + cycle * 400;
  const bool before_christ = year <= 0;
  if (before_christ) year = 1 - year;
  char text[] = "0000-00-00";
  write_two(text + 5, static_cast<unsigned>(date.month()));
  write_two(text + 8, static_cast<unsigned>(date.day()));
  if (year > 9999) {
    append_integer(out, year);
    out.append(text + 4, 6);
    return before_christ;
  }
  write_two(text, static_cast<unsigned>(year / 100));
  write_two(text + 2, static_cast<unsigned>(year % 100));
  out.append(text, 10);
  return before_christ;
}

void append_fraction(std::string& out, int64_t micros) {
  if (micros == 0) return;
  char digits[8];
  fmt::format_to(digits, ".{:06}", micros);
  size_t length = 7;
  while (digits[length - 1] == '0') --length;
  out.append(digits, length);
}

void append_time(std::string& out, int64_t micros) {
  const int64_t seconds = micros / kMicrosPerSecond;
  char text[] = "00:00:00";
  write_two(text, static_cast<unsigned>(seconds / 3600));
  write_two(text + 3, static_cast<unsigned>(seconds / 60 % 60));
  write_two(text + 6, static_cast<unsigned>(seconds % 60));
  out.append(text, 8);
  append_fraction(out, micros % kMicrosPerSecond);
}

void append_offset(std::string& out, int32_t seconds) {
  out += seconds < 0 ? '-' : '+';
  const int32_t size = std::abs(seconds);
  append_two(out, size / 3600);
  if (size % 3600 == 0) return;
  out += ':';
  append_two(out, size / 60 % 60);
  if (size % 60 == 0) return;
  out += ':';
  append_two(out, size % 60);
}

void append_timestamp(std::string& out, int64_t micros, bool with_zone) {
  int64_t days = micros / kMicrosPerDay;
  if (micros % kMicrosPerDay < 0) --days;
  const bool before_christ = append_date(out, days);
  out += ' ';
  append_time(out, micros - days * kMicrosPerDay);
  if (with_zone) append_offset(out, 0);
  if (before_christ) out += " BC";
}

// Guide page r_interval_data_types: '1 years 2 mons', '1 days 0 hours 0 mins 0.0 secs'.
void append_year_to_month(std::string& out, const Interval& value) {
  fmt::format_to(std::back_inserter(out), "{} years {} mons", value.months / 12, value.months % 12);
}

void append_day_to_second(std::string& out, const Interval& value) {
  const int64_t days = value.days + value.micros / kMicrosPerDay;
  const int64_t rest = value.micros % kMicrosPerDay;
  const int64_t seconds = rest / kMicrosPerSecond;
  fmt::format_to(std::back_inserter(out), "{} days {} hours {} mins ", days, seconds / 3600, seconds / 60 % 60);
  if (rest < 0 && seconds % 60 == 0 && rest % kMicrosPerSecond != 0) out += '-';
  fmt::format_to(std::back_inserter(out), "{}", seconds % 60);
  const int64_t fraction = std::abs(rest % kMicrosPerSecond);
  if (fraction == 0) {
    out += ".0";
  } else {
    append_fraction(out, fraction);
  }
  out += " secs";
}

void append_hex(std::string& out, std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  out.reserve(out.size() + bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

void append_padded(std::string& out, std::string_view text, int32_t length) {
  out += text;
  if (text.size() < static_cast<size_t>(length)) out.append(static_cast<size_t>(length) - text.size(), ' ');
}

}  // namespace

void append_text(std::string& out, const Column& column, size_t row) {
  const Type& type = column.type;
  switch (type.id) {
    case TypeId::kBoolean:
      out += column.values<uint8_t>()[row] ? 't' : 'f';
      return;
    case TypeId::kSmallint:
      return append_integer(out, column.values<int16_t>()[row]);
    case TypeId::kInteger:
      return append_integer(out, column.values<int32_t>()[row]);
    case TypeId::kBigint:
      return append_integer(out, column.values<int64_t>()[row]);
    case TypeId::kDecimal:
      return append_decimal(out, type.precision <= 18 ? column.values<int64_t>()[row] : column.values<int128>()[row],
                            type.scale);
    case TypeId::kReal:
      return append_float(out, column.values<float>()[row], 6);
    case TypeId::kDouble:
      return append_float(out, column.values<double>()[row], 15);
    case TypeId::kChar:
      return append_padded(out, column.values<std::string_view>()[row], type.length);
    case TypeId::kDate:
      if (append_date(out, column.values<int32_t>()[row])) out += " BC";
      return;
    case TypeId::kTime:
      return append_time(out, column.values<int64_t>()[row]);
    case TypeId::kTimeTz: {
      append_time(out, in_utc(column.values<TimeTz>()[row]).micros);
      out += "+00";
      return;
    }
    case TypeId::kTimestamp:
      return append_timestamp(out, column.values<int64_t>()[row], false);
    case TypeId::kTimestampTz:
      return append_timestamp(out, column.values<int64_t>()[row], true);
    case TypeId::kIntervalYearToMonth:
      return append_year_to_month(out, column.values<Interval>()[row]);
    case TypeId::kIntervalDayToSecond:
      return append_day_to_second(out, column.values<Interval>()[row]);
    case TypeId::kVarbyte:
      return append_hex(out, column.values<std::string_view>()[row]);
    case TypeId::kHllSketch:
      return append_sketch(out, column.values<std::string_view>()[row]);
    case TypeId::kVarchar:
    case TypeId::kSuper:
    case TypeId::kUnknown:
      out += column.values<std::string_view>()[row];
      return;
  }
}

}  // namespace garland::engine
