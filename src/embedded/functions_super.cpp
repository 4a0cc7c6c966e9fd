// Functions and operators over SUPER as DuckDB SQL. The natives stand in functions_native_super*.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "embedded/functions_emit.h"

namespace garland::embedded {
namespace {

struct Printed {
  std::string_view name;
  size_t arguments;
  std::string_view text;
};

constexpr Printed kPrinted[] = {
    {"json_parse", 2, "g_json_parse(#1, $2)"},
    {"can_json_parse", 1, "g_can_json_parse($1)"},
    {"json_serialize", 1, "g_fit_text(#1, CAST(65535 AS INTEGER))"},
    {"json_serialize_to_varbyte", 1, "encode($1)"},
    {"json_typeof", 1, "g_super_typeof($1)"},
    {"json_size", 1, "CAST(strlen($1) AS INTEGER)"},
    {"navigate", 3, "g_super_get(#1, $2, $3)"},
    {"element", 3, "g_super_at(#1, $2, $3)"},
    {"array_concat", 2, "g_super_concat($1, $2)"},
    {"array_flatten", 1, "g_super_flatten($1)"},
    {"get_array_length", 1, "g_super_length($1)"},
    {"split_to_array", 1, "g_super_split($1, ',')"},
    {"split_to_array", 2, "g_super_split($1, $2)"},
    {"subarray", 3, "g_super_subarray($1, $2, $3)"},
    {"lower_attribute_names", 1, "g_super_renamed($1, false)"},
    {"upper_attribute_names", 1, "g_super_renamed($1, true)"},
    {"array_contains", 2, "g_super_contains($1, coalesce($2, 'null'), true)"},
    {"array_contains", 3, "g_super_contains($1, coalesce($2, 'null'), $3)"},
    {"array_position", 2, "g_super_position($1, coalesce($2, 'null'), true)"},
    {"array_position", 3, "g_super_position($1, coalesce($2, 'null'), $3)"},
    {"array_positions", 2, "g_super_positions($1, coalesce($2, 'null'), true)"},
    {"array_positions", 3, "g_super_positions($1, coalesce($2, 'null'), $3)"},
    {"array_sort", 1, "g_super_sort($1, true, false)"},
    {"array_sort", 2, "g_super_sort($1, $2, NOT $2)"},
    {"array_sort", 3, "g_super_sort($1, $2, $3)"},
    {"array_distinct", 1, "g_super_distinct($1)"},
    {"array_union", 2, "g_super_union($1, $2)"},
    {"array_except", 2, "g_super_except($1, $2, false)"},
    {"array_except", 3, "g_super_except($1, $2, $3)"},
    {"array_intersection", 2, "g_super_intersection($1, $2, false)"},
    {"array_intersection", 3, "g_super_intersection($1, $2, $3)"},
    {"super_trunc", 1, "g_super_trunc(#1, CAST(0 AS INTEGER))"},
    {"super_trunc", 2, "g_super_trunc(#1, $2)"},
    {"object_transform", 4, "g_super_transform($1, $2, $3, $4)"},
    {"decimal_precision", 1, "g_super_precision($1)"},
    {"decimal_scale", 1, "g_super_scale($1)"},
    {"super_abs", 1, "g_super_abs(#1)"},
    {"super_ceil", 1, "g_super_ceil(#1)"},
    {"super_floor", 1, "g_super_floor(#1)"},
    {"super_round", 1, "g_super_round(#1, CAST(0 AS INTEGER))"},
    {"super_round", 2, "g_super_round(#1, $2)"},
    {"+", 2, "g_super_add(#1, $2)"},
    {"-", 2, "g_super_subtract(#1, $2)"},
    {"*", 2, "g_super_multiply(#1, $2)"},
    {"/", 2, "g_super_divide(#1, #2)"},
    {"%", 2, "g_super_modulo(#1, #2)"},
    {"neg", 1, "g_super_neg(#1)"},
    {"<", 2, "(g_super_compare($1, $2) < 0)"},
    {"<=", 2, "(g_super_compare($1, $2) <= 0)"},
    {">", 2, "(g_super_compare($1, $2) > 0)"},
    {">=", 2, "(g_super_compare($1, $2) >= 0)"},
    {"=", 2, "(g_super_key($1) = g_super_key($2))"},
    {"<>", 2, "(g_super_key($1) <> g_super_key($2))"},
    {"is null", 1, "(coalesce($1, 'null') = 'null')"},
};

/// ARRAY(…): NULL becomes null.
void emit_array(const Emission& e) {
  e.out += "('['";
  for (size_t i = 0; i < e.count(); ++i) {
    e.out += i == 0 ? "" : " || ','";
    e.out += fmt::format(" || coalesce({}, 'null')", e.sql(i));
  }
  e.out += " || ']')";
}

/// OBJECT(name, value, …): names are strings.
void emit_object(const Emission& e) {
  std::string text = "('{'";
  for (size_t i = 0; i + 1 < e.count(); i += 2) {
    text += i == 0 ? "" : " || ','";
    text += fmt::format(" || g_super_from_text({}) || ':' || coalesce({}, 'null')", e.sql(i), e.sql(i + 1));
  }
  text += " || '}')";
  // Two attributes might have one name.
  e.out += e.count() > 2 ? fmt::format("g_super_object({})", text) : text;
}

}  // namespace

bool emit_super_function(const Emission& e) {
  const auto is_super = [](const Argument& argument) { return argument.type.id == TypeId::kSuper; };
  if (e.function == "array") return emit_array(e), true;
  if (e.function == "object") return emit_object(e), true;
  const bool mentions = e.result.id == TypeId::kSuper || std::ranges::any_of(e.arguments, is_super);
  if (!mentions && e.function != "can_json_parse") return false;
  if (e.function.starts_with("is_") && e.count() == 1) {
    e.out += fmt::format("coalesce(g_super_is({}, '{}'), false)", e.sql(0), e.function.substr(3));
    return true;
  }
  const auto* entry = std::ranges::find_if(
      kPrinted, [&](const Printed& each) { return each.name == e.function && each.arguments == e.count(); });
  if (entry == std::end(kPrinted)) return false;
  e.expand(entry->text);
  return true;
}

std::string super_cast_sql(const Argument& operand, const Type& to, bool strict) {
  const std::string value = strict ? guarded_sql(operand) : std::string(operand.sql);
  const auto read = [&](std::string_view name) { return fmt::format("{}({}, {})", name, value, strict); };
  switch (to.id) {
    case TypeId::kBoolean:
      return read("g_super_to_boolean");
    case TypeId::kSmallint:
      return cast_sql(read("g_super_to_smallint"), to);
    case TypeId::kInteger:
      return cast_sql(read("g_super_to_integer"), to);
    case TypeId::kBigint:
      return read("g_super_to_bigint");
    case TypeId::kReal:
      return read("g_super_to_real");
    case TypeId::kDouble:
      return read("g_super_to_double");
    case TypeId::kDecimal:
      return cast_sql(fmt::format("g_super_to_decimal_{}({}, CAST({} AS INTEGER), {})", to.scale, value,
                                  static_cast<int>(to.precision), strict),
                      to);
    case TypeId::kDate:
      return read("g_super_to_date");
    case TypeId::kTime:
      return read("g_super_to_time");
    case TypeId::kTimestamp:
      return read("g_super_to_timestamp");
    case TypeId::kTimestampTz:
      return read("g_super_to_timestamptz");
    case TypeId::kChar:
    case TypeId::kVarchar:
      return read("g_super_to_text");
    default:
      throw Error(kFeatureNotSupported,
                  fmt::format("the conversion from super to {} is not supported yet", engine::to_string(to)));
  }
}

std::string cast_to_super_sql(const Argument& operand) {
  const Type& from = operand.type;
  const std::string_view sql = operand.sql;
  if (from.is_string() || from.id == TypeId::kUnknown) return fmt::format("g_super_from_text({})", sql);
  if (from.id == TypeId::kDouble) return fmt::format("g_super_from_double({})", sql);
  // A REAL's own digits, not those of the DOUBLE next to it.
  if (from.id == TypeId::kReal) return fmt::format("g_super_from_double(CAST(CAST({} AS VARCHAR) AS DOUBLE))", sql);
  if (from.id == TypeId::kDecimal) return fmt::format("g_text({})", sql);
  return fmt::format("CAST({} AS VARCHAR)", sql);
}

}  // namespace garland::embedded
