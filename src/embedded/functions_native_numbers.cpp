// Arithmetic that DuckDB does otherwise: division, 128-bit decimals, floats that must not become infinite.
// Source: guide page r_numeric_computations201.
#include <cmath>
#include <limits>

#include "embedded/functions_native.h"

namespace garland::embedded {
namespace {

using namespace native;
using uint128 = unsigned __int128;

[[noreturn]] void fail_zero() { fail(kDivisionByZero, "division by zero"); }
[[noreturn]] void fail_range() { fail(kNumericValueOutOfRange, "numeric overflow"); }

template <class Integer>
Integer divide(Integer left, Integer right) {
  if (right == 0) fail_zero();
  if (right == -1 && left == std::numeric_limits<Integer>::min()) fail_range();
  return static_cast<Integer>(left / right);
}

template <class Integer>
Integer modulo(Integer left, Integer right) {
  if (right == 0) fail_zero();
  return right == -1 ? Integer{0} : static_cast<Integer>(left % right);
}

/// An infinite or undefined result of finite operands is an overflow.
template <class Float>
Float checked(Float result, Float left, Float right) {
  if (std::isfinite(result) || !std::isfinite(left) || !std::isfinite(right)) return result;
  fail(kNumericValueOutOfRange, "floating-point overflow");
}

template <class Float, class F>
duck::ScalarFunction float_function(const char* name, Type type, F f) {
  return function<Float, Float>(name, type, {type, type},
                                [f](Float a, Float b) { return checked<Float>(f(a, b), a, b); });
}

template <class F>
Overloads float_functions(const char* name, F f) {
  return {float_function<float>(name, kReal, f), float_function<double>(name, kDouble, f)};
}

double power(double base, double exponent) {
  if (base == 0 && exponent < 0) fail(kInvalidParameterValue, "zero raised to a negative power is undefined");
  if (base < 0 && std::floor(exponent) != exponent) {
    fail(kInvalidParameterValue, "a negative number raised to a non-integer power yields a complex result");
  }
  return std::pow(base, exponent);
}

std::vector<Overloads> float_natives() {
  const auto nonzero = [](auto value) { return value == 0 ? (fail_zero(), value) : value; };
  return {
      float_functions("g_fadd", [](auto a, auto b) { return a + b; }),
      float_functions("g_fsub", [](auto a, auto b) { return a - b; }),
      float_functions("g_fmul", [](auto a, auto b) { return a * b; }),
      float_functions("g_fdiv", [nonzero](auto a, auto b) { return a / nonzero(b); }),
      float_functions("g_fmod", [nonzero](auto a, auto b) { return std::fmod(a, nonzero(b)); }),
      {float_function<double>("g_power", kDouble, power)},
      // The second operand tells what the first was made from: an infinite result of a finite operand is an overflow.
      {function<double, double>("g_finite", kDouble, {kDouble, kDouble},
                                [](double value, double from) { return checked<double>(value, from, from); })},
      {function<double>("g_total", kDouble, {kDouble}, [](double value) { return checked<double>(value, 0, 0); })},
  };
}

/// PostgreSQL's shifts: bits fall off at the ends, the distance counts modulo the width.
template <class Integer>
Integer shift(Integer value, int32_t distance, bool left) {
  using Unsigned = std::make_unsigned_t<Integer>;
  const int by = static_cast<int>(static_cast<uint32_t>(distance) % (sizeof(Integer) * 8));
  return left ? static_cast<Integer>(static_cast<Unsigned>(value) << by) : static_cast<Integer>(value >> by);
}

std::vector<Overloads> integer_natives() {
  Overloads division, remainder, left, right;
  const auto add = [&]<class Integer>(Type type, Integer) {
    division.push_back(function<Integer, Integer>("g_idiv", type, {type, type}, divide<Integer>));
    remainder.push_back(function<Integer, Integer>("g_imod", type, {type, type}, modulo<Integer>));
    const auto shifted = [](bool to_left) {
      return [to_left](Integer value, int32_t by) { return shift<Integer>(value, by, to_left); };
    };
    left.push_back(function<Integer, int32_t>("g_shift_left", type, {type, kInteger}, shifted(true)));
    right.push_back(function<Integer, int32_t>("g_shift_right", type, {type, kInteger}, shifted(false)));
  };
  add(kSmallint, int16_t{});
  add(kInteger, int32_t{});
  add(kBigint, int64_t{});
  return {division, remainder, left, right};
}

uint128 magnitude(int128 value) { return value < 0 ? -static_cast<uint128>(value) : static_cast<uint128>(value); }

/// One more decimal digit of a quotient: rest*10 / divisor, where rest < divisor ≤ 10^38, so rest*10 may pass 128 bits.
/// Ten is 1010 in binary: four doublings, with the rest added where a bit is set.
unsigned next_digit(uint128& rest, uint128 divisor) {
  unsigned digit = 0;
  uint128 sum = 0;
  for (const bool bit : {true, false, true, false}) {
    sum *= 2;
    digit *= 2;
    if (sum >= divisor) sum -= divisor, ++digit;
    if (bit) sum += rest;
    if (sum >= divisor) sum -= divisor, ++digit;
  }
  rest = sum;
  return digit;
}

/// left * 10^shift / right, cut towards zero; `shift` may be negative.
int128 divide_scaled(int128 left, int128 right, int shift) {
  if (right == 0) fail_zero();
  if (shift < 0) {
    if (shift < -38) return 0;
    return left / power_of_ten(-shift) / right;
  }
  int128 scaled;
  if (shift <= 38 && !__builtin_mul_overflow(left, power_of_ten(shift), &scaled))
    return checked_decimal(scaled / right);
  const uint128 divisor = magnitude(right);
  const uint128 limit = static_cast<uint128>(power_of_ten(38));
  uint128 quotient = magnitude(left) / divisor;
  uint128 rest = magnitude(left) % divisor;
  for (int i = 0; i < shift; ++i) {
    if (quotient >= limit / 10) fail_range();
    quotient = quotient * 10 + next_digit(rest, divisor);
  }
  return (left < 0) != (right < 0) ? -static_cast<int128>(quotient) : static_cast<int128>(quotient);
}

int128 to_scale(int128 value, int from, int to) {
  if (to == from) return value;
  if (to <= from) return value / power_of_ten(from - to);
  int128 result;
  if (__builtin_mul_overflow(value, power_of_ten(to - from), &result)) fail_range();
  return result;
}

/// A function of two exact numbers with a result of 38 digits. `f(a, scale a, b, scale b)` gives the unscaled result.
template <class F>
duck::ScalarFunction exact_function(const std::string& name, int scale, F f) {
  duck::ScalarFunction made{.name = name, .arguments = {kAny, kAny}, .result = Type::decimal(38, scale), .call = {}};
  made.call = [f](const engine::Batch& batch, duck::ResultWriter& out) {
    const ExactColumn left(batch.columns[0]), right(batch.columns[1]);
    const bool nulls = batch.columns[0].validity || batch.columns[1].validity;
    left.visit([&](const auto* a) {
      right.visit([&](const auto* b) {
        for (size_t row = 0; row < batch.rows; ++row) {
          if (nulls && any_null(batch, row)) continue;
          out.set<int128>(row, checked_decimal(f(a[row], left.scale(), b[row], right.scale())));
        }
      });
    });
  };
  return made;
}

Overloads decimal_division(const std::string& suffix, int scale) {
  return {exact_function("g_div_" + suffix, scale,
                         [scale](int128 a, int sa, int128 b, int sb) { return divide_scaled(a, b, scale - sa + sb); })};
}

Overloads decimal_product(const std::string& suffix, int scale) {
  return {exact_function("g_mul_" + suffix, scale, [scale](auto a, int sa, auto b, int sb) {
    int128 product;
    if constexpr (sizeof(a) <= sizeof(int64_t) && sizeof(b) <= sizeof(int64_t)) {
      product = static_cast<int128>(a) * b;
    } else if (__builtin_mul_overflow(static_cast<int128>(a), static_cast<int128>(b), &product)) {
      fail_range();
    }
    return to_scale(product, sa + sb, scale);
  })};
}

Overloads decimal_sum(const std::string& suffix, int scale, int sign) {
  return {exact_function((sign > 0 ? "g_add_" : "g_sub_") + suffix, scale,
                         [scale, sign](int128 a, int sa, int128 b, int sb) {
                           int128 sum;
                           if (__builtin_add_overflow(to_scale(a, sa, scale), sign * to_scale(b, sb, scale), &sum))
                             fail_range();
                           return sum;
                         })};
}

Overloads decimal_remainder(const std::string& suffix, int scale) {
  return {exact_function("g_mod_" + suffix, scale, [scale](int128 a, int sa, int128 b, int sb) {
    if (b == 0) fail_zero();
    return to_scale(a, sa, scale) % to_scale(b, sb, scale);
  })};
}

/// g_cut_S and g_round_S (number, places): to `places` digits, given at scale S.
Overloads decimal_cut(const std::string& suffix, int scale, bool round) {
  return {exact_function((round ? "g_round_" : "g_cut_") + suffix, scale,
                         [scale, round](int128 value, int from, int128 places, int) {
                           const int kept = static_cast<int>(std::max<int128>(std::min<int128>(places, 38), -38));
                           return to_scale(cut_decimal(value, from, kept, round), from, scale);
                         })};
}

}  // namespace

std::vector<Overloads> number_natives() {
  std::vector<Overloads> all = float_natives();
  for (Overloads& overloads : integer_natives()) all.push_back(std::move(overloads));
  for (int scale = 0; scale <= kMaxDecimalScale; ++scale) {
    const std::string suffix = std::to_string(scale);
    all.push_back(decimal_division(suffix, scale));
    all.push_back(decimal_product(suffix, scale));
    all.push_back(decimal_sum(suffix, scale, 1));
    all.push_back(decimal_sum(suffix, scale, -1));
    all.push_back(decimal_remainder(suffix, scale));
    all.push_back(decimal_cut(suffix, scale, false));
    all.push_back(decimal_cut(suffix, scale, true));
  }
  return all;
}

}  // namespace garland::embedded
