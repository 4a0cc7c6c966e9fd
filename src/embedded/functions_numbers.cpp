// Rounding and formats of numbers. Guide pages r_ROUND, r_TRUNC, r_CEILING_FLOOR, r_SIGN, r_TO_NUMBER.
#include <fmt/format.h>

#include "embedded/functions_emit.h"

namespace garland::embedded {
namespace {

std::string places_of(const Emission& e) { return e.count() > 1 ? std::string(e.sql(1)) : "CAST(0 AS INTEGER)"; }

/// The result's scale is the places when they are constant and fit; then rounding is a cast.
void emit_rounded_decimal(const Emission& e, bool round) {
  const std::optional<int64_t> places = e.count() > 1 ? e.integer(1) : 0;
  if (round && places && *places == e.result.scale) {
    e.out += cast_sql(e.sql(0), e.result);
    return;
  }
  const std::string call =
      fmt::format("g_{}_{}({}, {})", round ? "round" : "cut", e.result.scale, e.sql(0), places_of(e));
  e.out += e.result.precision == kMaxDecimalPrecision ? call : cast_sql(call, e.result);
}

void emit_round(const Emission& e, bool round) {
  const std::string_view name = round ? "round" : "trunc";
  if (e.type(0).id == TypeId::kDecimal) return emit_rounded_decimal(e, round);
  if (e.type(0).is_integer()) {
    const std::optional<int64_t> places = e.count() > 1 ? e.integer(1) : 0;
    if (places && *places >= 0) return e.out += e.sql(0), void();
    e.out += cast_sql(fmt::format("g_{}_0({}, {})", round ? "round" : "cut", e.sql(0), places_of(e)), e.result);
    return;
  }
  if (e.count() == 1) return e.call(name);
  e.out += cast_sql(fmt::format("{}({}, {})", name, e.sql(0), e.sql(1)), e.result);
}

}  // namespace

bool emit_number_function(const Emission& e) {
  if (e.function == "round" || e.function == "trunc") return emit_round(e, e.function == "round"), true;
  if (e.function == "ceil" || e.function == "floor") {
    if (e.type(0).is_integer()) return e.out += e.sql(0), true;
    return e.out += cast_sql(fmt::format("{}({})", e.function, e.sql(0)), e.result), true;
  }
  if (e.function == "sign") return e.cast_template("sign($1)"), true;
  if (e.function.starts_with("text_to_")) {
    // The format is the second of two or four arguments; a precision and a scale are the result's.
    const std::string format(e.count() % 2 == 0 ? e.sql(1) : "''");
    const std::string reader = e.function == "text_to_int_alt" ? "int" : std::to_string(e.result.scale);
    e.out += cast_sql(fmt::format("g_teradata_{}({}, {})", reader, guarded_sql(e.arguments[0]), format), e.result);
    return true;
  }
  if (e.function == "to_number") {
    e.out += cast_sql(fmt::format("g_to_number_{}({}, {})", e.result.scale, guarded_sql(e.arguments[0]), e.sql(1)),
                      e.result);
    return true;
  }
  return false;
}

}  // namespace garland::embedded
