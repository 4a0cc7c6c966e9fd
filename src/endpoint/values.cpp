#include "endpoint/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>

#include "base/error.h"
#include "endpoint/message.h"
#include "engine/text.h"

namespace garland::endpoint {

using engine::Column;
using engine::int128;
using engine::Type;
using engine::TypeId;

namespace {

constexpr int64_t kDayUs = 86'400'000'000;
constexpr int32_t kEpochDays = 10957;  // 2000-01-01, from which PostgreSQL counts

// ---- binary values of a result; each appends its length too

/// `value` in the network's order.
template <class Value>
char* write(char* at, Value value) {
  for (size_t i = sizeof value; i-- > 0; value = static_cast<Value>(value >> 4 >> 4)) at[i] = static_cast<char>(value);
  return at + sizeof value;
}

template <class Value>
void append_integer(std::string& out, Value value) {
  char bytes[sizeof(int32_t) + sizeof value];
  write(write(bytes, static_cast<int32_t>(sizeof value)), value);
  out.append(bytes, sizeof bytes);
}

template <class Value>
void integer(std::string& out, const Column& column, size_t row) {
  append_integer(out, column.values<Value>()[row]);
}

void real(std::string& out, const Column& column, size_t row) {
  append_integer(out, std::bit_cast<int32_t>(column.values<float>()[row]));
}

void double_precision(std::string& out, const Column& column, size_t row) {
  append_integer(out, std::bit_cast<int64_t>(column.values<double>()[row]));
}

void date(std::string& out, const Column& column, size_t row) {
  append_integer(out, column.values<int32_t>()[row] - kEpochDays);
}

void timestamp(std::string& out, const Column& column, size_t row) {
  append_integer(out, column.values<int64_t>()[row] - kEpochDays * kDayUs);
}

void time_tz(std::string& out, const Column& column, size_t row) {
  const engine::TimeTz& value = column.values<engine::TimeTz>()[row];
  append_int32(out, 12);
  append_int64(out, value.micros);
  append_int32(out, -value.offset_seconds);  // PostgreSQL counts west of UTC
}

void interval_months(std::string& out, const Column& column, size_t row) {
  append_integer(out, column.values<engine::Interval>()[row].months);
}

void interval_micros(std::string& out, const Column& column, size_t row) {
  const engine::Interval& value = column.values<engine::Interval>()[row];
  append_integer(out, value.days * kDayUs + value.micros);
}

void bytes(std::string& out, const Column& column, size_t row) {
  const std::string_view value = column.values<std::string_view>()[row];
  append_int32(out, static_cast<int32_t>(value.size()));
  out.append(value);
}

int128 scaled_value(const Column& column, size_t row) {
  return column.type.precision <= 18 ? column.values<int64_t>()[row] : column.values<int128>()[row];
}

/// The digits of `rest` before `end`, as numbers; returns where they begin.
template <class Unsigned>
char* write_digits(char* end, Unsigned rest) {
  for (; rest > 0; rest /= 10) *--end = static_cast<char>(rest % 10);
  return end;
}

/// numeric_recv's form: groups of four digits, the weight of the first, the sign, the digits behind the point.
void decimal_digits(std::string& out, const Column& column, size_t row) {
  using Unsigned = unsigned __int128;
  const int128 value = scaled_value(column, row);
  const int scale = column.type.scale, filling = (4 - scale % 4) % 4;
  const Unsigned size = value < 0 ? -static_cast<Unsigned>(value) : static_cast<Unsigned>(value);
  char digits[44] = {};  // the 38 digits, zeros before and behind that fill the groups
  char* const end = std::end(digits) - filling;
  char* begin = size <= UINT64_MAX ? write_digits(end, static_cast<uint64_t>(size)) : write_digits(end, size);
  begin -= (std::end(digits) - begin) % 4 == 0 ? 0 : 4 - (std::end(digits) - begin) % 4;
  int16_t groups[11];
  size_t count = 0;
  for (const char* at = begin; at < std::end(digits); at += 4) {
    groups[count++] = static_cast<int16_t>(at[0] * 1000 + at[1] * 100 + at[2] * 10 + at[3]);
  }
  auto weight = static_cast<int16_t>(static_cast<int>(count) - (scale + filling) / 4 - 1);
  size_t first = 0;
  for (; first < count && groups[first] == 0; ++first) --weight;
  while (count > first && groups[count - 1] == 0) --count;
  char bytes[4 + 8 + sizeof groups];
  char* at = write(bytes, static_cast<int32_t>(8 + 2 * (count - first)));
  at = write(at, static_cast<int16_t>(count - first));
  at = write(at, first == count ? int16_t{0} : weight);
  at = write(at, static_cast<int16_t>(value < 0 ? 0x4000 : 0));
  at = write(at, static_cast<int16_t>(scale));
  for (size_t i = first; i < count; ++i) at = write(at, groups[i]);
  out.append(bytes, at);
}

void decimal_scaled(std::string& out, const Column& column, size_t row) {
  const int128 value = scaled_value(column, row);
  if (column.type.precision <= 18) return append_integer(out, static_cast<int64_t>(value));
  append_int32(out, 16);
  append_int64(out, static_cast<int64_t>(value >> 64));
  append_int64(out, static_cast<int64_t>(value));
}

void as_text(std::string& out, const Column& column, size_t row) {
  const size_t at = out.size();
  out.append(4, '\0');
  engine::append_text(out, column, row);
  write(out.data() + at, static_cast<int32_t>(out.size() - at - 4));
}

template <class Value>
void integer_text(std::string& out, const Column& column, size_t row) {
  char text[sizeof(int32_t) + 24];
  char* const begin = text + sizeof(int32_t);
  char* const end = std::to_chars(begin, std::end(text), column.values<Value>()[row]).ptr;
  write(text, static_cast<int32_t>(end - begin));
  out.append(text, end);
}

RowEncoder::Append text_appender(TypeId type) {
  switch (type) {
    case TypeId::kSmallint:
      return integer_text<int16_t>;
    case TypeId::kInteger:
      return integer_text<int32_t>;
    case TypeId::kBigint:
      return integer_text<int64_t>;
    case TypeId::kVarchar:
    case TypeId::kSuper:
      return bytes;
    default:
      return as_text;
  }
}

// ---- binary parameters

[[noreturn]] void refuse(const Type& type) {
  throw Error(kInvalidBinaryRepresentation,
              "incorrect binary data format for a parameter of type " + engine::to_string(type));
}

int64_t read_integer(const Type& type, std::string_view bytes, size_t width) {
  if (bytes.size() != width) refuse(type);
  uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  const unsigned unused = 64 - 8 * static_cast<unsigned>(width);
  return static_cast<int64_t>(value << unused) >> unused;
}

/// The text of one value in its engine form.
template <class Value>
std::string text_of(const Type& type, Value value) {
  std::string text;
  engine::append_text(text, Column{type, &value, nullptr}, 0);
  return text;
}

std::string numeric_text(const Type& type, std::string_view bytes) {
  MessageReader reader(bytes);
  if (bytes.size() < 8) refuse(type);
  const int count = reader.int16(), weight = reader.int16(), sign = reader.int16(), scale = reader.int16();
  constexpr int kNegative = 0x4000;
  const bool fits = count >= 0 && reader.left() == 2 * static_cast<size_t>(count) && scale >= 0 && scale <= 1000 &&
                    weight >= -1000 && weight <= 1000 && (sign == 0 || sign == kNegative);
  if (!fits) refuse(type);
  std::string whole, fraction;
  for (int group = std::max(weight, 0); group > weight; --group) whole += "0";  // a number below one
  for (int i = 0; i < count; ++i) {
    const int16_t digits = reader.int16();
    if (digits < 0 || digits > 9999) refuse(type);
    std::string text = std::to_string(digits);
    (i <= weight ? whole : fraction) += std::string(4 - text.size(), '0') + text;
  }
  if (weight >= count) whole.append(4 * static_cast<size_t>(weight - count + 1), '0');
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  if (weight < -1) fraction.insert(0, 4 * static_cast<size_t>(-1 - weight), '0');
  fraction.resize(static_cast<size_t>(scale), '0');
  return (sign == kNegative ? "-" : "") + (whole.empty() ? "0" : whole) + (fraction.empty() ? "" : "." + fraction);
}

std::string time_tz_text(const Type& type, std::string_view bytes) {
  if (bytes.size() != 12) refuse(type);
  const int64_t micros = read_integer(type, bytes.substr(0, 8), 8);
  const auto west = static_cast<int32_t>(read_integer(type, bytes.substr(8), 4));
  constexpr int32_t kMostSeconds = 16 * 3600;
  if (micros < 0 || micros > kDayUs || west <= -kMostSeconds || west >= kMostSeconds) refuse(type);
  return text_of(type, engine::TimeTz{micros, -west});
}

std::string interval_text(const Type& type, std::string_view bytes) {
  if (type.id == TypeId::kIntervalYearToMonth) {
    return text_of(type, engine::Interval{static_cast<int32_t>(read_integer(type, bytes, 4)), 0, 0});
  }
  if (bytes.size() == 8) return text_of(type, engine::Interval{0, 0, read_integer(type, bytes, 8)});
  if (bytes.size() != 16) refuse(type);  // PostgreSQL's own: microseconds, days, months
  const int64_t days = read_integer(type, bytes.substr(8, 4), 4);
  if (read_integer(type, bytes.substr(12), 4) != 0) refuse(type);
  return text_of(type, engine::Interval{0, static_cast<int32_t>(days), read_integer(type, bytes.substr(0, 8), 8)});
}

/// 4713 BC to AD 294276 (guide page r_Datetime_types), counted from 2000.
std::string moment_text(const Type& type, std::string_view bytes) {
  const bool is_date = type.id == TypeId::kDate;
  const int64_t value = read_integer(type, bytes, is_date ? 4 : 8);
  const int64_t unit = is_date ? 1 : kDayUs;
  constexpr int64_t kFirstDay = -2'451'545, kLastDay = 106'751'250;
  if (value < kFirstDay * unit || value >= (kLastDay + 1) * unit) refuse(type);
  if (is_date) return text_of(type, static_cast<int32_t>(value + kEpochDays));
  return text_of(type, value + kEpochDays * kDayUs);
}

std::string time_text(const Type& type, std::string_view bytes) {
  const int64_t value = read_integer(type, bytes, 8);
  if (value < 0 || value > kDayUs) refuse(type);
  return text_of(type, value);
}

std::string utf8(std::string_view bytes) {
  if (!engine::is_utf8(bytes)) throw Error(kCharacterNotInRepertoire, "a parameter is not valid UTF-8");
  return std::string(bytes);
}

}  // namespace

std::vector<Format> formats_of(const std::vector<int16_t>& codes, size_t count, std::string_view what) {
  if (codes.size() > 1 && codes.size() != count) {
    throw Error(kProtocolViolation, "bind message has " + std::to_string(codes.size()) + " formats of " +
                                        std::string(what) + " but there are " + std::to_string(count));
  }
  std::vector<Format> formats(count, Format::kText);
  for (size_t i = 0; i < count && !codes.empty(); ++i) {
    const int16_t code = codes[codes.size() == 1 ? 0 : i];
    if (code != 0 && code != 1) {
      throw Error(kProtocolViolation, "unsupported format code: " + std::to_string(code));
    }
    formats[i] = static_cast<Format>(code);
  }
  return formats;
}

RowEncoder::RowEncoder(const std::vector<engine::ResultColumn>& columns, const std::vector<Format>& formats,
                       BinaryDecimal decimals) {
  for (size_t i = 0; i < columns.size(); ++i) columns_.push_back(appender(columns[i].type, formats[i], decimals));
}

RowEncoder::Append RowEncoder::appender(const Type& type, Format format, BinaryDecimal decimals) {
  if (format == Format::kText) return text_appender(type.id);
  switch (type.id) {
    case TypeId::kBoolean:
      return integer<uint8_t>;
    case TypeId::kSmallint:
      return integer<int16_t>;
    case TypeId::kInteger:
      return integer<int32_t>;
    case TypeId::kBigint:
    case TypeId::kTime:
      return integer<int64_t>;
    case TypeId::kDecimal:
      return decimals == BinaryDecimal::kScaled ? decimal_scaled : decimal_digits;
    case TypeId::kReal:
      return real;
    case TypeId::kDouble:
      return double_precision;
    case TypeId::kDate:
      return date;
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
      return timestamp;
    case TypeId::kTimeTz:
      return time_tz;
    case TypeId::kIntervalYearToMonth:
      return interval_months;
    case TypeId::kIntervalDayToSecond:
      return interval_micros;
    case TypeId::kVarchar:
    case TypeId::kVarbyte:
    case TypeId::kSuper:
      return bytes;
    default:
      return as_text;
  }
}

void RowEncoder::append(std::string& out, const engine::Batch& batch, size_t row) const {
  MessageWriter message(out);
  message.begin('D');
  message.int16(static_cast<int16_t>(columns_.size()));
  for (size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = batch.columns[i];
    if (column.is_null(row)) {
      message.int32(-1);
    } else {
      columns_[i](out, column, row);
    }
  }
  message.end();
}

std::string text_of_binary(const Type& type, std::string_view bytes) {
  switch (type.id) {
    case TypeId::kBoolean:
      return read_integer(type, bytes, 1) != 0 ? "t" : "f";
    case TypeId::kSmallint:
      return std::to_string(read_integer(type, bytes, 2));
    case TypeId::kInteger:
      return std::to_string(read_integer(type, bytes, 4));
    case TypeId::kBigint:
      return std::to_string(read_integer(type, bytes, 8));
    case TypeId::kDecimal:
      return numeric_text(type, bytes);
    case TypeId::kReal:
      return fmt::format("{}", std::bit_cast<float>(static_cast<int32_t>(read_integer(type, bytes, 4))));
    case TypeId::kDouble:
      return fmt::format("{}", std::bit_cast<double>(read_integer(type, bytes, 8)));
    case TypeId::kTime:
      return time_text(type, bytes);
    case TypeId::kDate:
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
      return moment_text(type, bytes);
    case TypeId::kTimeTz:
      return time_tz_text(type, bytes);
    case TypeId::kIntervalYearToMonth:
    case TypeId::kIntervalDayToSecond:
      return interval_text(type, bytes);
    case TypeId::kVarbyte:
      return text_of(type, bytes);
    default:
      return utf8(bytes);
  }
}

}  // namespace garland::endpoint
