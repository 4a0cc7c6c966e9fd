// Which field of a record goes to which column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "records/csv.h"

namespace garland::records {

struct Layout {
  std::vector<CsvColumn> columns;
  static constexpr size_t kNoField = static_cast<size_t>(-1);
  std::vector<size_t> fields;            // for each column, the index of its field, or kNoField: it is NULL
  std::vector<std::string> field_names;  // for messages; as many as a record has fields

  std::vector<std::string> missing;  // names of columns without a field
  std::vector<std::string> surplus;  // the header's names that are passed over and nobody ignores

  std::vector<engine::Type> types() const;
};

/// Columns take the fields in order.
Layout layout_in_order(std::vector<CsvColumn> columns);

/// Throws 22P04 when the header lacks a column that is needed, or half of the columns that are not `plain`; names one
/// twice; or has one that nobody takes and that is neither ignored nor passed over. Of the options: show_values,
/// because a file without a header begins with its first row's values; ignored; pass_over_surplus.
Layout layout_by_header(std::vector<CsvColumn> columns, const std::vector<std::string>& header,
                        const CsvOptions& options);

}  // namespace garland::records
