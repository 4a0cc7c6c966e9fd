// Oracle's outer joins: (+) behind columns in WHERE (guide page r_WHERE_oracle_outer). The marked relation is joined to
// the one relation it is compared with, behind all that are not marked.
#include <map>
#include <set>

#include "semantics/ast_walk.h"
#include "semantics/resolver.h"
#include "semantics/walk.h"

namespace garland::semantics {
namespace {

using Numbers = std::set<RelationNo>;

/// Calls `visit` for every expression outside subqueries.
template <class F>
struct Shallow {
  F visit;
  bool enters(const sql::Query&) const { return false; }
  void operator()(const sql::Expr& expr) { visit(expr); }
  void operator()(const auto&) {}
};

template <class F>
void walk_shallow(const sql::Expr& expr, F visit) {
  walk_expression(expr, Shallow<F>{std::move(visit)});
}

bool is_marked(const sql::Expr& expr) {
  const auto* column = std::get_if<sql::ColumnRef>(&expr.node);
  return column && column->outer;
}

bool holds_mark(const sql::Expr& expr) {
  bool found = false;
  walk_shallow(expr, [&](const sql::Expr& part) { found = found || is_marked(part); });
  return found;
}

void check_marks(const sql::Expr& condition) {
  walk_shallow(condition, [](const sql::Expr& part) {
    const auto* logical = std::get_if<sql::Logical>(&part.node);
    const bool disjunction = logical && logical->op == sql::LogicalOp::kOr;
    const bool in = std::holds_alternative<sql::InList>(part.node) || std::holds_alternative<sql::InQuery>(part.node);
    if ((disjunction || in) && holds_mark(part)) {
      throw Error(kSyntaxError, "Outer join operator (+) not allowed in operand of OR or IN.").at(part.span.begin);
    }
  });
}

void add_relations(const BoundExpr& expr, Numbers& numbers) {
  if (const auto* column = std::get_if<BoundColumn>(&expr.node)) numbers.insert(column->relation);
  for_each_part(expr, [&](const BoundExpr& part) { add_relations(part, numbers); });
  if (const BoundQuery* query = query_of(expr))
    for_each_expression(*query, [&](const BoundExpr& part) { add_relations(part, numbers); });
}

/// The relations that are outer-joined, each with its partner.
using Partners = std::map<RelationNo, RelationNo>;
template <class Conditions>
Partners partners(const Conditions& conditions) {
  Partners found;
  for (const auto& condition : conditions) {
    for (const RelationNo other : condition.relations) {
      if (condition.marked < 0 || other == condition.marked) continue;
      const auto [entry, is_new] = found.emplace(condition.marked, other);
      if (is_new || entry->second == other) continue;
      throw Error(kSyntaxError, "A table may be outer joined to at most one other table.").at(condition.place);
    }
  }
  // One condition between the two without the mark makes the join an inner one, as the guide says.
  for (const auto& condition : conditions) {
    if (condition.marked >= 0) continue;
    std::erase_if(found, [&](const auto& pair) {
      return condition.relations.contains(pair.first) && condition.relations.contains(pair.second);
    });
  }
  return found;
}

BoundExpr all_of(std::vector<BoundExpr> parts) {
  if (parts.size() == 1) return std::move(parts[0]);
  const Span span = parts[0].span;
  return BoundExpr{BoundCall{"and", std::move(parts)}, Type::of(engine::TypeId::kBoolean), span};
}

BoundRelation joined_with(BoundRelation left, BoundRelation right, std::optional<std::vector<BoundExpr>> on) {
  const BoundJoinKind kind = on ? BoundJoinKind::kLeft : BoundJoinKind::kCross;
  std::optional<BoundExpr> condition;
  if (on) condition = all_of(std::move(*on));
  return BoundRelation{BoundJoin{kind, std::move(left), std::move(right), std::move(condition)}, -1, {}};
}

/// First what is not marked, then each marked relation as soon as its partner is there.
BoundRelation assembled(std::vector<BoundRelation> relations, const Partners& outer,
                        std::map<RelationNo, std::vector<BoundExpr>> conditions, Span span) {
  std::optional<BoundRelation> tree;
  Numbers present;
  const auto add = [&](BoundRelation& relation, std::optional<std::vector<BoundExpr>> on) {
    present.insert(relation.number);
    tree = tree ? joined_with(std::move(*tree), std::move(relation), std::move(on)) : std::move(relation);
  };
  for (BoundRelation& relation : relations) {
    if (!outer.contains(relation.number)) add(relation, std::nullopt);
  }
  for (size_t before = present.size() + 1; before != present.size() && present.size() < relations.size();) {
    before = present.size();
    for (BoundRelation& relation : relations) {
      const auto pair = outer.find(relation.number);
      if (pair == outer.end() || present.contains(pair->first) || !present.contains(pair->second)) continue;
      add(relation, std::move(conditions[pair->first]));
    }
  }
  if (present.size() < relations.size()) {
    throw Error(kSyntaxError, "tables are outer joined to each other in a circle").at(span.begin);
  }
  return std::move(*tree);
}

}  // namespace

bool Resolver::has_outer_marks(const sql::Expr& expr) const { return holds_mark(expr); }

/// Resolves one condition of WHERE; `numbers`: the relations of this block.
Resolver::MarkedCondition Resolver::marked_condition(const sql::Expr& text, const std::set<RelationNo>& numbers,
                                                     Scope& scope) {
  check_marks(text);
  scope.outer_marks = true;
  MarkedCondition read{condition(text, scope, "WHERE"), {}, -1, text.span.begin};
  walk_shallow(text, [&](const sql::Expr& part) {
    if (!is_marked(part)) return;
    Numbers marked;
    add_relations(expression(part, scope), marked);
    if (marked.empty() || !numbers.contains(*marked.begin())) return;
    if (read.marked >= 0 && read.marked != *marked.begin()) {
      throw Error(kSyntaxError, "a condition may have the outer join operator (+) on one table only")
          .at(part.span.begin);
    }
    read.marked = *marked.begin();
  });
  scope.outer_marks = false;
  add_relations(read.expr, read.relations);
  std::erase_if(read.relations, [&](RelationNo number) { return !numbers.contains(number); });
  return read;
}

void Resolver::outer_joins(const sql::Select& select, BoundSelect& bound, Scope& scope) {
  if (select.connect_by) {
    throw Error(kFeatureNotSupported, "the outer join operator (+) beside CONNECT BY is not supported")
        .at(select.where->span.begin);
  }
  std::vector<BoundRelation> relations;
  Numbers numbers;
  scope.clause = Clause::kFrom;
  for (const sql::TableRef& ref : select.from) {
    if (std::holds_alternative<sql::Join>(ref.node)) {
      throw Error(kSyntaxError, "the outer join operator (+) cannot be used beside JOIN in FROM").at(ref.span.begin);
    }
    relations.push_back(table_ref(ref, scope));
    numbers.insert(relations.back().number);
  }
  scope.clause = Clause::kWhere;
  scope.visible_items = select.items.size();
  const auto* all = std::get_if<sql::Logical>(&select.where->node);
  std::vector<MarkedCondition> conditions;
  const auto read = [&](const sql::Expr& text) { conditions.push_back(marked_condition(text, numbers, scope)); };
  if (all && all->op == sql::LogicalOp::kAnd) {
    for (const sql::Expr& operand : all->operands) read(operand);
  } else {
    read(*select.where);
  }
  const Partners outer = partners(conditions);
  std::map<RelationNo, std::vector<BoundExpr>> joined;
  std::vector<BoundExpr> rest;
  for (MarkedCondition& condition : conditions) {
    (outer.contains(condition.marked) ? joined[condition.marked] : rest).push_back(std::move(condition.expr));
  }
  if (!rest.empty()) bound.where = all_of(std::move(rest));
  bound.from = assembled(std::move(relations), outer, std::move(joined), select.where->span);
}

}  // namespace garland::semantics
