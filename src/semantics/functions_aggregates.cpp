// Guide pages c_Aggregate_Functions, c_bitwise_aggregate_functions, c_Window_functions, and the pages of their
// functions; hyperloglog-functions.
#include "semantics/function_table.h"

namespace garland::semantics {
namespace {

using engine::TypeId;
constexpr auto kAggregate = FunctionKind::kAggregate;
constexpr auto kWindow = FunctionKind::kWindow;
constexpr auto kBigint = rule::fixed<TypeId::kBigint>;
constexpr auto kDouble = rule::fixed<TypeId::kDouble>;
constexpr auto kSketch = rule::fixed<TypeId::kHllSketch>;
constexpr auto kBoolean = rule::fixed<TypeId::kBoolean>;

/// SUM and AVG: integers give BIGINT, DECIMAL(p,s) gives DECIMAL(38,s), floats DOUBLE (r_SUM, r_AVG).
Type total(const TypedCall& call) {
  const Type& type = call.types[0];
  if (type.is_integer()) return Type::of(TypeId::kBigint);
  if (type.id == TypeId::kDecimal) return Type::decimal(kMaxDecimalPrecision, type.scale);
  return Type::of(TypeId::kDouble);
}

/// MEDIAN and PERCENTILE_CONT: exact numbers give DECIMAL, the rest its own type (r_MEDIAN, r_PERCENTILE_CONT).
/// Integers get one digit, as the guide's examples print ("1.0").
Type interpolated(const Type& type) {
  if (type.is_integer()) return Type::decimal(20, 1);
  if (type.id == TypeId::kDecimal) return Type::decimal(kMaxDecimalPrecision, type.scale);
  return type.is_float() ? Type::of(TypeId::kDouble) : type;
}
Type median(const TypedCall& call) { return interpolated(call.types[0]); }
Type percentile_cont(const TypedCall& call) { return interpolated(call.types[1]); }

constexpr Overload kAggregates[] = {
    {"count", "", "", kBigint, kAggregate},
    {"count", "", "a", kBigint, kAggregate},
    {"approximate_count", "", "a", kBigint, kAggregate},
    {"sum", "", "n", total, kAggregate},
    {"avg", "", "n", total, kAggregate},
    {"min", "", "a", rule::first, kAggregate},
    {"max", "", "a", rule::first, kAggregate},
    {"any_value", "", "a", rule::first, kAggregate},
    {"stddev", "stddev_samp", "n", kDouble, kAggregate},
    {"stddev_samp", "", "n", kDouble, kAggregate},
    {"stddev_pop", "", "n", kDouble, kAggregate},
    {"variance", "var_samp", "n", kDouble, kAggregate},
    {"var_samp", "", "n", kDouble, kAggregate},
    {"var_pop", "", "n", kDouble, kAggregate},
    {"bool_and", "", "b", kBoolean, kAggregate},
    {"bool_or", "", "b", kBoolean, kAggregate},
    {"bit_and", "", "n", rule::first, kAggregate},
    {"bit_or", "", "n", rule::first, kAggregate},
    {"hll", "", "K", kBigint, kAggregate},
    {"hll_create_sketch", "", "K", kSketch, kAggregate},
    {"hll_combine", "", "k", kSketch, kAggregate},
    {"listagg", "", "s[s", rule::text<kMaxVarcharBytes>, kAggregate, kComputeOnly},
    {"median", "", "n", median, kAggregate, kComputeOnly},
    {"median", "", "D", median, kAggregate, kComputeOnly},
    {"median", "", "T", median, kAggregate, kComputeOnly},
    {"median", "", "Z", median, kAggregate, kComputeOnly},
    // The second argument stands for the WITHIN GROUP (ORDER BY …) expression.
    {"percentile_cont", "", "da", percentile_cont, kAggregate, kComputeOnly},
    {"percentile_disc", "", "da", rule::second, kAggregate, kComputeOnly},

    {"row_number", "", "", kBigint, kWindow},
    {"rank", "", "", kBigint, kWindow},
    {"dense_rank", "", "", kBigint, kWindow},
    {"percent_rank", "", "", kDouble, kWindow},
    {"cume_dist", "", "", kDouble, kWindow},
    {"ntile", "", "l", kBigint, kWindow},
    {"lag", "", "c[lc", rule::first, kWindow},
    {"lead", "", "c[lc", rule::first, kWindow},
    {"first_value", "", "a", rule::first, kWindow},
    {"last_value", "", "a", rule::first, kWindow},
    {"nth_value", "", "al", rule::first, kWindow},
    {"ratio_to_report", "", "n", kDouble, kWindow},
};

}  // namespace

std::span<const Overload> aggregate_functions() { return kAggregates; }

}  // namespace garland::semantics
