#include "ingest/files/writers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "ingest/files/ledger.h"
#include "ingest/files/tables.h"
#include "ingest/sensitive/cards.h"

namespace garland::ingest {
namespace {

constexpr size_t kHeldBytes = 16u << 20;
constexpr size_t kHeldBatches = 8;
constexpr size_t kPartBytes = kMaxVarbyteBytes;
constexpr size_t kReasonBytes = 4096;
constexpr size_t kLineDigits = 20;

}  // namespace

RawWriter::RawWriter(engine::Session& session, const FileSource& source, const std::string& path, int64_t batch_id,
                     int64_t loaded_at_us, Tokeniser& tokeniser, VaultWriter* vault)
    : session_(session),
      tokeniser_(tokeniser),
      vault_(vault),
      table_(source.schema + "." + source.table),
      names_(column_names(raw_columns(source))),
      prefix_(path + ":"),
      source_name_(source.name),
      sources_(engine::kBatchRows, source_name_),
      positions_(engine::kBatchRows),
      batch_ids_(engine::kBatchRows, batch_id),
      loaded_ats_(engine::kBatchRows, loaded_at_us) {
  position_text_.resize((prefix_.size() + kLineDigits) * engine::kBatchRows);
}

void RawWriter::place_rows(const records::CsvChunk& chunk) {
  char* to = position_text_.data();
  for (size_t row = 0; row < chunk.lines.size(); ++row) {
    char* const begin = to;
    std::memcpy(to, prefix_.data(), prefix_.size());
    to = std::to_chars(to + prefix_.size(), to + prefix_.size() + kLineDigits, chunk.lines[row]).ptr;
    positions_[row] = {begin, static_cast<size_t>(to - begin)};
  }
}

void RawWriter::append(const records::CsvChunk& chunk) {
  if (chunk.batch->rows == 0) return;
  if (!load_) load_ = session_.load(table_, names_);
  place_rows(chunk);
  const auto& types = provenance_columns();
  const engine::Batch& stored = tokeniser_.apply(*chunk.batch, vault_);
  batch_.rows = stored.rows;
  batch_.columns = stored.columns;
  batch_.columns.push_back({types[0].type, sources_.data(), nullptr});
  batch_.columns.push_back({types[1].type, positions_.data(), nullptr});
  batch_.columns.push_back({types[2].type, batch_ids_.data(), nullptr});
  batch_.columns.push_back({types[3].type, loaded_ats_.data(), nullptr});
  load_->append(batch_);
  rows_ += batch_.rows;
}

void RawWriter::close() {
  if (!load_) return;
  load_->finish();
  load_.reset();
}

RejectWriter::RejectWriter(engine::Session& session, std::string source, std::string file, int64_t batch_id,
                           int64_t rejected_at_us, const Vault* vault)
    : session_(session),
      source_(std::move(source)),
      file_(std::move(file)),
      batch_id_(batch_id),
      rejected_at_us_(rejected_at_us),
      vault_(vault) {}

void RejectWriter::add_row(const records::Refusal& refusal, const std::string* payload, size_t part, size_t parts) {
  engine::BatchBuilder& row = open_batch(held_, reject_columns());
  row.set<int64_t>(0, batch_id_);
  row.set<int64_t>(1, static_cast<int64_t>(count_));
  row.set_string(2, source_);
  row.set_string(3, file_);
  row.set<int64_t>(4, static_cast<int64_t>(refusal.line));
  if (payload) row.set<int64_t>(5, static_cast<int64_t>(refusal.offset));
  if (!refusal.column.empty()) row.set_string(6, cut_text(refusal.column, kMaxIdentifierBytes));
  row.set_string(7, cut_text(refusal.reason, kReasonBytes));
  row.set_string(8, refusal.state.text());
  if (payload) row.set_string(9, std::string_view(*payload).substr(part * kPartBytes, kPartBytes));
  if (payload && vault_) row.set_string(10, vault_->keys().vault_id);
  row.set<int32_t>(11, static_cast<int32_t>(part + 1));
  row.set<int32_t>(12, static_cast<int32_t>(parts));
  row.set<int64_t>(13, rejected_at_us_);
  row.end_row();
}

void RejectWriter::add(const records::Refusal& refusal) {
  ++count_;
  std::string payload = refusal.record;
  mask_cards(payload);
  if (vault_) payload = vault_->seal_payload(payload, reject_place(batch_id_, static_cast<int64_t>(count_)));
  const size_t parts = std::max<size_t>(1, (payload.size() + kPartBytes - 1) / kPartBytes);
  for (size_t part = 0; part < parts; ++part) add_row(refusal, &payload, part, parts);
  held_bytes_ += payload.size();
}

void RejectWriter::add_file(SqlState state, const std::string& reason) {
  ++count_;
  records::Refusal refusal;
  refusal.line = 0;
  refusal.state = state;
  refusal.reason = reason;
  add_row(refusal, nullptr, 0, 1);
}

bool RejectWriter::full() const { return held_.size() >= kHeldBatches || held_bytes_ >= kHeldBytes; }

void RejectWriter::flush() {
  load_rows(session_, "ops.rejects", reject_columns(), held_);
  held_bytes_ = 0;
}

void RejectWriter::add_header(const std::string& header) {
  if (header.empty() || count_ == 0 || header.size() > static_cast<size_t>(kMaxVarcharBytes)) return;
  const auto& columns = reject_header_columns();
  std::deque<engine::BatchBuilder> rows;
  engine::BatchBuilder& row = open_batch(rows, columns);
  row.set<int64_t>(0, batch_id_);
  row.set_string(1, source_);
  row.set_string(2, header);
  row.end_row();
  load_rows(session_, "ops.reject_headers", columns, rows);
}

std::string reject_place(int64_t batch_id, int64_t reject_no) { return fmt::format("{}.{}", batch_id, reject_no); }

}  // namespace garland::ingest
