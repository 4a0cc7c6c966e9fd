#include "embedded/functions_native.h"

#include <algorithm>
#include <stdexcept>

#include "embedded/functions_format.h"

namespace garland::embedded {

void fail(SqlState state, std::string_view message) {
  throw std::runtime_error(std::string(state.text()) + ":" + std::string(message));
}

ExactColumn::ExactColumn(const engine::Column& column)
    : column_(column),
      id_(column.type.id),
      wide_(column.type.id == TypeId::kDecimal && column.type.precision > 18),
      scale_(column.type.id == TypeId::kDecimal ? column.type.scale : 0) {}

int128 ExactColumn::operator[](size_t row) const {
  switch (id_) {
    case TypeId::kSmallint:
      return column_.values<int16_t>()[row];
    case TypeId::kInteger:
      return column_.values<int32_t>()[row];
    case TypeId::kBigint:
      return column_.values<int64_t>()[row];
    case TypeId::kDecimal:
      return wide_ ? column_.values<int128>()[row] : column_.values<int64_t>()[row];
    default:
      fail(kInternalError, "an exact number was expected");
  }
}

bool native::any_null(const engine::Batch& batch, size_t row) {
  return std::any_of(batch.columns.begin(), batch.columns.end(),
                     [row](const engine::Column& column) { return column.is_null(row); });
}

int128 power_of_ten(int exponent) {
  static const auto kPowers = [] {
    std::array<int128, 39> powers{};
    powers[0] = 1;
    for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
  }();
  return kPowers[static_cast<size_t>(exponent)];
}

int128 checked_decimal(int128 value) {
  const int128 limit = power_of_ten(38);
  if (value >= limit || value <= -limit) fail(kNumericValueOutOfRange, "numeric overflow: more than 38 digits");
  return value;
}

int128 cut_decimal(int128 value, int scale, int places, bool round) {
  const int dropped = scale - places;
  if (dropped <= 0) return value;
  if (dropped > 38) return 0;
  const int128 unit = power_of_ten(dropped);
  const int128 rest = value % unit;
  int128 result = value - rest;
  const int128 half = unit / 2;
  if (round && (rest >= half || rest <= -half)) result += value < 0 ? -unit : unit;
  return checked_decimal(result);
}

std::vector<std::vector<duck::ScalarFunction>> native_function_families() {
  std::vector<Overloads> all;
  for (auto family :
       {number_natives, string_natives, date_natives, format_natives, cast_natives, byte_natives, hash_natives,
        json_natives, regex_natives, zone_natives, super_natives, sketch_natives, teradata_natives}) {
    for (Overloads& overloads : family()) all.push_back(std::move(overloads));
  }
  return all;
}

}  // namespace garland::embedded
