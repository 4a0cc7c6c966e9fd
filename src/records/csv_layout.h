// Which field of a record goes to which column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "records/csv.h"

namespace garland::records {

struct Layout {
  std::vector<CsvColumn> columns;
  std::vector<size_t> fields;            // for each column, the index of its field
  std::vector<std::string> field_names;  // for messages; as many as a record has fields

  std::vector<engine::Type> types() const;
};

/// Columns take the fields in order.
Layout layout_in_order(std::vector<CsvColumn> columns);

/// Throws 22P04 when the header lacks a column, names one twice, or has one that nobody takes and that is not ignored.
/// `show_header`: errors may repeat what the header says; a file without one begins with its first row's values.
Layout layout_by_header(std::vector<CsvColumn> columns, const std::vector<std::string>& header,
                        const std::vector<std::string>& ignored, bool show_header = true);

}  // namespace garland::records
