// Parser: what stands between operators.
#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "sql/literals.h"
#include "sql/recursive_parser.h"

namespace garland::sql {

Expr Parser::primary() {
  const uint32_t start = begin();
  Expr result = primary_node();
  grow();
  result.span = since(start);
  return result;
}

Expr Parser::primary_node() {
  switch (peek().kind) {
    case TokenKind::kNumber:
      return number();
    case TokenKind::kString:
    case TokenKind::kEscapeString:
    case TokenKind::kDollarString:
      return {StringLiteral{text_of_string()}, {}};
    case TokenKind::kParameter:
      return parameter();
    case TokenKind::kWord:
      return word_primary();
    case TokenKind::kQuotedName:
      return name_or_call();
    case TokenKind::kSymbol:
    case TokenKind::kEnd:
      break;
  }
  if (!at(Symbol::kLeftParen)) fail();
  return parenthesised();
}

Expr Parser::number() {
  const Token& token = take();
  return {NumberLiteral{std::string(text(token))}, {}};
}

Expr Parser::parameter() {
  const Token& token = take();
  int number = 0;
  const std::string_view digits = text(token).substr(1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || number < 1 || number > 32767)
    throw Error(kUndefinedParameter, "there is no parameter " + std::string(text(token))).at(token.begin);
  return wrap(Parameter{number}, token.begin);
}

Expr Parser::word_primary() {
  const Keyword keyword = peek().keyword;
  if (keyword == Keyword::kNone && !at_string(1)) return name_or_call();
  if (keyword == Keyword::kInterval) return interval_literal();
  if (keyword_flags(keyword) & kNiladic) return niladic();
  if (at_typed_literal()) return typed_literal();
  // TIMESTAMP is reserved, yet the guide reads a column of that name bare (r_STL_SCHEMA_QUOTA_VIOLATIONS).
  if (keyword == Keyword::kTimestamp && !at(Symbol::kLeftParen, 1)) {
    const uint32_t start = begin();
    return wrap(ColumnRef{{label()}}, start);
  }
  if (is_reserved(keyword)) return reserved_primary();
  const bool own_grammar = (keyword_flags(keyword) & kSpecialCall) != 0 && at(Symbol::kLeftParen, 1);
  return own_grammar ? keyword_call() : name_or_call();
}

Expr Parser::niladic() {
  const uint32_t start = begin();
  QualifiedName function{{label()}, since(start)};
  if (at(Symbol::kLeftParen)) return call(std::move(function), start);
  Call bare{std::move(function), {}};
  bare.bare = true;
  return wrap(std::move(bare), start);
}

Expr Parser::keyword_call() {
  switch (peek().keyword) {
    case Keyword::kConvert:
      return convert();
    case Keyword::kExtract:
      return extract();
    case Keyword::kTrim:
      return trim();
    case Keyword::kPosition:
      return position();
    case Keyword::kExists:
      return exists();
    case Keyword::kValues:
      not_in_redshift("VALUES as a query", peek());
    default:
      return name_or_call();
  }
}

Expr Parser::reserved_primary() {
  const uint32_t start = begin();
  switch (peek().keyword) {
    case Keyword::kNull:
      take();
      return wrap(NullLiteral{}, start);
    case Keyword::kTrue:
      take();
      return wrap(BooleanLiteral{true}, start);
    case Keyword::kFalse:
      take();
      return wrap(BooleanLiteral{false}, start);
    case Keyword::kCase:
      return case_expression();
    case Keyword::kCast:
      return cast();
    case Keyword::kArray:
      if (at(Symbol::kLeftBracket, 1)) not_in_redshift("ARRAY[…]", peek());
      if (!at(Symbol::kLeftParen, 1)) return name_or_call();
      break;
    default:
      break;
  }
  const bool is_call = (keyword_flags(peek().keyword) & kFunction) != 0 && at(Symbol::kLeftParen, 1);
  if (!is_call) fail();
  QualifiedName function{{label()}, since(start)};
  return call(std::move(function), start);
}

// A parenthesis opens an expression, a row or a query. `((select 1) union …)` shows itself as a query only behind its
// first part.
Expr Parser::parenthesised() {
  const uint32_t start = begin();
  if (at_query(1)) return wrap(ScalarQuery{query_in_parentheses()}, start);
  take();
  std::vector<Expr> fields;
  fields.push_back(expression());
  if (auto* first = std::get_if<ScalarQuery>(&fields[0].node); first != nullptr && at_query_continuation()) {
    continue_query(first->query, fields[0].span);
    expect(Symbol::kRightParen);
    return std::move(fields[0]);
  }
  while (accept(Symbol::kComma)) fields.push_back(expression());
  expect(Symbol::kRightParen);
  if (fields.size() == 1) return std::move(fields[0]);
  return wrap(Row{std::move(fields)}, start);
}

Expr Parser::case_expression() {
  const uint32_t start = take().begin;
  Case result;
  if (!at(Keyword::kWhen)) result.operand = expression();
  if (!at(Keyword::kWhen)) fail();
  while (accept(Keyword::kWhen)) {
    Expr condition = expression();
    expect(Keyword::kThen);
    result.whens.push_back({std::move(condition), expression()});
  }
  if (accept(Keyword::kElse)) result.otherwise = expression();
  expect(Keyword::kEnd);
  return wrap(std::move(result), start);
}

Expr Parser::cast() {
  const uint32_t start = take().begin;
  expect(Symbol::kLeftParen);
  Box<Expr> operand = expression();
  expect(Keyword::kAs);
  TypeName target = type();
  expect(Symbol::kRightParen);
  return wrap(Cast{std::move(operand), std::move(target)}, start);
}

Expr Parser::convert() {
  const uint32_t start = take().begin;
  take();
  TypeName target = type();
  expect(Symbol::kComma);
  Box<Expr> operand = expression();
  expect(Symbol::kRightParen);
  return wrap(Cast{std::move(operand), std::move(target)}, start);
}

Expr Parser::extract() {
  const uint32_t start = take().begin;
  take();
  std::string part;
  if (at_string()) {
    part = ascii_lower(text_of_string());
  } else {
    part = label().text;
  }
  expect(Keyword::kFrom);
  Box<Expr> operand = expression();
  expect(Symbol::kRightParen);
  return wrap(Extract{std::move(part), std::move(operand)}, start);
}

Expr Parser::trim() {
  const uint32_t start = take().begin;
  take();
  TrimSide side = TrimSide::kBoth;
  if (accept(Keyword::kLeading)) {
    side = TrimSide::kLeading;
  } else if (accept(Keyword::kTrailing)) {
    side = TrimSide::kTrailing;
  } else {
    accept(Keyword::kBoth);
  }
  if (accept(Keyword::kFrom)) {
    Box<Expr> operand = expression();
    expect(Symbol::kRightParen);
    return wrap(Trim{side, std::nullopt, std::move(operand)}, start);
  }
  Box<Expr> first = expression();
  std::optional<Box<Expr>> characters;
  if (accept(Keyword::kFrom)) {
    characters = std::move(first);
    first = expression();
  } else if (accept(Symbol::kComma)) {
    characters = expression();
  }
  expect(Symbol::kRightParen);
  return wrap(Trim{side, std::move(characters), std::move(first)}, start);
}

Expr Parser::position() {
  const uint32_t start = begin();
  Call result{{{label()}, since(start)}, {}};
  take();
  result.arguments.push_back(expression(Reach::kRestricted));
  expect(Keyword::kIn);
  result.arguments.push_back(expression());
  expect(Symbol::kRightParen);
  return wrap(std::move(result), start);
}

Expr Parser::exists() {
  const uint32_t start = take().begin;
  return wrap(Exists{query_in_parentheses()}, start);
}

Expr Parser::name_or_call() {
  const uint32_t start = begin();
  const bool approximate = at(Keyword::kApproximate) && (at(Keyword::kCount, 1) || at(Keyword::kPercentileDisc, 1)) &&
                           at(Symbol::kLeftParen, 2);
  if (approximate) take();
  const size_t first = at_;
  std::vector<Name> parts;
  parts.reserve(at(Symbol::kDot, 1) ? 2 : 1);
  parts.push_back(name());
  while (at(Symbol::kDot) && !at(Symbol::kStar, 1)) {
    take();
    parts.push_back(label());
  }
  const bool outer = at(Symbol::kLeftParen) && at(Symbol::kPlus, 1) && at(Symbol::kRightParen, 2);
  if (!at(Symbol::kLeftParen) || outer) {
    std::vector<Attribute> written = written_names(parts, first);
    return column_reference(std::move(parts), std::move(written), start);
  }
  if (parts.size() > 3) fail();
  Expr result = call({std::move(parts), since(start)}, start);
  if (approximate) std::get<Call>(result.node).approximate = true;
  return result;
}

Attribute Parser::attribute(const Token& token) const {
  std::string_view raw = text(token);
  if (token.kind != TokenKind::kQuotedName) return {std::string(raw), false};
  raw = raw.substr(1, raw.size() - 2);
  std::string name;
  for (size_t i = 0; i < raw.size(); ++i) {
    name += raw[i];
    if (raw[i] == '"') ++i;  // doubled inside
  }
  return {std::move(name), true};
}

/// The names from token `first` on as they were written, if folding changed one of several: only then an attribute's
/// case might matter.
std::vector<Attribute> Parser::written_names(const std::vector<Name>& parts, size_t first) const {
  bool folded = false;
  for (size_t i = 0; parts.size() > 1 && i < parts.size() && !folded; ++i) {
    const Token& token = tokens_[first + 2 * i];
    std::string_view raw = text(token);
    if (token.kind == TokenKind::kQuotedName) raw = raw.substr(1, raw.size() - 2);
    folded = raw != parts[i].text;
  }
  std::vector<Attribute> written;
  for (size_t i = 0; folded && i < parts.size(); ++i) written.push_back(attribute(tokens_[first + 2 * i]));
  return written;
}

Expr Parser::column_reference(std::vector<Name> parts, std::vector<Attribute> written, uint32_t begin) {
  ColumnRef column{std::move(parts), std::move(written)};
  if (at(Symbol::kLeftParen)) {
    at_ += 3;
    column.outer = true;
  }
  return wrap(std::move(column), begin);
}

/// `.name` and `[index]` behind an expression, as many as there are.
Expr Parser::navigation(Expr base) {
  const uint32_t start = base.span.begin;
  if (auto* column = std::get_if<ColumnRef>(&base.node); column != nullptr && column->outer) fail();
  Navigation path = std::holds_alternative<Navigation>(base.node) ? std::get<Navigation>(std::move(base.node))
                                                                  : Navigation{Box<Expr>(std::move(base)), {}};
  while (at(Symbol::kDot) || at(Symbol::kLeftBracket)) {
    if (accept(Symbol::kLeftBracket)) {
      path.steps.emplace_back(Box<Expr>(expression()));
      expect(Symbol::kRightBracket);
    } else {
      take();
      if (!at(TokenKind::kWord) && !at(TokenKind::kQuotedName)) fail();
      path.steps.emplace_back(attribute());
      take();
    }
  }
  return wrap(std::move(path), start);
}

}  // namespace garland::sql
