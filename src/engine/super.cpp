#include "engine/super.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/limits.h"
#include "engine/text.h"
#include "engine/text_scan.h"

namespace garland::engine {
namespace {

/// The offset behind the string that begins at `at`.
size_t behind_string(std::string_view text, size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

/// The offset behind the value that begins at `at`.
size_t behind_value(std::string_view text, size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = behind_string(text, at);
      if (depth == 0) return at;
      continue;
    }
    if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      if (depth <= 1) return depth == 1 ? at + 1 : at;
      --depth;
    } else if (c == ',' && depth == 0) {
      return at;
    }
    ++at;
  }
  return at;
}

std::string_view inside(std::string_view value) {
  return value.size() < 2 ? std::string_view() : value.substr(1, value.size() - 2);
}

int hex(char c) { return is_digit(c) ? c - '0' : to_lower(c) - 'a' + 10; }

}  // namespace

SuperKind super_kind(std::string_view value) {
  switch (value.empty() ? 'n' : value.front()) {
    case 'n':
      return SuperKind::kNull;
    case 't':
    case 'f':
      return SuperKind::kBoolean;
    case '"':
      return SuperKind::kString;
    case '[':
      return SuperKind::kArray;
    case '{':
      return SuperKind::kObject;
    default:
      return SuperKind::kNumber;
  }
}

void append_super_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
      case '\\':
        out += '\\';
        out += c;
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void append_super_float(std::string& out, double value) {
  if (!std::isfinite(value)) return append_super_string(out, std::isnan(value) ? "NaN" : value > 0 ? "Inf" : "-Inf");
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  std::string_view written(text, static_cast<size_t>(end - text));
  const size_t exponent = written.find('e');
  out += written.substr(0, exponent + 2);  // with the exponent's sign
  written.remove_prefix(exponent + 2);
  while (written.size() > 1 && written.front() == '0') written.remove_prefix(1);
  out += written;
}

void append_super_decimal(std::string& out, int128 value, int scale) {
  const Type type = Type::decimal(kMaxDecimalPrecision, std::min(scale, kMaxDecimalScale));
  append_text(out, Column{type, &value, nullptr}, 0);
}

char json_escape(char letter) {
  constexpr std::string_view kLetters = "bfnrt", kValues = "\b\f\n\r\t";
  const size_t known = kLetters.find(letter);
  return known == std::string_view::npos ? letter : kValues[known];
}

std::string super_string(std::string_view value) {
  std::string out;
  const std::string_view text = inside(value);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    if (text[++i] != 'u') {
      out += json_escape(text[i]);
      continue;
    }
    // control characters only: the others stand as themselves
    if (i + 4 < text.size()) out += static_cast<char>(hex(text[i + 3]) * 16 + hex(text[i + 4]));
    i += 4;
  }
  return out;
}

double SuperNumber::as_double() const {
  if (real) return *real;
  std::string text;
  append_super_decimal(text, digits, scale);
  return read_double(text).value_or(0);
}

std::optional<SuperNumber> super_number(std::string_view value) {
  if (super_kind(value) != SuperKind::kNumber) return std::nullopt;
  SuperNumber number;
  if (value.find('e') != std::string_view::npos) {
    number.real = read_double(value);
    return number.real ? std::optional(number) : std::nullopt;
  }
  const size_t point = value.find('.');
  number.scale = point == std::string_view::npos ? 0 : static_cast<int>(value.size() - point - 1);
  const std::optional<int128> digits = read_decimal(value, kMaxDecimalPrecision, number.scale, true);
  if (!digits) return std::nullopt;
  number.digits = *digits;
  return number;
}

SuperReader::SuperReader(std::string_view value) : object_(super_kind(value) == SuperKind::kObject) {
  if (object_ || super_kind(value) == SuperKind::kArray) rest_ = inside(value);
}

bool SuperReader::next() {
  if (rest_.empty()) return false;
  if (object_) {
    const size_t end = behind_string(rest_, 0);
    name_ = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
  }
  const size_t end = behind_value(rest_, 0);
  value_ = rest_.substr(0, end);
  rest_.remove_prefix(std::min(end + 1, rest_.size()));
  return true;
}

int64_t super_size(std::string_view value) {
  int64_t size = 0;
  for (SuperReader reader(value); reader.next();) ++size;
  return size;
}

std::optional<std::string_view> super_navigate(std::string_view value, std::span<const SuperStep> path) {
  for (const SuperStep& step : path) {
    const auto* name = std::get_if<std::string>(&step);
    if (super_kind(value) != (name ? SuperKind::kObject : SuperKind::kArray)) return std::nullopt;
    SuperReader reader(value);
    bool found = false;
    for (int64_t left = name ? 0 : std::get<int64_t>(step); left >= 0 && !found && reader.next();) {
      found = name ? reader.name() == *name : left-- == 0;
    }
    if (!found) return std::nullopt;
    value = reader.value();
  }
  return value;
}

std::vector<SuperStep> super_path(std::string_view array) {
  std::vector<SuperStep> path;
  for (SuperReader reader(array); reader.next();) {
    if (super_kind(reader.value()) == SuperKind::kString) {
      path.emplace_back(std::string(reader.value()));
    } else {
      path.emplace_back(read_integer(reader.value()).value_or(-1));
    }
  }
  return path;
}

}  // namespace garland::engine
