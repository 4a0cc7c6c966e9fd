// Why a record was refused, in words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/text.h"
#include "records/csv.h"
#include "records/csv_layout.h"

namespace garland::records {

/// A field as it was cut out of a record: its text without quotes, and whether it was quoted.
struct FieldText {
  std::string_view text;
  bool quoted = false;
};

struct Reason {
  std::string column;  // the table's name of it
  SqlState state = kBadCopyFileFormat;
  std::string text;
};

/// `Quantity "1O" is not an integer`; without `show_value`: `Quantity is not an integer`.
Reason field_reason(const CsvColumn& column, std::string_view text, engine::TextFault fault, bool show_value = true);
/// CsvOptions::objection's words behind the column's name.
Reason objection_reason(const CsvColumn& column, std::string_view objection);

/// `9 columns, 8 expected (an unquoted comma in Description?)`: the guess is made when the record fits its columns'
/// types once surplus fields are joined in one string column. `scratch` is a builder of the layout's types, left
/// without rows.
Reason count_reason(const Layout& layout, const std::vector<FieldText>& fields, char delimiter,
                    engine::BatchBuilder& scratch);

}  // namespace garland::records
