#include "ingest/postgres/row_store.h"

#include <algorithm>
#include <cstring>

#include "engine/type.h"
#include "ingest/postgres/row_key.h"

namespace garland::ingest::postgres {
namespace {

constexpr size_t kBits = 64;

size_t words(size_t rows) { return (rows + kBits - 1) / kBits; }

void set_valid(std::vector<uint64_t>& validity, size_t row) { validity[row / kBits] |= uint64_t{1} << (row % kBits); }

template <size_t kWidth>
void take_values(const std::byte* from, std::span<const RowNumber> rows, std::byte* to) {
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] != kNoRow) std::memcpy(to + i * kWidth, from + size_t{rows[i]} * kWidth, kWidth);
  }
}

}  // namespace

RowStore::RowStore(const std::vector<engine::Type>& types) {
  for (const engine::Type& type : types) {
    values_.push_back({.width = engine::value_width(type), .bytes = {}, .validity = {}});
    columns_.push_back({.type = type});
  }
}

/// Room for more rows, all NULL.
void RowStore::grow(size_t rows) {
  rows_ += static_cast<RowNumber>(rows);
  for (size_t i = 0; i < values_.size(); ++i) {
    values_[i].bytes.resize(rows_ * values_[i].width);
    values_[i].validity.resize(words(rows_));
    columns_[i].data = values_[i].bytes.data();
    columns_[i].validity = values_[i].validity.data();
  }
}

/// The value as that of the last row.
void RowStore::add(size_t column, const engine::Column& from, size_t row) {
  if (from.is_null(row)) return;
  Values& values = values_[column];
  const size_t last = rows_ - 1;
  set_valid(values.validity, last);
  std::memcpy(values.bytes.data() + last * values.width, static_cast<const std::byte*>(from.data) + row * values.width,
              values.width);
}

void RowStore::append(const engine::Batch& batch) {
  const size_t first = rows_;
  grow(batch.rows);
  for (size_t i = 0; i < values_.size(); ++i) {
    const engine::Column& from = batch.columns[i];
    Values& values = values_[i];
    std::byte* const to = values.bytes.data() + first * values.width;
    std::memcpy(to, from.data, batch.rows * values.width);
    for (size_t row = 0; row < batch.rows; ++row) {
      if (!from.is_null(row)) set_valid(values.validity, first + row);
    }
    if (!is_text(from.type)) continue;
    auto* const texts = reinterpret_cast<std::string_view*>(to);
    for (size_t row = 0; row < batch.rows; ++row) {
      if (from.is_null(row) || texts[row].empty()) continue;
      char* const copy = static_cast<char*>(texts_.allocate(texts[row].size(), 1));
      std::memcpy(copy, texts[row].data(), texts[row].size());
      texts[row] = {copy, texts[row].size()};
    }
  }
}

RowNumber RowStore::complete(RowNumber row, RowNumber base) {
  const std::vector<size_t>& left_out = left_out_.at(row);
  grow(1);
  for (size_t i = 0; i < columns_.size(); ++i) {
    add(i, columns_[i], std::ranges::find(left_out, i) != left_out.end() ? base : row);
  }
  return rows_ - 1;
}

engine::Column RowChoice::take(const engine::Column& column, std::span<const RowNumber> rows) {
  if (used_ == buffers_.size()) buffers_.emplace_back();
  Buffer& to = buffers_[used_++];
  const size_t width = engine::value_width(column.type);
  to.bytes.resize(std::max(to.bytes.size(), rows.size() * width));
  to.validity.assign(words(rows.size()), 0);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] != kNoRow && !column.is_null(rows[i])) set_valid(to.validity, i);
  }
  const auto* const from = static_cast<const std::byte*>(column.data);
  switch (width) {
    case 1:
      take_values<1>(from, rows, to.bytes.data());
      break;
    case 2:
      take_values<2>(from, rows, to.bytes.data());
      break;
    case 4:
      take_values<4>(from, rows, to.bytes.data());
      break;
    case 8:
      take_values<8>(from, rows, to.bytes.data());
      break;
    default:
      take_values<16>(from, rows, to.bytes.data());
  }
  return {column.type, to.bytes.data(), to.validity.data()};
}

}  // namespace garland::ingest::postgres
