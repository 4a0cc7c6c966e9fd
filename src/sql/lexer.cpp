#include "sql/lexer.h"

#include <array>

#include "base/error.h"

namespace garland::sql {
namespace {

enum CharClass : uint8_t { kOther = 0, kBlank = 1, kDigit = 2, kNameStart = 4, kOperator = 8 };

constexpr std::array<uint8_t, 256> build_classes() {
  std::array<uint8_t, 256> classes{};
  for (char c : {' ', '\t', '\n', '\r', '\f', '\v'}) classes[static_cast<unsigned char>(c)] = kBlank;
  for (int c = '0'; c <= '9'; ++c) classes[c] = kDigit;
  for (int c = 'a'; c <= 'z'; ++c) classes[c] = classes[c - 32] = kNameStart;
  for (int c = 0x80; c <= 0xFF; ++c) classes[c] = kNameStart;
  classes['_'] = kNameStart;
  for (char c : std::string_view("~!@#^&|`?+-*/%<>=")) classes[static_cast<unsigned char>(c)] = kOperator;
  return classes;
}
constexpr std::array<uint8_t, 256> kClasses = build_classes();

bool is(char c, int classes) { return (kClasses[static_cast<unsigned char>(c)] & classes) != 0; }
bool continues_name(char c) { return is(c, kNameStart | kDigit) || c == '$'; }

struct Operator {
  std::string_view text;
  Symbol symbol;
};
constexpr Operator kOperators[] = {
    {"+", Symbol::kPlus},          {"-", Symbol::kMinus},          {"*", Symbol::kStar},
    {"/", Symbol::kSlash},         {"%", Symbol::kPercent},        {"^", Symbol::kCaret},
    {"=", Symbol::kEqual},         {"<>", Symbol::kNotEqual},      {"!=", Symbol::kNotEqual},
    {"<", Symbol::kLess},          {"<=", Symbol::kLessEqual},     {">", Symbol::kGreater},
    {">=", Symbol::kGreaterEqual}, {"||", Symbol::kConcat},        {"&", Symbol::kAmpersand},
    {"|", Symbol::kPipe},          {"#", Symbol::kHash},           {"<<", Symbol::kShiftLeft},
    {">>", Symbol::kShiftRight},   {"~", Symbol::kTilde},          {"~*", Symbol::kTildeStar},
    {"!~", Symbol::kNotTilde},     {"!~*", Symbol::kNotTildeStar}, {"@", Symbol::kAt},
    {"|/", Symbol::kSquareRoot},   {"||/", Symbol::kCubeRoot},
};

Symbol find_operator(std::string_view text) {
  for (const Operator& op : kOperators)
    if (op.text == text) return op.symbol;
  return Symbol::kNone;
}

[[noreturn]] void unterminated(const char* what, size_t at) {
  throw Error(kSyntaxError, std::string("unterminated ") + what).at(at);
}

}  // namespace

Token Lexer::token(TokenKind kind, size_t end, Symbol symbol) {
  Token result{static_cast<uint32_t>(at_), static_cast<uint32_t>(end), kind, symbol, Keyword::kNone};
  at_ = end;
  return result;
}

Token Lexer::next() {
  skip_blanks([](Span) {});
  if (at_ >= text_.size()) return token(TokenKind::kEnd, at_);
  const char c = text_[at_];
  if (is(c, kNameStart)) {
    if ((c == 'e' || c == 'E') && peek(1) == '\'') return string(TokenKind::kEscapeString, 1);
    return word();
  }
  if (is(c, kDigit) || (c == '.' && is(peek(1), kDigit))) return number();
  if (c == '\'') return string(TokenKind::kString, 0);
  if (c == '"') return quoted_name();
  if (c == '$') return dollar();
  return is(c, kOperator) ? operators() : symbol();
}

bool Lexer::next_comment(Span& span) {
  while (at_ < text_.size() && is(text_[at_], kBlank)) ++at_;
  const size_t begin = at_;
  if (peek() == '-' && peek(1) == '-') {
    while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
  } else if (peek() == '/' && peek(1) == '*') {
    skip_block_comment();
  }
  span = {static_cast<uint32_t>(begin), static_cast<uint32_t>(at_)};
  return at_ != begin;
}

void Lexer::skip_block_comment() {
  size_t depth = 0;
  for (size_t i = at_; i + 1 < text_.size();) {
    if (text_[i] == '/' && text_[i + 1] == '*') {
      ++depth;
      i += 2;
    } else if (text_[i] == '*' && text_[i + 1] == '/') {
      i += 2;
      if (--depth == 0) {
        at_ = i;
        return;
      }
    } else {
      ++i;
    }
  }
  unterminated("/* comment", at_);
}

Token Lexer::word() {
  size_t end = at_ + 1;
  while (end < text_.size() && continues_name(text_[end])) ++end;
  const Keyword keyword = find_keyword(text_.substr(at_, end - at_));
  Token result = token(TokenKind::kWord, end);
  result.keyword = keyword;
  return result;
}

Token Lexer::number() {
  size_t end = at_;
  const auto digits = [&] {
    while (end < text_.size() && is(text_[end], kDigit)) ++end;
  };
  digits();
  if (end < text_.size() && text_[end] == '.') {
    ++end;
    digits();
  }
  if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
    size_t exponent = end + 1;
    if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
    if (exponent < text_.size() && is(text_[exponent], kDigit)) {
      end = exponent;
      digits();
    }
  }
  return token(TokenKind::kNumber, end);
}

// From the opening quote to behind the closing one; npos when there is none.
size_t Lexer::end_of_quotes(size_t quote, bool backslashes) const {
  const char mark = text_[quote];
  for (size_t i = quote + 1; i < text_.size(); ++i) {
    if (backslashes && text_[i] == '\\') {
      ++i;
    } else if (text_[i] == mark) {
      if (i + 1 >= text_.size() || text_[i + 1] != mark) return i + 1;
      ++i;
    }
  }
  return std::string_view::npos;
}

Token Lexer::string(TokenKind kind, size_t prefix) {
  size_t end = end_of_quotes(at_ + prefix, true);
  while (end != std::string_view::npos) {
    size_t next = end;
    bool newline = false;
    while (next < text_.size() && is(text_[next], kBlank))
      newline |= text_[next] == '\n' || text_[next] == '\r', ++next;
    if (!newline || next >= text_.size() || text_[next] != '\'') return token(kind, end);
    end = end_of_quotes(next, true);
  }
  unterminated("quoted string", at_);
}

Token Lexer::quoted_name() {
  const size_t end = end_of_quotes(at_, false);
  if (end == std::string_view::npos) unterminated("quoted identifier", at_);
  if (end == at_ + 2) throw Error(kSyntaxError, "zero-length delimited identifier").at(at_);
  return token(TokenKind::kQuotedName, end);
}

Token Lexer::dollar() {
  size_t end = at_ + 1;
  if (is(peek(1), kDigit)) {
    while (end < text_.size() && is(text_[end], kDigit)) ++end;
    return token(TokenKind::kParameter, end);
  }
  if (is(peek(1), kNameStart))
    while (end < text_.size() && is(text_[end], kNameStart | kDigit)) ++end;
  if (end >= text_.size() || text_[end] != '$') return token(TokenKind::kSymbol, at_ + 1);
  const std::string_view delimiter = text_.substr(at_, end + 1 - at_);
  const size_t close = text_.find(delimiter, end + 1);
  if (close == std::string_view::npos) unterminated("dollar-quoted string", at_);
  return token(TokenKind::kDollarString, close + delimiter.size());
}

Token Lexer::symbol() {
  switch (text_[at_]) {
    case '(':
      return token(TokenKind::kSymbol, at_ + 1, Symbol::kLeftParen);
    case ')':
      return token(TokenKind::kSymbol, at_ + 1, Symbol::kRightParen);
    case '[':
      return token(TokenKind::kSymbol, at_ + 1, Symbol::kLeftBracket);
    case ']':
      return token(TokenKind::kSymbol, at_ + 1, Symbol::kRightBracket);
    case ',':
      return token(TokenKind::kSymbol, at_ + 1, Symbol::kComma);
    case ';':
      return token(TokenKind::kSymbol, at_ + 1, Symbol::kSemicolon);
    case '.':
      return token(TokenKind::kSymbol, at_ + 1, Symbol::kDot);
    case ':':
      if (peek(1) == ':') return token(TokenKind::kSymbol, at_ + 2, Symbol::kCast);
      return token(TokenKind::kSymbol, at_ + 1, Symbol::kColon);
    default:
      return token(TokenKind::kSymbol, at_ + 1);
  }
}

// PostgreSQL's rule: the longest run of operator characters that starts no comment; a final + or - belongs to it only
// when the run holds one of ~!@#^&|`?% (so that `a=-1` is `a = -1`).
Token Lexer::operators() {
  size_t end = at_;
  bool special = false;
  for (; end < text_.size() && is(text_[end], kOperator); ++end) {
    const std::string_view two = text_.substr(end, 2);
    if (end > at_ && (two == "--" || two == "/*")) break;
    special |= std::string_view("~!@#^&|`?%").find(text_[end]) != std::string_view::npos;
  }
  if (!special)
    while (end - at_ > 1 && (text_[end - 1] == '+' || text_[end - 1] == '-')) --end;
  return token(TokenKind::kSymbol, end, find_operator(text_.substr(at_, end - at_)));
}

std::vector<Token> tokenize(std::string_view text) {
  std::vector<Token> tokens;
  tokens.reserve(text.size() / 4 + 8);
  Lexer lexer(text);
  do tokens.push_back(lexer.next());
  while (tokens.back().kind != TokenKind::kEnd);
  return tokens;
}

}  // namespace garland::sql
