#include "tpc/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace garland::bench {
namespace {

using Field = std::optional<std::string>;

/// 10^-digits after the point.
double last_digit(const std::string& number) {
  const size_t point = number.find('.');
  return point == std::string::npos ? 1 : std::pow(10.0, -static_cast<double>(number.size() - point - 1));
}

std::string without_blanks(const std::string& text) { return text.substr(0, text.find_last_not_of(' ') + 1); }

bool same_number(const std::string& ours, const engine::Type& type, const std::string& theirs,
                 const engine::Type& their_type) {
  if (ours == theirs) return true;
  const double a = std::strtod(ours.c_str(), nullptr), b = std::strtod(theirs.c_str(), nullptr);
  const double size = std::max(std::abs(a), std::abs(b)) * 1e-9;
  if (!type.is_float() && !their_type.is_float() && last_digit(ours) == last_digit(theirs)) return false;
  return std::abs(a - b) <= size + (type.is_float() ? 0 : last_digit(ours));
}

bool same_field(const Field& ours, const engine::Type& type, const Field& theirs, const engine::Type& their_type) {
  if (!ours || !theirs) return !ours && !theirs;
  if (type.is_numeric() && their_type.is_numeric()) return same_number(*ours, type, *theirs, their_type);
  return without_blanks(*ours) == without_blanks(*theirs);
}

bool same_row(const engine::TextRow& a, const Answer& ours, const engine::TextRow& b, const Answer& theirs) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (!same_field(a[i], ours.types[i], b[i], theirs.types[i])) return false;
  }
  return true;
}

std::string shown(const engine::TextRow& row) {
  std::string text;
  for (const Field& field : row) text += (text.empty() ? "" : " | ") + field.value_or("NULL");
  return text;
}

std::optional<size_t> first_difference(const Answer& ours, const Answer& theirs) {
  for (size_t i = 0; i < ours.rows.size(); ++i) {
    if (!same_row(ours.rows[i], ours, theirs.rows[i], theirs)) return i;
  }
  return std::nullopt;
}

/// Texts first, then numbers by what a difference in the last digits does not change.
Answer sorted(const Answer& answer) {
  std::vector<std::pair<std::string, size_t>> keys;
  for (size_t i = 0; i < answer.rows.size(); ++i) {
    std::string texts, numbers;
    for (size_t c = 0; c < answer.types.size(); ++c) {
      const Field& field = answer.rows[i][c];
      if (!answer.types[c].is_numeric()) {
        texts += without_blanks(field.value_or("\x01")) + '\0';
      } else {
        numbers += field ? fmt::format("{:+025.4f}", std::strtod(field->c_str(), nullptr)) : "N";
      }
    }
    keys.emplace_back(texts + numbers, i);
  }
  std::ranges::sort(keys);
  Answer result{answer.types, {}};
  for (const auto& [key, row] : keys) result.rows.push_back(answer.rows[row]);
  return result;
}

}  // namespace

std::optional<std::string> difference(const Answer& ours, const Answer& theirs) {
  if (ours.types.size() != theirs.types.size()) {
    return fmt::format("{} columns, expected {}", ours.types.size(), theirs.types.size());
  }
  if (ours.rows.size() != theirs.rows.size()) {
    return fmt::format("{} rows, expected {}", ours.rows.size(), theirs.rows.size());
  }
  if (!first_difference(ours, theirs)) return std::nullopt;
  const Answer a = sorted(ours), b = sorted(theirs);
  const auto at = first_difference(a, b);
  if (!at) return std::nullopt;
  return fmt::format("row {} of {}: {}\n    expected {}", *at + 1, a.rows.size(), shown(a.rows[*at]),
                     shown(b.rows[*at]));
}

}  // namespace garland::bench
