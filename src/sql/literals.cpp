#include "sql/literals.h"

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/utf8.h"

namespace garland::sql {
namespace {

bool is_octal(char c) { return c >= '0' && c <= '7'; }

/// Decodes the inside of a quoted string, closing quotes that join lines included.
class StringDecoder {
 public:
  StringDecoder(std::string_view text, bool hex_escapes, UnknownEscape unknown)
      : text_(text), hex_escapes_(hex_escapes), unknown_(unknown) {}

  std::string decode() {
    value_.reserve(text_.size());
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\'') {
        quote();
      } else if (c == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        escape();
      } else {
        value_ += c;
        ++at_;
      }
    }
    return std::move(value_);
  }

 private:
  void quote() {
    if (at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
      value_ += '\'';
      at_ += 2;
    } else {
      at_ = text_.find('\'', at_ + 1) + 1;
    }
  }

  void escape() {
    const char c = text_[at_++];
    switch (c) {
      case 'b':
        value_ += '\b';
        return;
      case 'f':
        value_ += '\f';
        return;
      case 'n':
        value_ += '\n';
        return;
      case 'r':
        value_ += '\r';
        return;
      case 't':
        value_ += '\t';
        return;
      default:
        break;
    }
    if (is_octal(c)) {
      octal(c);
    } else if (hex_escapes_ && c == 'x' && at_ < text_.size() && hex_digit(text_[at_]) >= 0) {
      hex();
    } else {
      if (unknown_ == UnknownEscape::kKeep && c != '\\' && c != '\'') value_ += '\\';
      value_ += c;
    }
  }

  void octal(char first) {
    int code = first - '0';
    for (int i = 0; i < 2 && at_ < text_.size() && is_octal(text_[at_]); ++i) code = code * 8 + (text_[at_++] - '0');
    value_ += static_cast<char>(code & 0xFF);
  }

  void hex() {
    int code = hex_digit(text_[at_++]);
    if (at_ < text_.size() && hex_digit(text_[at_]) >= 0) code = code * 16 + hex_digit(text_[at_++]);
    value_ += static_cast<char>(code);
  }

  std::string_view text_;
  bool hex_escapes_;
  UnknownEscape unknown_;
  size_t at_ = 0;
  std::string value_;
};

bool is_continuation(unsigned char c) { return (c & 0xC0) == 0x80; }

/// Length of the valid character that begins at `text[at]`, 0 if there is none.
size_t character_length(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(at + i < text.size() ? text[at + i] : 0); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return is_continuation(byte(1)) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned char low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned char high = first == 0xED ? 0x9F : 0xBF;
    return byte(1) >= low && byte(1) <= high && is_continuation(byte(2)) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned char low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = first == 0xF4 ? 0x8F : 0xBF;
    return byte(1) >= low && byte(1) <= high && is_continuation(byte(2)) && is_continuation(byte(3)) ? 4 : 0;
  }
  return 0;
}

}  // namespace

size_t find_invalid_utf8(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    uint64_t word;
    if (at + sizeof word <= text.size()) {
      std::memcpy(&word, text.data() + at, sizeof word);
      if ((word & 0x8080808080808080u) == 0) {
        at += sizeof word;
        continue;
      }
    }
    const size_t length = character_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

std::string string_value(std::string_view source, const Token& token, UnknownEscape unknown) {
  std::string_view text = source.substr(token.begin, token.end - token.begin);
  std::string value;
  if (token.kind == TokenKind::kDollarString) {
    const size_t delimiter = text.find('$', 1) + 1;
    value = text.substr(delimiter, text.size() - 2 * delimiter);
  } else {
    const size_t prefix = token.kind == TokenKind::kEscapeString ? 2 : 1;
    text = text.substr(prefix, text.size() - prefix - 1);
    value = text.find_first_of("'\\") == std::string_view::npos
                ? std::string(text)
                : StringDecoder(text, token.kind == TokenKind::kEscapeString, unknown).decode();
  }
  if (find_invalid_utf8(value) != std::string_view::npos)
    throw Error(kCharacterNotInRepertoire, "string literal is not valid UTF-8").at(token.begin);
  if (unknown == UnknownEscape::kDrop && value.find('\0') != std::string::npos)
    throw Error(kCharacterNotInRepertoire, "string literal holds a zero byte").at(token.begin);
  return value;
}

namespace {

std::string_view cut_identifier(std::string_view name) { return first_bytes(name, kMaxIdentifierBytes); }

/// Folds as many bytes at once as `Word` has, as ascii_lower() does each.
template <typename Word>
void fold_word(char* bytes) {
  constexpr Word kOnes = static_cast<Word>(0x0101010101010101);
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  const Word seven_bits = word & (kOnes * 0x7F);
  const Word from_a = seven_bits + kOnes * (0x80 - 'A'), past_z = seven_bits + kOnes * (0x7F - 'Z');
  const Word upper = (from_a ^ past_z) & ~word & (kOnes * 0x80);
  word |= upper >> 2;  // 0x80 → 0x20, the bit between the cases
  std::memcpy(bytes, &word, sizeof word);
}

}  // namespace

std::string fold_identifier(std::string_view name) {
  std::string folded(cut_identifier(name));
  size_t at = 0;
  for (; at + 8 <= folded.size(); at += 8) fold_word<uint64_t>(folded.data() + at);
  for (; at + 4 <= folded.size(); at += 4) fold_word<uint32_t>(folded.data() + at);
  for (; at < folded.size(); ++at) folded[at] = ascii_lower(folded[at]);
  return folded;
}

std::string identifier_value(std::string_view source, const Token& token, QuotedNames names) {
  const std::string_view text = source.substr(token.begin, token.end - token.begin);
  if (token.kind != TokenKind::kQuotedName) return fold_identifier(text);
  std::string name;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    name += text[i];
    if (text[i] == '"') ++i;
  }
  return names == QuotedNames::kKeep ? std::string(cut_identifier(name)) : fold_identifier(name);
}

bool is_plain_identifier(std::string_view name) {
  if (name.empty() || name.size() > kMaxIdentifierBytes) return false;
  const auto starts = [](char c) {
    return (c >= 'a' && c <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  };
  if (!starts(name[0])) return false;
  for (char c : name)
    if (!starts(c) && !(c >= '0' && c <= '9') && c != '$') return false;
  return !is_reserved(find_keyword(name));
}

}  // namespace garland::sql
