// CSV (RFC 4180) → typed batches, in file order, with the physical line of each row, and each refused record with its
// reason.
//
// Rules that RFC 4180 leaves open: a quote counts only as a field's first byte and then until its closing quote; a
// quote inside an unquoted field, or text after a closing quote, refuses the record. Lines end with LF or CRLF.
// Newlines inside quotes belong to the value and count as physical lines. A UTF-8 byte order mark at the start is
// skipped. NUL bytes and malformed UTF-8 refuse the record. An empty unquoted field is NULL, a quoted one is an empty
// string (NULL for types other than strings).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/sqlstate.h"
#include "engine/batch.h"
#include "records/byte_source.h"

namespace garland::records {

/// A column to fill. Without header matching, columns take the file's fields in order.
struct CsvColumn {
  std::string name;  // stands in reasons
  engine::Type type;
  std::string header;  // HeaderRow::kMatch: the file's name of it; empty: the same as `name`
  bool plain = false;  // kMatch: it takes the field whose plain_name() is `name`
  bool needed = true;  // kMatch: a header must have it; false: without it the column is NULL
};

/// A name of a header as a column's: lower case, with _ for what is no ASCII letter and no digit; empty when there is
/// neither.
std::string plain_name(std::string_view header);

enum class HeaderRow {
  kNone,   // the first record is data
  kMatch,  // the first record names the fields, matched without regard to ASCII case and outer blanks
};

struct CsvOptions {
  char delimiter = ',';
  char quote = '"';  // 0: none
  HeaderRow header = HeaderRow::kMatch;
  uint64_t skip_lines = 0;           // physical lines before the header or the data (COPY's IGNOREHEADER)
  std::vector<std::string> ignored;  // kMatch: header names that no column takes; any other surplus name is an error
  bool pass_over_surplus = false;    // kMatch: … is not loaded
  std::optional<std::string> null_text;  // an unquoted field with this text is NULL too (COPY's NULL AS)
  bool empty_strings_are_null = true;  // false: an empty unquoted field of a string type is an empty string, as in COPY
  bool skip_blank_lines = false;       // COPY's IGNOREBLANKLINES
  bool truncate_decimals = false;      // COPY without ROUNDEC: digits beyond the scale are cut, not rounded
  size_t block_bytes = 1u << 20;       // unit of work; at least one record
  size_t max_record_bytes =
      64u << 20;    // COPY's limit of a row (guide page "Quotas and limits"); longer ones are refused
  int workers = 2;  // threads that parse; files smaller than a block are parsed on the caller's thread
  /// Asked about each field that goes to a column and is not NULL: what it says refuses the record (22023), nothing
  /// lets it pass. Called on any of the reader's threads.
  std::function<std::string_view(size_t column, std::string_view field)> objection;
  bool show_values = true;  // false: reasons and errors repeat nothing of the file but names that columns have
};

/// A record that could not become a row.
struct Refusal {
  uint64_t line = 0;    // physical line where the record begins, or a quote that is never closed; from 1
  uint64_t lines = 1;   // physical lines it takes
  uint64_t offset = 0;  // of its first byte in the uncompressed file
  std::string column;   // name of the column at fault, empty when it is the record as a whole
  SqlState state = kBadCopyFileFormat;
  std::string reason;  // for people, valid UTF-8: `Quantity "1O" is not an integer`
  std::string record;  // its bytes without the line end; the first max_record_bytes of a longer one
};

/// What next() gives; valid until the next call.
struct CsvChunk {
  const engine::Batch* batch = nullptr;  // up to kBatchRows rows, maybe none
  std::span<const uint64_t> lines;       // physical line where each row begins, from 1
  std::span<const Refusal> refusals;     // refused among and right after these rows
};

/// Reads one file. Belongs to one thread; runs a reader thread and workers of its own for files larger than a block.
/// Memory is bounded: some blocks and what they parse into. Destroying it early stops the threads.
class CsvReader {
 public:
  CsvReader(std::unique_ptr<ByteSource> source, std::vector<CsvColumn> columns, CsvOptions options = {});
  ~CsvReader();
  CsvReader(CsvReader&&) noexcept;

  /// The next rows, or nullptr at the end. Throws Error for what the whole file suffers from: its source's errors, a
  /// header that lacks a column or has an unknown one (22P04), UTF-16 text (22021).
  const CsvChunk* next();

  /// Of what next() has come to so far: records (rows and refusals), physical lines, uncompressed bytes.
  uint64_t records() const;
  uint64_t lines() const;
  uint64_t leading_lines() const;  // those before the first record: skipped ones and the header
  uint64_t bytes() const;
  /// The header's record without its line end; empty before the first next() and where there is none.
  const std::string& header() const;
  /// Once the header was read: names of columns that it lacks, and its names that are not loaded though nobody ignores
  /// them.
  const std::vector<std::string>& missing() const;
  const std::vector<std::string>& surplus() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The names that a file's first record holds (HeaderRow::kMatch). Throws 22P04 when it is none, and what `source`
/// throws.
std::vector<std::string> read_header(ByteSource& source, const CsvOptions& options);

}  // namespace garland::records
