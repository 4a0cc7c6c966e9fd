// How the functions of ours inside DuckDB are written: a lambda over plain values, run for every row without NULLs.
// Internal to embedded/functions*.cpp and casts.cpp.
//
// A failure is raised by fail(): its text starts with the SQLSTATE, by which translate_error() knows it.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/sqlstate.h"
#include "duck/function.h"
#include "engine/batch.h"

namespace garland::embedded {

using engine::int128;
using engine::Type;
using engine::TypeId;

/// Overloads of one name.
using Overloads = std::vector<duck::ScalarFunction>;

/// Raises inside a running statement: "22012:division by zero".
[[noreturn]] void fail(SqlState state, std::string_view message);

/// An exact number of any width: SMALLINT … BIGINT, DECIMAL.
class ExactColumn {
 public:
  explicit ExactColumn(const engine::Column& column);
  int128 operator[](size_t row) const;
  int scale() const { return scale_; }
  /// Calls f with the array of the column's physical type.
  template <class F>
  void visit(F f) const;

 private:
  const engine::Column& column_;
  TypeId id_;
  bool wide_;
  int scale_;
};

template <class F>
void ExactColumn::visit(F f) const {
  switch (id_) {
    case TypeId::kSmallint:
      return f(column_.values<int16_t>());
    case TypeId::kInteger:
      return f(column_.values<int32_t>());
    case TypeId::kDecimal:
      if (wide_) return f(column_.values<int128>());
      [[fallthrough]];
    default:
      return f(column_.values<int64_t>());
  }
}

namespace native {

inline const Type kAny = {};
inline const Type kSmallint = Type::of(TypeId::kSmallint);
inline const Type kInteger = Type::of(TypeId::kInteger);
inline const Type kBigint = Type::of(TypeId::kBigint);
inline const Type kReal = Type::of(TypeId::kReal);
inline const Type kDouble = Type::of(TypeId::kDouble);
inline const Type kText = Type::varchar(kMaxVarcharBytes);
inline const Type kBytes = Type::varbyte(kMaxVarbyteBytes);
inline const Type kDate = Type::of(TypeId::kDate);
inline const Type kTime = Type::of(TypeId::kTime);
inline const Type kTimestamp = Type::of(TypeId::kTimestamp);
inline const Type kTimestampTz = Type::of(TypeId::kTimestampTz);
inline const Type kInterval = Type::of(TypeId::kIntervalDayToSecond);

/// True when some argument of the row is NULL: the row's result is NULL and must not raise.
bool any_null(const engine::Batch& batch, size_t row);

template <class Result>
void put(duck::ResultWriter& out, size_t row, const Result& value) {
  if constexpr (std::is_convertible_v<Result, std::string_view>) {
    out.set_string(row, value);
  } else {
    out.set<Result>(row, value);
  }
}

template <class... Arguments, class F, size_t... I>
duck::ScalarFunction make_function(std::string name, Type result, std::vector<Type> types, F f,
                                   std::index_sequence<I...>) {
  duck::ScalarFunction function{.name = std::move(name), .arguments = std::move(types), .result = result, .call = {}};
  function.call = [f](const engine::Batch& batch, duck::ResultWriter& out) {
    const std::tuple columns(batch.columns[I].template values<Arguments>()...);
    bool nulls = false;
    for (const engine::Column& column : batch.columns) nulls |= column.validity != nullptr;
    for (size_t row = 0; row < batch.rows; ++row) {
      if (nulls && any_null(batch, row)) continue;
      put(out, row, f(std::get<I>(columns)[row]...));
    }
  };
  return function;
}

/// A function of values: `function<int64_t, int64_t>("g_x", kBigint, {kBigint, kBigint}, lambda)`; Arguments are the
/// physical types.
template <class... Arguments, class F>
duck::ScalarFunction function(std::string name, Type result, std::vector<Type> types, F f) {
  return make_function<Arguments...>(std::move(name), result, std::move(types), std::move(f),
                                     std::index_sequence_for<Arguments...>());
}

}  // namespace native

// The families; each inner list is one name's overloads.
std::vector<Overloads> number_natives();
std::vector<Overloads> string_natives();
std::vector<Overloads> date_natives();
std::vector<Overloads> format_natives();
std::vector<Overloads> cast_natives();
std::vector<Overloads> byte_natives();
std::vector<Overloads> hash_natives();
std::vector<Overloads> json_natives();
std::vector<Overloads> regex_natives();
std::vector<Overloads> zone_natives();
std::vector<Overloads> super_natives();
std::vector<Overloads> sketch_natives();

/// 10^exponent, 0 ≤ exponent ≤ 38.
int128 power_of_ten(int exponent);
/// Raises 22003 when the value has more than 38 digits.
int128 checked_decimal(int128 value);
/// Cuts (`round` false) or rounds half away from zero to `places` digits behind the point, at the same scale; places
/// may be negative.
int128 cut_decimal(int128 value, int scale, int places, bool round);

}  // namespace garland::embedded
