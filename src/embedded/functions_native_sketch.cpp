// HyperLogLog inside DuckDB: guide pages hyperloglog-functions, r_HLL_function, r_HLL_CREATE_SKETCH, r_HLL_CARDINALITY,
// r_HLL_COMBINE, r_HLL_COMBINE_SKETCHES. A value counts by its bytes at the width of its type, as the guide's sketches
// of INTEGER and BIGINT show; those of other types are not documented.
#include <bit>
#include <cmath>
#include <limits>

#include "embedded/functions.h"
#include "embedded/functions_native.h"
#include "engine/sketch.h"
#include "engine/text.h"

namespace garland::embedded {
namespace {

using namespace native;
using View = std::string_view;

constexpr int32_t kDaysTo2000 = 10'957;
constexpr int64_t kMicrosInDay = 86'400'000'000, kMicrosTo2000 = kDaysTo2000 * kMicrosInDay;

/// The entry as an INTEGER of the same bits.
template <class T>
int32_t entry_of(const T& value) {
  return std::bit_cast<int32_t>(engine::sketch_entry(View(reinterpret_cast<const char*>(&value), sizeof value)));
}

int32_t entry_of(View bytes) { return std::bit_cast<int32_t>(engine::sketch_entry(bytes)); }

/// Equal floats have equal bytes.
template <class T>
T plain_float(T value) {
  if (std::isnan(value)) return std::numeric_limits<T>::quiet_NaN();
  return value == 0 ? T{0} : value;
}

int32_t interval_entry(const engine::Interval& value) {
  const int64_t parts[2] = {value.months, value.days * kMicrosInDay + value.micros};
  return entry_of(parts);
}

template <class T, class F>
void each(const engine::Column& column, size_t rows, duck::ResultWriter& out, F f) {
  const T* values = column.values<T>();
  for (size_t row = 0; row < rows; ++row) {
    if (!column.is_null(row)) out.set<int32_t>(row, f(values[row]));
  }
}

template <class T>
void each(const engine::Column& column, size_t rows, duck::ResultWriter& out) {
  each<T>(column, rows, out, [](const T& value) { return entry_of(value); });
}

void entries(const engine::Column& column, size_t rows, duck::ResultWriter& out) {
  switch (column.type.id) {
    case TypeId::kBoolean:
      return each<uint8_t>(column, rows, out);
    case TypeId::kSmallint:
      return each<int16_t>(column, rows, out);
    case TypeId::kInteger:
      return each<int32_t>(column, rows, out);
    case TypeId::kBigint:
    case TypeId::kTime:
      return each<int64_t>(column, rows, out);
    case TypeId::kDecimal:
      return column.type.precision <= 18 ? each<int64_t>(column, rows, out) : each<int128>(column, rows, out);
    case TypeId::kReal:
      return each<float>(column, rows, out, [](float value) { return entry_of(plain_float(value)); });
    case TypeId::kDouble:
      return each<double>(column, rows, out, [](double value) { return entry_of(plain_float(value)); });
    case TypeId::kDate:
      return each<int32_t>(column, rows, out, [](int32_t days) { return entry_of(days - kDaysTo2000); });
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
      return each<int64_t>(column, rows, out, [](int64_t micros) { return entry_of(micros - kMicrosTo2000); });
    case TypeId::kTimeTz:
      return each<engine::TimeTz>(column, rows, out,
                                  [](const engine::TimeTz& time) { return entry_of(engine::in_utc(time).micros); });
    case TypeId::kIntervalYearToMonth:
    case TypeId::kIntervalDayToSecond:
      return each<engine::Interval>(column, rows, out, interval_entry);
    default:
      return each<View>(column, rows, out, [](View text) { return entry_of(text); });
  }
}

duck::ScalarFunction entry_function() {
  duck::ScalarFunction made{.name = "g_hll_entry", .arguments = {kAny}, .result = kInteger, .call = {}};
  made.call = [](const engine::Batch& batch, duck::ResultWriter& out) { entries(batch.columns[0], batch.rows, out); };
  return made;
}

std::string combined(View left, View right) {
  engine::Sketch sketch;
  sketch.merge(left);
  sketch.merge(right);
  return sketch.stored();
}

/// Gathers a sketch: of entries, or of stored sketches.
class SketchAggregate : public duck::Aggregate {
 public:
  void merge(const duck::Aggregate& other) override {
    const auto& source = static_cast<const SketchAggregate&>(other);
    sketch_.merge(source.sketch_);
    any_ = any_ || source.any_;
  }

 protected:
  engine::Sketch sketch_;
  bool any_ = false;
};

class SketchOfValues : public SketchAggregate {
 public:
  void add(const engine::Batch& arguments, size_t row) override {
    const engine::Column& entries = arguments.columns[0];
    if (!entries.is_null(row)) sketch_.add(std::bit_cast<uint32_t>(entries.values<int32_t>()[row]));
  }
  /// Of no values: an empty sketch (r_HLL_CREATE_SKETCH).
  void finish(duck::ResultWriter& out, size_t row) const override { out.set_string(row, sketch_.stored()); }
};

class SketchOfSketches : public SketchAggregate {
 public:
  void add(const engine::Batch& arguments, size_t row) override {
    const engine::Column& sketches = arguments.columns[0];
    if (sketches.is_null(row)) return;
    any_ = true;
    sketch_.merge(sketches.values<View>()[row]);
  }
  /// Of no sketches: NULL, as other aggregates.
  void finish(duck::ResultWriter& out, size_t row) const override {
    any_ ? out.set_string(row, sketch_.stored()) : out.set_null(row);
  }
};

}  // namespace

std::vector<Overloads> sketch_natives() {
  return {{entry_function()},
          {function<View>("g_hll_cardinality", kBigint, {kBytes}, engine::sketch_cardinality)},
          {function<View, View>("g_hll_combine", kBytes, {kBytes, kBytes}, combined)}};
}

std::vector<duck::AggregateFunction> native_aggregates() {
  return {{"g_hll_build", {kInteger}, kBytes, [] { return std::make_unique<SketchOfValues>(); }},
          {"g_hll_merge", {kBytes}, kBytes, [] { return std::make_unique<SketchOfSketches>(); }}};
}

}  // namespace garland::embedded
