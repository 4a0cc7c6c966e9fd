// NDJSON: a JSON object a line (json_reader.h), UTF-8, lines ended by LF or CRLF. Blank lines are passed over. A line
// that is no such object, or lacks what its columns need, is refused, whole, and the next one is read. Members that
// nothing takes are named in the notice, or, by the source's drift, the file's fault.
#pragma once

#include <optional>
#include <vector>

#include "engine/batch.h"
#include "ingest/files/source_reader.h"
#include "records/block_cutter.h"

namespace garland::ingest {

class NdjsonReader final : public FileReader {
 public:
  /// `source` gives the shape of lines.
  NdjsonReader(const FileSource& source, std::unique_ptr<records::ByteSource> text);
  const records::CsvChunk* next() override;
  uint64_t records() const override { return records_; }
  uint64_t lines() const override { return lines_; }
  uint64_t bytes() const override { return bytes_; }
  std::string notice() const override;

 private:
  bool next_block();
  void take_line();
  void refuse(JsonFault fault, std::string_view line);

  const Drift drift_;
  const JsonShape shape_;
  const records::CsvOptions options_;  // of the cutter, which knows no quotes here
  const std::unique_ptr<records::ByteSource> text_;
  records::BlockCutter cutter_;
  JsonReader reader_;

  std::optional<records::Block> block_;
  size_t at_ = 0;  // in the block
  engine::BatchBuilder rows_;
  std::vector<uint64_t> row_lines_;
  std::vector<records::Refusal> refusals_;
  records::CsvChunk chunk_;
  uint64_t records_ = 0, lines_ = 0, bytes_ = 0;
};

}  // namespace garland::ingest
