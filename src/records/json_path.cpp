#include "records/json_path.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error.h"
#include "base/utf8.h"
#include "engine/super.h"
#include "engine/text.h"
#include "engine/text_scan.h"

namespace garland::records {
namespace {

size_t skip_blanks(std::string_view text, size_t at) {
  while (at < text.size() && engine::is_blank(text[at])) ++at;
  return at;
}

size_t end_of_string(std::string_view text, size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

/// Behind the value that begins at `at`.
size_t end_of_value(std::string_view text, size_t at) {
  if (at >= text.size()) return at;
  if (text[at] == '"') return end_of_string(text, at);
  if (text[at] != '{' && text[at] != '[') {
    while (at < text.size() && text[at] != ',' && text[at] != '}' && text[at] != ']' && !engine::is_blank(text[at]))
      ++at;
    return at;
  }
  for (int depth = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      at = end_of_string(text, at);
      continue;
    }
    ++at;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) break;
  }
  return at;
}

uint32_t read_hex(std::string_view digits) {
  uint32_t code = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  return code;
}

/// The escape whose letter stands at `at`; returns the offset behind it.
size_t append_escape(std::string& out, std::string_view text, size_t at) {
  const char c = text[at];
  if (c != 'u' || at + 5 > text.size()) {
    out += engine::json_escape(c);
    return at + 1;
  }
  uint32_t code = read_hex(text.substr(at + 1, 4));
  at += 5;
  if (code >= 0xD800 && code <= 0xDBFF && at + 6 <= text.size() && text[at] == '\\' && text[at + 1] == 'u') {
    const uint32_t low = read_hex(text.substr(at + 2, 4));
    if (low >= 0xDC00 && low <= 0xDFFF) {
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      at += 6;
    }
  }
  const bool half = code >= 0xD800 && code <= 0xDFFF;  // of a pair: no character
  append_utf8(out, half ? 0xFFFD : code);
  return at;
}

[[noreturn]] void bad_path(std::string_view text) {
  throw Error(kInvalidParameterValue, "Invalid JSONPath format: \"" + std::string(text) + "\"")
      .hint("Write $['name']['inner'][0] or $.name.inner[0].");
}

[[noreturn]] void bad_file(std::string why) {
  throw Error(kBadCopyFileFormat, "Invalid JSONPaths file: " + std::move(why));
}

}  // namespace

void for_each_member(std::string_view object, const std::function<void(std::string_view, std::string_view)>& member) {
  size_t at = skip_blanks(object, 0) + 1;
  std::string scratch;
  for (at = skip_blanks(object, at); at < object.size() && object[at] == '"'; at = skip_blanks(object, at + 1)) {
    const size_t key_end = end_of_string(object, at);
    std::string_view key = object.substr(at + 1, key_end - at - 2);
    if (key.find('\\') != std::string_view::npos) key = scratch = json_string(object.substr(at, key_end - at));
    at = skip_blanks(object, skip_blanks(object, key_end) + 1);
    const size_t end = end_of_value(object, at);
    member(key, object.substr(at, end - at));
    at = skip_blanks(object, end);
  }
}

void for_each_element(std::string_view array, const std::function<void(std::string_view)>& element) {
  size_t at = skip_blanks(array, skip_blanks(array, 0) + 1);
  while (at < array.size() && array[at] != ']') {
    const size_t end = end_of_value(array, at);
    element(array.substr(at, end - at));
    at = skip_blanks(array, end);
    if (at < array.size() && array[at] == ',') at = skip_blanks(array, at + 1);
  }
}

std::string json_string(std::string_view value) {
  std::string out;
  if (value.size() < 2) return out;
  const std::string_view inner = value.substr(1, value.size() - 2);
  for (size_t at = 0; at < inner.size();) {
    if (inner[at] == '\\' && at + 1 < inner.size()) {
      at = append_escape(out, inner, at + 1);
    } else {
      out += inner[at++];
    }
  }
  return out;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
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
          out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

JsonPath::JsonPath(std::string_view text) {
  const std::string_view whole = text;
  if (text.empty() || text[0] != '$') bad_path(whole);
  text.remove_prefix(1);
  const bool dots = text.find('.') < text.find('\'');
  while (!text.empty()) {
    if (dots && text[0] == '.') {
      const size_t end = std::min(text.find_first_of(".[", 1), text.size());
      const std::string_view name = text.substr(1, end - 1);
      if (name.empty() || name.find_first_of("']") != std::string_view::npos) bad_path(whole);
      steps_.emplace_back(std::string(name));
      text.remove_prefix(end);
      continue;
    }
    if (text.size() < 3 || text[0] != '[') bad_path(whole);
    if (!dots && text[1] == '\'') {
      const size_t end = text.find("']", 2);
      if (end == std::string_view::npos || end == 2) bad_path(whole);
      steps_.emplace_back(std::string(text.substr(2, end - 2)));
      text.remove_prefix(end + 2);
      continue;
    }
    size_t index = 0;
    const auto [end, code] = std::from_chars(text.data() + 1, text.data() + text.size(), index);
    if (code != std::errc() || end == text.data() + text.size() || *end != ']') bad_path(whole);
    steps_.emplace_back(index);
    text.remove_prefix(static_cast<size_t>(end - text.data()) + 1);
  }
}

JsonPath::Found JsonPath::find(std::string_view document, std::string_view& value) const {
  value = engine::trim_blanks(document);
  for (const auto& step : steps_) {
    std::optional<std::string_view> next;
    if (const auto* name = std::get_if<std::string>(&step)) {
      if (value.empty() || value[0] != '{') return Found::kMissing;
      for_each_member(value, [&](std::string_view key, std::string_view member) {
        if (key == *name) next = member;
      });
      if (!next) return Found::kMissing;
    } else {
      size_t left = std::get<size_t>(step);
      if (value.empty() || value[0] != '[') return Found::kNoElement;
      for_each_element(value, [&](std::string_view element) {
        if (left-- == 0) next = element;
      });
      if (!next) return Found::kNoElement;
    }
    value = *next;
  }
  return Found::kValue;
}

std::optional<std::vector<JsonPath>> read_json_paths(std::string_view file) {
  if (file.starts_with("\xEF\xBB\xBF")) file.remove_prefix(3);
  const std::string_view text = engine::trim_blanks(file);
  if (!engine::is_json(text)) bad_file("it is not one JSON object");
  if (text[0] != '{') bad_file("it is not an object");
  std::optional<std::string_view> list;
  for_each_member(text, [&](std::string_view key, std::string_view value) {
    if (key == "jsonpaths") list = value;
  });
  if (!list) return std::nullopt;
  if ((*list)[0] != '[') bad_file("\"jsonpaths\" is not an array");
  std::vector<JsonPath> paths;
  for_each_element(*list, [&](std::string_view value) {
    if (value.size() < 3 || value[0] != '"') bad_file("a path is empty or not a string");
    paths.emplace_back(json_string(value));
  });
  return paths;
}

}  // namespace garland::records
