// CONNECT BY (guide page r_CONNECT_BY_clause): FROM's joins first, then the hierarchy, then WHERE. It becomes
//
//   with rows as (select every column from FROM),
//        recursive levels as (select rows.*, 1 from rows where START WITH
//                             union all select rows.*, levels.level + 1 from rows, levels where CONNECT BY)
//
// and the block reads `levels` under the names that FROM gave its columns. PRIOR reads the parent's row, LEVEL the
// number of levels above a row, from 1.
#include "semantics/ast_walk.h"
#include "semantics/resolver.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

/// The scope whose names are read from one relation instance that holds all of their columns, in order.
Scope moved(const Scope& scope, RelationNo number) {
  Scope result(scope.outer);
  result.relations = scope.relations;
  result.columns = scope.columns;
  result.clause = Clause::kWhere;
  int32_t first = 0;
  for (ScopeRelation& relation : result.relations) {
    relation.number = number;
    relation.first_column = first;
    first += static_cast<int32_t>(relation.columns.size());
  }
  return result;
}

BoundExpr column_of(const BoundRelation& relation, size_t index) {
  return BoundExpr{BoundColumn{relation.number, static_cast<int32_t>(index)}, relation.columns[index].type, {}};
}

BoundRelation mention(const BoundCte& cte, RelationNo number) {
  return BoundRelation{BoundCteRef{cte.number}, number, cte.columns};
}

void output_columns_of(const BoundRelation& relation, size_t count, BoundSelect& select) {
  for (size_t i = 0; i < count; ++i) select.outputs.push_back({relation.columns[i].name, column_of(relation, i)});
}

}  // namespace

BoundExpr Resolver::node(const sql::Prior& prior, Span span, Scope& scope) {
  if (!scope.prior) throw Error(kSyntaxError, "PRIOR is allowed in CONNECT BY only").at(span.begin);
  return expression(*prior.operand, *scope.prior);
}

BoundCte Resolver::hierarchy_levels(const sql::Select& select, const BoundCte& rows, Scope& scope) {
  const Type integer = Type::of(TypeId::kInteger);
  const size_t count = rows.columns.size();
  BoundCte levels{next_cte_++, "", rows.columns, true, BoundQuery{}};
  levels.columns.push_back({"level", integer});

  BoundSelect roots;
  roots.from = mention(rows, next_relation());
  output_columns_of(roots.from, count, roots);
  const BoundExpr one{BoundConstant{"1"}, integer, {}};
  roots.outputs.push_back({"level", one});
  if (select.start_with) {
    Scope names = moved(scope, roots.from.number);
    names.level = one;
    roots.where = condition(*select.start_with, names, "START WITH");
  }

  BoundSelect children;
  BoundRelation child = mention(rows, next_relation()), parent = mention(levels, next_relation());
  output_columns_of(child, count, children);
  std::vector<BoundExpr> above;
  above.push_back(column_of(parent, count));
  const BoundExpr level{BoundCall{"next_level", std::move(above)}, integer, {}};
  children.outputs.push_back({"level", level});
  Scope names = moved(scope, child.number), parent_names = moved(scope, parent.number);
  names.level = level;
  parent_names.level = column_of(parent, count);
  names.prior = &parent_names;
  children.where = condition(*select.connect_by, names, "CONNECT BY");
  children.from = cross_joined(std::move(child), std::move(parent));

  levels.query->columns = levels.columns;
  levels.query->body = BoundBody{
      BoundSetOperation{sql::SetOp::kUnion, true, BoundBody{std::move(roots)}, BoundBody{std::move(children)}}};
  return levels;
}

BoundRelation Resolver::hierarchy(const sql::Select& select, BoundRelation from, Scope& scope) {
  if (!scope.merged.empty()) {
    throw Error(kFeatureNotSupported, "CONNECT BY over a join with USING or NATURAL is not supported")
        .at(select.connect_by->span.begin);
  }
  bool has_prior = false;
  walk_expression(
      *select.connect_by,
      overloaded{[&](const sql::Expr& expr) { has_prior = has_prior || std::holds_alternative<sql::Prior>(expr.node); },
                 [](const auto&) {}});
  if (!has_prior) {
    throw Error(kSyntaxError, "CONNECT BY needs a condition with PRIOR").at(select.connect_by->span.begin);
  }
  BoundCte rows{next_cte_++, "", {}, false, BoundQuery{}};
  BoundSelect all;
  for (const ScopeRelation& relation : scope.relations) {
    for (size_t i = 0; i < relation.columns.size(); ++i) {
      const BoundColumn column{relation.number, static_cast<int32_t>(i)};
      all.outputs.push_back({relation.columns[i].name, BoundExpr{column, relation.columns[i].type, {}}});
      rows.columns.push_back(relation.columns[i]);
    }
  }
  all.from = std::move(from);
  rows.query->columns = rows.columns;
  rows.query->body = BoundBody{std::move(all)};

  BoundQuery query;
  BoundCte levels = hierarchy_levels(select, rows, scope);
  BoundSelect everything;
  everything.from = mention(levels, next_relation());
  output_columns_of(everything.from, levels.columns.size(), everything);
  query.columns = levels.columns;
  query.body = BoundBody{std::move(everything)};
  query.with.push_back(std::move(rows));
  query.with.push_back(std::move(levels));

  std::vector<OutputColumn> columns = query.columns;
  BoundRelation result{BoundSubquery{std::move(query), 0}, next_relation(), std::move(columns)};
  Scope names = moved(scope, result.number);
  scope.relations = std::move(names.relations);
  scope.level = column_of(result, result.columns.size() - 1);
  return result;
}

}  // namespace garland::semantics
