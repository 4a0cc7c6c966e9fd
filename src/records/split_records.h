// Text → records → fields, by the format's own rules. Internal to records/.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "records/load_reader.h"

namespace garland::records {

/// The unread part of a source.
class TextWindow {
 public:
  /// Skips a UTF-8 byte order mark and the lines.
  TextWindow(std::unique_ptr<ByteSource> source, uint64_t skip_lines);
  std::string_view text() const { return std::string_view(buffer_).substr(at_); }
  /// Reads on; false at the end. Moves what text() gave.
  bool more();
  void consume(size_t bytes);
  /// The physical line, from 1, of text()'s first byte.
  uint64_t line() const { return line_; }

 private:
  std::unique_ptr<ByteSource> source_;
  std::string buffer_;
  size_t at_ = 0;
  uint64_t line_ = 1;
  bool ended_ = false;
};

/// Valid until the next one.
struct SplitRecord {
  std::vector<LoadField> fields;  // one for each column, unless there is a fault
  std::string_view raw;           // without its line end
  uint64_t line = 0;
  std::optional<LoadFault> fault;
  size_t bad_field = LoadError::kNoColumn;

  void refuse(int code, std::string reason, size_t field = LoadError::kNoColumn, size_t position = 0) {
    fault = LoadFault{code, kBadCopyFileFormat, std::move(reason), static_cast<int>(position)};
    bad_field = field;
  }
};

class RecordSplitter {
 public:
  virtual ~RecordSplitter() = default;
  /// False at the end.
  virtual bool next(SplitRecord& record) = 0;
};

/// Both outlive the splitter.
std::unique_ptr<RecordSplitter> split_lines(TextWindow& window, const LoadOptions& options, size_t columns);
std::unique_ptr<RecordSplitter> split_json(TextWindow& window, const LoadOptions& options,
                                           const std::vector<LoadColumn>& columns);

}  // namespace garland::records
