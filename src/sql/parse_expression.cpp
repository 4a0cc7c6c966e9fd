// Parser: operators, by precedence climbing (Pratt).
//
// Redshift's precedence is PostgreSQL 8.0's ("Lexical Precedence" there): the operators that 8.0's grammar does not
// name (<=, >=,
// <>, !=, ||, the bit and regular expression operators) share one level above comparisons and below IS, so `a <> b ||
// c` is
// `(a <> b) || c`; NOT LIKE, NOT IN and NOT BETWEEN bind as NOT does.
#include "sql/recursive_parser.h"

namespace garland::sql {
namespace {

enum Power : int {
  kOrPower = 1,
  kAndPower,
  kNotPower,
  kEqualPower,  // right-associative
  kLessPower,   // < and >, like the next not associative
  kLikePower,
  kEscapePower,
  kBetweenPower,
  kInPower,
  kOtherPower,
  kIsPower,
  kAddPower,
  kMultiplyPower,
  kPowerPower,
  kZonePower,
  kSignPower,
  kPostfixPower,
};

bool is_comparison(BinaryOp op) { return op >= BinaryOp::kEqual && op <= BinaryOp::kGreaterEqual; }

}  // namespace

/// The operator that the cursor stands before; power 0 if there is none.
struct Parser::Infix {
  enum class Kind { kNone, kBinary, kRegex, kLogical, kPredicate, kZone, kCast, kNavigation };
  int power = 0;
  Kind kind = Kind::kNone;
  BinaryOp op = BinaryOp::kAdd;
  MatchKind match = MatchKind::kRegex;
  Keyword keyword = Keyword::kNone;  // of a predicate
  bool negated = false;
};

Expr Parser::expression(Reach reach) {
  const Reach outer = reach_;
  reach_ = reach;
  Expr result = operation(0);
  reach_ = outer;
  return result;
}

std::vector<Expr> Parser::expressions() {
  std::vector<Expr> list;
  do list.push_back(expression());
  while (accept(Symbol::kComma));
  return list;
}

Expr Parser::operation(int least_power) {
  Level level(*this);
  Expr left = prefix_operation();
  int not_associative = 0;
  for (;;) {
    const Infix next = infix();
    if (next.power == 0 || next.power < least_power) return left;
    if (next.power == not_associative) fail();
    not_associative = next.power == kLessPower || next.power == kLikePower ? next.power : 0;
    left = infix_operation(std::move(left), next);
  }
}

Parser::Infix Parser::infix() const {
  if (at(TokenKind::kSymbol)) return symbol_infix();
  return at(TokenKind::kWord) ? word_infix() : Infix{};
}

Parser::Infix Parser::symbol_infix() const {
  using Kind = Infix::Kind;
  const auto binary = [](int power, BinaryOp op) { return Infix{power, Kind::kBinary, op}; };
  const auto regex = [](MatchKind kind, bool negated) {
    return Infix{kOtherPower, Kind::kRegex, BinaryOp::kAdd, kind, Keyword::kNone, negated};
  };
  switch (peek().symbol) {
    case Symbol::kPlus:
      return binary(kAddPower, BinaryOp::kAdd);
    case Symbol::kMinus:
      return binary(kAddPower, BinaryOp::kSubtract);
    case Symbol::kStar:
      return binary(kMultiplyPower, BinaryOp::kMultiply);
    case Symbol::kSlash:
      return binary(kMultiplyPower, BinaryOp::kDivide);
    case Symbol::kPercent:
      return binary(kMultiplyPower, BinaryOp::kModulo);
    case Symbol::kCaret:
      return binary(kPowerPower, BinaryOp::kPower);
    case Symbol::kEqual:
      return binary(kEqualPower, BinaryOp::kEqual);
    case Symbol::kLess:
      return binary(kLessPower, BinaryOp::kLess);
    case Symbol::kGreater:
      return binary(kLessPower, BinaryOp::kGreater);
    case Symbol::kNotEqual:
      return binary(kOtherPower, BinaryOp::kNotEqual);
    case Symbol::kLessEqual:
      return binary(kOtherPower, BinaryOp::kLessEqual);
    case Symbol::kGreaterEqual:
      return binary(kOtherPower, BinaryOp::kGreaterEqual);
    case Symbol::kConcat:
      return binary(kOtherPower, BinaryOp::kConcat);
    case Symbol::kAmpersand:
      return binary(kOtherPower, BinaryOp::kBitAnd);
    case Symbol::kPipe:
      return binary(kOtherPower, BinaryOp::kBitOr);
    case Symbol::kHash:
      return binary(kOtherPower, BinaryOp::kBitXor);
    case Symbol::kShiftLeft:
      return binary(kOtherPower, BinaryOp::kShiftLeft);
    case Symbol::kShiftRight:
      return binary(kOtherPower, BinaryOp::kShiftRight);
    case Symbol::kTilde:
      return regex(MatchKind::kRegex, false);
    case Symbol::kTildeStar:
      return regex(MatchKind::kRegexInsensitive, false);
    case Symbol::kNotTilde:
      return regex(MatchKind::kRegex, true);
    case Symbol::kNotTildeStar:
      return regex(MatchKind::kRegexInsensitive, true);
    case Symbol::kCast:
      return {kPostfixPower, Kind::kCast};
    case Symbol::kLeftBracket:
    case Symbol::kDot:
      return {kPostfixPower, Kind::kNavigation};
    default:
      return {};
  }
}

Parser::Infix Parser::word_infix() const {
  using Kind = Infix::Kind;
  if (at(Keyword::kAt) && at(Keyword::kTime, 1) && at(Keyword::kZone, 2)) return {kZonePower, Kind::kZone};
  if (reach_ == Reach::kRestricted) return {};
  const bool negated = at(Keyword::kNot);
  const Keyword keyword = peek(negated ? 1 : 0).keyword;
  const auto predicate = [&](int power) {
    return Infix{negated ? kNotPower : power, Kind::kPredicate, BinaryOp::kAdd, MatchKind::kLike, keyword, negated};
  };
  switch (keyword) {
    case Keyword::kLike:
    case Keyword::kIlike:
    case Keyword::kSimilar:
      return predicate(kLikePower);
    case Keyword::kBetween:
      return predicate(kBetweenPower);
    case Keyword::kIn:
      return predicate(kInPower);
    default:
      break;
  }
  if (negated) return {};
  switch (keyword) {
    case Keyword::kOr:
      return {kOrPower, Kind::kLogical};
    case Keyword::kAnd:
      return {kAndPower, Kind::kLogical};
    case Keyword::kIs:
    case Keyword::kIsnull:
    case Keyword::kNotnull:
      return predicate(kIsPower);
    case Keyword::kOverlaps:
      not_yet("OVERLAPS", peek());
    default:
      return {};
  }
}

Expr Parser::infix_operation(Expr left, const Infix& next) {
  using Kind = Infix::Kind;
  const uint32_t start = left.span.begin;
  Expr result{NullLiteral{}, {}};
  switch (next.kind) {
    case Kind::kBinary:
      take();
      if (is_comparison(next.op) && (at(Keyword::kAny) || at(Keyword::kSome) || at(Keyword::kAll))) {
        result = comparison(std::move(left), next);
      } else {
        Expr right = operation(next.power == kEqualPower ? next.power : next.power + 1);
        result.node = Binary{next.op, std::move(left), std::move(right)};
      }
      break;
    case Kind::kRegex: {
      take();
      Expr pattern = operation(next.power + 1);
      result.node = Match{next.match, std::move(left), std::move(pattern), std::nullopt, next.negated};
      break;
    }
    case Kind::kLogical:
      result = logical(std::move(left), next.power == kAndPower ? LogicalOp::kAnd : LogicalOp::kOr, next.power + 1);
      break;
    case Kind::kPredicate:
      result = predicate(std::move(left), next.keyword, next.negated);
      break;
    case Kind::kZone: {
      at_ += 3;
      Expr zone = primary();
      result.node = AtTimeZone{std::move(left), std::move(zone)};
      break;
    }
    case Kind::kCast: {
      take();
      TypeName target = type();
      result.node = Cast{std::move(left), std::move(target)};
      break;
    }
    case Kind::kNavigation:
    case Kind::kNone:
      not_yet("navigation into SUPER values or arrays", peek());
  }
  grow();
  result.span = since(start);
  return result;
}

// A chain of one operator becomes one flat list, also where parentheses group parts of it.
Expr Parser::logical(Expr left, LogicalOp op, int power) {
  const Keyword keyword = op == LogicalOp::kAnd ? Keyword::kAnd : Keyword::kOr;
  Logical chain{op, {}};
  const auto add = [&](Expr operand) {
    auto* inner = std::get_if<Logical>(&operand.node);
    if (inner == nullptr || inner->op != op) {
      chain.operands.push_back(std::move(operand));
    } else {
      for (Expr& part : inner->operands) chain.operands.push_back(std::move(part));
    }
  };
  add(std::move(left));
  while (accept(keyword)) add(operation(power));
  return {std::move(chain), {}};
}

Expr Parser::comparison(Expr left, const Infix& next) {
  const Quantifier quantifier = take().keyword == Keyword::kAll ? Quantifier::kAll : Quantifier::kAny;
  if (at(Symbol::kLeftParen) && !at_nested_query(1)) not_yet("ANY or ALL of an array", peek());
  return {Quantified{next.op, quantifier, std::move(left), query_in_parentheses()}, {}};
}

Expr Parser::predicate(Expr left, Keyword keyword, bool negated) {
  if (keyword == Keyword::kIs) return is_predicate(std::move(left));
  if (negated) take();
  take();
  switch (keyword) {
    case Keyword::kIsnull:
      return {IsNull{std::move(left), false}, {}};
    case Keyword::kNotnull:
      return {IsNull{std::move(left), true}, {}};
    case Keyword::kLike:
      return match(std::move(left), MatchKind::kLike, negated);
    case Keyword::kIlike:
      return match(std::move(left), MatchKind::kIlike, negated);
    case Keyword::kSimilar:
      expect(Keyword::kTo);
      return match(std::move(left), MatchKind::kSimilarTo, negated);
    case Keyword::kIn:
      return in_predicate(std::move(left), negated);
    default:
      break;
  }
  Expr low = expression(Reach::kRestricted);
  expect(Keyword::kAnd);
  const Reach outer = reach_;
  reach_ = Reach::kRestricted;
  Expr high = operation(kBetweenPower + 1);
  reach_ = outer;
  return {Between{std::move(left), std::move(low), std::move(high), negated}, {}};
}

Expr Parser::is_predicate(Expr left) {
  take();
  const bool negated = accept(Keyword::kNot);
  if (accept(Keyword::kNull)) return {IsNull{std::move(left), negated}, {}};
  if (accept(Keyword::kTrue)) return {IsTruth{std::move(left), Truth::kTrue, negated}, {}};
  if (accept(Keyword::kFalse)) return {IsTruth{std::move(left), Truth::kFalse, negated}, {}};
  if (accept(Keyword::kUnknown)) return {IsTruth{std::move(left), Truth::kUnknown, negated}, {}};
  if (at(Keyword::kDistinct)) not_in_redshift("IS DISTINCT FROM", peek());
  fail();
}

Expr Parser::match(Expr left, MatchKind kind, bool negated) {
  if ((at(Keyword::kAny) || at(Keyword::kAll) || at(Keyword::kSome)) && at(Symbol::kLeftParen, 1))
    not_in_redshift("LIKE with ANY or ALL", peek());
  Expr pattern = operation(kLikePower + 1);
  std::optional<Box<Expr>> escape;
  if (accept(Keyword::kEscape)) escape = operation(kEscapePower + 1);
  return {Match{kind, std::move(left), std::move(pattern), std::move(escape), negated}, {}};
}

Expr Parser::in_predicate(Expr left, bool negated) {
  if (at(Symbol::kLeftParen) && at_query(1)) return {InQuery{std::move(left), query_in_parentheses(), negated}, {}};
  expect(Symbol::kLeftParen);
  std::vector<Expr> list = expressions();
  auto* only = list.size() == 1 ? std::get_if<ScalarQuery>(&list[0].node) : nullptr;
  if (only != nullptr && at_query_continuation()) {
    QueryBody body{std::move(only->query), list[0].span};
    only->query = continue_query(std::move(body));
  }
  expect(Symbol::kRightParen);
  if (only != nullptr) return {InQuery{std::move(left), std::move(only->query), negated}, {}};
  return {InList{std::move(left), std::move(list), negated}, {}};
}

Expr Parser::prefix_operation() {
  const uint32_t start = begin();
  const auto unary = [&](UnaryOp op, int power) {
    take();
    Expr operand = operation(power);
    grow();
    return wrap(Unary{op, std::move(operand)}, start);
  };
  switch (peek().symbol) {
    case Symbol::kNone:
      break;
    case Symbol::kPlus:
      return unary(UnaryOp::kPlus, kSignPower);
    case Symbol::kMinus:
      return unary(UnaryOp::kMinus, kSignPower);
    case Symbol::kAt:
      return unary(UnaryOp::kAbs, kOtherPower + 1);
    case Symbol::kSquareRoot:
      return unary(UnaryOp::kSquareRoot, kOtherPower + 1);
    case Symbol::kCubeRoot:
      return unary(UnaryOp::kCubeRoot, kOtherPower + 1);
    case Symbol::kTilde:
      return unary(UnaryOp::kBitNot, kOtherPower + 1);
    default:
      break;
  }
  if (!at(Keyword::kNot) || reach_ == Reach::kRestricted) return primary();
  take();
  Expr operand = operation(kNotPower);
  grow();
  return wrap(Not{std::move(operand)}, start);
}

}  // namespace garland::sql
