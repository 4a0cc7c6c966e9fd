// Cuts a stream of bytes into blocks of whole records. One pass over the bytes, looking at quotes and line ends only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "records/byte_source.h"
#include "records/csv.h"

namespace garland::records {

/// Whole records, the last one with its line end unless the file lacks it.
struct Block {
  std::unique_ptr<char[]> bytes;
  size_t size = 0;
  uint64_t offset = 0;         // of its first byte in the stream
  bool open_quote = false;     // the file ended inside a quoted field of the last record
  bool oversize = false;       // one record, cut after max_record_bytes; the rest of it is skipped
  uint64_t skipped_lines = 0;  // line ends inside what was skipped
  uint64_t skipped_bytes = 0;

  std::string_view text() const { return {bytes.get(), size}; }
};

/// Follows quotes through a stream that comes in pieces.
class QuoteScanner {
 public:
  static constexpr size_t kNone = static_cast<size_t>(-1);
  QuoteScanner(char delimiter, char quote) : delimiter_(delimiter), quote_(quote) {}

  /// Goes on over `text`; returns the offset after the last line end outside quotes, kNone without one.
  size_t last_record_end(std::string_view text);
  /// The same for the first one, where it stops.
  size_t first_record_end(std::string_view text);
  bool inside_quotes() const { return state_ == State::kQuoted; }

 private:
  enum class State { kPlain, kQuoted, kAfterQuote };
  template <bool kFirst>
  size_t scan(std::string_view text);

  char delimiter_, quote_;
  char previous_ = '\n';  // the byte before the text: a quote after a delimiter or a line end opens a field
  State state_ = State::kPlain;
};

class BlockCutter {
 public:
  BlockCutter(ByteSource& source, const CsvOptions& options);
  /// The next block, or nothing at the end. Never gives an empty block.
  std::optional<Block> next();
  /// True when the block given last was the stream's last one; may be false although nothing follows.
  bool finished() const { return at_end_ && carried_ == 0; }
  /// What stands before the first block: the byte order mark and the lines that are not to be read.
  uint64_t skipped_lines() const { return skipped_lines_; }
  uint64_t skipped_bytes() const { return skipped_bytes_; }

 private:
  void begin();
  size_t read(char* to, size_t size);
  void skip_rest(Block& block);
  Block cut(Block block, size_t end);

  ByteSource& source_;
  const CsvOptions& options_;
  QuoteScanner scanner_;
  std::unique_ptr<char[]> carry_;  // the beginning of the next block
  size_t carried_ = 0;
  uint64_t offset_ = 0;  // of the next block
  uint64_t skipped_lines_ = 0, skipped_bytes_ = 0;
  bool begun_ = false;
  bool unscanned_ = false;  // the carried bytes have not passed the scanner
  bool at_end_ = false;
};

}  // namespace garland::records
