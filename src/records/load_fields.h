// COPY's rules for one field: what is NULL, what is cut, trimmed or replaced, how dates read, and what is wrong with it
// in the words of STL_LOAD_ERRORS. Sources: guide pages copy-parameters-data-conversion, r_Load_Error_Reference.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sqlstate.h"
#include "engine/batch.h"
#include "records/date_format.h"

namespace garland::records {

/// How DATE or TIMESTAMP fields are read.
struct TimeRule {
  enum class Kind { kIso /* the default and 'auto' */, kFormat, kEpochSeconds, kEpochMilliseconds };
  Kind kind = Kind::kIso;
  std::shared_ptr<const DateTimeFormat> format;  // kFormat
  std::string name = "";                         // the format as given, for messages
};

struct FieldRules {
  std::optional<std::string> null_text = "\\N";  // NULL AS; nothing: no text means NULL (JSON)
  bool blanks_as_null = false;
  bool empty_as_null = false;
  bool trim_blanks = false;
  bool truncate_columns = false;
  bool round_decimals = false;
  bool accept_any_date = false;
  std::optional<char> replacement;  // ACCEPTINVCHARS
  TimeRule date, time;
};

/// A column to fill.
struct LoadColumn {
  std::string name;
  engine::Type type;
  bool not_null = false;
};

/// A field as it was cut out of a record.
struct LoadField {
  std::string_view text;
  bool quoted = false;   // it cannot be the NULL text
  bool null = false;     // NULL whatever the text
  bool missing = false;  // the record ended before it (FILLRECORD)
};

/// Why a field, or a record, was refused.
struct LoadFault {
  int code = 1200;  // r_Load_Error_Reference
  SqlState state = kBadCopyFileFormat;
  std::string reason;
  int position = 0;  // bytes into the field
};

/// Not thread-safe.
class FieldLoader {
 public:
  FieldLoader(std::vector<LoadColumn> columns, FieldRules rules)
      : columns_(std::move(columns)), rules_(std::move(rules)) {}
  const std::vector<LoadColumn>& columns() const { return columns_; }
  const FieldRules& rules() const { return rules_; }
  std::vector<engine::Type> types() const;

  /// Sets the column of the row that `out` builds, or leaves it NULL. On a fault nothing is set.
  std::optional<LoadFault> set(engine::BatchBuilder& out, size_t column, const LoadField& field);
  /// True when the field set last held characters that were replaced.
  bool replaced() const { return replaced_; }

 private:
  bool is_null(const LoadField& field, const engine::Type& type) const;
  std::optional<LoadFault> set_text(engine::BatchBuilder& out, size_t column, std::string_view text);
  std::optional<LoadFault> set_value(engine::BatchBuilder& out, size_t column, std::string_view text);
  bool set_moment(engine::BatchBuilder& out, size_t column, std::string_view text) const;
  std::optional<LoadFault> replace_invalid(std::string& text, const LoadColumn& column) const;

  std::vector<LoadColumn> columns_;
  FieldRules rules_;
  std::string scratch_;
  bool replaced_ = false;
};

/// The fault that STL_LOAD_ERRORS gives for text that is no value of the column's type.
LoadFault value_fault(const LoadColumn& column, std::string_view text, bool overflow, const FieldRules& rules);
LoadFault null_fault(const LoadColumn& column);

}  // namespace garland::records
