// Numbers and booleans from text.
#include <algorithm>
#include <array>
#include <charconv>

#include "engine/text.h"
#include "engine/text_scan.h"

namespace garland::engine {
namespace {

using uint128 = unsigned __int128;

constexpr auto kPowersOfTen = [] {
  std::array<uint128, 39> powers{};
  powers[0] = 1;
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

constexpr int kMaxExponent = 100'000;  // any exponent beyond is out of range for every decimal

/// A number as written: sign, digits before and after the point, exponent.
struct Written {
  bool negative = false;
  std::string_view whole, fraction;
  int exponent = 0;

  size_t digits() const { return whole.size() + fraction.size(); }
  int digit(size_t i) const { return (i < whole.size() ? whole[i] : fraction[i - whole.size()]) - '0'; }
};

std::string_view take_digits(std::string_view& text) {
  size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

bool take_sign(std::string_view& text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  return negative;
}

std::optional<int> take_exponent(std::string_view& text) {
  if (text.empty()) return 0;
  if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
  text.remove_prefix(1);
  const bool negative = take_sign(text);
  const std::string_view digits = take_digits(text);
  if (digits.empty() || !text.empty()) return std::nullopt;
  int value = 0;
  for (const char c : digits) value = std::min(value * 10 + (c - '0'), kMaxExponent);
  return negative ? -value : value;
}

std::optional<Written> take_number(std::string_view text) {
  Written number;
  number.negative = take_sign(text);
  number.whole = take_digits(text);
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    number.fraction = take_digits(text);
  }
  if (number.digits() == 0) return std::nullopt;
  while (!number.whole.empty() && number.whole.front() == '0') number.whole.remove_prefix(1);
  const auto exponent = take_exponent(text);
  if (!exponent) return std::nullopt;
  number.exponent = *exponent;
  return number;
}

/// |number| × 10^scale, or nothing when it needs more than `precision` digits.
std::optional<uint128> scaled(const Written& number, int precision, int scale, bool truncate) {
  const int64_t digits = static_cast<int64_t>(number.digits());
  // The value is D × 10^shift in units of the scale, D being all digits read as one integer.
  const int64_t shift = number.exponent + scale - static_cast<int64_t>(number.fraction.size());
  const int64_t kept = shift >= 0 ? digits : std::max<int64_t>(digits + shift, 0);
  uint64_t head = 0;  // the first 18 digits without 128-bit arithmetic
  int64_t i = 0;
  for (; i < kept && i < 18; ++i) head = head * 10 + static_cast<unsigned>(number.digit(static_cast<size_t>(i)));
  uint128 value = head;
  for (; i < kept; ++i) {
    if (value >= kPowersOfTen[37]) return std::nullopt;
    value = value * 10 + static_cast<unsigned>(number.digit(static_cast<size_t>(i)));
  }
  if (shift > 0 && value != 0) {
    if (shift > 38 || value > kPowersOfTen[38] / kPowersOfTen[static_cast<size_t>(shift)]) return std::nullopt;
    value *= kPowersOfTen[static_cast<size_t>(shift)];
  }
  const bool cut_digit_counts = shift < 0 && digits + shift >= 0 && kept < digits;
  if (!truncate && cut_digit_counts && number.digit(static_cast<size_t>(kept)) >= 5) ++value;
  if (value >= kPowersOfTen[static_cast<size_t>(precision)]) return std::nullopt;
  return value;
}

template <size_t N>
bool is_one_of(std::string_view text, const std::string_view (&words)[N]) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return equals_folded(text, word); });
}

}  // namespace

// Guide page r_Boolean_type lists these literals.
std::optional<bool> read_boolean(std::string_view text) {
  static constexpr std::string_view kTrue[] = {"t", "true", "y", "yes", "1"};
  static constexpr std::string_view kFalse[] = {"f", "false", "n", "no", "0"};
  text = trim_blanks(text);
  if (is_one_of(text, kTrue)) return true;
  if (is_one_of(text, kFalse)) return false;
  return std::nullopt;
}

std::optional<int64_t> read_integer(std::string_view text) {
  text = trim_blanks(text);
  const bool negative = take_sign(text);
  if (text.empty()) return std::nullopt;
  while (text.size() > 1 && text.front() == '0') text.remove_prefix(1);
  if (text.size() > 19) return std::nullopt;
  uint64_t value = 0;  // 19 digits fit
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  constexpr uint64_t kLargest = INT64_MAX;
  if (value > kLargest + (negative ? 1 : 0)) return std::nullopt;
  return static_cast<int64_t>(negative ? ~value + 1 : value);
}

std::optional<double> read_double(std::string_view text) {
  text = trim_blanks(text);
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return std::nullopt;
  }
  if (!text.empty() && text.back() == ')') return std::nullopt;  // nan(…) is C, not SQL
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<int128> read_decimal(std::string_view text, int precision, int scale, bool truncate, bool* overflow) {
  if (overflow) *overflow = false;
  const auto number = take_number(trim_blanks(text));
  if (!number) return std::nullopt;
  const auto value = scaled(*number, precision, scale, truncate);
  if (!value) {
    if (overflow) *overflow = true;
    return std::nullopt;
  }
  return number->negative ? -static_cast<int128>(*value) : static_cast<int128>(*value);
}

}  // namespace garland::engine
