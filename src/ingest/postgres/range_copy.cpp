#include "ingest/postgres/range_copy.h"

#include <algorithm>

namespace garland::ingest::postgres {

RangeCopy::RangeCopy(const CaptureContext& context, engine::Session& session, const SourceTable& table, Lsn position,
                     const BatchContext& batch)
    : session_(session),
      source_(context.source),
      table_(table),
      batch_(batch),
      place_{position, 0, 0},
      position_(position_text(place_)),
      writer_(session, context.source, evolving(table), context.types, context.vault),
      rows_(context.types, context.vault),
      keys_(engine::kBatchRows),
      sources_(engine::kBatchRows, source_.name),
      positions_(engine::kBatchRows, position_),
      stale_(engine::kBatchRows, 0),
      batch_ids_(engine::kBatchRows, batch.id),
      loaded_ats_(engine::kBatchRows, batch.loaded_at_us) {
  writer_.relate(relation_of(table), batch);
  rows_.set_columns(writer_.columns(), table.configured.subject);
  names_ = column_names(writer_.raw_columns());
  row_key_.emplace(names_, std::vector<size_t>());
  std::vector<const void*> values = {stale_.data(), sources_.data(), positions_.data(), batch_ids_.data(),
                                     loaded_ats_.data()};
  if (table.keyless) values.insert(values.begin(), keys_.data());
  for (const TableColumn& column : with_own_columns({}, table.keyless)) {
    names_.push_back(column.name);
    own_.push_back({column.type, values[own_.size()], nullptr});
  }
}

uint64_t RangeCopy::run(SourceConnection& data, const std::string& sql, const std::function<void(uint64_t)>& progress) {
  const uint64_t before = written_;
  CopyReader reader(data, sql);
  while (const Tuple* tuple = reader.next()) {
    add(*tuple);
    if (rows_.size() < engine::kBatchRows) continue;
    progress(rows_.size());
    write();
  }
  progress(rows_.size());
  write();
  make_room();
  return written_ - before;
}

void RangeCopy::add(const Tuple& tuple) {
  const auto fault = rows_.add(tuple, DecodedRows::Part::kWhole);
  if (!fault) return;
  ++place_.sequence;  // of the rejected rows: others have no number
  writer_.reject(place_, *fault, tuple, batch_);
  if (batch_.rejects->full()) make_room();
}

/// Writes the rejects and originals that wait in memory.
void RangeCopy::make_room() {
  if (load_) load_->finish();
  load_.reset();
  if (batch_.originals) batch_.originals->flush();
  batch_.rejects->flush();
}

void RangeCopy::set_keys() {
  key_texts_.clear();
  for (size_t row = 0; row < out_.rows; ++row) key_texts_.push_back(row_key_->of(out_.columns, row));
  std::ranges::copy(key_texts_, keys_.begin());
}

/// The decoded rows with Garland's own columns behind them.
void RangeCopy::write() {
  if (rows_.size() == 0) return rows_.clear();
  if (!load_) load_ = session_.load(source_.raw_schema + "." + table_.configured.target, names_);
  out_ = rows_.batch(0, batch_.originals);
  if (table_.keyless) set_keys();
  out_.columns.insert(out_.columns.end(), own_.begin(), own_.end());
  load_->append(out_);
  written_ += out_.rows;
  rows_.clear();
  if (batch_.originals && batch_.originals->full()) make_room();
}

}  // namespace garland::ingest::postgres
