// Arithmetic over SUPER values (guide page operators-functions): exact numbers follow the rules of DECIMAL with the
// digits that the values have; a float makes the result a float; what is no number gives NULL, overflow is an error.
#include <cmath>

#include "embedded/functions_native_super.h"
#include "engine/super.h"

namespace garland::embedded {
namespace {

using namespace native;
using engine::SuperKind;
using engine::SuperNumber;
using View = std::string_view;
using MaybeText = std::optional<std::string>;

constexpr int kMinDivisionScale = 4;

std::string text_of(int128 digits, int scale) {
  std::string out;
  engine::append_super_decimal(out, checked_decimal(digits), scale);
  return out;
}

std::string text_of(double value) {
  if (!std::isfinite(value)) fail(kNumericValueOutOfRange, "floating-point overflow");
  std::string out;
  engine::append_super_float(out, value);
  return out;
}

int128 multiplied(int128 left, int128 right) {
  int128 result = 0;
  if (__builtin_mul_overflow(left, right, &result)) fail(kNumericValueOutOfRange, "numeric overflow");
  return checked_decimal(result);
}

/// The same value with a larger scale.
int128 widened(const SuperNumber& number, int scale) {
  return multiplied(number.digits, power_of_ten(scale - number.scale));
}

int digits_of(int128 value) {
  int digits = 0;
  for (; value != 0; value /= 10) ++digits;
  return std::max(digits, 1);
}

/// Integers divide as integers; else the documented scale of DECIMAL, less where 38 digits do not suffice.
std::string divided(const SuperNumber& left, const SuperNumber& right) {
  if (right.digits == 0) fail(kDivisionByZero, "division by zero");
  if (left.scale == 0 && right.scale == 0) return text_of(left.digits / right.digits, 0);
  int scale = std::max(kMinDivisionScale, left.scale + digits_of(right.digits) - right.scale + 1);
  const int room = kMaxDecimalPrecision - digits_of(left.digits);
  scale = std::clamp(scale, 0, std::max(0, std::min(kMaxDecimalScale, room + left.scale - right.scale)));
  const int shift = scale - left.scale + right.scale;
  const int128 dividend =
      shift >= 0 ? multiplied(left.digits, power_of_ten(shift)) : left.digits / power_of_ten(-shift);
  return text_of(dividend / right.digits, scale);
}

std::string exact(char op, const SuperNumber& left, const SuperNumber& right) {
  if (op == '/') return divided(left, right);
  if (op == '*') {
    if (left.scale + right.scale > kMaxDecimalScale) fail(kNumericValueOutOfRange, "numeric overflow");
    return text_of(multiplied(left.digits, right.digits), left.scale + right.scale);
  }
  const int scale = std::max(left.scale, right.scale);
  const int128 a = widened(left, scale), b = widened(right, scale);
  if (op == '+') return text_of(a + b, scale);
  if (op == '-') return text_of(a - b, scale);
  if (b == 0) fail(kDivisionByZero, "division by zero");
  return text_of(a % b, scale);
}

std::string inexact(char op, double left, double right) {
  if ((op == '/' || op == '%') && right == 0) fail(kDivisionByZero, "division by zero");
  switch (op) {
    case '+':
      return text_of(left + right);
    case '-':
      return text_of(left - right);
    case '*':
      return text_of(left * right);
    case '/':
      return text_of(left / right);
    default:
      return text_of(std::fmod(left, right));
  }
}

MaybeText calculate(char op, View left, View right) {
  const bool strings =
      engine::super_kind(left) == SuperKind::kString && engine::super_kind(right) == SuperKind::kString;
  if (op == '+' && strings) {
    std::string out;
    engine::append_super_string(out, engine::super_string(left) + engine::super_string(right));
    return out;
  }
  const auto a = engine::super_number(left), b = engine::super_number(right);
  if (!a || !b) return std::nullopt;
  return a->real || b->real ? inexact(op, a->as_double(), b->as_double()) : exact(op, *a, *b);
}

Overloads operation(const char* name, char op) {
  return {nullable<View, View>(name, kText, {kText, kText}, [op](View a, View b) { return calculate(op, a, b); })};
}

/// FLOOR and CEIL have no scale.
MaybeText to_whole(View value, bool up) {
  const auto number = engine::super_number(value);
  if (!number) return std::nullopt;
  if (number->real) return text_of(up ? std::ceil(*number->real) : std::floor(*number->real));
  const int128 unit = power_of_ten(number->scale);
  const int128 whole = number->digits / unit, rest = number->digits % unit;
  return text_of(whole + (up ? rest > 0 : rest < 0 ? -1 : 0), 0);
}

/// To so many places, or cut there.
MaybeText shortened(View value, int32_t places, bool round) {
  const auto number = engine::super_number(value);
  if (!number) return std::nullopt;
  if (number->real) {
    const double unit = std::pow(10.0, places);
    const double scaled = *number->real * unit;
    return text_of((round ? std::round(scaled) : std::trunc(scaled)) / unit);
  }
  const int128 digits = cut_decimal(number->digits, number->scale, places, round);
  const int kept = std::clamp(places, 0, number->scale);
  return text_of(digits / power_of_ten(number->scale - kept), kept);
}

MaybeText signed_number(View value, bool absolute) {
  const auto number = engine::super_number(value);
  if (!number) return std::nullopt;
  if (number->real) return text_of(absolute ? std::abs(*number->real) : -*number->real);
  const int128 digits = number->digits;
  return text_of(absolute && digits > 0 ? digits : -digits, number->scale);
}

}  // namespace

std::vector<Overloads> super_arithmetic_natives() {
  return {
      operation("g_super_add", '+'),
      operation("g_super_subtract", '-'),
      operation("g_super_multiply", '*'),
      operation("g_super_divide", '/'),
      operation("g_super_modulo", '%'),
      {nullable<View>("g_super_floor", kText, {kText}, [](View v) { return to_whole(v, false); })},
      {nullable<View>("g_super_ceil", kText, {kText}, [](View v) { return to_whole(v, true); })},
      {nullable<View, int32_t>("g_super_round", kText, {kText, kInteger},
                               [](View v, int32_t places) { return shortened(v, places, true); })},
      {nullable<View, int32_t>("g_super_trunc", kText, {kText, kInteger},
                               [](View v, int32_t places) { return shortened(v, places, false); })},
      {nullable<View>("g_super_abs", kText, {kText}, [](View v) { return signed_number(v, true); })},
      {nullable<View>("g_super_neg", kText, {kText}, [](View v) { return signed_number(v, false); })},
  };
}

}  // namespace garland::embedded
