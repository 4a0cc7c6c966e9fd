// GROUP BY: expressions, ordinals, aliases, grouping sets; and what may stand beside it.
#include <algorithm>

#include "semantics/ordinal.h"
#include "semantics/resolver.h"
#include "semantics/sketch_rules.h"
#include "semantics/walk.h"

namespace garland::semantics {
namespace {

constexpr size_t kMostGroupingSets = 4096;

using Sets = std::vector<std::vector<int32_t>>;

bool contains(const BoundExpr& expr, const std::function<bool(const BoundExpr&)>& is) {
  if (is(expr)) return true;
  bool found = false;
  for_each_part(expr, [&](const BoundExpr& part) { found = found || contains(part, is); });
  return found;
}

bool is_aggregate_or_window(const BoundExpr& expr) {
  return std::holds_alternative<BoundAggregate>(expr.node) || std::holds_alternative<BoundWindow>(expr.node) ||
         std::holds_alternative<BoundGrouping>(expr.node);
}

std::vector<int32_t> joined(std::vector<int32_t> left, const std::vector<int32_t>& right) {
  for (const int32_t key : right) {
    if (std::ranges::find(left, key) == left.end()) left.push_back(key);
  }
  return left;
}

[[noreturn]] void too_many_sets() {
  throw Error(kStatementTooComplex, "too many grouping sets").detail("At most " + std::to_string(kMostGroupingSets));
}

/// ROLLUP(a, b) is (a, b), (a), (); CUBE is every subset.
Sets expand(sql::GroupingKind kind, const Sets& parts) {
  if (kind == sql::GroupingKind::kSets) return parts;
  Sets sets;
  if (kind == sql::GroupingKind::kRollup) {
    for (size_t length = parts.size() + 1; length-- > 0;) {
      std::vector<int32_t> set;
      for (size_t i = 0; i < length; ++i) set = joined(std::move(set), parts[i]);
      sets.push_back(std::move(set));
    }
    return sets;
  }
  if (parts.size() > 12) too_many_sets();
  for (size_t mask = size_t{1} << parts.size(); mask-- > 0;) {
    std::vector<int32_t> set;
    for (size_t i = 0; i < parts.size(); ++i) {
      if (mask >> (parts.size() - 1 - i) & 1) set = joined(std::move(set), parts[i]);
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

Sets product(const Sets& left, const Sets& right) {
  if (left.size() * right.size() > kMostGroupingSets) too_many_sets();
  Sets sets;
  for (const std::vector<int32_t>& a : left) {
    for (const std::vector<int32_t>& b : right) sets.push_back(joined(a, b));
  }
  return sets;
}

}  // namespace

/// A bare name is a column of FROM first, then an alias of the select list; an ordinal is an item of the list.
BoundExpr Resolver::grouping_expression(const sql::Expr& expr, BoundSelect& bound, Scope& scope) {
  std::optional<int32_t> item = ordinal(expr, bound.outputs.size(), "GROUP BY");
  if (const sql::Name* name = bare_name(expr); name && scope.find(name->text).count == 0) {
    for (const Scope::Alias& alias : scope.aliases) {
      if (alias.name != name->text) continue;
      if (item && !same(bound.outputs[static_cast<size_t>(*item)].expr, bound.outputs[alias.output].expr)) {
        throw Error(kAmbiguousColumn, "GROUP BY \"" + name->text + "\" is ambiguous").at(name->span.begin);
      }
      item = static_cast<int32_t>(alias.output);
    }
  }
  if (!item) return settled(expression(expr, scope));
  BoundExpr& output = bound.outputs[static_cast<size_t>(*item)].expr;
  output = settled(std::move(output));
  const auto holds = [&](auto is) { return contains(output, is); };
  if (holds([](const BoundExpr& part) { return std::holds_alternative<BoundAggregate>(part.node); })) {
    throw Error(kGroupingError, "aggregates not allowed in GROUP BY clause").at(expr.span.begin);
  }
  if (holds([](const BoundExpr& part) { return std::holds_alternative<BoundWindow>(part.node); })) {
    throw Error(kWindowingError, "window functions not allowed in GROUP BY clause").at(expr.span.begin);
  }
  return copy(output);
}

void Resolver::add_grouping(const sql::Expr& expr, BoundSelect& bound, Scope& scope, std::vector<int32_t>& set) {
  if (const auto* row = std::get_if<sql::Row>(&expr.node)) {
    for (const sql::Expr& field : row->fields) add_grouping(field, bound, scope, set);
    return;
  }
  BoundExpr key = grouping_expression(expr, bound, scope);
  check_told_apart(key.type, expr.span.begin);
  const auto known = std::ranges::find_if(bound.group_by, [&](const BoundExpr& other) { return same(other, key); });
  const auto index = static_cast<int32_t>(known - bound.group_by.begin());
  if (known == bound.group_by.end()) bound.group_by.push_back(std::move(key));
  if (std::ranges::find(set, index) == set.end()) set.push_back(index);
}

std::vector<int32_t> Resolver::grouping_set(const std::vector<sql::Expr>& exprs, BoundSelect& bound, Scope& scope) {
  std::vector<int32_t> set;
  for (const sql::Expr& expr : exprs) add_grouping(expr, bound, scope, set);
  return set;
}

void Resolver::group_by(const sql::Select& select, BoundSelect& bound, Scope& scope) {
  scope.clause = Clause::kGroupBy;
  if (select.group_by_all) {
    bound.grouped = true;
    for (BoundOutput& output : bound.outputs) {
      if (contains(output.expr, is_aggregate_or_window)) continue;
      output.expr = settled(std::move(output.expr));
      if (std::holds_alternative<BoundConstant>(output.expr.node)) continue;
      check_told_apart(output.expr.type, output.expr.span.begin);
      const auto known = [&](const BoundExpr& other) { return same(other, output.expr); };
      if (std::ranges::none_of(bound.group_by, known)) bound.group_by.push_back(copy(output.expr));
    }
    return;
  }
  if (select.group_by.empty()) return;
  bound.grouped = true;
  Sets sets{{}};
  bool several = false;
  for (const sql::GroupItem& item : select.group_by) {
    if (const auto* expr = std::get_if<sql::Expr>(&item)) {
      std::vector<int32_t> set;
      add_grouping(*expr, bound, scope, set);
      for (std::vector<int32_t>& each : sets) each = joined(std::move(each), set);
      continue;
    }
    const auto& grouping = std::get<sql::GroupingSets>(item);
    several = true;
    Sets parts;
    for (const std::vector<sql::Expr>& exprs : grouping.sets) parts.push_back(grouping_set(exprs, bound, scope));
    if (parts.size() > kMostGroupingSets) too_many_sets();
    sets = product(sets, expand(grouping.kind, parts));
  }
  if (several) bound.grouping_sets = std::move(sets);
}

void Resolver::check_groups(BoundSelect& select, const Scope& scope) const {
  select.grouped = select.grouped || scope.has_aggregates;
  if (!select.grouped) return;
  for (const BoundOutput& output : select.outputs) check_grouped(select, output.expr, scope);
  if (select.having) check_grouped(select, *select.having, scope);
  if (select.qualify) check_grouped(select, *select.qualify, scope);
}

/// Every column of this block stands in a grouping expression or inside an aggregate, also where a subquery reads it.
void Resolver::check_grouped(const BoundSelect& select, const BoundExpr& expr, const Scope& scope,
                             bool in_subquery) const {
  if (!in_subquery && std::holds_alternative<BoundAggregate>(expr.node)) return;
  if (std::ranges::any_of(select.group_by, [&](const BoundExpr& key) { return same(key, expr); })) return;
  if (const auto* column = std::get_if<BoundColumn>(&expr.node)) {
    const ScopeRelation* relation = scope.relation_of(*column);
    if (!relation) return;
    const std::string name = (relation->alias.empty() ? "" : relation->alias + ".") +
                             relation->columns[static_cast<size_t>(column->column - relation->first_column)].name;
    throw Error(kGroupingError,
                "column \"" + name + "\" must appear in the GROUP BY clause or be used in an aggregate function")
        .at(expr.span.begin);
  }
  if (!in_subquery && std::holds_alternative<BoundGrouping>(expr.node)) {
    for_each_part(expr, [&](const BoundExpr& argument) {
      if (std::ranges::any_of(select.group_by, [&](const BoundExpr& key) { return same(key, argument); })) return;
      throw Error(kGroupingError, "arguments to GROUPING must be grouping expressions of the associated query level")
          .at(expr.span.begin);
    });
    return;
  }
  for_each_part(expr, [&](const BoundExpr& part) { check_grouped(select, part, scope, in_subquery); });
  const BoundQuery* query = query_of(expr);
  if (!query) return;
  for_each_expression(*query, [&](const BoundExpr& part) { check_grouped(select, part, scope, true); });
}

}  // namespace garland::semantics
