// UNLOAD (guide page r_UNLOAD).
#pragma once

#include <functional>
#include <memory>

#include "embedded/context.h"
#include "embedded/file_space.h"
#include "embedded/load_log.h"

namespace garland::embedded {

/// Streams the query's rows into files. When it fails, the error's detail names the files that are there already.
Outcome unload(Context& context, const Plan& plan, const semantics::BoundUnload& statement, Parameters values);

/// What the options ask for.
struct UnloadRequest {
  enum class Format { kDelimited, kCsv, kFixedWidth, kJson, kParquet };
  Format format = Format::kDelimited;
  std::string delimiter = "|";
  std::string null_text;
  bool null_given = false;
  bool header = false, add_quotes = false, escape = false;
  std::vector<uint32_t> widths;
  records::Packing packing = records::Packing::kNone;
  std::string extension;
  bool manifest = false, verbose = false;
  bool parallel = true;
  bool overwrite = false, clean = false;
  uint64_t max_file_bytes = uint64_t{6'656'000'000};  // 6.2 GB
  uint64_t row_group_bytes = uint64_t{32} << 20;
};
UnloadRequest read_unload_options(const std::vector<sql::CopyOption>& options, size_t columns);

struct UnloadColumn {
  std::string name;
  engine::Type type;
};

/// Rows as text lines.
class RowText {
 public:
  RowText(const UnloadRequest& request, std::vector<UnloadColumn> columns)
      : request_(request), columns_(std::move(columns)) {}
  void append_header(std::string& out) const;
  /// `batch`'s columns are the writer's. Throws 22001 when a value is wider than its fixed width.
  void append(std::string& out, const engine::Batch& batch, size_t row);

 private:
  void delimited(std::string& out, std::string_view text, bool string) const;
  void csv(std::string& out, std::string_view text) const;
  void fixed(std::string& out, size_t column, std::string_view text, bool null) const;
  void json(std::string& out, const engine::Batch& batch, size_t row);
  std::string_view text_of(const engine::Column& column, size_t row);

  const UnloadRequest& request_;
  std::vector<UnloadColumn> columns_;
  std::string scratch_;
};

/// A run of rows that belong together: all of them, or those of one partition.
class RowSource {
 public:
  virtual ~RowSource() = default;
  /// The next rows of the run, or nullptr at its end. Valid until the next call.
  virtual const engine::Batch* next() = 0;
};

/// Where the files of one run go; counts them and remembers what was written.
struct UnloadTarget {
  FileSpace& space;
  const UnloadRequest& request;
  std::string start;                 // of every file's place
  std::vector<UnloadedFile>& files;  // completed ones

  /// The place of the run's next file.
  std::string next_place();
  size_t number = 0;
};

void write_text(UnloadTarget& target, const std::vector<UnloadColumn>& columns, RowSource& rows);
void write_parquet(UnloadTarget& target, const std::vector<UnloadColumn>& columns, RowSource& rows);

}  // namespace garland::embedded
