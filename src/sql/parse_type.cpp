// Parser: types and the literals that a type introduces.
#include <array>

#include "sql/literals.h"
#include "sql/recursive_parser.h"

namespace garland::sql {
namespace {

constexpr std::array kIntervalFields = {Keyword::kYear, Keyword::kMonth,  Keyword::kDay,
                                        Keyword::kHour, Keyword::kMinute, Keyword::kSecond};

}  // namespace

bool Parser::at_interval_field(size_t ahead) const {
  for (Keyword field : kIntervalFields)
    if (at(field, ahead)) return true;
  return false;
}

TypeName Parser::type() {
  const uint32_t start = begin();
  TypeName result;
  if (accept(Keyword::kInterval)) {
    result.name = "interval";
    if (at_interval_field()) {
      interval_qualifier(result);
    } else {
      type_modifiers(result);
    }
  } else {
    type_words(result);
    type_modifiers(result);
    if (result.name == "time" || result.name == "timestamp") time_zone_words(result);
  }
  if (at(Symbol::kLeftBracket)) not_in_redshift("an array type", peek());
  result.span = since(start);
  return result;
}

void Parser::type_words(TypeName& result) {
  if (!at_name() && !at(Keyword::kTimestamp) && !at(Keyword::kBinary)) fail();
  const Token& first = take();
  result.name = identifier_value(text_, first);
  if (result.name.find(' ') != std::string::npos)
    throw Error(kUndefinedObject, "type \"" + result.name + "\" does not exist").at(first.begin);
  if (first.keyword == Keyword::kNational) {
    if (!at(Keyword::kChar) && !at(Keyword::kCharacter)) fail();
    result.name += ' ' + lower_text(take());
  }
  switch (first.keyword) {
    case Keyword::kDouble:
      if (accept(Keyword::kPrecision)) result.name += " precision";
      break;
    case Keyword::kNational:
    case Keyword::kChar:
    case Keyword::kCharacter:
    case Keyword::kNchar:
    case Keyword::kBit:
    case Keyword::kBinary:
      if (accept(Keyword::kVarying)) result.name += " varying";
      break;
    default:
      break;
  }
}

void Parser::type_modifiers(TypeName& result) {
  if (!accept(Symbol::kLeftParen)) return;
  do result.modifiers.push_back(accept(Keyword::kMax) ? TypeName::kMax : unsigned_integer());
  while (accept(Symbol::kComma));
  expect(Symbol::kRightParen);
}

void Parser::time_zone_words(TypeName& result) {
  const bool with = at(Keyword::kWith);
  if ((!with && !at(Keyword::kWithout)) || !at(Keyword::kTime, 1) || !at(Keyword::kZone, 2)) return;
  at_ += 3;
  result.name += with ? " with time zone" : " without time zone";
}

// YEAR, DAY TO SECOND(3) …: the fields, and the digits of the seconds (guide page r_interval_data_types).
void Parser::interval_qualifier(TypeName& result) {
  const auto field = [&] {
    if (!at_interval_field()) fail();
    const Token& token = take();
    result.name += ' ' + lower_text(token);
    return token.keyword;
  };
  Keyword last = field();
  if (at(Keyword::kTo) && at_interval_field(1)) {
    take();
    result.name += " to";
    last = field();
  }
  if (last == Keyword::kSecond) type_modifiers(result);
}

/// The place of the token behind the type that begins at `ahead`, or 0 if no type word begins there.
size_t Parser::behind_type(size_t ahead) const {
  if ((keyword_flags(peek(ahead).keyword) & kTypeWord) == 0) return 0;
  size_t i = ahead + 1;
  while (at(Keyword::kVarying, i) || at(Keyword::kPrecision, i) || at(Keyword::kCharacter, i) || at(Keyword::kChar, i))
    ++i;
  if (at(Symbol::kLeftParen, i)) {
    ++i;
    while (at(TokenKind::kNumber, i) || at(Symbol::kComma, i) || at(Keyword::kMax, i)) ++i;
    if (!at(Symbol::kRightParen, i)) return 0;
    ++i;
  }
  if ((at(Keyword::kWith, i) || at(Keyword::kWithout, i)) && at(Keyword::kTime, i + 1) && at(Keyword::kZone, i + 2))
    i += 3;
  return i;
}

bool Parser::at_typed_literal() const {
  if (is_reserved(peek().keyword) && !at(Keyword::kTimestamp) && !at(Keyword::kBinary)) return false;
  if (at_string(1)) return true;
  const size_t behind = behind_type(0);
  return behind != 0 && at_string(behind);
}

Expr Parser::typed_literal() {
  const uint32_t start = begin();
  TypedLiteral literal;
  literal.type = type();
  literal.value = text_of_string();
  return wrap(std::move(literal), start);
}

Expr Parser::interval_literal() {
  const uint32_t start = begin();
  expect(Keyword::kInterval);
  TypedLiteral literal;
  literal.type.name = "interval";
  type_modifiers(literal.type);
  literal.value = text_of_string();
  if (literal.type.modifiers.empty() && at_interval_field()) interval_qualifier(literal.type);
  literal.type.span = since(start);
  return wrap(std::move(literal), start);
}

}  // namespace garland::sql
