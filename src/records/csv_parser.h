// One block of whole records → batches and refusals. Stateless between blocks, so that several threads may parse.
#pragma once

#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/batch.h"
#include "records/block_cutter.h"
#include "records/csv_layout.h"
#include "records/refusal_text.h"

namespace garland::records {

/// Up to kBatchRows rows and the refusals among them; lines count from 0 at the block's first.
struct ParsedRows {
  explicit ParsedRows(const std::vector<engine::Type>& types) : builder(types) {}
  engine::BatchBuilder builder;
  std::vector<uint64_t> lines;
  std::vector<Refusal> refusals;
};

struct ParsedBlock {
  Block block;  // strings of the batches point into it
  std::deque<ParsedRows> rows;
  uint64_t lines = 0;
  uint64_t bytes = 0;
};

/// Cuts the record at the start of `text` into fields. Used for the header too.
class RecordReader {
 public:
  enum class Fault { kNone, kTextAfterQuote, kStrayQuote, kOpenQuote };

  RecordReader(char delimiter, char quote);
  /// Reads one record from [p, end) and returns where the next begins.
  const char* read(const char* p, const char* end);

  /// Of the record read last; texts with doubled quotes lie in this reader, until the next read().
  const std::vector<FieldText>& fields() const { return fields_; }
  bool is_borrowed(const FieldText& field) const;
  std::string_view record() const { return record_; }  // without the line end
  Fault fault() const { return fault_; }
  size_t faulty_field() const { return faulty_field_; }
  uint64_t lines() const { return lines_; }
  uint64_t open_quote_line() const { return open_quote_line_; }

 private:
  const char* quoted_field(const char* p, const char* end);
  const char* plain_field(const char* p, const char* end);
  std::string_view unescaped(const char* begin, const char* end);
  void fail(Fault fault);

  char delimiter_, quote_;
  bool special_[256] = {};
  std::vector<FieldText> fields_;
  std::deque<std::string> unescaped_;
  std::string_view record_;
  Fault fault_ = Fault::kNone;
  size_t faulty_field_ = 0;
  uint64_t lines_ = 1;
  uint64_t open_quote_line_ = 0;
};

class BlockParser {
 public:
  BlockParser(const Layout& layout, const CsvOptions& options);
  ParsedBlock parse(Block block);

 private:
  void parse_record(ParsedBlock& out, uint64_t line);
  bool set_columns(engine::BatchBuilder& builder, Reason* reason);
  bool is_null(const FieldText& field, const engine::Type& type) const;
  std::optional<engine::TextFault> set_column(engine::BatchBuilder& builder, size_t column, const FieldText& field);
  std::optional<Reason> record_reason();
  std::optional<Reason> quote_reason() const;
  std::optional<Reason> byte_reason() const;
  void refuse(ParsedBlock& out, uint64_t line, Reason reason);
  ParsedRows& rows(ParsedBlock& out);

  const Layout& layout_;
  const CsvOptions& options_;
  std::vector<engine::Type> types_;
  engine::BatchBuilder scratch_;
  RecordReader reader_;
  bool check_bytes_ = false;  // the block holds NUL bytes or malformed UTF-8 somewhere
  const Block* block_ = nullptr;
};

}  // namespace garland::records
