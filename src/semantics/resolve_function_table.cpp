// Functions in FROM (PostgreSQL 8.0, "Table Functions"): a scalar one is a table of one row and one column, called by
// the alias or by the function's name; GENERATE_SERIES gives a row for each number. Those of the catalog stand in
// resolve_catalog_rows.cpp.
#include "semantics/resolver.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

/// What the only column of such a table is called.
const std::string& column_name(const sql::FunctionTable& table) {
  return table.alias ? table.alias->name.text : table.call.function.last().text;
}

/// A block of its own around `from`, so that it joins like any table.
BoundQuery one_column(BoundRelation from, const std::string& name, BoundExpr value) {
  BoundSelect select;
  const Type type = value.type;
  select.outputs.push_back({name, std::move(value)});
  select.from = std::move(from);
  BoundQuery query;
  query.body = BoundBody{std::move(select)};
  query.columns = {{name, type}};
  return query;
}

}  // namespace

BoundRelation Resolver::function_table(const sql::FunctionTable& table, Span span, Scope& scope) {
  if (auto rows = catalog_table(table, span, scope)) return *std::move(rows);
  if (table.call.function.last().text == "generate_series") return series_table(table, span, scope);
  return value_table(table, span, scope);
}

BoundRelation Resolver::value_table(const sql::FunctionTable& table, Span span, Scope& scope) {
  Scope inner(scope.outer);  // the arguments see the blocks around this one, but not the neighbours in FROM
  inner.clause = Clause::kFrom;
  BoundExpr value = settled(expression(sql::Expr{table.call, span}, inner));
  BoundRelation row{BoundNothing{}, -1, {}};
  return enter_call(table, one_column(std::move(row), column_name(table), std::move(value)), span, scope);
}

/// The call's rows as a relation of FROM.
BoundRelation Resolver::enter_call(const sql::FunctionTable& table, BoundQuery rows, Span span, Scope& scope) {
  std::vector<OutputColumn> columns = rows.columns;
  BoundRelation bound{BoundSubquery{std::move(rows), 0}, -1, std::move(columns)};
  enter(bound, table.alias, table.call.function.last().text, {}, 0, span, scope);
  return bound;
}

/// PostgreSQL 8.0, "Set Returning Functions": from the first number to the second, both among them, by the third or by
/// 1; no rows for NULL. Redshift runs it on the leader node. The bound form is BoundUnnest of a call "generate_series".
BoundRelation Resolver::series_table(const sql::FunctionTable& table, Span span, Scope& scope) {
  const sql::Call& call = table.call;
  const size_t count = call.arguments.size();
  Scope inner(scope.outer);
  inner.clause = Clause::kFrom;
  std::vector<BoundExpr> bounds = expressions(call.arguments, inner);
  bool fits = count == 2 || count == 3;
  bool large = false;
  for (BoundExpr& bound : bounds) {
    refresh(bound);
    const TypeId id = bound.type.id;
    fits = fits && (bound.type.is_integer() || id == TypeId::kUnknown);
    large = large || id == TypeId::kBigint;
  }
  if (!fits) {
    throw Error(kUndefinedFunction, "function generate_series with these arguments does not exist")
        .hint("it takes a first and a last whole number, and a step: generate_series(1, 10) or (10, 1, -1)")
        .at(span.begin);
  }
  const Type type = Type::of(large ? TypeId::kBigint : TypeId::kInteger);
  for (BoundExpr& bound : bounds) bound = convert(std::move(bound), type, CastContext::kImplicit);
  FunctionMatch leader;
  leader.leader_only = true;
  note_function(leader, call.function.last().text, call.function.span);
  BoundRelation series{
      BoundUnnest{Box<BoundExpr>(make(BoundCall{"generate_series", std::move(bounds)}, type, span)), false},
      next_relation(),
      {{"value", type}}};
  BoundExpr value = make(BoundColumn{series.number, 0}, type, span);
  return enter_call(table, one_column(std::move(series), column_name(table), std::move(value)), span, scope);
}

/// `select generate_series(1, 3)`: its rows, as from FROM.
BoundSelect Resolver::series_rows(const sql::Select& select, const sql::Call& call, Scope& scope) {
  const sql::SelectItem& item = select.items[0];
  BoundSelect bound;
  bound.distinct = select.distinct;
  bound.from = series_table({call, item.alias ? std::optional<sql::Alias>({*item.alias, {}}) : std::nullopt},
                            item.expr.span, scope);
  bound.outputs.push_back({bound.from.columns[0].name, column(scope, scope.columns[0], item.expr.span)});
  return bound;
}

}  // namespace garland::semantics
