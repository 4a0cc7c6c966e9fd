// COPY of text files. Plain CSV and delimited text go through the parallel reader (records/csv.h), all else through the
// general one (records/load_reader.h), which also has the last word on each line that the parallel one refuses.
#include <algorithm>
#include <cstring>

#include "embedded/copy.h"
#include "records/csv.h"
#include "records/unpack.h"

namespace garland::embedded {

namespace {

using records::LoadError;
using records::LoadFormat;
using records::TimeRule;

std::unique_ptr<records::ByteSource> open_text(const CopyRun& run, const std::string& file) {
  auto source = run.space.open(file);
  switch (run.request.packing) {
    case CopyRequest::Packing::kGzip:
      source = records::gunzip(std::move(source), file);
      break;
    case CopyRequest::Packing::kBzip2:
      source = records::unpack_bzip2(std::move(source), file);
      break;
    case CopyRequest::Packing::kZstd:
      source = records::unpack_zstd(std::move(source), file);
      break;
    case CopyRequest::Packing::kNone:
      break;
  }
  return records::as_utf8(std::move(source), run.request.encoding);
}

/// What the parallel reader can do as well.
bool is_plain(const CopyRun& run) {
  const records::LoadOptions& load = run.request.load;
  const records::FieldRules& fields = load.fields;
  const bool text = load.format == LoadFormat::kCsv || load.format == LoadFormat::kDelimited;
  const bool times = fields.date.kind == TimeRule::Kind::kIso && fields.time.kind == TimeRule::Kind::kIso;
  const bool rules = fields.blanks_as_null || fields.trim_blanks || fields.truncate_columns || fields.accept_any_date ||
                     fields.replacement || load.escape || load.remove_quotes || load.fill_record;
  // A NULL that its column refuses has to be shown with its line, which only the general reader keeps.
  const bool not_null = std::ranges::any_of(run.columns, &records::LoadColumn::not_null);
  return text && times && !rules && load.delimiter.size() == 1 && load.delimiter[0] != load.quote &&
         fields.null_text != std::string(1, '\0') && (!not_null || run.request.max_errors == 1);
}

records::CsvOptions csv_options(const CopyRequest& request) {
  records::CsvOptions options;
  options.header = records::HeaderRow::kNone;
  options.delimiter = request.load.delimiter[0];
  options.quote = request.load.format == LoadFormat::kCsv ? request.load.quote : '\0';
  options.skip_lines = request.load.skip_lines;
  options.null_text = request.load.fields.null_text;
  options.empty_strings_are_null = request.load.fields.empty_as_null;
  options.skip_blank_lines = request.load.skip_blank_lines;
  options.truncate_decimals = !request.load.fields.round_decimals;
  return options;
}

void copy_generally(CopyRun& run, const std::string& file) {
  records::LoadReader reader(open_text(run, file), run.columns, run.request.load);
  while (const records::LoadChunk* chunk = reader.next()) {
    for (const LoadError& error : *chunk->errors) run.refuse(file, error);
    for (const auto& [line, column] : *chunk->replaced) run.log.replaced(file, line, column);
    run.append(*chunk->batch);
  }
}

/// The general reader's word on one line.
void judge(CopyRun& run, const std::string& file, const records::Refusal& refusal) {
  if (refusal.state == kProgramLimitExceeded) {
    LoadError error;
    error.line = refusal.line;
    error.fault = {1216, kProgramLimitExceeded, refusal.reason, 0};
    error.raw_line = refusal.record.substr(0, 1024);
    return run.refuse(file, error);
  }
  records::LoadOptions options = run.request.load;
  options.skip_lines = 0;
  records::LoadReader reader(records::memory_source(refusal.record), run.columns, std::move(options));
  while (const records::LoadChunk* chunk = reader.next()) {
    for (LoadError error : *chunk->errors) {
      error.line = refusal.line;
      run.refuse(file, error);
    }
    run.append(*chunk->batch);
  }
}

/// The file has a NULL where none may be: the general reader finds the line.
[[noreturn]] void explain_null(CopyRun& run, const std::string& file, uint64_t line,
                               const records::LoadColumn& column) {
  records::LoadReader reader(open_text(run, file), run.columns, run.request.load);
  while (const records::LoadChunk* chunk = reader.next()) {
    for (const LoadError& error : *chunk->errors) {
      if (error.line == line) run.refuse(file, error);
    }
  }
  LoadError error;
  error.line = line;
  error.column = static_cast<size_t>(&column - run.columns.data());
  error.fault = records::null_fault(column);
  run.log.error(file, error);
  throw load_failure(run.table, file, error);
}

void refuse_nulls(CopyRun& run, const std::string& file, const records::CsvChunk& chunk) {
  for (size_t i = 0; i < run.columns.size(); ++i) {
    const engine::Column& column = chunk.batch->columns[i];
    if (!column.validity || !run.columns[i].not_null) continue;
    for (size_t row = 0; row < chunk.batch->rows; ++row) {
      if (column.is_null(row)) explain_null(run, file, chunk.lines[row], run.columns[i]);
    }
  }
}

/// False when nothing was loaded because nearly all lines need the general reader, as those that end with a delimiter
/// do.
bool copy_in_parallel(CopyRun& run, const std::string& file) {
  std::vector<records::CsvColumn> columns;
  for (const records::LoadColumn& column : run.columns) columns.push_back({column.name, column.type, ""});
  records::CsvReader reader(open_text(run, file), std::move(columns), csv_options(run.request));
  bool first = true;
  while (const records::CsvChunk* chunk = reader.next()) {
    if (std::exchange(first, false) && chunk->refusals.size() > 16 && chunk->refusals.size() > chunk->batch->rows) {
      return false;
    }
    for (const records::Refusal& refusal : chunk->refusals) judge(run, file, refusal);
    refuse_nulls(run, file, *chunk);
    run.append(*chunk->batch);
  }
  return true;
}

}  // namespace

void copy_text_file(CopyRun& run, const std::string& file) {
  if (!is_plain(run) || !copy_in_parallel(run, file)) copy_generally(run, file);
}

}  // namespace garland::embedded
