// TEXT_TO_INT_ALT and TEXT_TO_NUMERIC_ALT inside DuckDB: text in Teradata's manner as numbers (guide pages
// r_TEXT_TO_INT_ALT, r_TEXT_TO_NUMERIC_ALT, r_Numeric-format-teradata). Formats: digits ('9', 'Z', '9(5)', '9(I)'),
// '.', ',', '+', '-', '$', 'C' (a currency before the number), and 'S' at the end: a signed zoned decimal. Others are
// 0A000.
#include <fmt/format.h>

#include <algorithm>

#include "embedded/functions_format.h"
#include "embedded/functions_native.h"

namespace garland::embedded {
namespace {

using namespace native;
using View = std::string_view;

[[noreturn]] void fail_text(View text) {
  fail(kInvalidTextRepresentation, fmt::format("invalid input syntax for type numeric: \"{}\"", text.substr(0, 200)));
}

struct TeradataFormat {
  bool zoned = false;
  bool currency = false;
};

TeradataFormat read_format(View format) {
  TeradataFormat out;
  const auto refuse = [&] { fail(kFeatureNotSupported, fmt::format("format \"{}\" is not supported yet", format)); };
  for (size_t i = 0; i < format.size(); ++i) {
    const char c = static_cast<char>(std::toupper(static_cast<unsigned char>(format[i])));
    if (c == '(') {
      const size_t close = format.find(')', i);
      if (close == View::npos || close == i + 1) refuse();
      i = close;
    } else if (c == 'S' && i + 1 == format.size()) {
      out.zoned = true;
    } else if (c == 'C' || c == '$') {
      out.currency = true;
    } else if (View("9Z.,+-").find(c) == View::npos) {
      refuse();
    }
  }
  return out;
}

/// A number's digits, where its point stands, and its sign.
struct Plain {
  std::string digits;
  int scale = 0;
  bool negative = false;
};

/// The last character of a signed zoned decimal holds a digit and the sign: '{' to 'I' are +0 to +9, '}' to 'R' -0 to
/// -9.
bool read_zone(char c, Plain& out) {
  constexpr View kPositive = "{ABCDEFGHI", kNegative = "}JKLMNOPQR";
  const size_t positive = kPositive.find(c), negative = kNegative.find(c);
  if (positive == View::npos && negative == View::npos) return false;
  out.negative = positive == View::npos;
  out.digits += static_cast<char>('0' + (out.negative ? negative : positive));
  return true;
}

int read_exponent(View text, View whole) {
  int value = 0;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.size() > 3) fail_text(whole);
  for (const char c : text) {
    if (c < '0' || c > '9') fail_text(whole);
    value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

View trimmed(View text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

Plain read_plain(View whole, const TeradataFormat& format) {
  View text = trimmed(whole);
  Plain out;
  if (text.empty()) return out;  // blank: 0
  if (format.currency) {
    const size_t number = std::min(text.find_first_of("0123456789.+-"), text.size());
    text = trimmed(text.substr(number));
  }
  const auto sign = [&](char c) { return c == '+' || c == '-'; };
  if (!text.empty() && sign(text.front())) {
    out.negative = text.front() == '-';
    text.remove_prefix(1);
  } else if (!text.empty() && sign(text.back())) {
    out.negative = text.back() == '-';
    text.remove_suffix(1);
  }
  bool point = false, any = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      out.digits += c;
      out.scale += point ? 1 : 0;
      any = true;
    } else if (c == '.' && !point) {
      point = true;
    } else if ((c == 'e' || c == 'E') && any) {
      out.scale -= read_exponent(text.substr(i + 1), whole);
      break;
    } else if (c == ',' && any && !point) {
      continue;
    } else if (format.zoned && i + 1 == text.size() && read_zone(c, out)) {
      out.scale += point ? 1 : 0;
    } else {
      fail_text(whole);
    }
  }
  if (!any) fail_text(whole);
  return out;
}

/// The number with `scale` digits behind the point, cut or rounded half to even.
int128 scaled(const Plain& number, int scale, bool round) {
  std::string digits = number.digits;
  const int shift = scale - number.scale;
  bool up = false;
  if (shift >= 0) {
    if (shift > kMaxDecimalPrecision && digits.find_first_not_of('0') != std::string::npos) {
      fail(kNumericValueOutOfRange, "numeric overflow");
    }
    digits.append(static_cast<size_t>(std::min(shift, kMaxDecimalPrecision)), '0');
  } else {
    const auto cut = static_cast<size_t>(-shift);
    digits.insert(0, cut > digits.size() ? cut - digits.size() : 0, '0');
    const std::string rest = digits.substr(digits.size() - cut);
    digits.resize(digits.size() - cut);
    const bool more = rest.find_first_not_of('0', 1) != std::string::npos;
    const bool odd = !digits.empty() && (digits.back() - '0') % 2 == 1;
    up = round && (rest[0] > '5' || (rest[0] == '5' && (more || odd)));
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.size() > static_cast<size_t>(kMaxDecimalPrecision)) fail(kNumericValueOutOfRange, "numeric overflow");
  int128 value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  value = checked_decimal(value + (up ? 1 : 0));
  return number.negative ? -value : value;
}

int32_t to_int(View text, View format) {
  const int128 value = scaled(read_plain(text, read_format(format)), 0, false);
  if (value < std::numeric_limits<int32_t>::min() || value > std::numeric_limits<int32_t>::max()) {
    fail(kNumericValueOutOfRange, fmt::format("value \"{}\" is out of range for type integer", text.substr(0, 200)));
  }
  return static_cast<int32_t>(value);
}

/// With 38 digits; DuckDB's cast to the result's precision refuses more.
Overloads numeric_reader(int scale) {
  return {function<View, View>(
      "g_teradata_" + std::to_string(scale), Type::decimal(38, scale), {kText, kText},
      [scale](View text, View format) { return scaled(read_plain(text, read_format(format)), scale, true); })};
}

}  // namespace

std::vector<Overloads> teradata_natives() {
  std::vector<Overloads> all{{function<View, View>("g_teradata_int", kInteger, {kText, kText}, to_int)}};
  for (int scale = 0; scale <= kMaxDecimalScale; ++scale) all.push_back(numeric_reader(scale));
  return all;
}

}  // namespace garland::embedded
