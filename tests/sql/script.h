// The form of tests/sql/**/*.test (README.md describes it): text → records.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace garland::sqltest {

enum class Sort { kNone, kRows };

struct Expectation {
  enum class Kind { kOk, kError, kCount, kTag, kRows } kind = Kind::kOk;
  std::string sqlstate;  // kError
  std::string place;     // kError: "line:column", or empty
  std::string pattern;   // kError: a regular expression that the message holds, or empty
  uint64_t count = 0;    // kCount: rows changed
  std::string tag;       // kTag
  Sort sort = Sort::kNone;
  std::string types;              // kRows: "integer | character varying(10)"
  std::vector<std::string> rows;  // kRows: as render() writes them
};

struct Record {
  enum class Kind { kStatement, kFile, kWait, kBlocked } kind = Kind::kStatement;
  int line = 0;
  std::string session = "main";
  std::string skip;         // the reason, or empty
  bool background = false;  // runs beside what follows, until `wait`
  std::string sql;
  std::vector<std::optional<std::string>> values;  // of $1, $2, …
  Expectation expected;
  std::string file_name, file_content;  // kFile
};

/// Says what is wrong and in which line.
class FormatError : public std::runtime_error {
 public:
  FormatError(int line, const std::string& message) : std::runtime_error(std::to_string(line) + ": " + message) {}
};

std::vector<Record> read_script(std::string_view text);

/// A value as it stands in expected rows: NULL, plain text, or '…' where plain text would be unclear.
std::string render(const std::optional<std::string>& value);
std::string render_row(const std::vector<std::optional<std::string>>& row);
/// The reverse of render_row; used for `values` lines.
std::vector<std::optional<std::string>> parse_row(std::string_view line, int line_number);

}  // namespace garland::sqltest
