// The text formats of COPY → typed batches, with what STL_LOAD_ERRORS says of each refused record: delimited text with
// ESCAPE and REMOVEQUOTES, CSV, FIXEDWIDTH, JSON. Sources: guide pages copy-parameters-data-format,
// copy-parameters-data-conversion, copy-usage_notes-copy-from-json.
//
// Lines end with LF or CRLF. A NUL byte refuses its record, unless NULL AS '\0' makes the field NULL (the guide would
// cut the record there). A delimiter after the last field of delimited text is allowed (guide page
// r_COPY_command_examples).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "records/byte_source.h"
#include "records/json_path.h"
#include "records/load_fields.h"

namespace garland::records {

enum class LoadFormat { kDelimited, kCsv, kFixedWidth, kJson };

/// How an object's values find their columns.
enum class JsonMapping { kNames, kNamesAnyCase, kPaths, kWhole /* 'noshred' */ };

struct LoadOptions {
  LoadFormat format = LoadFormat::kDelimited;
  std::string delimiter = "|";  // one character or several
  char quote = '"';             // kCsv
  bool escape = false;
  bool remove_quotes = false;
  bool fill_record = false;
  bool skip_blank_lines = false;
  uint64_t skip_lines = 0;       // IGNOREHEADER
  std::vector<uint32_t> widths;  // kFixedWidth: characters, one for each column
  JsonMapping mapping = JsonMapping::kNames;
  std::vector<JsonPath> paths;  // kPaths: one for each column
  FieldRules fields;
  size_t max_record_bytes = 64u << 20;  // guide page "Quotas and limits"
};

/// A refused record.
struct LoadError {
  uint64_t line = 0;  // physical line where it begins, from 1; for JSON where it ends
  size_t column = kNoColumn;
  LoadFault fault;
  std::string raw_line;
  std::string raw_value;
  std::vector<std::pair<std::string, bool>> fields;  // up to the bad one: text, and whether it is NULL

  static constexpr size_t kNoColumn = static_cast<size_t>(-1);
};

/// Valid until the next call of next().
struct LoadChunk {
  const engine::Batch* batch = nullptr;
  const std::vector<LoadError>* errors = nullptr;
  const std::vector<std::pair<uint64_t, std::string>>* replaced = nullptr;  // line and column of replaced characters
};

/// Reads one file on the caller's thread, in bounded memory (a record and a batch).
class LoadReader {
 public:
  /// Throws 22023 when the widths or paths are not as many as the columns.
  LoadReader(std::unique_ptr<ByteSource> source, std::vector<LoadColumn> columns, LoadOptions options);
  ~LoadReader();
  /// The next rows and refusals, or nullptr at the end. Throws the source's errors.
  const LoadChunk* next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace garland::records
