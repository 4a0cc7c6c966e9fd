#include <fmt/format.h>

#include <algorithm>

#include "embedded/functions_format.h"
#include "embedded/functions_native.h"

namespace garland::embedded {
namespace {

enum class Sign { kLeading, kS, kMi, kPl, kSg, kPr };

/// A numeric format, taken apart: its characters in order, with 'S' for every form of sign and literals marked.
struct NumberFormat {
  struct Item {
    char kind;  // '9' '0' '.' ',' 'S' (a sign stands here) 'L' 'T' 't' (an ordinal's ending) 'x' (a literal)
    char literal = ' ';
  };
  std::vector<Item> items;
  int whole = 0, fraction = 0;
  int first_zero = -1;  // index among the whole digits
  int last_zero = -1;   // index among the fraction digits
  Sign sign = Sign::kLeading;
  bool fill = true;
  bool point = false;
  bool shifted = false;  // a V came
  int shift = 0;         // digits behind V: the number counts 10^shift times
  bool roman = false, roman_lower = false;
};

bool starts(std::string_view format, size_t i, std::string_view word) {
  if (format.size() - i < word.size()) return false;
  return std::equal(word.begin(), word.end(), format.begin() + static_cast<std::ptrdiff_t>(i),
                    [](char a, char b) { return a == std::toupper(static_cast<unsigned char>(b)); });
}

void add_digit(NumberFormat& out, char digit) {
  if (out.shifted) ++out.shift;
  out.items.push_back({digit});
  int& count = out.point ? out.fraction : out.whole;
  if (digit == '0') {
    if (out.point) out.last_zero = count;
    if (!out.point && out.first_zero < 0) out.first_zero = count;
  }
  ++count;
}

/// Reads one element at `i` and returns its length.
size_t read_element(NumberFormat& out, std::string_view format, size_t i) {
  const char c = static_cast<char>(std::toupper(static_cast<unsigned char>(format[i])));
  const auto sign = [&](Sign kind, size_t length) {
    out.sign = kind;
    if (kind != Sign::kPr) out.items.push_back({'S'});
    return length;
  };
  if (starts(format, i, "FM")) return out.fill = false, 2;
  if (starts(format, i, "SG")) return sign(Sign::kSg, 2);
  if (starts(format, i, "MI")) return sign(Sign::kMi, 2);
  if (starts(format, i, "PL")) return sign(Sign::kPl, 2);
  if (starts(format, i, "PR")) return sign(Sign::kPr, 2);
  if (starts(format, i, "RN")) return out.roman = true, out.roman_lower = format[i] == 'r', 2;
  if (c == 'S') return sign(Sign::kS, 1);
  if (starts(format, i, "TH")) return out.items.push_back({format[i] == 'T' ? 'T' : 't'}), 2;
  if (c == 'V') return out.shifted = true, 1;
  if (starts(format, i, "EEEE")) {
    fail(kFeatureNotSupported, fmt::format("numeric format \"{}\" is not supported yet", format));
  }
  if (c == '9' || c == '0') {
    add_digit(out, c);
  } else if (c == '.' || c == 'D') {
    if (out.point) fail(kSyntaxError, "multiple decimal points");
    out.point = true;
    out.items.push_back({'.'});
  } else if (c == ',' || c == 'G') {
    out.items.push_back({','});
  } else {
    out.items.push_back({c == 'L' ? 'L' : 'x', format[i]});
  }
  return 1;
}

NumberFormat parse_format(std::string_view format) {
  NumberFormat out;
  for (size_t i = 0; i < format.size();) {
    if (format[i] == '"') {
      for (++i; i < format.size() && format[i] != '"'; ++i) out.items.push_back({'x', format[i]});
      ++i;
    } else {
      i += read_element(out, format, i);
    }
  }
  return out;
}

/// A plain number, rounded half away from zero to so many digits.
struct Digits {
  bool negative;
  std::string whole;  // without leading zeros: empty for 0
  std::string fraction;
};

Digits round_digits(std::string_view text, size_t places) {
  Digits out{text.starts_with('-'), {}, {}};
  if (out.negative) text.remove_prefix(1);
  const size_t point = std::min(text.find('.'), text.size());
  std::string digits = "0" + std::string(text.substr(0, point));
  std::string fraction(point < text.size() ? text.substr(point + 1) : std::string_view());
  const bool up = fraction.size() > places && fraction[places] >= '5';
  fraction.resize(places, '0');
  digits += fraction;
  for (size_t i = digits.size(); up && i-- > 0;) {
    if (digits[i] != '9') {
      ++digits[i];
      break;
    }
    digits[i] = '0';
  }
  out.fraction = digits.substr(digits.size() - places);
  out.whole = digits.substr(0, digits.size() - places);
  out.whole.erase(0, std::min(out.whole.find_first_not_of('0'), out.whole.size()));
  if (out.whole.empty() && out.fraction.find_first_not_of('0') == std::string::npos) out.negative = false;
  return out;
}

/// The plain number with its point moved `places` to the right.
std::string shift_point(std::string_view text, int places) {
  const size_t point = std::min(text.find('.'), text.size());
  std::string fraction(point < text.size() ? text.substr(point + 1) : std::string_view());
  fraction.resize(std::max(fraction.size(), static_cast<size_t>(places)), '0');
  std::string out(text.substr(0, point));
  out += fraction.substr(0, static_cast<size_t>(places));
  return out.append(".").append(fraction.substr(static_cast<size_t>(places)));
}

/// 'st', 'nd', 'rd' or 'th'; negative numbers and those with a fraction have none.
std::string_view ordinal_ending(const NumberFormat& format, const Digits& digits) {
  if (digits.negative || format.point) return "";
  const auto digit = [&digits](size_t from_end) {
    return digits.whole.size() < from_end ? '0' : digits.whole[digits.whole.size() - from_end];
  };
  if (digit(2) == '1') return "th";
  return digit(1) == '1' ? "st" : digit(1) == '2' ? "nd" : digit(1) == '3' ? "rd" : "th";
}

std::string roman(std::string_view text, bool lower, bool fill) {
  static constexpr std::pair<int, std::string_view> kValues[] = {
      {1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
      {40, "XL"},  {10, "X"},   {9, "IX"},  {5, "V"},    {4, "IV"},  {1, "I"}};
  const Digits number = round_digits(text, 0);
  if (number.negative || number.whole.empty() || number.whole.size() > 4 || std::stoi(number.whole) > 3999)
    return std::string(15, '#');
  std::string out;
  int rest = std::stoi(number.whole);
  for (const auto& [value, letters] : kValues) {
    for (; rest >= value; rest -= value) out += letters;
  }
  if (lower) std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  if (fill && out.size() < 15) out.insert(0, 15 - out.size(), ' ');
  return out;
}

/// Walks a format and prints a number by it.
class NumberPrinter {
 public:
  NumberPrinter(const NumberFormat& format, const Digits& digits) : format_(format), digits_(digits) {
    const int present = digits.whole.empty() && !format.point ? 1 : static_cast<int>(digits.whole.size());
    overflow_ = static_cast<int>(digits.whole.size()) > format.whole;
    first_ = overflow_ ? 0 : format.whole - present;
    if (format.first_zero >= 0) first_ = std::min(first_, format.first_zero);
    int last = format.fraction - 1;
    while (!format.fill && last > format.last_zero && digits.fraction[static_cast<size_t>(last)] == '0') --last;
    last_fraction_ = last;
  }

  std::string print() {
    for (const NumberFormat::Item& item : format_.items) print_item(item);
    if (!began_) begin();
    if (format_.sign == Sign::kPr) out_ += digits_.negative ? ">" : format_.fill ? " " : "";
    return std::move(out_);
  }

 private:
  void print_item(const NumberFormat::Item& item) {
    switch (item.kind) {
      case '9':
      case '0':
        return fraction_ < 0 ? whole_digit() : fraction_digit();
      case '.':
        begin(), out_ += '.', fraction_ = 0;
        return;
      case ',':
        if (began_)
          out_ += ',';
        else if (format_.fill)
          out_ += ' ';
        return;
      case 'S':
        return sign_here();
      case 'L':
        out_ += '$';
        return;
      case 'T':
      case 't':
        for (const char c : ordinal_ending(format_, digits_)) {
          out_ += item.kind == 'T' ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        }
        return;
      default:
        out_ += item.literal;
    }
  }

  /// The sign that stands before the first digit.
  void begin() {
    if (began_) return;
    began_ = true;
    if (format_.sign == Sign::kLeading) out_ += digits_.negative ? "-" : format_.fill ? " " : "";
    if (format_.sign == Sign::kPr) out_ += digits_.negative ? "<" : format_.fill ? " " : "";
    if (format_.sign == Sign::kS && sign_pending_) out_ += digits_.negative ? '-' : '+';
  }

  void sign_here() {
    if (format_.sign == Sign::kS && position_ == 0 && fraction_ < 0) {
      sign_pending_ = true;  // S in front clings to the first digit
      return;
    }
    if (format_.sign == Sign::kMi)
      out_ += digits_.negative ? "-" : format_.fill ? " " : "";
    else if (format_.sign == Sign::kPl)
      out_ += digits_.negative ? "-" : "+";
    else
      out_ += digits_.negative ? '-' : '+';
  }

  void whole_digit() {
    const int position = position_++;
    if (position < first_) {
      if (format_.fill) out_ += ' ';
      return;
    }
    begin();
    const int from_end = format_.whole - position;
    const int index = static_cast<int>(digits_.whole.size()) - from_end;
    out_ += overflow_ ? '#' : index >= 0 ? digits_.whole[static_cast<size_t>(index)] : '0';
  }

  void fraction_digit() {
    const int position = fraction_++;
    if (position > last_fraction_ && !overflow_) return;
    out_ += overflow_ ? '#' : digits_.fraction[static_cast<size_t>(position)];
  }

  const NumberFormat& format_;
  const Digits& digits_;
  std::string out_;
  int first_ = 0, last_fraction_ = -1, position_ = 0, fraction_ = -1;
  bool overflow_ = false, began_ = false, sign_pending_ = false;
};

}  // namespace

std::string format_number(std::string_view digits, std::string_view format) {
  const NumberFormat parsed = parse_format(format);
  if (parsed.roman) return roman(digits, parsed.roman_lower, parsed.fill);
  const std::string moved = parsed.shift > 0 ? shift_point(digits, parsed.shift) : std::string(digits);
  const Digits rounded = round_digits(moved, static_cast<size_t>(parsed.fraction));
  return NumberPrinter(parsed, rounded).print();
}

std::string parse_number(std::string_view text, std::string_view format) {
  const NumberFormat parsed = parse_format(format);
  std::string digits;
  bool negative = false, point = false, any = false;
  const auto is_literal = [&parsed](char c) {
    return std::any_of(parsed.items.begin(), parsed.items.end(),
                       [c](const auto& item) { return item.kind == 'x' && item.literal == c; });
  };
  for (const char c : text) {
    const bool digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
    if (!digit && std::string_view(" .,+-<>$").find(c) == std::string_view::npos && !is_literal(c)) {
      fail(kInvalidTextRepresentation, fmt::format("invalid input syntax for type numeric: \"{}\"", text));
    }
    if (c == '-' || c == '<') negative = true;
    if (c == '.' && point) break;
    if (c == '.') point = true;
    if (c == '.' || digit) digits += c;
    any |= digit;
  }
  if (!any) fail(kInvalidTextRepresentation, fmt::format("invalid input syntax for type numeric: \"{}\"", text));
  return (negative ? "-" : "") + digits;
}

}  // namespace garland::embedded
