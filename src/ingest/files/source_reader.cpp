#include "ingest/files/source_reader.h"

#include <fmt/format.h>

#include "ingest/files/ndjson_reader.h"
#include "ingest/sensitive/cards.h"
#include "ingest/sensitive/tokeniser.h"
#include "records/printable.h"

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
  std::string notice() const override;

 private:
  records::CsvReader reader_;
};

std::string quoted_list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", records::printable(name));
  return text;
}

std::string CsvFileReader::notice() const { return layout_notice(reader_.missing(), reader_.surplus()); }

}  // namespace

std::string layout_notice(const std::vector<std::string>& missing, const std::vector<std::string>& surplus) {
  std::string text;
  if (!missing.empty()) text = fmt::format("no column {}", quoted_list(missing));
  if (!surplus.empty()) text += fmt::format("{}left out: {}", text.empty() ? "" : "; ", quoted_list(surplus));
  return text;
}

std::vector<records::CsvColumn> csv_columns(const FileSource& source) {
  std::vector<records::CsvColumn> columns;
  for (const SourceColumn& column : source.columns) {
    const bool needed =
        source.drift == Drift::kQuarantine || (source.drift == Drift::kEvolve && column.sensitive.has_value());
    columns.push_back({column.name, column.type, column.header, column.added, needed});
  }
  return columns;
}

records::CsvOptions csv_options(const FileSource& source) {
  records::CsvOptions options;
  options.delimiter = source.delimiter;
  options.quote = source.quote;
  options.header = source.header ? records::HeaderRow::kMatch : records::HeaderRow::kNone;
  options.skip_lines = source.skip_lines;
  options.ignored = source.ignore;
  options.pass_over_surplus = source.drift == Drift::kFreeze;
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
  return options;
}

const std::string& FileReader::header() const {
  static const std::string kNone;
  return kNone;
}

std::unique_ptr<FileReader> read_source_text(const FileSource& source, std::unique_ptr<records::ByteSource> text,
                                             bool leading_lines) {
  if (source.format != FileFormat::kCsv) return std::make_unique<NdjsonReader>(source, std::move(text));
  records::CsvOptions options = csv_options(source);
  if (!leading_lines) options.skip_lines = 0;
  return std::make_unique<CsvFileReader>(records::CsvReader(std::move(text), csv_columns(source), std::move(options)));
}

}  // namespace garland::ingest
