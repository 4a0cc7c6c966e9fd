// Guide page Math_functions, and the pages of its functions.
#include <algorithm>

#include "semantics/function_table.h"

namespace garland::semantics {
namespace {

using engine::TypeId;
constexpr auto kDouble = rule::fixed<TypeId::kDouble>;

Type same_number(const TypedCall& call) { return call.types[0]; }

/// SIGN of a DECIMAL is a DECIMAL(1,0) (guide page r_SIGN).
Type sign(const TypedCall& call) { return call.types[0].id == TypeId::kDecimal ? Type::decimal(1, 0) : call.types[0]; }

/// CEIL and FLOOR of a DECIMAL have no digits behind the point, and may need one more before it.
Type whole_number(const TypedCall& call) {
  const Type& type = call.types[0];
  if (type.id != TypeId::kDecimal) return type;
  return Type::decimal(std::min(type.precision - type.scale + 1, kMaxDecimalPrecision), 0);
}

/// ROUND and TRUNC: "the same numeric data type as the input"; a constant scale below the operand's is the result's
/// scale.
Type rounded(const TypedCall& call) {
  const Type& type = call.types[0];
  if (type.id != TypeId::kDecimal) return type;
  const int places = call.types.size() < 2
                         ? 0
                         : static_cast<int>(std::clamp<int64_t>(call.integer(1).value_or(type.scale), 0, type.scale));
  // Rounding up may need one more whole digit: 9.99 → 10.0.
  const int whole = type.precision - type.scale + 1;
  return Type::decimal(std::min(whole + places, kMaxDecimalPrecision), places);
}

Type modulo(const TypedCall& call) { return *arithmetic_type("%", call.types[0], call.types[1]); }

constexpr Overload kNumbers[] = {
    {"abs", "", "n", same_number},    {"ceil", "", "n", whole_number}, {"ceiling", "ceil", "n", whole_number},
    {"floor", "", "n", whole_number}, {"round", "", "n[i", rounded},   {"trunc", "", "n[i", rounded},
    {"sign", "", "n", sign},          {"mod", "%", "nn", modulo},      {"sqrt", "", "d", kDouble},
    {"cbrt", "", "d", kDouble},       {"exp", "", "d", kDouble},       {"dexp", "exp", "d", kDouble},
    {"ln", "", "d", kDouble},         {"dlog1", "ln", "d", kDouble},   {"log", "", "d", kDouble},
    {"dlog10", "log", "d", kDouble},  {"power", "", "dd", kDouble},    {"pow", "power", "dd", kDouble},
    {"pi", "", "", kDouble},          {"degrees", "", "d", kDouble},   {"radians", "", "d", kDouble},
    {"sin", "", "d", kDouble},        {"cos", "", "d", kDouble},       {"tan", "", "d", kDouble},
    {"cot", "", "d", kDouble},        {"asin", "", "d", kDouble},      {"acos", "", "d", kDouble},
    {"atan", "", "d", kDouble},       {"atan2", "", "dd", kDouble},    {"random", "", "", kDouble},
};

}  // namespace

std::span<const Overload> number_functions() { return kNumbers; }

}  // namespace garland::semantics
