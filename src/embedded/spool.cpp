#include "embedded/spool.h"

#include <cstring>
#include <string>
#include <string_view>

namespace garland::embedded {

using engine::TypeId;

namespace {

bool holds_strings(TypeId id) {
  switch (id) {
    case TypeId::kUnknown:
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kSuper:
    case TypeId::kVarbyte:
    case TypeId::kHllSketch:
      return true;
    default:
      return false;
  }
}

}  // namespace

struct Spool::Kept {
  engine::Batch batch;
  std::vector<std::vector<__int128>> values;  // aligned for every physical type
  std::vector<std::vector<uint64_t>> validity;
  std::vector<std::string> bytes;

  explicit Kept(const engine::Batch& source) {
    const size_t columns = source.columns.size();
    batch = source;
    values.resize(columns);
    validity.resize(columns);
    bytes.resize(columns);
    for (size_t i = 0; i < columns; ++i) copy(i);
  }

  void copy(size_t i) {
    engine::Column& column = batch.columns[i];
    const size_t size = batch.rows * engine::value_width(column.type);
    values[i].resize(size / sizeof(__int128) + 1);
    if (size > 0) std::memcpy(values[i].data(), column.data, size);
    if (holds_strings(column.type.id)) copy_strings(i);
    column.data = values[i].data();
    if (column.validity) {
      validity[i].assign(column.validity, column.validity + (batch.rows + 63) / 64);
      column.validity = validity[i].data();
    }
  }

  void copy_strings(size_t i) {
    const engine::Column& column = batch.columns[i];
    const auto* source = column.values<std::string_view>();
    auto* target = reinterpret_cast<std::string_view*>(values[i].data());
    size_t total = 0;
    for (size_t row = 0; row < batch.rows; ++row) total += column.is_null(row) ? 0 : source[row].size();
    bytes[i].reserve(total);
    for (size_t row = 0; row < batch.rows; ++row) {
      const std::string_view text = column.is_null(row) ? std::string_view() : source[row];
      const size_t start = bytes[i].size();
      bytes[i].append(text);
      target[row] = {bytes[i].data() + start, text.size()};
    }
  }
};

void Spool::add(const engine::Batch& batch) { kept_.push_back(std::make_shared<Kept>(batch)); }

std::shared_ptr<const engine::Batch> Spool::copy(const engine::Batch& batch) {
  auto kept = std::make_shared<Kept>(batch);
  return {kept, &kept->batch};
}

const engine::Batch* Spool::next() {
  if (position_ > 0) kept_[position_ - 1].reset();
  if (position_ == kept_.size()) return nullptr;
  return &kept_[position_++]->batch;
}

}  // namespace garland::embedded
