// What the functions over SUPER inside DuckDB share. Internal to embedded/functions_native_super*.cpp.
#pragma once

#include <optional>

#include "embedded/functions_native.h"

namespace garland::embedded {

// Bits of JSON_PARSE's second argument, as semantics writes it (SuperRules).
inline constexpr int32_t kDedupAttributes = 1, kTruncateStrings = 2, kNullOnParseError = 4;

namespace native {

inline const Type kBoolean = Type::of(TypeId::kBoolean);

template <class... Arguments, class F, size_t... I>
duck::ScalarFunction make_nullable(std::string name, Type result, std::vector<Type> types, F f,
                                   std::index_sequence<I...>) {
  duck::ScalarFunction function{.name = std::move(name), .arguments = std::move(types), .result = result, .call = {}};
  function.call = [f](const engine::Batch& batch, duck::ResultWriter& out) {
    const std::tuple columns(batch.columns[I].template values<Arguments>()...);
    for (size_t row = 0; row < batch.rows; ++row) {
      if (any_null(batch, row)) continue;
      if (const auto value = f(std::get<I>(columns)[row]...)) {
        put(out, row, *value);
      } else {
        out.set_null(row);
      }
    }
  };
  return function;
}

/// As function(), for lambdas that give an optional: nothing is NULL.
template <class... Arguments, class F>
duck::ScalarFunction nullable(std::string name, Type result, std::vector<Type> types, F f) {
  return make_nullable<Arguments...>(std::move(name), result, std::move(types), std::move(f),
                                     std::index_sequence_for<Arguments...>());
}

}  // namespace native

std::vector<Overloads> super_arithmetic_natives();
std::vector<Overloads> super_array_natives();
std::vector<Overloads> super_set_natives();
Overloads super_transform_native();

}  // namespace garland::embedded
