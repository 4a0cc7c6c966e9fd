#include "ingest/files/source_reader.h"

#include "ingest/files/ndjson_reader.h"
#include "ingest/sensitive/cards.h"
#include "ingest/sensitive/tokeniser.h"

namespace garland::ingest {
namespace {

class CsvFileReader final : public FileReader {
 public:
  explicit CsvFileReader(records::CsvReader reader) : reader_(std::move(reader)) {}
  const records::CsvChunk* next() override { return reader_.next(); }
  uint64_t records() const override { return reader_.records(); }
  uint64_t lines() const override { return reader_.lines(); }
  uint64_t bytes() const override { return reader_.bytes(); }
  uint64_t leading_lines() const override { return reader_.leading_lines(); }
  const std::string& header() const override { return reader_.header(); }

 private:
  records::CsvReader reader_;
};

records::CsvReader read_csv(const FileSource& source, std::unique_ptr<records::ByteSource> text, bool leading_lines) {
  std::vector<records::CsvColumn> columns;
  for (const SourceColumn& column : source.columns) columns.push_back({column.name, column.type, column.header});
  records::CsvOptions options;
  options.delimiter = source.delimiter;
  options.quote = source.quote;
  options.header = source.header ? records::HeaderRow::kMatch : records::HeaderRow::kNone;
  options.skip_lines = leading_lines ? source.skip_lines : 0;
  options.ignored = source.ignore;
  if (!source.null_text.empty()) options.null_text = source.null_text;
  options.skip_blank_lines = source.columns.size() > 1;
  const std::vector<ColumnPlan> plans = column_plans(source);
  options.show_values = !holds_sensitive(plans);
  std::vector<bool> refuses;
  for (const ColumnPlan& plan : plans) refuses.push_back(refuses_cards(plan));
  options.objection = [refuses](size_t column, std::string_view field) -> std::string_view {
    const bool card = field.size() >= kShortestCard && refuses[column] && find_card(field, 0, CardSearch::kStrict);
    return card ? kUnexpectedCard : std::string_view();
  };
  return records::CsvReader(std::move(text), std::move(columns), std::move(options));
}

}  // namespace

const std::string& FileReader::header() const {
  static const std::string kNone;
  return kNone;
}

std::unique_ptr<FileReader> read_source_text(const FileSource& source, std::unique_ptr<records::ByteSource> text,
                                             bool leading_lines) {
  if (source.format == FileFormat::kNdjson) return std::make_unique<NdjsonReader>(source, std::move(text));
  return std::make_unique<CsvFileReader>(read_csv(source, std::move(text), leading_lines));
}

}  // namespace garland::ingest
