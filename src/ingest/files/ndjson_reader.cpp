#include "ingest/files/ndjson_reader.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/limits.h"
#include "engine/text_scan.h"
#include "records/printable.h"

namespace garland::ingest {
namespace {

constexpr size_t kRefusalsAtOnce = 1000;

records::CsvOptions line_options() {
  records::CsvOptions options;
  options.quote = 0;
  options.max_record_bytes = kMaxSuperBytes;
  return options;
}

}  // namespace

NdjsonReader::NdjsonReader(const FileSource& source, std::unique_ptr<records::ByteSource> text)
    : drift_(source.drift),
      shape_(json_shape(source)),
      options_(line_options()),
      text_(std::move(text)),
      cutter_(*text_, options_),
      reader_(shape_),
      rows_(reader_.types()) {}

const records::CsvChunk* NdjsonReader::next() {
  rows_.clear();
  row_lines_.clear();
  refusals_.clear();
  while (!rows_.full() && refusals_.size() < kRefusalsAtOnce && next_block()) take_line();
  if (row_lines_.empty() && refusals_.empty()) return nullptr;
  chunk_ = {&rows_.batch(), row_lines_, refusals_};
  return &chunk_;
}

/// A block with something left to read; false at the end.
bool NdjsonReader::next_block() {
  while (!block_ || at_ == block_->size) {
    if (block_) lines_ += block_->skipped_lines;
    block_ = cutter_.next();
    if (!block_) return false;
    at_ = 0;
    bytes_ += block_->size + block_->skipped_bytes;
  }
  return true;
}

void NdjsonReader::take_line() {
  const std::string_view rest = block_->text().substr(at_);
  const size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  ++lines_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (block_->oversize) {
    refuse({"", kProgramLimitExceeded, fmt::format("the line is longer than {} bytes", options_.max_record_bytes)},
           line);
  } else if (!engine::trim_blanks(line).empty()) {
    if (auto fault = reader_.read(line, rows_)) {
      refuse(std::move(*fault), line);
    } else {
      row_lines_.push_back(lines_);
      ++records_;
    }
  }
  at_ = end == std::string_view::npos ? block_->size : at_ + end + 1;
  if (drift_ != Drift::kQuarantine || reader_.left_out().empty()) return;
  throw Error(kBadCopyFileFormat, fmt::format("line {} has a member \"{}\", which no column takes", lines_,
                                              records::printable(*reader_.left_out().begin())))
      .hint("give it a column, or all such members one (rest = \"payload\"), or leave them out: drift = \"freeze\"");
}

std::string NdjsonReader::notice() const {
  return layout_notice({}, {reader_.left_out().begin(), reader_.left_out().end()});
}

void NdjsonReader::refuse(JsonFault fault, std::string_view line) {
  records::Refusal refusal;
  refusal.line = lines_;
  refusal.offset = block_->offset + static_cast<uint64_t>(line.data() - block_->bytes.get());
  refusal.column = std::move(fault.column);
  refusal.state = fault.state;
  refusal.reason = std::move(fault.reason);
  refusal.record = std::string(line);
  refusals_.push_back(std::move(refusal));
  ++records_;
}

}  // namespace garland::ingest
