#include "records/load_fields.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "engine/text.h"
#include "engine/text_scan.h"
#include "records/printable.h"

namespace garland::records {
namespace {

using engine::TextFault;
using engine::Type;
using engine::TypeId;

constexpr int64_t kDayUs = 86'400'000'000;

bool is_blank_text(std::string_view text) { return engine::trim_blanks(text).empty(); }

const char* type_name(const Type& type) {
  switch (type.id) {
    case TypeId::kSmallint:
      return "Short";
    case TypeId::kInteger:
      return "Integer";
    case TypeId::kBigint:
      return "Long";
    case TypeId::kDecimal:
      return "Decimal";
    case TypeId::kReal:
      return "Float";
    case TypeId::kDouble:
      return "Double";
    default:
      return "Character";
  }
}

/// Offset of the first byte that no number of the type has there.
size_t bad_digit(std::string_view text, const Type& type) {
  size_t at = 0;
  while (at < text.size() && engine::is_blank(text[at])) ++at;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  bool point = false;
  for (; at < text.size(); ++at) {
    if (engine::is_digit(text[at])) continue;
    if (type.is_integer() || point || text[at] != '.') break;
    point = true;
  }
  return at;
}

size_t character_start(std::string_view text, size_t at) {
  while (at > 0 && !starts_character(text[at])) --at;
  return at;
}

std::string hex(std::string_view text, size_t at) {
  std::string out;
  const size_t end = std::min(text.size(), at + 4);
  for (size_t i = at; i < end && (i == at || (static_cast<unsigned char>(text[i]) & 0x80)); ++i) {
    out += fmt::format("{}{:02x}", out.empty() ? "" : " ", static_cast<unsigned char>(text[i]));
  }
  return out;
}

LoadFault utf8_fault(std::string_view text, size_t bad) {
  return {1220, kCharacterNotInRepertoire,
          fmt::format("String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: {} (error 1)",
                      hex(text, bad)),
          static_cast<int>(bad)};
}

std::optional<size_t> first_multibyte(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) >= 0x80) return i;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Type> FieldLoader::types() const {
  std::vector<Type> types;
  for (const LoadColumn& column : columns_) types.push_back(column.type);
  return types;
}

LoadFault null_fault(const LoadColumn& column) {
  (void)column;
  return {1213, kNotNullViolation, "Missing data for not-null field", 0};
}

LoadFault value_fault(const LoadColumn& column, std::string_view text, bool overflow, const FieldRules& rules) {
  const Type& type = column.type;
  const std::string value = printable(text, 40);
  if (type.is_numeric() && overflow) {
    const int code = type.is_integer() ? 1222 : 1204;
    return {code, kNumericValueOutOfRange, fmt::format("Overflow for {}, Value '{}'", to_string(type), value), 0};
  }
  switch (type.id) {
    case TypeId::kBoolean:
      return {1210, kInvalidTextRepresentation, "Unknown boolean format", 0};
    case TypeId::kDate:
      if (rules.date.kind == TimeRule::Kind::kIso && text.size() < 10) {
        return {1205, kInvalidDatetimeFormat, "Invalid Date Format - length must be 10 or more", 0};
      }
      return {
          1205, kInvalidDatetimeFormat,
          fmt::format("Invalid date format or value [{}]", rules.date.name.empty() ? "YYYY-MM-DD" : rules.date.name),
          0};
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
      return {1206, kInvalidDatetimeFormat,
              fmt::format("Invalid timestamp format or value [{}]",
                          rules.time.name.empty() ? "YYYY-MM-DD HH24:MI:SS" : rules.time.name),
              0};
    case TypeId::kTime:
    case TypeId::kTimeTz:
      return {1206, kInvalidDatetimeFormat, "Invalid time format or value [HH24:MI:SS]", 0};
    case TypeId::kSuper:
      return {1224, kInvalidTextRepresentation, "Input data is not well-formed JSON for the SUPER data type", 0};
    case TypeId::kReal:
    case TypeId::kDouble:
    case TypeId::kSmallint:
    case TypeId::kInteger:
    case TypeId::kBigint:
    case TypeId::kDecimal: {
      const size_t at = bad_digit(text, type);
      const std::string digit = at < text.size() ? printable(text.substr(at, 1)) : "";
      return {type.is_float() ? 1208 : 1207, kInvalidTextRepresentation,
              fmt::format("Invalid digit, Value '{}', Pos {}, Type: {}", digit, at, type_name(type)),
              static_cast<int>(at)};
    }
    default:
      return {1223, kInvalidTextRepresentation, fmt::format("Invalid value for {}", to_string(type)), 0};
  }
}

bool FieldLoader::is_null(const LoadField& field, const Type& type) const {
  if (field.null) return true;
  if (field.missing) return type.id != TypeId::kVarchar || rules_.empty_as_null;
  if (!field.quoted && rules_.null_text && field.text == *rules_.null_text) return true;
  if (field.text.empty()) return !type.is_string() || (rules_.empty_as_null && !field.quoted);
  if (!is_blank_text(field.text)) return false;
  return !type.is_string() || rules_.blanks_as_null;
}

std::optional<LoadFault> FieldLoader::set(engine::BatchBuilder& out, size_t column, const LoadField& field) {
  const LoadColumn& target = columns_[column];
  replaced_ = false;
  if (is_null(field, target.type)) {
    if (target.not_null) return null_fault(target);
    return std::nullopt;
  }
  return target.type.is_string() ? set_text(out, column, field.text) : set_value(out, column, field.text);
}

/// A string of equal length in place of each invalid character.
std::optional<LoadFault> FieldLoader::replace_invalid(std::string& text, const LoadColumn& column) const {
  size_t bad = 0;
  std::string_view rest = text;
  while (!engine::is_utf8(rest, &bad)) {
    if (!rules_.replacement || column.type.id != TypeId::kVarchar) return utf8_fault(text, bad);
    const size_t at = static_cast<size_t>(rest.data() - text.data()) + bad;
    size_t end = at + 1;
    while (end < text.size() && !starts_character(text[end])) ++end;
    for (size_t i = at; i < end; ++i) text[i] = *rules_.replacement;
    rest = std::string_view(text).substr(end);
  }
  return std::nullopt;
}

std::optional<LoadFault> FieldLoader::set_text(engine::BatchBuilder& out, size_t column, std::string_view text) {
  const LoadColumn& target = columns_[column];
  const auto limit = static_cast<size_t>(target.type.length);
  if (!engine::is_utf8(text)) {
    scratch_.assign(text);
    if (auto fault = replace_invalid(scratch_, target)) return fault;
    replaced_ = true;
    text = scratch_;
  }
  if (target.type.id == TypeId::kChar) {
    if (const auto at = first_multibyte(text)) {
      return LoadFault{
          1220, kCharacterNotInRepertoire,
          fmt::format("Multibyte character not supported for CHAR (Hint: try using VARCHAR). Invalid char: {}",
                      hex(text, *at)),
          static_cast<int>(*at)};
    }
  } else if (rules_.trim_blanks) {
    text = text.substr(0, text.find_last_not_of(" \t\n\v\f\r") + 1);
  }
  if (text.size() > limit && text.find_first_not_of(' ', limit) != std::string_view::npos) {
    if (!rules_.truncate_columns) {
      const bool character = target.type.id == TypeId::kChar;
      return LoadFault{1204, kStringDataRightTruncation,
                       character ? "Char length exceeds DDL length" : "String length exceeds DDL length",
                       static_cast<int>(limit)};
    }
    text = text.substr(0, character_start(text, limit));
  }
  if (text.size() > limit) text = text.substr(0, limit);
  if (target.type.id == TypeId::kChar) text = text.substr(0, text.find_last_not_of(' ') + 1);
  out.set_string(column, text);
  return std::nullopt;
}

/// By DATEFORMAT, TIMEFORMAT and the epoch's seconds; false when the text is no such value.
bool FieldLoader::set_moment(engine::BatchBuilder& out, size_t column, std::string_view text) const {
  const TypeId type = columns_[column].type.id;
  const TimeRule& rule = type == TypeId::kDate ? rules_.date : rules_.time;
  if (rule.kind == TimeRule::Kind::kFormat) {
    const auto moment = rule.format->read(text);
    if (!moment) return false;
    int64_t micros = moment->micros;
    if (type == TypeId::kTimestampTz) micros -= int64_t{1'000'000} * moment->offset_seconds.value_or(0);
    if (type == TypeId::kDate) {
      out.set(column, static_cast<int32_t>((micros - ((micros % kDayUs + kDayUs) % kDayUs)) / kDayUs));
    } else {
      out.set(column, micros);
    }
    return true;
  }
  const bool seconds = rule.kind == TimeRule::Kind::kEpochSeconds;
  const auto units = engine::read_decimal(text, 18, seconds ? 6 : 3, true);
  if (!units || *units > int64_t{253'402'300'799'999'999} || *units < int64_t{-62'135'596'800'000'000}) return false;
  out.set(column, static_cast<int64_t>(*units));
  return true;
}

std::optional<LoadFault> FieldLoader::set_value(engine::BatchBuilder& out, size_t column, std::string_view text) {
  const Type& type = columns_[column].type;
  const bool moment = type.id == TypeId::kTimestamp || type.id == TypeId::kTimestampTz;
  const TimeRule& rule = type.id == TypeId::kDate ? rules_.date : rules_.time;
  std::optional<TextFault> fault;
  if ((type.id == TypeId::kDate || moment) && rule.kind != TimeRule::Kind::kIso) {
    if (!set_moment(out, column, text)) fault = TextFault::kInvalid;
  } else {
    fault = engine::read_field(text, type, out, column, !rules_.round_decimals);
  }
  if (!fault) return std::nullopt;
  if (rules_.accept_any_date && (type.id == TypeId::kDate || type.id == TypeId::kTimestamp)) {
    if (columns_[column].not_null) return null_fault(columns_[column]);
    return std::nullopt;
  }
  if (*fault == TextFault::kInvalidUtf8) {
    size_t bad = 0;
    engine::is_utf8(text, &bad);
    return utf8_fault(text, bad);
  }
  if (*fault == TextFault::kTooLong)
    return LoadFault{1204, kStringDataRightTruncation, "String length exceeds DDL length", 0};
  return value_fault(columns_[column], text, *fault == TextFault::kOverflow, rules_);
}

}  // namespace garland::records
