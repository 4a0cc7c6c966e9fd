#include "embedded/declared_cursor.h"

#include <algorithm>

#include "embedded/spool.h"

namespace garland::embedded {

class DeclaredCursor::Fetched : public engine::Cursor {
 public:
  Fetched(std::vector<engine::ResultColumn> columns, std::vector<Slice> slices)
      : columns_(std::move(columns)), slices_(std::move(slices)) {
    for (const Slice& slice : slices_) total_ += slice.rows;
  }

  const std::vector<engine::ResultColumn>& columns() const override { return columns_; }
  std::string command_tag() const override { return "FETCH " + std::to_string(total_); }
  uint64_t row_count() const override { return total_; }

  const engine::Batch* fetch() override {
    if (position_ == slices_.size()) return nullptr;
    const Slice& slice = slices_[position_++];
    batch_ = *slice.whole;
    batch_.rows = slice.rows;
    validity_.assign(batch_.columns.size(), {});
    for (size_t i = 0; i < batch_.columns.size(); ++i) cut(i, slice);
    return &batch_;
  }

 private:
  void cut(size_t i, const Slice& slice) {
    engine::Column& column = batch_.columns[i];
    const engine::Column& whole = slice.whole->columns[i];
    column.data = static_cast<const char*>(whole.data) + slice.first * engine::value_width(whole.type);
    if (!whole.validity) return;
    validity_[i].assign((slice.rows + 63) / 64, 0);
    for (size_t row = 0; row < slice.rows; ++row) {
      if (!whole.is_null(slice.first + row)) validity_[i][row / 64] |= uint64_t{1} << (row % 64);
    }
    column.validity = validity_[i].data();
  }

  std::vector<engine::ResultColumn> columns_;
  std::vector<Slice> slices_;
  size_t position_ = 0;
  uint64_t total_ = 0;
  engine::Batch batch_;
  std::vector<std::vector<uint64_t>> validity_;
};

void DeclaredCursor::add(const engine::Batch& batch) {
  if (batch.rows > 0) batches_.push_back(Spool::copy(batch));
}

std::unique_ptr<engine::Cursor> DeclaredCursor::fetch(std::optional<int64_t> count) {
  std::vector<Slice> slices;
  if (count == 0) {
    if (last_) slices.push_back(*last_);
    return std::make_unique<Fetched>(columns_, std::move(slices));
  }
  auto wanted = count ? static_cast<uint64_t>(*count) : UINT64_MAX;
  while (wanted > 0 && batch_ < batches_.size()) {
    const auto& whole = batches_[batch_];
    const size_t rows = std::min<uint64_t>(wanted, whole->rows - row_);
    slices.push_back({whole, row_, rows});
    wanted -= rows;
    row_ += rows;
    if (row_ < whole->rows) break;
    batches_[batch_++].reset();
    row_ = 0;
  }
  last_.reset();
  if (wanted == 0) last_ = Slice{slices.back().whole, slices.back().first + slices.back().rows - 1, 1};
  return std::make_unique<Fetched>(columns_, std::move(slices));
}

}  // namespace garland::embedded
