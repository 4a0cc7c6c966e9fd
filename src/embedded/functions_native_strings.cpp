// String functions that DuckDB lacks or does otherwise. Characters are UTF-8 code points. Source: guide page
// String_functions_header and the pages of its functions.
#include <fmt/format.h>
#include <locale.h>
#include <wctype.h>

#include <algorithm>
#include <memory>

#include "base/hash.h"
#include "base/utf8.h"
#include "embedded/functions_native.h"

namespace garland::embedded {
namespace {

using namespace native;

/// `index` is not negative.
size_t offset_of(std::string_view text, int64_t index) { return offset_of_character(text, static_cast<size_t>(index)); }

int64_t characters(std::string_view text) { return static_cast<int64_t>(count_characters(text)); }

void require_room(size_t bytes) {
  if (bytes <= static_cast<size_t>(kMaxVarcharBytes)) return;
  fail(kStringDataRightTruncation, fmt::format("value too long for type character varying({})", kMaxVarcharBytes));
}

/// Characters [start, start + length) of those there are; start counts from 1 and may be below (r_SUBSTRING).
std::string_view substring(std::string_view text, int64_t start, int64_t length) {
  if (length < 0) fail(kInvalidParameterValue, "negative substring length not allowed");
  const int64_t end = std::max<int64_t>(start + length, 1);
  start = std::max<int64_t>(start, 1);
  if (end <= start) return {};
  text.remove_prefix(offset_of(text, start - 1));
  return text.substr(0, offset_of(text, end - start));
}

std::string pad(std::string_view text, int32_t length, std::string_view filler, bool left) {
  const int64_t present = characters(text);
  if (length <= present || filler.empty()) return std::string(text.substr(0, offset_of(text, std::max(length, 0))));
  const int64_t missing = length - present, filler_characters = characters(filler);
  require_room(text.size() + static_cast<size_t>(missing / filler_characters) * filler.size());
  std::string padding;
  for (int64_t i = 0; i < missing / filler_characters; ++i) padding += filler;
  padding += filler.substr(0, offset_of(filler, missing % filler_characters));
  require_room(padding.size() + text.size());
  return left ? padding + std::string(text) : std::string(text) + padding;
}

/// Part `number`, from 1, or an empty text (r_SPLIT_PART); an empty delimiter splits nothing.
std::string_view split_part(std::string_view text, std::string_view delimiter, int32_t number) {
  if (number < 1) fail(kInvalidParameterValue, "field position must be greater than zero");
  if (delimiter.empty()) return number == 1 ? text : std::string_view();
  for (size_t at = 0;; --number) {
    const size_t end = text.find(delimiter, at);
    if (number == 1) return text.substr(at, end == std::string_view::npos ? end : end - at);
    if (end == std::string_view::npos) return {};
    at = end + delimiter.size();
  }
}

std::string repeat(std::string_view text, int32_t times) {
  std::string result;
  if (times <= 0) return result;
  require_room(text.size() * static_cast<size_t>(times));
  result.reserve(text.size() * static_cast<size_t>(times));
  for (int32_t i = 0; i < times; ++i) result += text;
  return result;
}

std::string character(int32_t code) {
  if (code <= 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
    fail(kInvalidParameterValue, fmt::format("requested character not valid: {}", code));
  }
  std::string out;
  append_utf8(out, static_cast<uint32_t>(code));
  return out;
}

/// The character at `i`, which moves behind it.
uint32_t next_character(std::string_view text, size_t& i) {
  const auto lead = static_cast<unsigned char>(text[i++]);
  if (lead < 0x80) return lead;
  uint32_t code = lead & (lead >= 0xF0 ? 0x07 : lead >= 0xE0 ? 0x0F : 0x1F);
  while (i < text.size() && !starts_character(text[i]))
    code = (code << 6) | (static_cast<unsigned char>(text[i++]) & 0x3F);
  return code;
}

/// Case by Unicode, whatever the process' locale is.
locale_t unicode_locale() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

/// Words are runs of letters and digits (r_INITCAP).
std::string initcap(std::string_view text) {
  const locale_t locale = unicode_locale();
  std::string out;
  bool inside = false;
  for (size_t i = 0; i < text.size();) {
    const wint_t code = next_character(text, i);
    const bool word =
        locale ? iswalnum_l(code, locale) != 0 : code >= 0x80 || std::isalnum(static_cast<int>(code)) != 0;
    const wint_t cased = !locale ? code : inside ? towlower_l(code, locale) : towupper_l(code, locale);
    append_utf8(out, word ? cased : code);
    inside = word;
  }
  return out;
}

/// American Soundex; empty for a text without letters (SOUNDEX).
std::string soundex(std::string_view text) {
  constexpr std::string_view kCodes = "01230120022455012623010202";
  std::string out;
  char last = '0';
  for (const char raw : text) {
    const char c = static_cast<char>(std::toupper(static_cast<unsigned char>(raw)));
    if (c < 'A' || c > 'Z') continue;
    const char code = kCodes[static_cast<size_t>(c - 'A')];
    if (out.empty()) {
      out += c;
    } else if (code != '0' && code != last) {
      out += code;
      if (out.size() == 4) return out;
    }
    if (c != 'H' && c != 'W') last = code;
  }
  if (!out.empty()) out.resize(4, '0');
  return out;
}

int32_t difference(std::string_view left, std::string_view right) {
  const std::string a = soundex(left), b = soundex(right);
  int32_t same = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) same += a[i] == b[i];
  return same;
}

std::string quote_identifier(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (!text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::all_of(text.begin(), text.end(), plain))
    return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string quote_literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : c == '\\' ? "\\\\" : std::string(1, c);
  return out + "'";
}

std::string crc32(std::string_view text) {
  uint32_t crc = 0xFFFFFFFFu;
  for (const unsigned char byte : text) {
    crc ^= byte;
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1u)));
  }
  return fmt::format("{:08x}", ~crc);
}

/// The first byte of `part` in the text, from 1; 0 when it is not there (OCTETINDEX).
int32_t octet_index(std::string_view part, std::string_view text) {
  const size_t at = text.find(part);
  return at == std::string_view::npos ? 0 : static_cast<int32_t>(at) + 1;
}

int64_t string_to_integer(std::string_view text, int32_t base) {
  if (base < 2 || base > 36) fail(kInvalidParameterValue, "the base of STRTOL must lie between 2 and 36");
  const std::string copy(text);
  errno = 0;
  char* end = nullptr;
  const long long value = std::strtoll(copy.c_str(), &end, base);
  if (errno == ERANGE) fail(kNumericValueOutOfRange, "value \"" + copy + "\" is out of range for type bigint");
  while (*end == ' ') ++end;
  if (copy.empty() || *end != '\0') {
    fail(kInvalidTextRepresentation, fmt::format("The input {} is not valid to be converted to base {}", copy, base));
  }
  return value;
}

/// SIMILAR TO as a regular expression over the whole text (pattern-matching-conditions-similar-to).
std::string similar_expression(std::string_view pattern, std::string_view escape) {
  std::string out = "(?s)";
  bool in_class = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (!escape.empty() && pattern.substr(i).starts_with(escape)) {
      i += escape.size();
      if (i >= pattern.size()) fail(kInvalidEscapeSequence, "SIMILAR TO pattern must not end with escape character");
      out += '\\';
      out += pattern[i];
    } else if (in_class) {
      in_class = c != ']';
      out += c == '\\' ? std::string("\\\\") : std::string(1, c);
    } else if (c == '%' || c == '_') {
      out += c == '%' ? ".*" : ".";
    } else if (c == '.' || c == '^' || c == '$' || c == '\\') {
      out += '\\';
      out += c;
    } else {
      in_class = c == '[';
      out += c;
    }
  }
  return out;
}

std::string listagg_result(std::string_view text) {
  if (text.size() > static_cast<size_t>(kMaxVarcharBytes)) {
    fail(kStringDataRightTruncation, "Result size exceeds LISTAGG limit");
  }
  return std::string(text);
}

using View = std::string_view;

/// FNV_HASH
int64_t hash_bytes(View bytes, int64_t seed) { return static_cast<int64_t>(fnv1a(bytes, static_cast<uint64_t>(seed))); }

/// Numbers count with the bytes of their type, the lowest first.
template <class Value>
void add_hash(Overloads& overloads, Type type) {
  const auto hash = [](Value value, int64_t seed) {
    if constexpr (std::is_same_v<Value, View>) {
      return hash_bytes(value, seed);
    } else {
      return hash_bytes(View(reinterpret_cast<const char*>(&value), sizeof value), seed);
    }
  };
  overloads.push_back(function<Value>("g_fnv", kBigint, {type},
                                      [hash](Value value) { return hash(value, static_cast<int64_t>(kFnvSeed)); }));
  overloads.push_back(function<Value, int64_t>("g_fnv", kBigint, {type, kBigint}, hash));
}

Overloads fnv_functions() {
  Overloads all;
  add_hash<uint8_t>(all, Type::of(TypeId::kBoolean));
  add_hash<int16_t>(all, kSmallint);
  add_hash<int32_t>(all, kInteger);
  add_hash<int64_t>(all, kBigint);
  add_hash<float>(all, kReal);
  add_hash<double>(all, kDouble);
  add_hash<View>(all, kText);
  add_hash<View>(all, kBytes);
  return all;
}

}  // namespace

std::vector<Overloads> string_natives() {
  const auto lpad = [](View text, int32_t length, View filler) { return pad(text, length, filler, true); };
  const auto rpad = [](View text, int32_t length, View filler) { return pad(text, length, filler, false); };
  const auto tail = [](View text, int32_t start) { return substring(text, start, int64_t{1} << 31); };
  return {
      {function<View, int32_t, int32_t>("g_substring", kText, {kText, kInteger, kInteger}, substring),
       function<View, int32_t>("g_substring", kText, {kText, kInteger}, tail)},
      {function<View, int32_t, View>("g_lpad", kText, {kText, kInteger, kText}, lpad)},
      {function<View, int32_t, View>("g_rpad", kText, {kText, kInteger, kText}, rpad)},
      {function<View, View, int32_t>("g_split_part", kText, {kText, kText, kInteger}, split_part)},
      {function<View, int32_t>("g_repeat", kText, {kText, kInteger}, repeat)},
      {function<int32_t>("g_chr", kText, {kInteger}, character)},
      {function<View>("g_initcap", kText, {kText}, initcap)},
      {function<View>("g_soundex", kText, {kText}, soundex)},
      {function<View, View>("g_difference", kInteger, {kText, kText}, difference)},
      {function<View>("g_quote_ident", kText, {kText}, quote_identifier)},
      {function<View>("g_quote_literal", kText, {kText}, quote_literal)},
      {function<View>("g_crc32", kText, {kText}, crc32)},
      {function<View, View>("g_octet_index", kInteger, {kText, kText}, octet_index)},
      {function<View, int32_t>("g_strtol", kBigint, {kText, kInteger}, string_to_integer)},
      {function<View, View>("g_similar", kText, {kText, kText}, similar_expression)},
      {function<View>("g_listagg", kText, {kText}, listagg_result)},
      fnv_functions(),
  };
}

}  // namespace garland::embedded
