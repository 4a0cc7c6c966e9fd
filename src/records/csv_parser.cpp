#include "records/csv_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "engine/text.h"
#include "records/refusal_text.h"

namespace garland::records {
namespace {

const char* find(const char* p, const char* end, char c) {
  const void* found = std::memchr(p, c, static_cast<size_t>(end - p));
  return found ? static_cast<const char*>(found) : end;
}

uint64_t count_lines(const char* p, const char* end) { return static_cast<uint64_t>(std::count(p, end, '\n')); }

}  // namespace

RecordReader::RecordReader(char delimiter, char quote) : delimiter_(delimiter), quote_(quote) {
  special_[static_cast<unsigned char>(delimiter)] = true;
  special_[static_cast<unsigned char>('\n')] = true;
  if (quote != 0) special_[static_cast<unsigned char>(quote)] = true;
}

void RecordReader::fail(Fault fault) {
  if (fault_ != Fault::kNone) return;
  fault_ = fault;
  faulty_field_ = fields_.size();
}

const char* RecordReader::read(const char* p, const char* end) {
  const char* const begin = p;
  fields_.clear();
  if (!unescaped_.empty()) unescaped_.clear();
  fault_ = Fault::kNone;
  lines_ = 1;
  while (true) {
    p = p != end && *p == quote_ && quote_ != 0 ? quoted_field(p, end) : plain_field(p, end);
    if (p == end || *p == '\n') break;
    ++p;
  }
  const char* record_end = p;
  if (record_end > begin && record_end[-1] == '\r') {
    --record_end;
    FieldText& last = fields_.back();
    if (!last.quoted && !last.text.empty()) last.text.remove_suffix(1);
  }
  record_ = {begin, static_cast<size_t>(record_end - begin)};
  return p == end ? end : p + 1;
}

const char* RecordReader::plain_field(const char* p, const char* end) {
  const char* const begin = p;
  while (true) {
    while (p != end && !special_[static_cast<unsigned char>(*p)]) ++p;
    if (p == end || *p == delimiter_ || *p == '\n') break;
    fail(Fault::kStrayQuote);
    ++p;
  }
  fields_.push_back({{begin, static_cast<size_t>(p - begin)}, false});
  return p;
}

const char* RecordReader::quoted_field(const char* p, const char* end) {
  const char* const begin = p + 1;
  bool doubled = false;
  for (p = begin;; p += 2) {
    p = find(p, end, quote_);
    if (p == end || p + 1 == end || p[1] != quote_) break;
    doubled = true;
  }
  const uint64_t inner_lines = count_lines(begin, p);
  if (p == end) {
    open_quote_line_ = lines_ - 1;
    fail(Fault::kOpenQuote);
  }
  const bool ends_last_line = p == end && p != begin && p[-1] == '\n';
  lines_ += inner_lines - (ends_last_line ? 1 : 0);
  const std::string_view text = doubled ? unescaped(begin, p) : std::string_view(begin, static_cast<size_t>(p - begin));
  if (p != end) ++p;
  if (p != end && *p != delimiter_ && *p != '\n' && !(*p == '\r' && (p + 1 == end || p[1] == '\n'))) {
    fail(Fault::kTextAfterQuote);
  }
  fields_.push_back({text, true});
  while (p != end && *p != delimiter_ && *p != '\n') ++p;
  return p;
}

std::string_view RecordReader::unescaped(const char* begin, const char* end) {
  std::string& out = unescaped_.emplace_back();
  out.reserve(static_cast<size_t>(end - begin));
  while (begin != end) {
    const char* quote = find(begin, end, quote_);
    const char* const stop = quote == end ? end : quote + 1;
    out.append(begin, stop);
    begin = quote == end ? end : quote + 2;
  }
  return out;
}

bool RecordReader::is_borrowed(const FieldText& field) const {
  return std::less_equal<>()(record_.data(), field.text.data()) &&
         std::less<>()(field.text.data(), record_.data() + record_.size());
}

BlockParser::BlockParser(const Layout& layout, const CsvOptions& options)
    : layout_(layout),
      options_(options),
      types_(layout.types()),
      scratch_(types_),
      reader_(options.delimiter, options.quote) {}

ParsedBlock BlockParser::parse(Block block) {
  ParsedBlock out;
  out.block = std::move(block);
  block_ = &out.block;
  const std::string_view text = out.block.text();
  check_bytes_ = text.find('\0') != std::string_view::npos || !engine::is_utf8(text);
  const char* p = text.data();
  const char* const end = p + text.size();
  while (p != end) {
    p = reader_.read(p, end);
    const uint64_t lines = reader_.lines();
    parse_record(out, out.lines);
    out.lines += lines;
  }
  out.lines += out.block.skipped_lines;
  out.bytes = text.size() + out.block.skipped_bytes;
  return out;
}

void BlockParser::parse_record(ParsedBlock& out, uint64_t line) {
  if (options_.skip_blank_lines && reader_.record().empty()) return;
  if (auto reason = record_reason()) return refuse(out, line, std::move(*reason));
  ParsedRows& current = rows(out);
  Reason reason;
  if (!set_columns(current.builder, &reason)) {
    current.builder.drop_row();
    return refuse(out, line, std::move(reason));
  }
  current.builder.end_row();
  current.lines.push_back(line);
}

ParsedRows& BlockParser::rows(ParsedBlock& out) {
  if (out.rows.empty() || out.rows.back().builder.full())
    out.rows.emplace_back(types_).lines.reserve(engine::kBatchRows);
  return out.rows.back();
}

bool BlockParser::is_null(const FieldText& field, const engine::Type& type) const {
  if (field.text.empty()) return type.is_string() ? !field.quoted && options_.empty_strings_are_null : true;
  return !field.quoted && options_.null_text && field.text == *options_.null_text;
}

std::optional<engine::TextFault> BlockParser::set_column(engine::BatchBuilder& builder, size_t column,
                                                         const FieldText& field) {
  const engine::Type& type = types_[column];
  if (is_null(field, type)) return std::nullopt;
  // Strings that need no change stay in the block; its bytes are known to be UTF-8.
  const bool as_it_is = type.id == engine::TypeId::kVarchar && field.text.size() <= static_cast<size_t>(type.length);
  if (!as_it_is || !reader_.is_borrowed(field)) {
    return engine::read_field(field.text, type, builder, column, options_.truncate_decimals);
  }
  builder.set_borrowed(column, field.text);
  return std::nullopt;
}

bool BlockParser::set_columns(engine::BatchBuilder& builder, Reason* reason) {
  const std::vector<FieldText>& fields = reader_.fields();
  for (size_t i = 0; i < types_.size(); ++i) {
    if (layout_.fields[i] == Layout::kNoField) continue;
    const FieldText& field = fields[layout_.fields[i]];
    if (const auto fault = set_column(builder, i, field)) {
      *reason = field_reason(layout_.columns[i], field.text, *fault, options_.show_values);
      return false;
    }
    if (!options_.objection || is_null(field, types_[i])) continue;
    if (const std::string_view objection = options_.objection(i, field.text); !objection.empty()) {
      *reason = objection_reason(layout_.columns[i], objection);
      return false;
    }
  }
  return true;
}

/// What is wrong with the record as a whole, if anything.
std::optional<Reason> BlockParser::record_reason() {
  if (block_->oversize || reader_.record().size() > options_.max_record_bytes) {
    const bool open = block_->open_quote || reader_.fault() == RecordReader::Fault::kOpenQuote;
    return Reason{"", kProgramLimitExceeded,
                  fmt::format("the record is longer than {} bytes{}", options_.max_record_bytes,
                              open ? " (a quote that is never closed?)" : "")};
  }
  if (check_bytes_) {
    if (auto reason = byte_reason()) return reason;
  }
  if (reader_.fault() != RecordReader::Fault::kNone) return quote_reason();
  if (reader_.fields().size() == layout_.field_names.size()) return std::nullopt;
  return count_reason(layout_, reader_.fields(), options_.delimiter, scratch_);
}

std::optional<Reason> BlockParser::quote_reason() const {
  const size_t field = reader_.faulty_field();
  const std::string label = field < layout_.field_names.size() ? layout_.field_names[field] : "a surplus column";
  const auto at = std::find(layout_.fields.begin(), layout_.fields.end(), field);
  const std::string name =
      at == layout_.fields.end() ? "" : layout_.columns[static_cast<size_t>(at - layout_.fields.begin())].name;
  switch (reader_.fault()) {
    case RecordReader::Fault::kTextAfterQuote:
      return Reason{name, kBadCopyFileFormat, fmt::format("text after the closing quote of {}", label)};
    case RecordReader::Fault::kStrayQuote:
      return Reason{name, kBadCopyFileFormat,
                    fmt::format("a quote inside {}, which is not quoted (write it \"…\", each quote twice)", label)};
    case RecordReader::Fault::kOpenQuote:
      return Reason{name, kBadCopyFileFormat, fmt::format("the quote that opens {} is never closed", label)};
    case RecordReader::Fault::kNone:
      break;
  }
  return std::nullopt;
}

std::optional<Reason> BlockParser::byte_reason() const {
  const std::string_view record = reader_.record();
  size_t bad = record.find('\0');
  if (bad != std::string_view::npos) {
    return Reason{"", kCharacterNotInRepertoire, fmt::format("NUL byte at byte {}", bad + 1)};
  }
  if (engine::is_utf8(record, &bad)) return std::nullopt;
  return Reason{"", kCharacterNotInRepertoire, fmt::format("invalid UTF-8 at byte {}", bad + 1)};
}

void BlockParser::refuse(ParsedBlock& out, uint64_t line, Reason reason) {
  Refusal refusal;
  const bool open = reader_.fault() == RecordReader::Fault::kOpenQuote;
  refusal.line = line + (open ? reader_.open_quote_line() : 0);
  refusal.lines = reader_.lines() + out.block.skipped_lines;
  refusal.offset = out.block.offset + static_cast<uint64_t>(reader_.record().data() - out.block.bytes.get());
  refusal.column = std::move(reason.column);
  refusal.state = reason.state;
  refusal.reason = std::move(reason.text);
  refusal.record = std::string(reader_.record());
  rows(out).refusals.push_back(std::move(refusal));
}

}  // namespace garland::records
