// The one shape in which people see an error: what, where (with the line of their own text), why, how to mend it,
// SQLSTATE.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "cli/terminal.h"

namespace garland::cli {

/// Where the statement with an error stands: a file or "<command line>", and the line on which its text begins.
struct StatementPlace {
  std::string file;
  uint64_t first_line = 1;
  std::string folder = ".";  // the project's: places of errors are relative to it
};

/// Text for `shown_on`, several lines, ending in a newline. `text` is the statement that error.position() points into
/// ("" when there is none); an error with a FilePlace quotes that line of the file, if it can be read.
std::string error_screen(const Output& shown_on, const Error& error, std::string_view text = {},
                         const StatementPlace& place = {});

/// One JSON object (no newline): {"error": message, "sqlstate": …, "detail", "hint", "file", "line", "column"}.
std::string error_json(const Error& error, std::string_view text = {}, const StatementPlace& place = {});

}  // namespace garland::cli
