#include "ingest/postgres/decoded_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "engine/text.h"
#include "ingest/postgres/numeric.h"
#include "ingest/postgres/wire_reader.h"
#include "ingest/sensitive/cards.h"

namespace garland::ingest::postgres {

namespace {

constexpr int64_t kLeastCard = 10'000'000'000'000;  // of kShortestCard digits

/// Whether the value of a column that refuses card numbers is one, or holds one.
bool holds_card(Form form, std::string_view bytes) {
  engine::int128 number = 0;
  switch (form) {
    case Form::kText:
    case Form::kPaddedText:
      return bytes.size() >= kShortestCard && find_card(bytes, 0, CardSearch::kStrict);
    case Form::kInt8:
      number = WireReader(bytes, "value").number<int64_t>();
      break;
    case Form::kNumeric:
      if (read_numeric(bytes, kMaxDecimalPrecision, 0, number)) return false;
      break;
    default:
      return false;
  }
  if (number < kLeastCard || number > std::numeric_limits<uint64_t>::max()) return false;
  return is_card(std::to_string(static_cast<uint64_t>(number)));
}

}  // namespace

void DecodedRows::set_columns(std::vector<RowColumn> columns, const std::optional<std::string>& subject) {
  columns_ = std::move(columns);
  width_ = 0;
  stored_.clear();
  origin_.clear();
  refuses_.clear();
  std::vector<ColumnPlan> plans;
  std::optional<size_t> subject_column;
  for (const RowColumn& column : columns_) {
    width_ = std::max(width_, static_cast<size_t>(column.index + 1));
    const ColumnPlan& plan = plans.emplace_back(column.plan());
    for (StoredColumn& stored : stored_columns(plan)) {
      stored_.push_back({std::move(stored.name), stored.type, false});
      origin_.push_back(plans.size() - 1);
    }
    refuses_.push_back(vault_ && refuses_cards(plan));
    if (column.name == subject) subject_column = plans.size() - 1;
  }
  tokeniser_.reset();
  if (vault_) tokeniser_.emplace(std::move(plans), subject_column, vault_->keys().token);
  batches_.clear();
  clear();
}

std::optional<RowFault> DecodedRows::set(const RowColumn& column, size_t number, const Value& value) {
  engine::BatchBuilder& row = batches_.back();
  switch (value.kind) {
    case ValueKind::kNull:
      row.set_null(number);
      return std::nullopt;
    case ValueKind::kUnchangedToast:
      row.set_null(number);
      unchanged_[size_].push_back(number);
      return std::nullopt;
    case ValueKind::kText:
      throw Error(kProtocolViolation, fmt::format("the source sent column \"{}\" as text", column.name));
    case ValueKind::kBinary:
      bytes_ += value.bytes.size();
      if (auto fault = reader_.read(column.landing, value.bytes, row, number)) {
        return RowFault{std::move(*fault), column.name};
      }
      if (refuses_[number] && holds_card(column.landing.form, value.bytes)) {
        return RowFault{{kInvalidParameterValue, std::string(kUnexpectedCard)}, column.name};
      }
  }
  return std::nullopt;
}

std::optional<RowFault> DecodedRows::add(const Tuple& tuple, Part part) {
  if (tuple.size() < width_) {
    throw Error(kProtocolViolation,
                fmt::format("the source sent a row of {} columns, at least {} expected", tuple.size(), width_));
  }
  if (batches_.empty() || batches_.back().full()) {
    std::vector<engine::Type> types;
    for (const RowColumn& column : columns_) types.push_back(column.landing.type);
    batches_.emplace_back(std::move(types));
  }
  for (size_t number = 0; number < columns_.size(); ++number) {
    const RowColumn& column = columns_[number];
    if (column.index < 0 || (part == Part::kKey && !column.key)) {
      batches_.back().set_null(number);
      const bool missing = column.missing && part == Part::kWhole;
      if (missing) engine::read_field(*column.missing, column.landing.type, batches_.back(), number);
      continue;
    }
    if (auto fault = set(column, number, tuple[static_cast<size_t>(column.index)])) {
      batches_.back().drop_row();
      unchanged_.erase(size_);
      return fault;
    }
  }
  batches_.back().end_row();
  ++size_;
  return std::nullopt;
}

const engine::Batch& DecodedRows::batch(size_t number, OriginalWriter* originals) {
  const engine::Batch& decoded = batches_[number].batch();
  return tokeniser_ ? tokeniser_->apply(decoded, originals) : decoded;
}

void DecodedRows::copy_to(RowStore& store, OriginalWriter* originals) {
  const RowNumber first = store.size();
  for (size_t i = 0; i < batches_.size(); ++i) store.append(batch(i, originals));
  for (const auto& [row, columns] : unchanged_) {
    for (size_t number = 0; number < origin_.size(); ++number) {
      if (std::ranges::count(columns, origin_[number]) > 0)
        store.leave_out(first + static_cast<RowNumber>(row), number);
    }
  }
}

void DecodedRows::clear() {
  if (batches_.size() > 1) batches_.erase(batches_.begin() + 1, batches_.end());
  if (!batches_.empty()) batches_.front().clear();
  unchanged_.clear();
  size_ = bytes_ = 0;
}

}  // namespace garland::ingest::postgres
