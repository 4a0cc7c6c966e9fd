// JSON text → SUPER.
#include <algorithm>
#include <unordered_map>

#include "base/limits.h"
#include "base/utf8.h"
#include "engine/super.h"
#include "engine/text.h"
#include "engine/text_scan.h"

namespace garland::engine {
namespace {

using Fault = std::optional<SuperFault>;

class JsonReader {
 public:
  JsonReader(std::string_view text, SuperJsonRules rules, std::string& out) : text_(text), rules_(rules), out_(out) {}

  Fault whole() {
    if (const Fault fault = value(0)) return fault;
    skip_blanks();
    return at_ == text_.size() ? Fault() : SuperFault::kSyntax;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool accept(char c) {
    skip_blanks();
    if (peek() != c || at_ == text_.size()) return false;
    ++at_;
    return true;
  }

  Fault value(int depth) {
    if (depth > kMaxSuperDepth) return SuperFault::kTooDeep;
    skip_blanks();
    switch (peek()) {
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

  Fault word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return SuperFault::kSyntax;
    at_ += word.size();
    out_ += word;
    return {};
  }

  Fault array(int depth) {
    ++at_;
    out_ += '[';
    if (!accept(']')) {
      do {
        if (const Fault fault = value(depth + 1)) return fault;
        out_ += ',';
      } while (accept(','));
      if (!accept(']')) return SuperFault::kSyntax;
      out_.pop_back();
    }
    out_ += ']';
    return {};
  }

  struct Attribute {
    size_t begin, end;
  };

  Fault object(int depth) {
    ++at_;
    out_ += '{';
    std::unordered_map<std::string, Attribute> known;
    bool duplicates = false;
    const size_t start = out_.size();
    if (!accept('}')) {
      do {
        skip_blanks();
        const size_t begin = out_.size();
        if (const Fault fault = name()) return fault;
        std::string name = out_.substr(begin);
        if (!accept(':')) return SuperFault::kSyntax;
        out_ += ':';
        if (const Fault fault = value(depth + 1)) return fault;
        out_ += ',';
        const Attribute attribute{begin, out_.size()};
        const auto [entry, is_new] = known.try_emplace(std::move(name), attribute);
        if (!is_new && !rules_.keep_last_duplicate) return SuperFault::kDuplicateAttribute;
        duplicates = duplicates || !is_new;
        entry->second = attribute;
      } while (accept(','));
      if (!accept('}')) return SuperFault::kSyntax;
      if (duplicates) keep_last(start, known);
      out_.pop_back();
    }
    out_ += '}';
    return {};
  }

  /// Of each name its last attribute, in the order in which those stand.
  void keep_last(size_t start, const std::unordered_map<std::string, Attribute>& known) {
    std::vector<Attribute> kept;
    for (const auto& [name, attribute] : known) kept.push_back(attribute);
    std::sort(kept.begin(), kept.end(), [](const Attribute& a, const Attribute& b) { return a.begin < b.begin; });
    const std::string all = out_.substr(start);
    out_.resize(start);
    for (const Attribute& attribute : kept) out_.append(all, attribute.begin - start, attribute.end - attribute.begin);
  }

  Fault name() {
    if (peek() != '"') return SuperFault::kSyntax;
    std::string text;
    if (!characters(text)) return SuperFault::kSyntax;
    append_super_string(out_, text);
    return {};
  }

  Fault string() {
    std::string text;
    if (!characters(text)) return SuperFault::kSyntax;
    const auto longest = static_cast<size_t>(kMaxVarcharBytes);
    if (text.size() > longest && !rules_.truncate_strings) return SuperFault::kLongString;
    append_super_string(out_, first_bytes(text, longest));
    return {};
  }

  bool characters(std::string& out) {
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') return ++at_, true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        out += c;
      } else if (!escape(out)) {
        return false;
      }
    }
    return false;
  }

  bool escape(std::string& out) {
    constexpr std::string_view kLetters = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
    if (++at_ == text_.size()) return false;
    if (const size_t found = kLetters.find(text_[at_]); found != std::string_view::npos)
      return out += kMeant[found], true;
    if (text_[at_] != 'u') return false;
    uint32_t code = 0;
    if (!code_unit(code)) return false;
    if (code >= 0xDC00 && code <= 0xDFFF) return false;
    if (code >= 0xD800 && code <= 0xDBFF) {
      uint32_t low = 0;
      if (!text_.substr(at_ + 1).starts_with("\\u")) return false;
      at_ += 2;
      if (!code_unit(low) || low < 0xDC00 || low > 0xDFFF) return false;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, code);
    return true;
  }

  /// Four digits behind the `u` that the cursor stands on; leaves it on the last one.
  bool code_unit(uint32_t& code) {
    if (text_.size() - at_ < 5) return false;
    for (int i = 0; i < 4; ++i) {
      const char c = to_lower(text_[++at_]);
      if (!is_digit(c) && (c < 'a' || c > 'f')) return false;
      code = code * 16 + static_cast<uint32_t>(is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return true;
  }

  bool digits() {
    const size_t start = at_;
    while (is_digit(peek())) ++at_;
    return at_ > start;
  }

  Fault number() {
    const size_t start = at_;
    if (peek() == '-') ++at_;
    const size_t whole = at_;
    if (!digits() || (text_[whole] == '0' && at_ - whole > 1)) return SuperFault::kSyntax;
    size_t scale = 0;
    if (peek() == '.') {
      const size_t point = at_++;
      if (!digits()) return SuperFault::kSyntax;
      scale = at_ - point - 1;
    }
    const size_t significant = (text_[whole] == '0' ? 0 : at_ - whole - scale - (scale > 0 ? 1 : 0)) + scale;
    bool is_float = significant > kMaxDecimalPrecision || scale > kMaxDecimalScale;
    if (to_lower(peek()) == 'e') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) return SuperFault::kSyntax;
      is_float = true;
    }
    return append_number(text_.substr(start, at_ - start), is_float);
  }

  Fault append_number(std::string_view text, bool is_float) {
    if (is_float) {
      const std::optional<double> value = read_double(text);
      if (!value) return SuperFault::kSyntax;
      append_super_float(out_, *value);
      return {};
    }
    const bool negative_zero = text.front() == '-' && text.find_first_not_of("-0.") == std::string_view::npos;
    out_ += negative_zero ? text.substr(1) : text;
    return {};
  }

  std::string_view text_;
  SuperJsonRules rules_;
  std::string& out_;
  size_t at_ = 0;
};

}  // namespace

std::optional<SuperFault> super_from_json(std::string_view json, SuperJsonRules rules, std::string& out) {
  const size_t start = out.size();
  Fault fault = JsonReader(json, rules, out).whole();
  if (!fault && out.size() - start > static_cast<size_t>(kMaxSuperBytes)) fault = SuperFault::kTooLarge;
  if (fault) out.resize(start);
  return fault;
}

}  // namespace garland::engine
