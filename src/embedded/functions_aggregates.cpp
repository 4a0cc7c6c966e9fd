// Aggregates and window functions. Sums and averages keep Redshift's types: r_SUM, r_AVG, r_MEDIAN, r_PERCENTILE_CONT,
// r_LISTAGG, r_WF_RATIO_TO_REPORT.
#include <fmt/format.h>

#include <map>

#include "base/error.h"
#include "embedded/functions_emit.h"

namespace garland::embedded {
namespace {

// Sums of so few digits cannot reach 38: that would take 10^10 rows.
constexpr int kSafeSumDigits = 28;

/// One aggregate being printed.
struct Aggregation {
  const AggregateCall& call;
  const Type& result;

  const Type& type() const { return call.arguments[0].type; }
  /// `name([DISTINCT ]arguments[ ORDER BY …])[ OVER (…)]`
  std::string plain(std::string_view name, std::string_view arguments, std::string_view order = {}) const {
    return fmt::format("{}({}{}{}{}){}", name, call.distinct ? "DISTINCT " : "", arguments,
                       order.empty() ? "" : " ORDER BY ", order, call.over);
  }
  std::string plain(std::string_view name) const {
    std::string list;
    for (const Argument& argument : call.arguments) list.append(list.empty() ? "" : ", ").append(argument.sql);
    return plain(name, list);
  }
  [[noreturn]] void refuse(std::string_view what) const {
    throw Error(kFeatureNotSupported, fmt::format("{} in function {} is not supported yet", what, call.function));
  }
};

std::string counted(const Aggregation& a) {
  if (a.call.arguments.empty()) return fmt::format("count(*){}", a.call.over);
  if (a.call.approximate && a.call.distinct) {
    return fmt::format("CAST(approx_count_distinct({}) AS BIGINT)", compared_sql(a.call.arguments[0]));
  }
  return a.plain("count", a.call.distinct ? compared_sql(a.call.arguments[0]) : std::string(a.call.arguments[0].sql));
}

std::string summed(const Aggregation& a) {
  if (a.type().is_float()) {
    return fmt::format("g_total({})", a.plain("sum", cast_sql(a.call.arguments[0].sql, a.result)));
  }
  const std::string sum = a.plain("sum");
  if (a.type().is_integer()) return cast_sql(sum, a.result);
  if (a.type().precision <= kSafeSumDigits) return sum;
  return fmt::format("g_cut_{0}({1}, CAST({0} AS INTEGER))", a.result.scale, sum);
}

/// The exact sum divided by the count, cut to the result's scale.
std::string averaged(const Aggregation& a) {
  if (a.type().is_float()) {
    return fmt::format("g_total({})", a.plain("avg", cast_sql(a.call.arguments[0].sql, a.result)));
  }
  const std::string quotient = fmt::format("g_div_{}({}, {})", a.result.scale, a.plain("sum"), a.plain("count"));
  return a.type().is_integer() ? cast_sql(quotient, a.result) : quotient;
}

/// The expression of a WITHIN GROUP list of one item: `r1.c2 DESC NULLS FIRST` without its direction; empty for more.
std::string_view ordered_expression(std::string_view within_group) {
  const size_t nulls = within_group.rfind(" NULLS ");
  const size_t direction = nulls == std::string_view::npos ? nulls : within_group.rfind(' ', nulls - 1);
  const std::string_view expression = within_group.substr(0, direction);
  return expression.find(" NULLS ") == std::string_view::npos ? expression : std::string_view();
}

/// DISTINCT with an order: DuckDB orders distinct values by themselves only, so the order's value goes with the text.
std::string distinct_list(const Aggregation& a, const std::string& separator) {
  const std::string_view key = ordered_expression(a.call.within_group), text = a.call.arguments[0].sql;
  if (key.empty() || text.find(key) == std::string_view::npos) {
    a.refuse("DISTINCT ordered by another expression");
  }
  const std::string pair = fmt::format("struct_pack(k := {}, v := {})", key, text);
  const std::string_view direction = a.call.within_group.substr(key.size());
  // Each text has the delimiter before it; the first one's is cut off.
  return fmt::format(
      "g_listagg(substring(array_to_string(list_transform(list(DISTINCT {0} ORDER BY {0}{1}) FILTER (WHERE {2} IS NOT "
      "NULL){3}, lambda p: {4} || p.v), ''), length({4}) + 1))",
      pair, direction, text, a.call.over, separator);
}

std::string listed(const Aggregation& a) {
  const std::string separator = a.call.arguments.size() > 1 ? std::string(a.call.arguments[1].sql) : "''";
  if (a.call.distinct && !a.call.within_group.empty()) return distinct_list(a, separator);
  const std::string arguments = fmt::format("{}, {}", a.call.arguments[0].sql, separator);
  return fmt::format("g_listagg({})", a.plain("string_agg", arguments, a.call.within_group));
}

/// The fraction as DuckDB text; from the other end when `reversed`. What is not constant, DuckDB itself refuses.
std::string fraction_sql(const Aggregation& a, std::string_view reversed) {
  const Argument& fraction = a.call.arguments[0];
  if (fraction.is_constant && !fraction.text) a.refuse("a fraction that is NULL");
  if (fraction.is_constant) {
    const double value = std::stod(*fraction.text);
    if (value < 0 || value > 1) {
      throw Error(kNumericValueOutOfRange, fmt::format("percentile value {} is not between 0 and 1", *fraction.text));
    }
  }
  const std::string text = cast_sql(fraction.sql, Type::of(TypeId::kDouble));
  return a.call.descending ? fmt::format("({}{})", reversed, text) : text;
}

/// Interpolated at the result's own scale.
std::string continuous(const Aggregation& a, const Argument& value, std::string_view fraction) {
  const std::string typed = value.type == a.result ? std::string(value.sql) : cast_sql(value.sql, a.result);
  return cast_sql(a.plain("quantile_cont", fmt::format("{}, {}", typed, fraction)), a.result);
}

std::string percentile(const Aggregation& a) {
  const Argument& value = *a.call.ordered;
  if (a.call.function == "percentile_cont") return continuous(a, value, fraction_sql(a, "CAST(1 AS DOUBLE) - "));
  // DuckDB counts a negative fraction from the other end.
  return a.plain("quantile_disc", fmt::format("{}, {}", value.sql, fraction_sql(a, "- ")));
}

std::string offset_value(const Aggregation& a) {
  std::string arguments(a.call.arguments[0].sql);
  for (size_t i = 1; i < a.call.arguments.size(); ++i) arguments.append(", ").append(a.call.arguments[i].sql);
  return fmt::format("{}({}{}){}", a.call.function, arguments, a.call.ignore_nulls ? " IGNORE NULLS" : "", a.call.over);
}

std::string ratio(const Aggregation& a) {
  const std::string value = cast_sql(a.call.arguments[0].sql, a.result);
  return fmt::format("g_fdiv({0}, sum({0}){1})", value, a.call.over);
}

/// Aggregates of one DOUBLE argument.
std::string statistic(const Aggregation& a) {
  return a.plain(a.call.function, cast_sql(a.call.arguments[0].sql, a.result));
}

std::string same_name(const Aggregation& a) { return a.plain(a.call.function); }

/// MIN and MAX, by what values are compared by.
std::string extreme(const Aggregation& a) {
  if (!a.type().case_insensitive && a.type().id != TypeId::kSuper) return same_name(a);
  const std::string arguments = fmt::format("{}, {}", a.call.arguments[0].sql, compared_sql(a.call.arguments[0]));
  return a.plain(a.call.function == "min" ? "arg_min" : "arg_max", arguments);
}

std::string middle(const Aggregation& a) { return continuous(a, a.call.arguments[0], "CAST(0.5 AS DOUBLE)"); }

/// HLL and its family: `arguments` without DISTINCT, which changes no sketch.
std::string sketched(const Aggregation& a) {
  if (!a.call.over.empty()) a.refuse("OVER");
  if (a.call.function == "hll_combine") return fmt::format("g_hll_merge({})", a.call.arguments[0].sql);
  const std::string built = fmt::format("g_hll_build(g_hll_entry({}))", compared_sql(a.call.arguments[0]));
  return a.call.function == "hll" ? fmt::format("g_hll_cardinality({})", built) : built;
}

using Printer = std::string (*)(const Aggregation&);

Printer find_printer(std::string_view name) {
  static const std::map<std::string_view, Printer> kPrinters{
      {"count", counted},
      {"sum", summed},
      {"avg", averaged},
      {"min", extreme},
      {"max", extreme},
      {"any_value", same_name},
      {"bool_and", same_name},
      {"bool_or", same_name},
      {"bit_and", same_name},
      {"bit_or", same_name},
      {"stddev_samp", statistic},
      {"stddev_pop", statistic},
      {"var_samp", statistic},
      {"var_pop", statistic},
      {"listagg", listed},
      {"median", middle},
      {"percentile_cont", percentile},
      {"percentile_disc", percentile},
      {"hll", sketched},
      {"hll_create_sketch", sketched},
      {"hll_combine", sketched},
      {"row_number", same_name},
      {"rank", same_name},
      {"dense_rank", same_name},
      {"percent_rank", same_name},
      {"cume_dist", same_name},
      {"ntile", same_name},
      {"lag", offset_value},
      {"lead", offset_value},
      {"first_value", offset_value},
      {"last_value", offset_value},
      {"nth_value", offset_value},
      {"ratio_to_report", ratio},
  };
  const auto found = kPrinters.find(name);
  return found == kPrinters.end() ? nullptr : found->second;
}

}  // namespace

void emit_aggregate(std::string& out, const AggregateCall& call, const Type& result) {
  const Printer printer = find_printer(call.function);
  if (!printer) throw Error(kFeatureNotSupported, fmt::format("function {} is not supported yet", call.function));
  if (!call.over.empty() && call.approximate) {
    throw Error(kFeatureNotSupported, "APPROXIMATE in a window function is not supported yet");
  }
  out += printer({call, result});
}

}  // namespace garland::embedded
