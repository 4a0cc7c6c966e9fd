// Parser: queries, except their FROM.
#include "sql/recursive_parser.h"

namespace garland::sql {
namespace {

// INTERSECT binds tighter than UNION and EXCEPT, which have one level (guide page r_UNION).
constexpr int kUnionPower = 1;
constexpr int kIntersectPower = 2;

// CUBE over n elements stands for 2^n sets.
constexpr size_t kMaxCubeElements = 12;

bool has_clauses(const Query& query) {
  return !query.with.empty() || !query.order_by.empty() || query.limit || query.offset;
}

// In functions of their own, so that their values do not lie on the stack of a rule that nests.
[[gnu::noinline]] Box<Query> empty_query() { return Query{}; }
[[gnu::noinline]] Box<QueryBody> boxed_body(QueryBody* from) {
  return from == nullptr ? QueryBody{} : std::move(*from);
}

// A query in parentheses without clauses of its own around it is that query.
[[gnu::noinline]] void unwrap(Query& query) {
  auto* inner = std::get_if<Box<Query>>(&query.body.node);
  if (inner == nullptr || has_clauses(query)) return;
  Box<Query> unwrapped = std::move(*inner);
  query = std::move(*unwrapped);
}

}  // namespace

bool Parser::at_query(size_t ahead) const { return at(Keyword::kSelect, ahead) || at(Keyword::kWith, ahead); }

bool Parser::at_nested_query(size_t ahead) const {
  while (at(Symbol::kLeftParen, ahead)) ++ahead;
  return at_query(ahead);
}

bool Parser::at_query_continuation() const {
  switch (peek().keyword) {
    case Keyword::kUnion:
    case Keyword::kIntersect:
    case Keyword::kExcept:
    case Keyword::kMinus:
    case Keyword::kOrder:
    case Keyword::kLimit:
    case Keyword::kOffset:
      return true;
    default:
      return false;
  }
}

Box<Query> Parser::query_in_parentheses() {
  expect(Symbol::kLeftParen);
  Box<Query> result = boxed_query();
  expect(Symbol::kRightParen);
  return result;
}

Box<Query> Parser::boxed_query() {
  Box<Query> result = empty_query();
  query(*result);
  return result;
}

void Parser::query(Query& into) {
  Level level(*this);
  const uint32_t start = begin();
  if (at(Keyword::kWith)) with_clause(into.with, into.recursive);
  query_operand(into.body);
  set_operations(into.body, 0);
  finish_query(into, start);
  unwrap(into);
}

void Parser::continue_query(Box<Query>& first, Span span) {
  Level level(*this);
  Box<Query> whole = empty_query();
  whole->body.node = std::move(first);
  whole->body.span = span;
  set_operations(whole->body, 0);
  finish_query(*whole, span.begin);
  first = std::move(whole);
}

void Parser::finish_query(Query& query, uint32_t start) {
  order_and_limit(query);
  query.span = since(start);
  grow();
}

void Parser::with_clause(std::vector<Cte>& with, bool& recursive) {
  expect(Keyword::kWith);
  if (at(Keyword::kRecursive) && at_name(1)) {
    take();
    recursive = true;
  }
  do {
    Name cte = name();
    std::vector<Name> columns;
    if (at(Symbol::kLeftParen)) columns = names_in_parentheses();
    expect(Keyword::kAs);
    with.push_back({std::move(cte), std::move(columns), query_in_parentheses()});
  } while (accept(Symbol::kComma));
}

void Parser::set_operations(QueryBody& left, int least_power) {
  for (;;) {
    const Keyword keyword = peek().keyword;
    SetOp op = SetOp::kUnion;
    if (keyword == Keyword::kIntersect) {
      op = SetOp::kIntersect;
    } else if (keyword == Keyword::kExcept || keyword == Keyword::kMinus) {
      op = SetOp::kExcept;
    } else if (keyword != Keyword::kUnion) {
      return;
    }
    const int power = op == SetOp::kIntersect ? kIntersectPower : kUnionPower;
    if (power < least_power) return;
    take();
    const bool all = accept(Keyword::kAll);
    if (!all) accept(Keyword::kDistinct);
    const uint32_t start = left.span.begin;
    Box<QueryBody> first = boxed_body(&left);
    Box<QueryBody> second = boxed_body(nullptr);
    query_operand(*second);
    set_operations(*second, power + 1);
    left.node = SetOperation{op, all, std::move(first), std::move(second)};
    left.span = since(start);
    grow();
  }
}

void Parser::query_operand(QueryBody& into) {
  const uint32_t start = begin();
  if (at(Keyword::kValues) && at(Symbol::kLeftParen, 1)) not_in_redshift("VALUES as a query", peek());
  if (at(Keyword::kSelect)) {
    select(into.node.emplace<Select>());
  } else {
    into.node = query_in_parentheses();
  }
  into.span = since(start);
}

void Parser::select(Select& result) {
  expect(Keyword::kSelect);
  select_quantifiers(result);
  do result.items.push_back(select_item());
  while (accept(Symbol::kComma));
  if (accept(Keyword::kInto)) result.into = into_table();
  if (accept(Keyword::kFrom)) result.from = from_list();
  if (accept(Keyword::kWhere)) result.where = expression();
  if (at_hierarchy()) hierarchy(result);
  if (accept(Keyword::kGroup)) {
    expect(Keyword::kBy);
    result.group_by_all = accept(Keyword::kAll);
    if (!result.group_by_all) result.group_by = group_by();
  }
  if (accept(Keyword::kHaving)) result.having = expression();
  if (accept(Keyword::kQualify)) result.qualify = expression();
}

// Also with TEMP and TABLE, as PostgreSQL has it (guide page r_SELECT_INTO).
Box<IntoTable> Parser::into_table() {
  IntoTable into;
  into.temporary = accept(Keyword::kTemp) || accept(Keyword::kTemporary);
  accept(Keyword::kTable);
  into.name = table_name();
  into.temporary |= into.name.last().text.starts_with('#');
  return into;
}

void Parser::select_quantifiers(Select& select) {
  for (;;) {
    if (!select.top && accept(Keyword::kTop)) {
      select.top = primary();
    } else if (!select.distinct && accept(Keyword::kDistinct)) {
      if (at(Keyword::kOn)) not_in_redshift("DISTINCT ON", peek());
      select.distinct = true;
    } else if (select.distinct || !accept(Keyword::kAll)) {
      return;
    }
  }
}

SelectItem Parser::select_item() {
  if (auto all = star()) return {*std::move(all), std::nullopt};
  const bool vector = at(Keyword::kArray) && at(Symbol::kLeftBracket, 1);
  SelectItem item{vector ? vector_item() : expression(), std::nullopt};
  if (accept(Keyword::kAs)) {
    item.alias = label();
  } else if (at_name()) {
    item.alias = name();
  }
  return item;
}

// `*`, `t.*`, both with EXCLUDE (guide page r_EXCLUDE_list).
std::optional<Expr> Parser::star() {
  const auto at_part = [&](size_t i) {
    return i == 0 ? at_name() : at(TokenKind::kWord, i) || at(TokenKind::kQuotedName, i);
  };
  size_t ahead = 0;
  while (at_part(ahead) && at(Symbol::kDot, ahead + 1)) ahead += 2;
  if (!at(Symbol::kStar, ahead)) return std::nullopt;
  const uint32_t start = begin();
  Star result;
  while (!accept(Symbol::kStar)) {
    if (result.qualifier.size() == 3) fail();
    result.qualifier.push_back(label());
    expect(Symbol::kDot);
  }
  if (accept(Keyword::kExclude)) {
    if (at(Symbol::kLeftParen)) {
      result.exclude = names_in_parentheses();
    } else {
      result.exclude.push_back(name());
    }
  }
  return wrap(std::move(result), start);
}

std::vector<GroupItem> Parser::group_by() {
  std::vector<GroupItem> items;
  do items.push_back(group_item());
  while (accept(Symbol::kComma));
  return items;
}

GroupItem Parser::group_item() {
  if (at(Keyword::kRollup) && at(Symbol::kLeftParen, 1)) return take(), grouping_sets(GroupingKind::kRollup);
  if (at(Keyword::kCube) && at(Symbol::kLeftParen, 1)) return take(), grouping_sets(GroupingKind::kCube);
  if (at(Keyword::kGrouping) && at(Keyword::kSets, 1)) {
    at_ += 2;
    return grouping_sets(GroupingKind::kSets);
  }
  return expression();
}

GroupingSets Parser::grouping_sets(GroupingKind kind) {
  Level level(*this);
  expect(Symbol::kLeftParen);
  GroupingSets result{kind, {}};
  do {
    if (kind == GroupingKind::kSets && at(Symbol::kLeftParen) && at(Symbol::kRightParen, 1)) {
      at_ += 2;
      result.sets.emplace_back();
      continue;
    }
    if (kind == GroupingKind::kSets && at_name() && (at(Symbol::kLeftParen, 1) || at(Keyword::kSets, 1))) {
      nested_grouping_sets(result);
      continue;
    }
    Expr element = expression();
    std::vector<Expr> set;
    if (auto* row = std::get_if<Row>(&element.node)) {
      set = std::move(row->fields);
    } else {
      set.push_back(std::move(element));
    }
    result.sets.push_back(std::move(set));
  } while (accept(Symbol::kComma));
  expect(Symbol::kRightParen);
  return result;
}

// ROLLUP, CUBE and GROUPING SETS inside GROUPING SETS stand for the sets that they mean.
void Parser::nested_grouping_sets(GroupingSets& into) {
  const uint32_t start = begin();
  const Token& first = peek();
  GroupItem item = group_item();
  if (auto* plain = std::get_if<Expr>(&item)) {
    into.sets.push_back({std::move(*plain)});
    return;
  }
  const GroupingSets& inner = std::get<GroupingSets>(item);
  const size_t count = inner.sets.size();
  const auto add = [&](auto&& holds) {
    std::vector<Expr> set;
    for (size_t i = 0; i < count; ++i)
      if (holds(i)) set.insert(set.end(), inner.sets[i].begin(), inner.sets[i].end());
    into.sets.push_back(std::move(set));
  };
  if (inner.kind == GroupingKind::kSets) {
    into.sets.insert(into.sets.end(), inner.sets.begin(), inner.sets.end());
  } else if (inner.kind == GroupingKind::kRollup) {
    for (size_t size = count + 1; size-- > 0;) add([&](size_t i) { return i < size; });
  } else {
    if (count > kMaxCubeElements) throw Error(kTooManyColumns, "CUBE is limited to 12 elements").at(start);
    for (size_t mask = size_t{1} << count; mask-- > 0;) add([&](size_t i) { return (mask >> (count - 1 - i)) & 1; });
  }
  if (into.sets.size() > 4096)
    throw Error(kStatementTooComplex, "too many grouping sets: at most 4096").at(first.begin);
}

void Parser::order_and_limit(Query& query) {
  query.order_by = order_by();
  for (;;) {
    if (!query.limit && accept(Keyword::kLimit)) {
      if (!accept(Keyword::kAll)) query.limit = expression();
    } else if (!query.offset && accept(Keyword::kOffset)) {
      query.offset = expression();
    } else {
      break;
    }
  }
  if (at(Keyword::kFor)) not_in_redshift("SELECT … FOR UPDATE", peek());
}

}  // namespace garland::sql
