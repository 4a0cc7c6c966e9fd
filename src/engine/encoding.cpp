// UTF-8 and JSON: well-formedness only.
#include <cstring>

#include "engine/text.h"
#include "engine/text_scan.h"

namespace garland::engine {
namespace {

size_t ascii_prefix(std::string_view text) {
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    if (word & 0x8080808080808080u) break;
  }
  while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
  return i;
}

/// Length of the well-formed sequence at `p` (Unicode standard, table 3-7), 0 when it is ill-formed.
size_t sequence_length(const unsigned char* p, size_t left) {
  const auto follows = [&](size_t i, unsigned char low = 0x80, unsigned char high = 0xBF) {
    return i < left && p[i] >= low && p[i] <= high;
  };
  const unsigned char lead = p[0];
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return follows(1) ? 2 : 0;
  if (lead < 0xF0) {
    const unsigned char low = lead == 0xE0 ? 0xA0 : 0x80, high = lead == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (lead > 0xF4) return 0;
  const unsigned char low = lead == 0xF0 ? 0x90 : 0x80, high = lead == 0xF4 ? 0x8F : 0xBF;
  return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
}

/// Checks one JSON value without building it.
class JsonChecker {
 public:
  explicit JsonChecker(std::string_view text) : p_(text.data()), end_(text.data() + text.size()) {}
  bool check() {
    const bool good = value(0);
    blanks();
    return good && p_ == end_;
  }

 private:
  bool at(char c) const { return p_ != end_ && *p_ == c; }
  bool take(char c) { return at(c) && (++p_, true); }
  void blanks() {
    while (p_ != end_ && (*p_ == ' ' || *p_ == '\t' || *p_ == '\n' || *p_ == '\r')) ++p_;
  }
  bool word(std::string_view expected) {
    if (std::string_view(p_, static_cast<size_t>(end_ - p_)).substr(0, expected.size()) != expected) return false;
    p_ += expected.size();
    return true;
  }
  bool value(int depth) {
    if (depth > kMaxNesting) return false;
    blanks();
    if (p_ == end_) return false;
    switch (*p_) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return string();
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }
  bool object(int depth) {
    ++p_;
    blanks();
    if (take('}')) return true;
    do {
      blanks();
      if (!at('"') || !string()) return false;
      blanks();
      if (!take(':') || !value(depth + 1)) return false;
      blanks();
    } while (take(','));
    return take('}');
  }
  bool array(int depth) {
    ++p_;
    blanks();
    if (take(']')) return true;
    do {
      if (!value(depth + 1)) return false;
      blanks();
    } while (take(','));
    return take(']');
  }
  bool string() {
    for (++p_; p_ != end_; ++p_) {
      if (*p_ == '"') return ++p_, true;
      if (static_cast<unsigned char>(*p_) < 0x20) return false;
      if (*p_ == '\\' && !escape()) return false;
    }
    return false;
  }
  bool escape() {
    if (++p_ == end_) return false;
    if (*p_ != 'u') return std::strchr("\"\\/bfnrt", *p_) != nullptr && *p_ != 0;
    for (int i = 0; i < 4; ++i) {
      if (++p_ == end_ || !(is_digit(*p_) || (to_lower(*p_) >= 'a' && to_lower(*p_) <= 'f'))) return false;
    }
    return true;
  }
  bool digits() {
    if (p_ == end_ || !is_digit(*p_)) return false;
    while (p_ != end_ && is_digit(*p_)) ++p_;
    return true;
  }
  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (at('e') || at('E')) {
      ++p_;
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  const char* p_;
  const char* end_;
};

}  // namespace

bool is_utf8(std::string_view text, size_t* bad) {
  size_t i = 0;
  while (true) {
    i += ascii_prefix(text.substr(i));
    if (i == text.size()) return true;
    const size_t length = sequence_length(reinterpret_cast<const unsigned char*>(text.data()) + i, text.size() - i);
    if (length == 0) {
      if (bad) *bad = i;
      return false;
    }
    i += length;
  }
}

bool is_json(std::string_view text) { return JsonChecker(text).check() && is_utf8(text); }

}  // namespace garland::engine
