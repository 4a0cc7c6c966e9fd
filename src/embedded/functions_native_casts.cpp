// Conversions between text and values, and TO_CHAR's family, inside DuckDB. Text is read as COPY and literals read it
// (engine/text.h).
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "base/utf8.h"
#include "embedded/functions_calendar.h"
#include "embedded/functions_format.h"
#include "embedded/functions_native.h"
#include "engine/text.h"

namespace garland::embedded {
namespace {

using namespace native;
using View = std::string_view;

[[noreturn]] void fail_syntax(SqlState state, View type, View text) {
  fail(state, fmt::format("invalid input syntax for type {}: \"{}\"", type, text.substr(0, 200)));
}

[[noreturn]] void fail_range(View type, View text) {
  fail(kNumericValueOutOfRange, fmt::format("value \"{}\" is out of range for type {}", text.substr(0, 200), type));
}

bool looks_like_integer(View text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == View::npos;
}

template <class Integer>
duck::ScalarFunction integer_reader(const char* name, Type type, View type_name) {
  return function<View>(name, type, {kText}, [type_name](View text) {
    const std::optional<int64_t> value = engine::read_integer(text);
    if (!value)
      looks_like_integer(text) ? fail_range(type_name, text) : fail_syntax(kInvalidTextRepresentation, type_name, text);
    if (*value < std::numeric_limits<Integer>::min() || *value > std::numeric_limits<Integer>::max())
      fail_range(type_name, text);
    return static_cast<Integer>(*value);
  });
}

Overloads decimal_reader(int scale) {
  return {
      function<View>("g_to_decimal_" + std::to_string(scale), Type::decimal(38, scale), {kText}, [scale](View text) {
        bool overflow = false;
        const std::optional<int128> value = engine::read_decimal(text, 38, scale, false, &overflow);
        if (!value && overflow) fail_range("numeric", text);
        if (!value) fail_syntax(kInvalidTextRepresentation, "numeric", text);
        return *value;
      })};
}

template <class Value, class F>
Overloads reader(const char* name, Type type, SqlState state, View type_name, F read) {
  return {function<View>(name, type, {kText}, [state, type_name, read](View text) {
    const auto value = read(text);
    if (!value) fail_syntax(state, type_name, text);
    return static_cast<Value>(*value);
  })};
}

/// A time of day behind the date is left out.
std::optional<int32_t> date_of(View text) {
  if (const auto date = engine::read_date(text)) return date;
  const auto moment = engine::read_timestamp(text);
  if (!moment) return std::nullopt;
  return static_cast<int32_t>(floor_divide(*moment, kMicrosPerDay));
}

engine::Interval to_interval(View text) {
  const std::optional<engine::Interval> value = engine::read_interval(text);
  if (!value) fail_syntax(kInvalidDatetimeFormat, "interval", text);
  return *value;
}

float to_real(View text) {
  const std::optional<double> value = engine::read_double(text);
  if (!value) fail_syntax(kInvalidTextRepresentation, "real", text);
  const auto result = static_cast<float>(*value);
  if (std::isinf(result) && !std::isinf(*value)) fail_range("real", text);
  return result;
}

/// Any value as a client would see it; `type`: instead of the column's.
duck::ScalarFunction printer(const char* name, std::vector<Type> arguments, Type type) {
  duck::ScalarFunction made{.name = name, .arguments = std::move(arguments), .result = kText, .call = {}};
  made.call = [type](const engine::Batch& batch, duck::ResultWriter& out) {
    engine::Column column = batch.columns[0];
    if (type.id != TypeId::kUnknown) column.type = type;
    std::string text;
    for (size_t row = 0; row < batch.rows; ++row) {
      if (column.is_null(row)) continue;
      text.clear();
      engine::append_text(text, column, row);
      out.set_string(row, text);
    }
  };
  return made;
}

View without_blanks(View text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

[[noreturn]] void fail_length(View type, int32_t bytes) {
  fail(kStringDataRightTruncation, fmt::format("value too long for type {}({})", type, bytes));
}

View fit_text(View text, int32_t bytes) {
  if (text.size() <= static_cast<size_t>(bytes)) return text;
  if (without_blanks(text).size() > static_cast<size_t>(bytes)) fail_length("character varying", bytes);
  return text.substr(0, static_cast<size_t>(bytes));
}

View single_bytes(View text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      fail(kCharacterNotInRepertoire, "a multibyte character does not fit type character; use character varying");
    }
  }
  return text;
}

View fit_character(View text, int32_t bytes) {
  const View kept = without_blanks(single_bytes(text));
  if (kept.size() > static_cast<size_t>(bytes)) fail_length("character", bytes);
  return kept;
}

View cut_character(View text, int32_t bytes) { return without_blanks(first_bytes(single_bytes(text), bytes)); }

View fit_bytes(View bytes, int32_t length) {
  if (bytes.size() > static_cast<size_t>(length)) fail_length("binary varying", length);
  return bytes;
}

/// The last format that this thread used: formats are constants nearly always.
const std::vector<DatePiece>& compiled(View format) {
  thread_local std::string last;
  thread_local std::vector<DatePiece> pieces;
  if (last != format || pieces.empty()) {
    pieces = parse_date_format(format);
    last = format;
  }
  return pieces;
}

std::string plain_digits(double value) {
  char text[400];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr;
  return std::string(text, end);
}

std::string number_to_text(const engine::Column& column, size_t row) {
  if (!column.type.is_float()) {
    std::string text;
    engine::append_text(text, column, row);
    return text;
  }
  const double value = column.type.id == TypeId::kReal ? column.values<float>()[row] : column.values<double>()[row];
  if (!std::isfinite(value)) fail(kNumericValueOutOfRange, "TO_CHAR takes finite numbers only");
  return plain_digits(value);
}

duck::ScalarFunction number_formatter() {
  duck::ScalarFunction made{.name = "g_to_char_number", .arguments = {kAny, kText}, .result = kText, .call = {}};
  made.call = [](const engine::Batch& batch, duck::ResultWriter& out) {
    for (size_t row = 0; row < batch.rows; ++row) {
      if (any_null(batch, row)) continue;
      out.set_string(row, format_number(number_to_text(batch.columns[0], row), batch.columns[1].values<View>()[row]));
    }
  };
  return made;
}

Overloads number_parser(int scale) {
  return {function<View, View>("g_to_number_" + std::to_string(scale), Type::decimal(38, scale), {kText, kText},
                               [scale](View text, View format) {
                                 const std::string digits = parse_number(text, format);
                                 const std::optional<int128> value = engine::read_decimal(digits, 38, scale, false);
                                 if (!value) fail_range("numeric", text);
                                 return *value;
                               })};
}

int32_t to_date(View text, View format, bool strict) {
  return static_cast<int32_t>(floor_divide(parse_moment(text, compiled(format), strict), kMicrosPerDay));
}

}  // namespace

std::vector<Overloads> format_natives() {
  const auto to_char = [](int64_t moment, View format) { return format_moment(moment, compiled(format)); };
  const auto to_timestamp = [](View text, View format, uint8_t strict) {
    return parse_moment(text, compiled(format), strict != 0);
  };
  const Type boolean = Type::of(TypeId::kBoolean);
  std::vector<Overloads> all{
      {function<int64_t, View>("g_to_char", kText, {kTimestamp, kText}, to_char),
       function<int64_t, View>("g_to_char", kText, {kTimestampTz, kText}, to_char)},
      {number_formatter()},
      {function<View, View, uint8_t>("g_to_date_format", kDate, {kText, kText, boolean}, to_date)},
      {function<View, View, uint8_t>("g_to_timestamp_format", kTimestampTz, {kText, kText, boolean}, to_timestamp)},
  };
  for (int scale = 0; scale <= kMaxDecimalScale; ++scale) all.push_back(number_parser(scale));
  return all;
}

std::vector<Overloads> cast_natives() {
  const Type year_to_month = Type::of(TypeId::kIntervalYearToMonth);
  std::vector<Overloads> all{
      {integer_reader<int16_t>("g_to_smallint", kSmallint, "smallint")},
      {integer_reader<int32_t>("g_to_integer", kInteger, "integer")},
      {integer_reader<int64_t>("g_to_bigint", kBigint, "bigint")},
      reader<double>("g_to_double", kDouble, kInvalidTextRepresentation, "double precision", engine::read_double),
      {function<View>("g_to_real", kReal, {kText}, to_real)},
      reader<uint8_t>("g_to_boolean", Type::of(TypeId::kBoolean), kInvalidTextRepresentation, "boolean",
                      engine::read_boolean),
      reader<int32_t>("g_to_date", kDate, kInvalidDatetimeFormat, "date", date_of),
      reader<int64_t>("g_to_time", kTime, kInvalidDatetimeFormat, "time", engine::read_time),
      reader<int64_t>("g_to_timestamp", kTimestamp, kInvalidDatetimeFormat, "timestamp", engine::read_timestamp),
      reader<int64_t>("g_to_timestamptz", kTimestampTz, kInvalidDatetimeFormat, "timestamp with time zone",
                      engine::read_timestamptz),
      {function<View>("g_to_interval", kInterval, {kText}, to_interval)},
      {printer("g_text", {kAny}, {})},
      {printer("g_text_months", {kInterval}, year_to_month)},
      {function<View, int32_t>("g_cut_text", kText, {kText, kInteger}, first_bytes)},
      {function<View, int32_t>("g_fit_text", kText, {kText, kInteger}, fit_text)},
      {function<View, int32_t>("g_cut_character", kText, {kText, kInteger}, cut_character)},
      {function<View, int32_t>("g_fit_character", kText, {kText, kInteger}, fit_character)},
      {function<View, int32_t>("g_fit_bytes", kBytes, {kBytes, kInteger}, fit_bytes)},
  };
  for (int scale = 0; scale <= kMaxDecimalScale; ++scale) all.push_back(decimal_reader(scale));
  return all;
}

}  // namespace garland::embedded
