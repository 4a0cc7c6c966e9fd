#include "ingest/files/ledger.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/utf8.h"
#include "engine/text.h"
#include "ingest/batch_number.h"
#include "ingest/files/tables.h"

namespace garland::ingest {
namespace {

constexpr size_t kMessageBytes = 4096;

bool stands(const std::string& status) { return status == "loaded" || status == "replaced"; }

/// Changes when a file would be read in another way.
std::string reading_of(const FileSource& source) {
  std::string text =
      fmt::format("{} {} {} {} {} {} {}", source.header, int{source.delimiter}, int{source.quote}, source.null_text,
                  source.skip_lines, source.max_reject_share, fmt::join(source.ignore, "\n"));
  if (source.format == FileFormat::kNdjson) text += fmt::format(" ndjson {} {}", source.rest, source.max_line_bytes);
  if (source.format == FileFormat::kParquet) text += " parquet";
  text += fmt::format("\n{}\n{}", static_cast<int>(source.drift), source.contract.text());
  for (const SourceColumn& column : source.columns) {
    text += fmt::format("\n{}\t{}\t{}", column.name, to_string(column.type), column.header);
    if (source.format == FileFormat::kNdjson) text += fmt::format("\t{}\t{}", column.path, column.required);
    if (column.sensitive) text += fmt::format("\t{}", pii_class_name(column.sensitive->pii));
  }
  return content_hash(text);
}

template <class T>
engine::ParameterValue text_or_null(bool given, const T& value) {
  return given ? engine::ParameterValue(fmt::format("{}", value)) : std::nullopt;
}

}  // namespace

std::string cut_text(std::string text, size_t bytes) {
  text.resize(first_bytes(text, bytes).size());
  return text;
}

Ledger::Ledger(engine::Session& session, const FileSource& source) : reading_(reading_of(source)) {
  const engine::ParameterValue name = source.name;
  const auto rows =
      engine::query_text(session,
                         "select batch_id, path, status, content_hash, bytes, message, reading from ops.batches "
                         "where source = $1 order by batch_id",
                         {&name, 1});
  for (const engine::TextRow& row : rows) {
    BatchRow batch;
    batch.id = number_in(row[0]);
    batch.path = row[1].value_or("");
    batch.status = row[2].value_or("");
    if (row[3]) batch.content = Content{*row[3], static_cast<uint64_t>(number_in(row[4]))};
    batch.message = row[5].value_or("");
    const std::string path = batch.path;
    remember(std::move(batch));
    latest_reading_[path] = row[6].value_or("");
  }
}

void Ledger::remember(BatchRow row) {
  const std::lock_guard lock(mutex_);
  if (row.status == "began") {
    standing_.clear();
    latest_.clear();
    return;
  }
  if (stands(row.status)) standing_[row.path] = row;
  latest_reading_[row.path] = reading_;
  latest_[row.path] = std::move(row);
}

const BatchRow* Ledger::find(const std::map<std::string, BatchRow>& rows, const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto at = rows.find(path);
  return at == rows.end() ? nullptr : &at->second;
}

const BatchRow* Ledger::standing(const std::string& path) const { return find(standing_, path); }

const BatchRow* Ledger::latest(const std::string& path) const { return find(latest_, path); }

const BatchRow* Ledger::standing_with(const std::string& hash, const std::string& but_not) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [path, row] : standing_) {
    if (path != but_not && row.content && row.content->hash == hash) return &row;
  }
  return nullptr;
}

bool Ledger::refused_before(const BatchRow& row) const {
  const BatchRow* before = latest(row.path);
  if (!before || before->status != "refused") return false;
  {
    const std::lock_guard lock(mutex_);
    if (latest_reading_.at(row.path) != reading_) return false;
  }
  const bool same_content = before->content.has_value() == row.content.has_value() &&
                            (!row.content || before->content->hash == row.content->hash);
  return same_content && before->message == cut_text(row.message, kMessageBytes);
}

LedgerWriter::LedgerWriter(engine::Session& session, const FileSource& source, const Clock& clock, Ledger& ledger)
    : session_(session), source_(source), clock_(clock), ledger_(ledger) {
  insert_ = prepare_insert(session, "ops.batches", batch_columns());
}

void LedgerWriter::add(const BatchRow& row) {
  const bool read = row.content.has_value();
  const engine::ParameterValue values[] = {std::to_string(row.id),
                                           source_.name,
                                           source_.schema + "." + source_.table,
                                           row.path,
                                           row.status,
                                           text_or_null(read, read ? row.content->hash : ""),
                                           text_or_null(read, read ? row.content->bytes : 0),
                                           std::to_string(row.lines),
                                           std::to_string(row.rows),
                                           std::to_string(row.rejected),
                                           text_or_null(row.supersedes.has_value(), row.supersedes.value_or(0)),
                                           text_or_null(!row.duplicate_of.empty(), row.duplicate_of),
                                           ledger_.reading(),
                                           text_or_null(!row.message.empty(), cut_text(row.message, kMessageBytes)),
                                           moment_text(row.started_us),
                                           moment_text(clock_.now_us())};
  const auto cursor = insert_->execute(values);
  while (cursor->fetch() != nullptr) {
  }
}

void LedgerWriter::begin_table() {
  BatchRow row;
  row.id = next_id();
  row.status = "began";
  row.started_us = clock_.now_us();
  add(row);
  ledger_.remember(std::move(row));
}

}  // namespace garland::ingest
