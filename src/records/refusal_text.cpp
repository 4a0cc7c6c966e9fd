#include "records/refusal_text.h"

#include <fmt/format.h>

#include "records/printable.h"

namespace garland::records {
namespace {

using engine::TextFault;
using engine::Type;
using engine::TypeId;

const char* noun(const Type& type) {
  switch (type.id) {
    case TypeId::kBoolean:
      return "a boolean";
    case TypeId::kSmallint:
    case TypeId::kInteger:
    case TypeId::kBigint:
      return "an integer";
    case TypeId::kDecimal:
    case TypeId::kReal:
    case TypeId::kDouble:
      return "a number";
    case TypeId::kDate:
      return "a date";
    case TypeId::kTime:
    case TypeId::kTimeTz:
      return "a time of day";
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
      return "a timestamp";
    case TypeId::kIntervalYearToMonth:
    case TypeId::kIntervalDayToSecond:
      return "an interval";
    case TypeId::kChar:
      return "single-byte text, as CHAR wants it";
    case TypeId::kVarbyte:
      return "hexadecimal digits";
    case TypeId::kSuper:
      return "JSON";
    default:
      return "a value of its type";
  }
}

SqlState invalid_state(const Type& type) {
  return type.is_datetime() ? kInvalidDatetimeFormat : kInvalidTextRepresentation;
}

/// The name under which whoever mends the file knows the column.
const std::string& label(const CsvColumn& column) { return column.header.empty() ? column.name : column.header; }

/// Finds the column that, by joining surplus fields to its own, makes a record fit.
class SurplusGuess {
 public:
  SurplusGuess(const Layout& layout, const std::vector<FieldText>& fields, engine::BatchBuilder& scratch)
      : layout_(layout), fields_(fields), scratch_(scratch), surplus_(fields.size() - layout.field_names.size()) {}

  /// Strings fit everywhere: of several columns, the one that would hold the longest text is the likeliest.
  const CsvColumn* find() {
    const CsvColumn* found = nullptr;
    size_t longest = 0;
    for (size_t i = 0; i < layout_.columns.size(); ++i) {
      if (!layout_.columns[i].type.is_string() || !fits(i) || joined_size(i) <= longest) continue;
      longest = joined_size(i);
      found = &layout_.columns[i];
    }
    return found;
  }

 private:
  bool fits(size_t column) {
    const size_t joined = layout_.fields[column];
    bool good = true;
    for (size_t i = 0; i < layout_.columns.size() && good; ++i) {
      const size_t field = layout_.fields[i] + (layout_.fields[i] > joined ? surplus_ : 0);
      if (i == column || fields_[field].text.empty()) continue;
      good = !engine::read_field(fields_[field].text, layout_.columns[i].type, scratch_, i);
    }
    scratch_.clear();
    return good;
  }
  size_t joined_size(size_t column) const {
    size_t size = 0;
    for (size_t i = 0; i <= surplus_; ++i) size += fields_[layout_.fields[column] + i].text.size();
    return size;
  }

  const Layout& layout_;
  const std::vector<FieldText>& fields_;
  engine::BatchBuilder& scratch_;
  size_t surplus_;
};

std::string delimiter_name(char delimiter) {
  switch (delimiter) {
    case ',':
      return "comma";
    case '\t':
      return "tab";
    case ';':
      return "semicolon";
    default:
      return fmt::format("\"{}\"", printable({&delimiter, 1}));
  }
}

}  // namespace

Reason field_reason(const CsvColumn& column, std::string_view text, TextFault fault, bool show_value) {
  const std::string& name = label(column);
  const std::string shown = show_value ? fmt::format("{} \"{}\"", name, printable(text)) : name;
  switch (fault) {
    case TextFault::kOverflow:
      return {column.name, kNumericValueOutOfRange,
              fmt::format("{} is out of range for {}", shown, to_string(column.type))};
    case TextFault::kTooLong: {
      const bool digits = column.type.id == TypeId::kVarbyte;
      const int32_t limit = column.type.id == TypeId::kSuper ? kMaxSuperBytes : column.type.length;
      return {column.name, kStringDataRightTruncation,
              fmt::format("{} is {} bytes long, {} allowed", name, digits ? text.size() / 2 : text.size(), limit)};
    }
    case TextFault::kInvalidUtf8:
      return {column.name, kCharacterNotInRepertoire, fmt::format("{} is not UTF-8 text", name)};
    case TextFault::kNotNull:
      return {column.name, kNotNullViolation, fmt::format("{} is empty", name)};
    case TextFault::kInvalid:
      break;
  }
  return {column.name, invalid_state(column.type), fmt::format("{} is not {}", shown, noun(column.type))};
}

Reason objection_reason(const CsvColumn& column, std::string_view objection) {
  return {column.name, kInvalidParameterValue, fmt::format("{} {}", label(column), objection)};
}

Reason count_reason(const Layout& layout, const std::vector<FieldText>& fields, char delimiter,
                    engine::BatchBuilder& scratch) {
  constexpr size_t kMostSurplus = 16;  // beyond, a guess is worth little and costs much
  const size_t expected = layout.field_names.size();
  std::string text = fmt::format("{} column{}, {} expected", fields.size(), fields.size() == 1 ? "" : "s", expected);
  if (layout.missing.empty() && fields.size() > expected && fields.size() <= expected + kMostSurplus) {
    const CsvColumn* guess = SurplusGuess(layout, fields, scratch).find();
    if (guess) text += fmt::format(" (an unquoted {} in {}?)", delimiter_name(delimiter), label(*guess));
  }
  return {"", kBadCopyFileFormat, std::move(text)};
}

}  // namespace garland::records
