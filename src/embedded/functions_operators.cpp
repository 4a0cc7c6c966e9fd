// Operators and arithmetic. A DECIMAL result of 18 digits or fewer that has room for every value is DuckDB's to
// compute, in 64 bits; longer ones go through our own 128-bit functions, which are several times faster than DuckDB's.
// The DuckDB type of either may have other digits than e.result, never another scale.
#include <fmt/format.h>

#include "embedded/functions_emit.h"

namespace garland::embedded {
namespace {

constexpr int kShortDigits = 18;  // of 64 bits

struct Digits {
  int precision, scale;
};

/// What an exact number's type has room for.
std::optional<Digits> digits_of(const Type& type) {
  switch (type.id) {
    case TypeId::kSmallint:
      return Digits{5, 0};
    case TypeId::kInteger:
      return Digits{10, 0};
    case TypeId::kBigint:
      return Digits{19, 0};
    case TypeId::kDecimal:
      return Digits{type.precision, type.scale};
    default:
      return std::nullopt;
  }
}

/// The digits that hold every result of the operator.
std::optional<Digits> room_for(char op, Digits a, Digits b) {
  if (op == '*') return Digits{a.precision + b.precision, a.scale + b.scale};
  if (op != '+' && op != '-') return std::nullopt;
  const int scale = std::max(a.scale, b.scale);
  return Digits{std::max(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale};
}

std::string_view float_name(std::string_view op) {
  switch (op[0]) {
    case '+':
      return "g_fadd";
    case '-':
      return "g_fsub";
    case '*':
      return "g_fmul";
    case '/':
      return "g_fdiv";
    default:
      return "g_fmod";
  }
}

std::string_view decimal_name(std::string_view op) {
  switch (op[0]) {
    case '+':
      return "g_add_";
    case '-':
      return "g_sub_";
    case '*':
      return "g_mul_";
    case '/':
      return "g_div_";
    default:
      return "g_mod_";
  }
}

void emit_integers(const Emission& e) {
  const char op = e.function[0];
  if (op != '/' && op != '%') return e.out.append(fmt::format("({} {} {})", e.sql(0), op, e.sql(1))), void();
  const std::optional<int64_t> divisor = e.integer(1);
  if (divisor && *divisor != 0 && *divisor != -1) {
    e.out += fmt::format("({} {} {})", e.sql(0), op == '/' ? "//" : "%", e.sql(1));
  } else {
    e.guarded_call(op == '/' ? "g_idiv" : "g_imod", 1);
  }
}

void emit_decimals(const Emission& e) {
  const char op = e.function[0];
  const auto left = digits_of(e.type(0)), other = digits_of(e.type(1));
  const auto room = left && other ? room_for(op, *left, *other) : std::nullopt;
  const bool is_roomy = room && room->scale == e.result.scale && room->precision <= e.result.precision;
  if (is_roomy && room->precision <= kShortDigits) {
    const auto operand = [&](size_t i, const Digits& digits) {
      const bool decimal = e.type(i).id == TypeId::kDecimal;
      return decimal ? std::string(e.sql(i)) : cast_sql(e.sql(i), Type::decimal(digits.precision, 0));
    };
    e.out += fmt::format("({} {} {})", operand(0, *left), op, operand(1, *other));
    return;
  }
  const bool divides = op == '/' || op == '%';
  const std::string right = divides ? guarded_sql(e.arguments[1]) : std::string(e.sql(1));
  const std::string call = fmt::format("{}{}({}, {})", decimal_name(e.function), e.result.scale, e.sql(0), right);
  // No cast where none is needed: DuckDB would multiply each value by 1.
  e.out += is_roomy || e.result.precision == kMaxDecimalPrecision ? call : cast_sql(call, e.result);
}

/// An interval times or divided by a number.
void emit_scaled_interval(const Emission& e) {
  const size_t interval = e.type(0).is_interval() ? 0 : 1;
  const std::string factor = e.function == "/"
                                 ? fmt::format("g_fdiv(CAST(1 AS DOUBLE), {})", guarded_sql(e.arguments[1]))
                                 : std::string(e.sql(1 - interval));
  e.out += fmt::format("g_scale_interval({}, {})", e.sql(interval), factor);
}

/// Date arithmetic; the session's time zone is UTC.
void emit_moments(const Emission& e) {
  if (e.result.id == TypeId::kTimeTz) {
    const size_t interval = e.type(0).is_interval() ? 0 : 1;
    e.out += cast_sql(fmt::format("g_timetz_add_interval({}, {} {})", e.sql(1 - interval), e.function == "-" ? "-" : "",
                                  e.sql(interval)),
                      e.result);
    return;
  }
  const bool zoned = e.type(0).id == TypeId::kTimestampTz || e.type(1).id == TypeId::kTimestampTz;
  if (!zoned) return e.out += cast_sql(fmt::format("{} {} {}", e.sql(0), e.function, e.sql(1)), e.result), void();
  const auto local = [&e](size_t i) {
    return e.type(i).id == TypeId::kTimestampTz ? fmt::format("g_local({})", e.sql(i)) : std::string(e.sql(i));
  };
  const std::string shifted = fmt::format("{} {} {}", local(0), e.function, local(1));
  e.out += e.result.id == TypeId::kTimestampTz ? fmt::format("g_utc({})", shifted) : cast_sql(shifted, e.result);
}

bool emit_arithmetic(const Emission& e) {
  constexpr std::string_view kOperators = "+-*/%";
  if (e.function.size() != 1 || kOperators.find(e.function[0]) == std::string_view::npos || e.count() != 2)
    return false;
  if (e.result.is_integer() && e.type(0).is_integer()) {
    emit_integers(e);
  } else if (e.result.is_float()) {
    const bool divides = e.function == "/" || e.function == "%";
    divides ? e.guarded_call(float_name(e.function), 1) : e.call(float_name(e.function));
  } else if (e.result.id == TypeId::kDecimal) {
    emit_decimals(e);
  } else if (e.function == "*" || e.function == "/") {
    emit_scaled_interval(e);
  } else {
    emit_moments(e);
  }
  return true;
}

/// Between two literals trailing blanks count.
bool emit_comparison(const Emission& e) {
  const bool literals = e.count() == 2 && e.arguments[0].is_constant && e.arguments[1].is_constant;
  const auto side = [&](size_t i) { return literals ? std::string(e.sql(i)) : compared_sql(e.arguments[i]); };
  for (const std::string_view op : {"=", "<>", "<", "<=", ">", ">="}) {
    if (e.function != op) continue;
    e.out += fmt::format("({} {} {})", side(0), op, side(1));
    return true;
  }
  return false;
}

void emit_chain(const Emission& e, std::string_view keyword) {
  e.out += '(';
  for (size_t i = 0; i < e.count(); ++i) {
    if (i > 0) e.out.append(" ").append(keyword).append(" ");
    e.out += e.sql(i);
  }
  e.out += ')';
}

bool emit_logic(const Emission& e) {
  if (e.function == "and" || e.function == "or") return emit_chain(e, e.function == "and" ? "AND" : "OR"), true;
  if (e.function == "not") return e.expand("(NOT $1)"), true;
  if (e.function == "is null" || e.function == "is unknown") return e.expand("($1 IS NULL)"), true;
  if (e.function == "is true") return e.expand("($1 IS NOT DISTINCT FROM true)"), true;
  if (e.function == "is false") return e.expand("($1 IS NOT DISTINCT FROM false)"), true;
  return false;
}

bool emit_bits(const Emission& e) {
  if (e.function == "&" || e.function == "|") return emit_chain(e, e.function), true;
  if (e.function == "<<" || e.function == ">>") {
    return e.call(e.function == "<<" ? "g_shift_left" : "g_shift_right"), true;
  }
  if (e.function == "#") return e.call("xor"), true;
  if (e.function == "~") return e.expand("(~ $1)"), true;
  return false;
}

}  // namespace

bool emit_operator(const Emission& e) {
  if (emit_arithmetic(e) || emit_comparison(e) || emit_logic(e) || emit_bits(e)) return true;
  if (e.function == "^") return e.guarded_call("g_power", 0), true;
  if (e.function == "neg") return e.expand("(- $1)"), true;
  if (e.function == "abs") return e.call("abs"), true;
  // DuckDB forgets the type where an operand is a NULL constant.
  if (e.function == "||") return e.cast_template("$1 || $2"), true;
  return false;
}

}  // namespace garland::embedded
