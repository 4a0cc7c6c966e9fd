#include "engine/batch.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string>

namespace garland::engine {
namespace {

constexpr size_t kWords = kBatchRows / 64;
constexpr size_t kChunkBytes = 64u << 10;

/// Bytes of strings; addresses stay until reset().
class StringHeap {
 public:
  std::string_view copy(std::string_view text) {
    if (text.empty()) return {"", 0};
    if (text.size() > left_) grow(text.size());
    char* to = next_;
    std::memcpy(to, text.data(), text.size());
    next_ += text.size();
    left_ -= text.size();
    return {to, text.size()};
  }
  void reset() {
    if (chunks_.size() > 1) {
      const auto largest = std::max_element(chunks_.begin(), chunks_.end(),
                                            [](const Chunk& a, const Chunk& b) { return a.size < b.size; });
      Chunk keep = std::move(*largest);
      chunks_.clear();
      if (keep.size <= kKeptBytes) chunks_.push_back(std::move(keep));
    }
    next_ = chunks_.empty() ? nullptr : chunks_.front().bytes.get();
    left_ = chunks_.empty() ? 0 : chunks_.front().size;
  }

 private:
  static constexpr size_t kKeptBytes = 1u << 20;  // a rare huge string is not held on to
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    size_t size;
  };
  void grow(size_t wanted) {
    const size_t doubled = chunks_.empty() ? kChunkBytes : std::min(chunks_.back().size * 2, kKeptBytes);
    const size_t size = std::max(wanted, doubled);
    chunks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
    next_ = chunks_.back().bytes.get();
    left_ = size;
  }
  std::vector<Chunk> chunks_;
  char* next_ = nullptr;
  size_t left_ = 0;
};

struct ColumnStore {
  std::unique_ptr<std::byte[]> data;
  uint64_t validity[kWords] = {};
  size_t width = 0;
};

}  // namespace

size_t value_width(const Type& type) {
  switch (type.id) {
    case TypeId::kBoolean:
      return 1;
    case TypeId::kSmallint:
      return 2;
    case TypeId::kInteger:
    case TypeId::kReal:
    case TypeId::kDate:
      return 4;
    case TypeId::kBigint:
    case TypeId::kDouble:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
      return 8;
    case TypeId::kDecimal:
      return type.precision <= 18 ? 8 : 16;
    case TypeId::kTimeTz:
      return sizeof(TimeTz);
    case TypeId::kIntervalYearToMonth:
    case TypeId::kIntervalDayToSecond:
      return sizeof(Interval);
    default:
      return sizeof(std::string_view);
  }
}

struct BatchBuilder::State {
  std::vector<Type> types;
  std::vector<ColumnStore> columns;
  StringHeap heap;
  size_t rows = 0;
  Batch batch;
};

BatchBuilder::BatchBuilder(std::vector<Type> types) : state_(std::make_unique<State>()) {
  state_->types = std::move(types);
  state_->columns.resize(state_->types.size());
  for (size_t i = 0; i < state_->types.size(); ++i) {
    ColumnStore& column = state_->columns[i];
    column.width = value_width(state_->types[i]);
    column.data = std::make_unique<std::byte[]>(column.width * kBatchRows);
  }
}
BatchBuilder::~BatchBuilder() = default;
BatchBuilder::BatchBuilder(BatchBuilder&&) noexcept = default;
BatchBuilder& BatchBuilder::operator=(BatchBuilder&&) noexcept = default;

const std::vector<Type>& BatchBuilder::types() const { return state_->types; }
size_t BatchBuilder::rows() const { return state_->rows; }

void* BatchBuilder::slot(size_t column, size_t width) {
  ColumnStore& store = state_->columns[column];
  const size_t row = state_->rows;
  assert(width == store.width && row < kBatchRows);
  store.validity[row / 64] |= uint64_t{1} << (row % 64);
  return store.data.get() + row * width;
}

void BatchBuilder::set_string(size_t column, std::string_view value) { set_borrowed(column, state_->heap.copy(value)); }

void BatchBuilder::set_borrowed(size_t column, std::string_view value) {
  new (slot(column, sizeof(std::string_view))) std::string_view(value);
}

void BatchBuilder::set_null(size_t column) {
  const size_t row = state_->rows;
  state_->columns[column].validity[row / 64] &= ~(uint64_t{1} << (row % 64));
}

void BatchBuilder::end_row() { ++state_->rows; }

void BatchBuilder::drop_row() {
  for (size_t i = 0; i < state_->columns.size(); ++i) set_null(i);
}

const Batch& BatchBuilder::batch() {
  State& state = *state_;
  state.batch.rows = state.rows;
  state.batch.columns.resize(state.columns.size());
  const size_t full_words = state.rows / 64;
  const uint64_t rest = (uint64_t{1} << (state.rows % 64)) - 1;
  for (size_t i = 0; i < state.columns.size(); ++i) {
    const ColumnStore& store = state.columns[i];
    const bool no_nulls =
        std::all_of(store.validity, store.validity + full_words, [](uint64_t word) { return word == ~uint64_t{0}; }) &&
        (rest == 0 || (store.validity[full_words] & rest) == rest);
    state.batch.columns[i] = {state.types[i], store.data.get(), no_nulls ? nullptr : store.validity};
  }
  return state.batch;
}

void BatchBuilder::clear() {
  for (ColumnStore& store : state_->columns) std::memset(store.validity, 0, sizeof(store.validity));
  state_->heap.reset();
  state_->rows = 0;
}

}  // namespace garland::engine
