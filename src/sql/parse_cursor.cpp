// Parser: the cursor, nesting, names and errors.
#include <charconv>

#include "base/ascii.h"
#include "base/limits.h"
#include "sql/literals.h"
#include "sql/recursive_parser.h"

namespace garland::sql {
namespace {

std::string_view checked(std::string_view text) {
  if (text.size() > kMaxStatementBytes)
    throw Error(kProgramLimitExceeded, "statement is longer than 16 MB")
        .detail("It has " + std::to_string(text.size()) + " bytes.");
  if (const size_t bad = find_invalid_utf8(text); bad != std::string_view::npos)
    throw Error(kCharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\"").at(bad);
  if (const size_t zero = text.find('\0'); zero != std::string_view::npos)
    throw Error(kCharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": 0x00").at(zero);
  return text;
}

bool equal_lower(std::string_view word, std::string_view lower_case) {
  if (word.size() != lower_case.size()) return false;
  for (size_t i = 0; i < word.size(); ++i)
    if ((word[i] >= 'A' && word[i] <= 'Z' ? word[i] + 32 : word[i]) != lower_case[i]) return false;
  return true;
}

}  // namespace

Parser::Parser(std::string_view text, QuotedNames names)
    : text_(checked(text)), quoted_names_(names), tokens_(tokenize(text_)) {}

Parser::Level::Level(Parser& parser) : parser_(parser), outer_height_(parser.height_) {
  if (parser_.depth_ >= kMaxNesting)
    throw Error(kStatementTooComplex, "statement is nested too deeply")
        .detail("At most " + std::to_string(kMaxNesting) + " levels are allowed.")
        .at(parser_.peek().begin);
  ++parser_.depth_;
  parser_.height_ = 0;
}

Parser::Level::~Level() {
  --parser_.depth_;
  if (parser_.height_ < outer_height_) parser_.height_ = outer_height_;
}

void Parser::grow() {
  if (++height_ > kMaxNesting)
    throw Error(kStatementTooComplex, "statement is too complex")
        .detail("A chain of operators, joins or set operations may have at most " + std::to_string(kMaxNesting) +
                " links.")
        .at(peek().begin);
}

bool Parser::at_string(size_t ahead) const {
  const TokenKind kind = peek(ahead).kind;
  return kind == TokenKind::kString || kind == TokenKind::kEscapeString || kind == TokenKind::kDollarString;
}

bool Parser::at_word(std::string_view lower_case, size_t ahead) const {
  return peek(ahead).kind == TokenKind::kWord && equal_lower(text(peek(ahead)), lower_case);
}

bool Parser::accept_word(std::string_view lower_case) {
  if (!at_word(lower_case)) return false;
  take();
  return true;
}

std::string Parser::lower_text(const Token& token) const { return ascii_lower(text(token)); }

std::string Parser::upper_text(const Token& token) const { return ascii_upper(text(token)); }

void Parser::fail(const Token& token) const {
  if (token.kind == TokenKind::kEnd) throw Error(kSyntaxError, "syntax error at end of input").at(token.begin);
  Error error(kSyntaxError, "syntax error at or near \"" + std::string(text(token)) + "\"");
  if (is_reserved(token.keyword))
    error.hint("\"" + lower_text(token) + "\" is a reserved word of Redshift; as a name it needs double quotes.");
  throw error.at(token.begin);
}

void Parser::not_yet(std::string_view what, const Token& token) const {
  throw Error(kFeatureNotSupported, std::string(what) + " is not supported yet").at(token.begin);
}

void Parser::not_in_redshift(std::string_view what, const Token& token) const {
  throw Error(kFeatureNotSupported, std::string(what) + " is not supported by Redshift").at(token.begin);
}

void Parser::expect_end() {
  accept(Symbol::kSemicolon);
  if (!at(TokenKind::kEnd)) fail();
}

// ARRAY is reserved, yet the guide calls an unnested array so (query-super).
bool Parser::at_name(size_t ahead) const {
  const Token& token = peek(ahead);
  if (token.keyword == Keyword::kArray)
    return !at(Symbol::kLeftParen, ahead + 1) && !at(Symbol::kLeftBracket, ahead + 1);
  return token.kind == TokenKind::kQuotedName || (token.kind == TokenKind::kWord && !is_reserved(token.keyword));
}

Name Parser::name() {
  if (!at_name()) fail();
  const Token& token = take();
  return {identifier_value(text_, token, quoted_names_), {token.begin, token.end}};
}

Name Parser::label() {
  if (!at(TokenKind::kWord) && !at(TokenKind::kQuotedName)) fail();
  const Token& token = take();
  return {identifier_value(text_, token, quoted_names_), {token.begin, token.end}};
}

std::vector<Name> Parser::names_in_parentheses() {
  expect(Symbol::kLeftParen);
  std::vector<Name> names;
  do names.push_back(name());
  while (accept(Symbol::kComma));
  expect(Symbol::kRightParen);
  return names;
}

QualifiedName Parser::qualified_name() {
  const uint32_t start = begin();
  QualifiedName result;
  result.parts.push_back(name());
  while (accept(Symbol::kDot)) {
    if (result.parts.size() == 3) {
      --at_;  // a path into a value, if anything
      break;
    }
    result.parts.push_back(label());
  }
  result.span = since(start);
  return result;
}

bool Parser::at_table_name() const {
  return at_name() || (at(Symbol::kHash) && peek(1).kind == TokenKind::kWord && peek(1).begin == peek().end);
}

// A temporary table's name may begin with # (guide page r_CREATE_TABLE_NEW).
// `written`, if given, gets the parts as they were written where folding changed one of several.
QualifiedName Parser::table_name(std::vector<Attribute>* written) {
  if (at_name() || !at_table_name()) {
    const size_t first = at_;
    QualifiedName result = qualified_name();
    if (written != nullptr) *written = written_names(result.parts, first);
    return result;
  }
  const uint32_t start = take().begin;
  const Token& word = take();
  return {{{fold_identifier(text_.substr(start, word.end - start)), since(start)}}, since(start)};
}

std::string Parser::text_of_string() {
  if (!at_string()) fail();
  return string_value(text_, take());
}

int64_t Parser::signed_integer() {
  const bool negative = at(Symbol::kMinus);
  if (!accept(Symbol::kMinus)) accept(Symbol::kPlus);
  const Token& token = expect(TokenKind::kNumber);
  const std::string digits = (negative ? "-" : "") + std::string(text(token));
  int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range)
    throw Error(kNumericValueOutOfRange, "integer is out of range").at(token.begin);
  if (error != std::errc() || end != digits.data() + digits.size()) fail(token);
  return value;
}

int32_t Parser::unsigned_integer() {
  const Token& token = expect(TokenKind::kNumber);
  const std::string_view digits = text(token);
  int32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range)
    throw Error(kNumericValueOutOfRange, "integer is out of range").at(token.begin);
  if (error != std::errc() || end != digits.data() + digits.size()) fail(token);
  return value;
}

}  // namespace garland::sql
