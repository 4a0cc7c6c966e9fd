#include "embedded/json_text.h"

#include "base/utf8.h"
#include "engine/super.h"
#include "engine/text.h"

namespace garland::embedded {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Walks over text that is known to be JSON.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  /// Takes the character if it is next, after blanks.
  bool take(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  /// The next value's raw text; the text must go on with one.
  std::string_view value() {
    skip_blanks();
    const size_t start = at_;
    int depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        skip_string();
        if (depth == 0) break;
        continue;
      }
      const bool closes = c == '}' || c == ']';
      if (depth == 0 && (c == ',' || closes || is_blank(c))) break;
      ++at_;
      if (c == '{' || c == '[') ++depth;
      if (closes && --depth == 0) break;
    }
    return text_.substr(start, at_ - start);
  }

 private:
  void skip_string() {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    ++at_;
  }

  std::string_view text_;
  size_t at_ = 0;
};

uint32_t hex4(std::string_view digits) {
  uint32_t value = 0;
  for (const char c : digits.substr(0, 4)) {
    value = value << 4 | static_cast<uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

/// The four digits behind `\u`, with a low half that follows a high one; a half alone becomes U+FFFD, and so does the
/// zero that no text can hold. `i` stands on the 'u' and moves to the last digit.
void append_escaped_code(std::string& out, std::string_view inside, size_t& i) {
  uint32_t code = hex4(inside.substr(i + 1));
  i += 4;
  const bool high = code >= 0xD800 && code < 0xDC00;
  if (high && inside.substr(i + 1).starts_with("\\u")) {
    const uint32_t low = hex4(inside.substr(i + 3));
    if (low >= 0xDC00 && low < 0xE000) {
      i += 6;
      return append_utf8(out, 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00));
    }
  }
  const bool half = code >= 0xD800 && code < 0xE000;
  append_utf8(out, half || code == 0 ? 0xFFFD : code);
}

std::string unescaped(std::string_view inside) {
  std::string out;
  out.reserve(inside.size());
  for (size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] != '\\') {
      out += inside[i];
      continue;
    }
    if (inside[++i] == 'u') {
      append_escaped_code(out, inside, i);
    } else {
      out += engine::json_escape(inside[i]);
    }
  }
  return out;
}

std::string_view inside_of(std::string_view quoted) { return quoted.substr(1, quoted.size() - 2); }

bool is_name(std::string_view quoted, std::string_view name) {
  const std::string_view inside = inside_of(quoted);
  return inside.find('\\') == std::string_view::npos ? inside == name : unescaped(inside) == name;
}

std::optional<std::string_view> valid(std::string_view text, char first) {
  const std::string_view value = trimmed(text);
  if (value.empty() || value.front() != first || !engine::is_json(value)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::string_view> json_object(std::string_view text) { return valid(text, '{'); }
std::optional<std::string_view> json_array(std::string_view text) { return valid(text, '['); }

std::optional<std::string_view> json_member(std::string_view object, std::string_view name) {
  std::optional<std::string_view> found;
  Walker walker(object);
  if (!walker.take('{') || walker.take('}')) return found;
  do {
    const std::string_view key = walker.value();
    walker.take(':');
    const std::string_view value = walker.value();
    if (is_name(key, name)) found = value;
  } while (walker.take(','));
  return found;
}

std::optional<std::string_view> json_element(std::string_view array, int64_t index) {
  Walker walker(array);
  if (index < 0 || !walker.take('[') || walker.take(']')) return std::nullopt;
  do {
    const std::string_view value = walker.value();
    if (index-- == 0) return value;
  } while (walker.take(','));
  return std::nullopt;
}

int64_t json_length(std::string_view array) {
  Walker walker(array);
  if (!walker.take('[') || walker.take(']')) return 0;
  int64_t count = 0;
  do {
    walker.value();
    ++count;
  } while (walker.take(','));
  return count;
}

std::optional<std::string> json_value(std::string_view value) {
  if (value == "null") return std::nullopt;
  return value.starts_with('"') ? unescaped(inside_of(value)) : std::string(value);
}

}  // namespace garland::embedded
