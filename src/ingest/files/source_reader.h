// A source's files → batches, as its configuration says: whole files, and refused records that come again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ingest/files/config.h"
#include "records/byte_source.h"
#include "records/csv.h"

namespace garland::ingest {

/// The records of one file, in file order, whatever its format. Belongs to one thread; bounded memory.
class FileReader {
 public:
  virtual ~FileReader() = default;
  /// The next rows and refusals, valid until the next call, or nullptr at the end. Throws what the whole file suffers
  /// from.
  virtual const records::CsvChunk* next() = 0;

  /// Of what next() has come to so far: records (rows and refusals), physical lines, uncompressed bytes.
  virtual uint64_t records() const = 0;
  virtual uint64_t lines() const = 0;
  virtual uint64_t bytes() const = 0;
  /// Lines before the first record: skipped ones and the header.
  virtual uint64_t leading_lines() const { return 0; }
  /// The header's record; empty before the first next() and where there is none.
  virtual const std::string& header() const;
  /// How the header differs from the columns, where the source allows it; empty: not.
  virtual std::string notice() const { return {}; }
};

/// How the source's CSV is read.
std::vector<records::CsvColumn> csv_columns(const FileSource& source);
records::CsvOptions csv_options(const FileSource& source);

/// How a header, or a file's columns, differ from the source's; empty: not.
std::string layout_notice(const std::vector<std::string>& missing, const std::vector<std::string>& surplus);

/// Text: of CSV and NDJSON; of Parquet, which is no text, refused rows as JSON. Refuses records with card numbers where
/// none should be. Where the source has sensitive columns, no reason and no error repeats a value. `leading_lines`:
/// whether the lines that the source skips stand before the header. `source` must outlive the reader.
std::unique_ptr<FileReader> read_source_text(const FileSource& source, std::unique_ptr<records::ByteSource> text,
                                             bool leading_lines = true);

}  // namespace garland::ingest
