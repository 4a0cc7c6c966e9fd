// Text → tokens. A token is a kind and two byte offsets; its text stays in the source and is decoded (literals.h) only
// when the parser wants its value. Lexical rules are PostgreSQL 8.0's, on which Redshift stands: nested /* */ comments,
// -- comments, 'strings' and E'strings', $tag$ strings $tag$, strings joined across a newline, "names", operators by
// longest match.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sql/ast/name.h"
#include "sql/keywords.h"

namespace garland::sql {

enum class TokenKind : uint8_t {
  kEnd,
  kWord,
  kQuotedName,
  kString,
  kEscapeString,
  kDollarString,
  kNumber,
  kParameter,
  kSymbol
};

enum class Symbol : uint8_t {
  kNone,
  kLeftParen,
  kRightParen,
  kLeftBracket,
  kRightBracket,
  kComma,
  kSemicolon,
  kDot,
  kColon,
  kCast /* :: */,
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kPercent,
  kCaret,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kConcat,
  kAmpersand,
  kPipe,
  kHash,
  kShiftLeft,
  kShiftRight,
  kTilde,
  kTildeStar,
  kNotTilde,
  kNotTildeStar,
  kAt,
  kSquareRoot /* |/ */,
  kCubeRoot /* ||/ */,
};

struct Token {
  uint32_t begin;
  uint32_t end;
  TokenKind kind;
  Symbol symbol;    // kNone unless kind is kSymbol; also kNone for an operator that Redshift does not have
  Keyword keyword;  // kNone unless kind is kWord
};

/// Reads tokens one after the other. `text` must outlive it and be shorter than 4 GiB.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  /// The next token, kEnd for ever at the end. Throws Error(42601) on an unterminated string, name or comment, at its
  /// first byte.
  Token next();

  /// Skips blanks and comments; `comment`, if given, is called with the span of each comment.
  template <class F>
  void skip_blanks(F&& comment) {
    for (Span span; next_comment(span);) comment(span);
  }
  size_t offset() const { return at_; }

 private:
  bool next_comment(Span& span);
  void skip_block_comment();
  Token word();
  Token number();
  Token string(TokenKind kind, size_t prefix);
  Token quoted_name();
  Token dollar();
  Token symbol();
  Token operators();
  size_t end_of_quotes(size_t quote, bool backslashes) const;
  Token token(TokenKind kind, size_t end, Symbol symbol = Symbol::kNone);
  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  std::string_view text_;
  size_t at_ = 0;
};

/// All tokens of the text, the last one kEnd.
std::vector<Token> tokenize(std::string_view text);

}  // namespace garland::sql
