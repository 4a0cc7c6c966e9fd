// Delimited text, CSV and fixed-width text.
#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "engine/text_scan.h"
#include "records/split_records.h"

namespace garland::records {

TextWindow::TextWindow(std::unique_ptr<ByteSource> source, uint64_t skip_lines) : source_(std::move(source)) {
  while (text().size() < 3 && more()) continue;
  if (text().starts_with("\xEF\xBB\xBF")) consume(3);
  for (uint64_t skipped = 0; skipped < skip_lines;) {
    const size_t end = text().find('\n');
    if (end != std::string_view::npos) {
      consume(end + 1);
      ++skipped;
      continue;
    }
    consume(text().size());
    if (!more()) return;
  }
}

bool TextWindow::more() {
  constexpr size_t kReadBytes = 256u << 10;
  if (ended_) return false;
  buffer_.erase(0, at_);
  at_ = 0;
  const size_t have = buffer_.size();
  buffer_.resize(have + kReadBytes);
  const size_t count = source_->read(buffer_.data() + have, kReadBytes);
  buffer_.resize(have + count);
  ended_ = count == 0;
  return !ended_;
}

void TextWindow::consume(size_t bytes) {
  line_ += static_cast<uint64_t>(std::ranges::count(text().substr(0, bytes), '\n'));
  at_ += bytes;
}

namespace {

/// Finds where a record ends, in text that comes in pieces.
class EndFinder {
 public:
  EndFinder(const LoadOptions& options) : options_(options) {}

  /// The offset of the record's line feed, npos when it is not in the text yet. `text` begins with the record.
  size_t find(std::string_view text) {
    if (options_.format == LoadFormat::kCsv) return find_csv(text);
    if (options_.escape) return find_escaped(text);
    const size_t end = text.find('\n', at_);
    at_ = text.size();
    return end;
  }
  void restart() {
    at_ = 0;
    state_ = State::kStart;
  }

 private:
  enum class State { kStart, kPlain, kQuoted, kAfterQuote, kEscape };

  size_t find_escaped(std::string_view text) {
    for (; at_ < text.size(); ++at_) {
      const char c = text[at_];
      if (state_ == State::kEscape) {
        state_ = State::kPlain;
      } else if (c == '\\') {
        state_ = State::kEscape;
      } else if (c == '\n') {
        return at_;
      }
    }
    return std::string_view::npos;
  }

  /// A quote counts where a field begins, perhaps behind blanks.
  size_t find_csv(std::string_view text) {
    for (; at_ < text.size(); ++at_) {
      const char c = text[at_];
      if (state_ == State::kQuoted) {
        if (c == options_.quote) state_ = State::kAfterQuote;
        continue;
      }
      if (c == options_.quote && state_ != State::kPlain) {
        state_ = State::kQuoted;
      } else if (c == '\n') {
        return at_;
      } else if (ends_delimiter(text)) {
        state_ = State::kStart;
      } else if (state_ != State::kStart || !engine::is_blank(c)) {
        state_ = State::kPlain;
      }
    }
    return std::string_view::npos;
  }

  bool ends_delimiter(std::string_view text) const {
    const std::string& delimiter = options_.delimiter;
    return text[at_] == delimiter.back() && at_ + 1 >= delimiter.size() &&
           text.substr(at_ + 1 - delimiter.size(), delimiter.size()) == delimiter;
  }

  const LoadOptions& options_;
  size_t at_ = 0;
  State state_ = State::kStart;
};

class LineSplitter final : public RecordSplitter {
 public:
  LineSplitter(TextWindow& window, const LoadOptions& options, size_t columns)
      : window_(window), options_(options), columns_(columns), end_(options) {}

  bool next(SplitRecord& record) override {
    do {
      window_.consume(std::exchange(pending_, 0));
      if (!find_record(record)) return false;
    } while (options_.skip_blank_lines && record.raw.empty());
    if (record.fault) return true;
    if (has_zero(record)) return true;
    switch (options_.format) {
      case LoadFormat::kCsv:
        split_csv(record);
        break;
      case LoadFormat::kFixedWidth:
        split_fixed(record);
        break;
      default:
        split_delimited(record);
    }
    if (!record.fault) check_count(record);
    return true;
  }

 private:
  bool find_record(SplitRecord& record) {
    record.fields.clear();
    record.fault.reset();
    record.bad_field = LoadError::kNoColumn;
    end_.restart();
    size_t end = end_.find(window_.text());
    while (end == std::string_view::npos && window_.text().size() <= options_.max_record_bytes && window_.more()) {
      end = end_.find(window_.text());
    }
    const std::string_view text = window_.text();
    if (text.empty()) return false;
    record.line = window_.line();
    if (end == std::string_view::npos && text.size() > options_.max_record_bytes) {
      oversize(record);
      return true;
    }
    record.raw = text.substr(0, end);
    pending_ = end == std::string_view::npos ? text.size() : end + 1;
    const bool escaped_return = options_.escape && record.raw.ends_with("\\\r");
    if (record.raw.ends_with('\r') && !escaped_return) record.raw.remove_suffix(1);
    return true;
  }

  /// The rest of the line goes unread.
  void oversize(SplitRecord& record) {
    oversize_raw_.assign(window_.text().substr(0, 4096));
    record.raw = oversize_raw_;
    record.refuse(1216, fmt::format("Input line is longer than {} bytes", options_.max_record_bytes));
    size_t end = window_.text().find('\n');
    while (end == std::string_view::npos) {
      window_.consume(window_.text().size());
      if (!window_.more()) break;
      end = window_.text().find('\n');
    }
    pending_ = end == std::string_view::npos ? 0 : end + 1;
  }

  /// Only NULL AS '\0' has a use for NUL bytes.
  bool has_zero(SplitRecord& record) const {
    const size_t at = record.raw.find('\0');
    if (at == std::string_view::npos || options_.fields.null_text == std::string(1, '\0')) return false;
    record.refuse(1216, fmt::format("Missing newline: Unexpected character 0x00 found at location {}", at));
    return true;
  }

  bool at_delimiter(std::string_view raw, size_t at) const { return raw.substr(at).starts_with(options_.delimiter); }

  void split_delimited(SplitRecord& record) {
    const std::string_view raw = record.raw;
    arena_.clear();
    arena_.reserve(raw.size());  // so that fields stay where they are
    for (size_t at = 0;;) {
      const bool quote = at < raw.size() && (raw[at] == '"' || raw[at] == '\'');
      at = options_.remove_quotes && quote ? quoted_field(record, at) : plain_field(record, at);
      if (record.fault || at >= raw.size()) return;
      at += options_.delimiter.size();
    }
  }

  size_t plain_field(SplitRecord& record, size_t at) {
    const std::string_view raw = record.raw;
    const size_t begin = at;
    if (!options_.escape) {
      at = std::min(raw.find(options_.delimiter, at), raw.size());
      record.fields.push_back({raw.substr(begin, at - begin)});
      return at;
    }
    const size_t stored = arena_.size();
    while (at < raw.size() && !at_delimiter(raw, at)) {
      if (raw[at] == '\\' && at + 1 < raw.size()) ++at;
      arena_ += raw[at++];
    }
    const bool null = options_.fields.null_text == "\\N" && raw.substr(begin, at - begin) == "\\N";
    record.fields.push_back({std::string_view(arena_).substr(stored), false, null});
    return at;
  }

  /// REMOVEQUOTES: a doubled quote inside stands for one, another quote for itself.
  size_t quoted_field(SplitRecord& record, size_t at) {
    const std::string_view raw = record.raw;
    const char quote = raw[at++];
    const size_t stored = arena_.size();
    for (; at < raw.size(); ++at) {
      if (raw[at] == quote) {
        if (at + 1 == raw.size() || at_delimiter(raw, at + 1)) {
          record.fields.push_back({std::string_view(arena_).substr(stored)});
          return at + 1;
        }
        if (raw[at + 1] == quote) ++at;
      } else if (options_.escape && raw[at] == '\\' && at + 1 < raw.size()) {
        ++at;
      }
      arena_ += raw[at];
    }
    record.refuse(1216, "Delimited value missing end quote", record.fields.size());
    return at;
  }

  void split_csv(SplitRecord& record) {
    const std::string_view raw = record.raw;
    arena_.clear();
    arena_.reserve(raw.size());
    for (size_t at = 0;;) {
      size_t quote = at;
      while (quote < raw.size() && engine::is_blank(raw[quote]) && !at_delimiter(raw, quote)) ++quote;
      const bool quoted = quote < raw.size() && raw[quote] == options_.quote;
      at = quoted ? csv_quoted(record, quote) : csv_plain(record, at);
      if (record.fault || at >= raw.size()) return;
      at += options_.delimiter.size();
    }
  }

  size_t csv_plain(SplitRecord& record, size_t at) {
    const std::string_view raw = record.raw;
    const size_t end = std::min(raw.find(options_.delimiter, at), raw.size());
    const std::string_view text = raw.substr(at, end - at);
    const size_t stray = text.find(options_.quote);
    if (stray != std::string_view::npos) {
      record.refuse(1216, "Invalid quote formatting for CSV. Unescaped quote character", record.fields.size(), stray);
    }
    record.fields.push_back({text});
    return end;
  }

  size_t csv_quoted(SplitRecord& record, size_t at) {
    const std::string_view raw = record.raw;
    const size_t stored = arena_.size();
    for (++at;; at += 2) {
      const size_t quote = raw.find(options_.quote, at);
      if (quote == std::string_view::npos) {
        record.refuse(1216, "Invalid quote formatting for CSV. Missing end quote", record.fields.size());
        return raw.size();
      }
      arena_.append(raw.substr(at, quote - at));
      at = quote;
      if (at + 1 >= raw.size() || raw[at + 1] != options_.quote) break;
      arena_ += options_.quote;
    }
    ++at;
    while (at < raw.size() && engine::is_blank(raw[at]) && !at_delimiter(raw, at)) ++at;
    if (at < raw.size() && !at_delimiter(raw, at)) {
      record.refuse(1216, "Invalid quote formatting for CSV. Text after the closing quote", record.fields.size());
    }
    record.fields.push_back({std::string_view(arena_).substr(stored), true});
    return at;
  }

  /// Widths count characters.
  void split_fixed(SplitRecord& record) {
    const std::string_view raw = record.raw;
    size_t at = 0;
    for (size_t i = 0; i < options_.widths.size() && (at < raw.size() || i == 0); ++i) {
      size_t end = at;
      for (uint32_t left = options_.widths[i]; left > 0 && end < raw.size(); --left) {
        ++end;
        while (end < raw.size() && !starts_character(raw[end])) ++end;
      }
      LoadField field{raw.substr(at, end - at)};
      const std::string_view text = field.text.substr(0, field.text.find_last_not_of(' ') + 1);
      field.null = !text.empty() && options_.fields.null_text == text;
      record.fields.push_back(field);
      at = end;
    }
    if (at < raw.size()) record.refuse(1202, "Extra column(s) found", LoadError::kNoColumn, at);
  }

  void check_count(SplitRecord& record) const {
    std::vector<LoadField>& fields = record.fields;
    const bool delimited = options_.format == LoadFormat::kDelimited;
    if (delimited && fields.size() == columns_ + 1 && fields.back().text.empty()) fields.pop_back();
    if (fields.size() > columns_) return record.refuse(1202, "Extra column(s) found");
    if (fields.size() == columns_) return;
    if (!options_.fill_record) {
      const bool fixed = options_.format == LoadFormat::kFixedWidth;
      return record.refuse(fixed ? 1203 : 1214, fixed ? "Input line is too short" : "Delimiter not found",
                           fields.size());
    }
    while (fields.size() < columns_) fields.push_back({{}, false, false, true});
  }

  TextWindow& window_;
  const LoadOptions& options_;
  size_t columns_;
  EndFinder end_;
  size_t pending_ = 0;  // bytes of the record given last
  std::string arena_;
  std::string oversize_raw_;
};

}  // namespace

std::unique_ptr<RecordSplitter> split_lines(TextWindow& window, const LoadOptions& options, size_t columns) {
  return std::make_unique<LineSplitter>(window, options, columns);
}

}  // namespace garland::records
