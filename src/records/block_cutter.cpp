#include "records/block_cutter.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace garland::records {
namespace {

size_t line_end_in(std::string_view text, bool first) {
  const size_t at = first ? text.find('\n') : text.rfind('\n');
  return at == std::string_view::npos ? QuoteScanner::kNone : at + 1;
}

}  // namespace

template <bool kFirst>
size_t QuoteScanner::scan(std::string_view text) {
  size_t found = kNone;
  size_t at = 0;
  while (at < text.size()) {
    if (state_ == State::kAfterQuote) {
      const bool doubled = text[at] == quote_;
      state_ = doubled ? State::kQuoted : State::kPlain;
      at += doubled ? 1 : 0;
      continue;
    }
    const size_t quote = quote_ == 0 ? std::string_view::npos : text.find(quote_, at);
    if (state_ == State::kPlain) {
      const size_t end = line_end_in(text.substr(at, quote - at), kFirst);
      if (end != kNone) found = at + end;
      if (kFirst && found != kNone) break;
    }
    if (quote == std::string_view::npos) break;
    if (state_ == State::kQuoted) {
      state_ = State::kAfterQuote;
    } else {
      const char before = quote == 0 ? previous_ : text[quote - 1];
      if (before == delimiter_ || before == '\n') state_ = State::kQuoted;
    }
    at = quote + 1;
  }
  if (!text.empty()) previous_ = kFirst && found != kNone ? '\n' : text.back();
  return found;
}

size_t QuoteScanner::last_record_end(std::string_view text) { return scan<false>(text); }
size_t QuoteScanner::first_record_end(std::string_view text) { return scan<true>(text); }

BlockCutter::BlockCutter(ByteSource& source, const CsvOptions& options)
    : source_(source), options_(options), scanner_(options.delimiter, options.quote) {}

size_t BlockCutter::read(char* to, size_t size) {
  const size_t count = at_end_ ? 0 : source_.read(to, size);
  if (count == 0) at_end_ = true;
  return count;
}

/// Skips the byte order mark and the lines that are not to be read; keeps what was read beyond them.
void BlockCutter::begin() {
  begun_ = true;
  const size_t room = std::max<size_t>(options_.block_bytes, 4);
  carry_ = std::make_unique_for_overwrite<char[]>(room);
  while (carried_ < 3 && !at_end_) carried_ += read(carry_.get() + carried_, room - carried_);
  std::string_view text(carry_.get(), carried_);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw Error(kCharacterNotInRepertoire, "the file is UTF-16 text; only UTF-8 is read")
        .hint("convert it, for instance with: iconv -f UTF-16 -t UTF-8");
  }
  size_t skip = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  while (skipped_lines_ < options_.skip_lines) {
    const size_t end = text.find('\n', skip);
    if (end != std::string_view::npos) {
      skip = end + 1;
      ++skipped_lines_;
      continue;
    }
    offset_ += carried_;
    skip = 0;
    carried_ = read(carry_.get(), room);
    text = {carry_.get(), carried_};
    if (carried_ == 0) break;
  }
  carried_ -= skip;
  offset_ += skip;
  skipped_bytes_ = offset_;
  std::memmove(carry_.get(), carry_.get() + skip, carried_);
}

Block BlockCutter::cut(Block block, size_t end) {
  carried_ = block.size - end;
  carry_ = std::make_unique_for_overwrite<char[]>(std::max<size_t>(carried_, 1));
  std::memcpy(carry_.get(), block.bytes.get() + end, carried_);
  block.size = end;
  block.offset = offset_;
  offset_ += end;
  return block;
}

void BlockCutter::skip_rest(Block& block) {
  block.oversize = true;
  const size_t room = std::max<size_t>(options_.block_bytes, 1);
  auto buffer = std::make_unique_for_overwrite<char[]>(room);
  size_t count = 0, end = QuoteScanner::kNone;
  const auto skipped = [&](size_t size) {
    block.skipped_lines += static_cast<uint64_t>(std::count(buffer.get(), buffer.get() + size, '\n'));
    block.skipped_bytes += size;
  };
  while (end == QuoteScanner::kNone && (count = read(buffer.get(), room)) > 0) {
    end = scanner_.first_record_end({buffer.get(), count});
    skipped(end == QuoteScanner::kNone ? count : end);
  }
  if (end != QuoteScanner::kNone) --block.skipped_lines;  // the record's own line end
  offset_ += block.skipped_bytes;
  block.open_quote = scanner_.inside_quotes();
  carried_ = end == QuoteScanner::kNone ? 0 : count - end;
  carry_ = std::make_unique_for_overwrite<char[]>(std::max<size_t>(carried_, 1));
  std::memcpy(carry_.get(), buffer.get() + (count - carried_), carried_);
}

std::optional<Block> BlockCutter::next() {
  const bool first = !begun_;
  if (first) begin();
  Block block;
  size_t room = std::max({options_.block_bytes, carried_ + 1, size_t{4}});
  block.bytes = std::make_unique_for_overwrite<char[]>(room);
  std::memcpy(block.bytes.get(), carry_.get(), carried_);
  block.size = std::exchange(carried_, 0);
  // Of what is carried over, the scanner has not seen the first block's bytes and what followed an oversize record.
  size_t scanned = unscanned_ || first ? 0 : block.size;
  unscanned_ = false;
  size_t end = QuoteScanner::kNone;
  while (true) {
    const size_t found = scanner_.last_record_end(block.text().substr(scanned));
    if (found != QuoteScanner::kNone) end = scanned + found;
    scanned = block.size;
    if (block.size == room) {
      if (end != QuoteScanner::kNone) return cut(std::move(block), end);
      if (block.size >= options_.max_record_bytes) {
        block.offset = offset_;
        offset_ += block.size;
        skip_rest(block);
        unscanned_ = true;
        return block;
      }
      room = std::max(std::min(room * 2, options_.max_record_bytes), room + 1);
      auto grown = std::make_unique_for_overwrite<char[]>(room);
      std::memcpy(grown.get(), block.bytes.get(), block.size);
      block.bytes = std::move(grown);
    }
    const size_t count = read(block.bytes.get() + block.size, room - block.size);
    if (count == 0) break;
    block.size += count;
  }
  if (block.size == 0) return std::nullopt;
  block.open_quote = scanner_.inside_quotes();
  block.offset = std::exchange(offset_, offset_ + block.size);
  return block;
}

}  // namespace garland::records
