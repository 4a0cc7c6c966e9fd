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
    const uint32_t start = left.span.begin;
    left = infix_operation(std::move(left), next);
    left.span = since(start);
    grow();
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

Expr Parser::infix_operation(Box<Expr> left, const Infix& next) {
  using Kind = Infix::Kind;
  switch (next.kind) {
    case Kind::kBinary:
      return binary_operation(std::move(left), next);
    case Kind::kRegex:
      return regex_operation(std::move(left), next);
    case Kind::kLogical:
      return logical(std::move(left), next.power == kAndPower ? LogicalOp::kAnd : LogicalOp::kOr, next.power + 1);
    case Kind::kPredicate:
      return predicate(std::move(left), next.keyword, next.negated);
    case Kind::kZone:
      return at_time_zone(std::move(left));
    case Kind::kCast:
      return cast_operation(std::move(left));
    case Kind::kNavigation:
      return navigation(std::move(*left));
    case Kind::kNone:
      break;
  }
  fail();
}

Expr Parser::binary_operation(Box<Expr> left, const Infix& next) {
  take();
  if (is_comparison(next.op) && (at(Keyword::kAny) || at(Keyword::kSome) || at(Keyword::kAll)))
    return comparison(std::move(left), next);
  Box<Expr> right = operation(next.power == kEqualPower ? next.power : next.power + 1);
  return {Binary{next.op, std::move(left), std::move(right)}, {}};
}

Expr Parser::regex_operation(Box<Expr> left, const Infix& next) {
  take();
  Box<Expr> pattern = operation(next.power + 1);
  return {Match{next.match, std::move(left), std::move(pattern), std::nullopt, next.negated}, {}};
}

Expr Parser::at_time_zone(Box<Expr> left) {
  at_ += 3;
  Box<Expr> zone = primary();
  return {AtTimeZone{std::move(left), std::move(zone)}, {}};
}

Expr Parser::cast_operation(Box<Expr> left) {
  take();
  TypeName target = type();
  return {Cast{std::move(left), std::move(target)}, {}};
}

// A chain of one operator becomes one flat list, also where parentheses group parts of it.
Expr Parser::logical(Box<Expr> left, LogicalOp op, int power) {
  const Keyword keyword = op == LogicalOp::kAnd ? Keyword::kAnd : Keyword::kOr;
  Logical chain{op, {}};
  const auto add = [&](Expr&& operand) {
    auto* inner = std::get_if<Logical>(&operand.node);
    if (inner == nullptr || inner->op != op) {
      chain.operands.push_back(std::move(operand));
    } else {
      for (Expr& part : inner->operands) chain.operands.push_back(std::move(part));
    }
  };
  add(std::move(*left));
  while (accept(keyword)) add(operation(power));
  return {std::move(chain), {}};
}

Expr Parser::comparison(Box<Expr> left, const Infix& next) {
  const Quantifier quantifier = take().keyword == Keyword::kAll ? Quantifier::kAll : Quantifier::kAny;
  if (at(Symbol::kLeftParen) && !at_nested_query(1)) return array_comparison(std::move(left), next.op, quantifier);
  return {Quantified{next.op, quantifier, std::move(left), query_in_parentheses()}, {}};
}

Expr Parser::predicate(Box<Expr> left, Keyword keyword, bool negated) {
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
  return between(std::move(left), negated);
}

Expr Parser::between(Box<Expr> left, bool negated) {
  Box<Expr> low = expression(Reach::kRestricted);
  expect(Keyword::kAnd);
  const Reach outer = reach_;
  reach_ = Reach::kRestricted;
  Box<Expr> high = operation(kBetweenPower + 1);
  reach_ = outer;
  return {Between{std::move(left), std::move(low), std::move(high), negated}, {}};
}

Expr Parser::is_predicate(Box<Expr> left) {
  take();
  const bool negated = accept(Keyword::kNot);
  if (accept(Keyword::kNull)) return {IsNull{std::move(left), negated}, {}};
  if (accept(Keyword::kTrue)) return {IsTruth{std::move(left), Truth::kTrue, negated}, {}};
  if (accept(Keyword::kFalse)) return {IsTruth{std::move(left), Truth::kFalse, negated}, {}};
  if (accept(Keyword::kUnknown)) return {IsTruth{std::move(left), Truth::kUnknown, negated}, {}};
  if (at(Keyword::kDistinct)) not_in_redshift("IS DISTINCT FROM", peek());
  fail();
}

Expr Parser::match(Box<Expr> left, MatchKind kind, bool negated) {
  if ((at(Keyword::kAny) || at(Keyword::kAll) || at(Keyword::kSome)) && at(Symbol::kLeftParen, 1))
    not_in_redshift("LIKE with ANY or ALL", peek());
  Box<Expr> pattern = operation(kLikePower + 1);
  std::optional<Box<Expr>> escape;
  if (accept(Keyword::kEscape)) escape = operation(kEscapePower + 1);
  return {Match{kind, std::move(left), std::move(pattern), std::move(escape), negated}, {}};
}

Expr Parser::in_predicate(Box<Expr> left, bool negated) {
  if (at(Symbol::kLeftParen) && at_query(1)) return {InQuery{std::move(left), query_in_parentheses(), negated}, {}};
  expect(Symbol::kLeftParen);
  std::vector<Expr> list = expressions();
  auto* only = list.size() == 1 ? std::get_if<ScalarQuery>(&list[0].node) : nullptr;
  if (only != nullptr && at_query_continuation()) continue_query(only->query, list[0].span);
  expect(Symbol::kRightParen);
  if (only != nullptr) return {InQuery{std::move(left), std::move(only->query), negated}, {}};
  return {InList{std::move(left), std::move(list), negated}, {}};
}

Expr Parser::prefix_operation() {
  switch (peek().symbol) {
    case Symbol::kNone:
      if (at(Keyword::kNot) && reach_ == Reach::kFull) return not_operation();
      if (in_connect_by_ && at_word("prior")) return prior_operation();
      break;
    case Symbol::kPlus:
      return unary_operation(UnaryOp::kPlus, kSignPower);
    case Symbol::kMinus:
      return unary_operation(UnaryOp::kMinus, kSignPower);
    case Symbol::kAt:
      return unary_operation(UnaryOp::kAbs, kOtherPower + 1);
    case Symbol::kSquareRoot:
      return unary_operation(UnaryOp::kSquareRoot, kOtherPower + 1);
    case Symbol::kCubeRoot:
      return unary_operation(UnaryOp::kCubeRoot, kOtherPower + 1);
    case Symbol::kTilde:
      return unary_operation(UnaryOp::kBitNot, kOtherPower + 1);
    default:
      break;
  }
  return primary();
}

Expr Parser::unary_operation(UnaryOp op, int power) {
  const uint32_t start = take().begin;
  Box<Expr> operand = operation(power);
  grow();
  return wrap(Unary{op, std::move(operand)}, start);
}

Expr Parser::prior_operation() {
  const uint32_t start = take().begin;
  Box<Expr> operand = operation(kSignPower);
  grow();
  return wrap(Prior{std::move(operand)}, start);
}

Expr Parser::not_operation() {
  const uint32_t start = take().begin;
  Box<Expr> operand = operation(kNotPower);
  grow();
  return wrap(Not{std::move(operand)}, start);
}

}  // namespace garland::sql
