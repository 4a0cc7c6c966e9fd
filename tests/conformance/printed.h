// What the guide prints below a statement: a table as terminal clients draw it, an error, or notices.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace garland::conformance {

struct Printed {
  enum class Kind { kNothing, kTable, kError, kNotices } kind = Kind::kNothing;
  std::string message;               // kError: the first line's text
  std::vector<std::string> notices;  // kNotices
  std::string header;                // kTable: the line above the rule
  std::string rule;                  // "-----+----", or empty
  std::vector<std::string> lines;    // the rows, blank lines between them too
  std::optional<size_t> gap;         // rows were left out ("...") before this line
  std::optional<size_t> count;       // of "(3 rows)"
};

Printed read_printed(std::string_view output);

/// The fields of a line of a table of `columns` columns, trimmed; nothing when it cannot be cut so.
std::optional<std::vector<std::string>> fields_of(const Printed& printed, std::string_view line, size_t columns);

}  // namespace garland::conformance
