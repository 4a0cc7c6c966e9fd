#include "ingest/sensitive/postcode.h"

#include <algorithm>

#include "base/ascii.h"

namespace garland::ingest {
namespace {

/// Shapes: 9 a digit, A a letter, X either, anything else itself; alternatives are divided by a blank.
struct Shape {
  std::string_view country;
  std::string_view shapes;
  int area;  // characters; negative: all but so many
};
constexpr Shape kShapes[] = {
    {"AT", "9999", 2},
    {"AU", "9999", 2},
    {"BE", "9999", 2},
    {"CA", "A9A9A9", 3},
    {"CH", "9999", 2},
    {"CZ", "99999", 2},
    {"DE", "99999", 2},
    {"DK", "9999", 2},
    {"ES", "99999", 2},
    {"FI", "99999", 2},
    {"FR", "99999", 2},
    {"GB", "A99AA A999AA AA99AA AA999AA A9A9AA AA9A9AA GIR0AA", -3},
    {"IE", "A99XXXX D6WXXXX", 3},
    {"IT", "99999", 2},
    {"LU", "9999", 2},
    {"NL", "9999AA", 2},
    {"NO", "9999", 2},
    {"PL", "99-999 99999", 2},
    {"PT", "9999-999 9999", 2},
    {"SE", "99999", 2},
    {"US", "99999 99999-9999", 3},
};

const Shape* shape_of(std::string_view country) {
  const auto* const at =
      std::find_if(std::begin(kShapes), std::end(kShapes), [&](const Shape& s) { return s.country == country; });
  return at == std::end(kShapes) ? nullptr : at;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }

bool matches(std::string_view text, std::string_view shape) {
  return std::equal(text.begin(), text.end(), shape.begin(), shape.end(), [](char c, char s) {
    return s == '9' ? is_digit(c) : s == 'A' ? is_letter(c) : s == 'X' ? is_digit(c) || is_letter(c) : c == s;
  });
}

bool matches_one(std::string_view text, std::string_view shapes) {
  while (true) {
    const size_t end = shapes.find(' ');
    if (matches(text, shapes.substr(0, end))) return true;
    if (end == std::string_view::npos) return false;
    shapes.remove_prefix(end + 1);
  }
}

}  // namespace

bool knows_postcodes(std::string_view country) { return shape_of(country) != nullptr; }

void judge_postcode(std::string_view country, Normal& out) {
  std::string& text = out.text;
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return ascii_upper(c); });
  const Shape* shape = shape_of(country);
  if (shape) {
    out.valid = matches_one(text, shape->shapes);
  } else {
    out.valid = text.size() >= 3 && text.size() <= 10 &&
                std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_letter(c) || c == '-'; });
  }
  if (!out.valid) return;
  const int area = shape ? shape->area : 2;
  out.part = text.substr(0, area > 0 ? static_cast<size_t>(area) : text.size() - static_cast<size_t>(-area));
}

}  // namespace garland::ingest
