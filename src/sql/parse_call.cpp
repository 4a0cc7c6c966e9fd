// Parser: function calls and windows.
#include "sql/recursive_parser.h"

namespace garland::sql {

Expr Parser::call(QualifiedName function, uint32_t start) {
  Call result{std::move(function), {}};
  expect(Symbol::kLeftParen);
  call_arguments(result);
  expect(Symbol::kRightParen);
  call_suffixes(result);
  return wrap(std::move(result), start);
}

void Parser::call_arguments(Call& call) {
  if (at(Symbol::kRightParen) || special_arguments(call)) return;
  if (at(Symbol::kStar)) {
    const uint32_t start = take().begin;
    call.arguments.push_back(wrap(Star{}, start));
    return;
  }
  if (!accept(Keyword::kAll)) call.distinct = accept(Keyword::kDistinct);
  if (at_query()) fail();
  call.arguments.push_back(expression());
  const bool is_substring = call.function.parts.size() == 1 && call.function.last().text == "substring";
  if (is_substring && (at(Keyword::kFrom) || at(Keyword::kFor))) return substring_arguments(call);
  while (accept(Symbol::kComma)) call.arguments.push_back(expression());
  null_treatment(call);
}

// substring(x from a for b); without FROM it begins at 1.
void Parser::substring_arguments(Call& call) {
  if (accept(Keyword::kFrom)) {
    call.arguments.push_back(expression());
  } else {
    call.arguments.push_back({NumberLiteral{"1"}, {}});
  }
  if (accept(Keyword::kFor)) call.arguments.push_back(expression());
}

bool Parser::null_treatment(Call& call) {
  const bool ignore = at(Keyword::kIgnore);
  if ((!ignore && !at(Keyword::kRespect)) || !at(Keyword::kNulls, 1)) return false;
  at_ += 2;
  call.nulls = ignore ? NullTreatment::kIgnore : NullTreatment::kRespect;
  return true;
}

void Parser::call_suffixes(Call& call) {
  if (at(Keyword::kWithin) && at(Keyword::kGroup, 1)) {
    at_ += 2;
    expect(Symbol::kLeftParen);
    call.within_group = order_by();
    if (call.within_group.empty()) fail();
    expect(Symbol::kRightParen);
  }
  if (at(Keyword::kFilter) && at(Symbol::kLeftParen, 1)) not_in_redshift("FILTER (WHERE …)", peek());
  if (call.nulls == NullTreatment::kNone) null_treatment(call);
  if (!at(Keyword::kOver)) return;
  if (at(Symbol::kLeftParen, 1)) {
    take();
    call.over = window();
  } else if (at_name(1)) {
    not_in_redshift("a named window", peek(1));
  }
}

WindowSpec Parser::window() {
  expect(Symbol::kLeftParen);
  WindowSpec result;
  if (accept(Keyword::kPartition)) {
    expect(Keyword::kBy);
    result.partition_by = expressions();
  }
  result.order_by = order_by();
  if (at(Keyword::kRows) || at(Keyword::kRange)) result.frame = frame();
  expect(Symbol::kRightParen);
  return result;
}

Frame Parser::frame() {
  const FrameUnit unit = take().keyword == Keyword::kRows ? FrameUnit::kRows : FrameUnit::kRange;
  if (!accept(Keyword::kBetween)) return {unit, frame_edge(), std::nullopt};
  FrameEdge start = frame_edge();
  expect(Keyword::kAnd);
  return {unit, std::move(start), frame_edge()};
}

FrameEdge Parser::frame_edge() {
  if (accept(Keyword::kUnbounded)) {
    if (accept(Keyword::kPreceding)) return {FrameBound::kUnboundedPreceding, std::nullopt};
    expect(Keyword::kFollowing);
    return {FrameBound::kUnboundedFollowing, std::nullopt};
  }
  if (accept(Keyword::kCurrent)) {
    expect(Keyword::kRow);
    return {FrameBound::kCurrentRow, std::nullopt};
  }
  Expr offset = expression(Reach::kRestricted);
  if (accept(Keyword::kPreceding)) return {FrameBound::kPreceding, std::move(offset)};
  expect(Keyword::kFollowing);
  return {FrameBound::kFollowing, std::move(offset)};
}

/// ORDER BY with its items, or nothing.
std::vector<OrderItem> Parser::order_by() {
  std::vector<OrderItem> items;
  if (!accept(Keyword::kOrder)) return items;
  expect(Keyword::kBy);
  do {
    OrderItem item{expression()};
    if (!accept(Keyword::kAsc)) item.descending = accept(Keyword::kDesc);
    if (accept(Keyword::kNulls)) {
      item.nulls = accept(Keyword::kFirst) ? NullOrder::kFirst : NullOrder::kLast;
      if (item.nulls == NullOrder::kLast) expect(Keyword::kLast);
    }
    items.push_back(std::move(item));
  } while (accept(Symbol::kComma));
  return items;
}

}  // namespace garland::sql
