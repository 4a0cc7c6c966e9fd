// PIVOT and UNPIVOT (guide pages r_FROM_clause30, r_FROM_clause-pivot-unpivot-examples): a PIVOT is an aggregation with
// one CASE for each value, an UNPIVOT the rows once for each column.
#include <algorithm>
#include <array>

#include "semantics/ast_walk.h"
#include "semantics/resolver.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

/// The relation that numbers an UNPIVOT's columns; no user's name has a blank in front.
constexpr std::string_view kNumbers = " unpivot";

sql::Expr column_expr(std::string_view name, Span span) {
  return {sql::ColumnRef{{sql::Name{std::string(name), span}}}, span};
}

bool mentions(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

const sql::Call& pivot_aggregate(const sql::Pivot& pivot) {
  constexpr std::array<std::string_view, 5> kAggregates{"count", "sum", "min", "max", "avg"};
  const auto* call = std::get_if<sql::Call>(&pivot.aggregate.node);
  const bool known = call && call->function.parts.size() == 1 &&
                     std::ranges::find(kAggregates, call->function.last().text) != kAggregates.end();
  if (!known || call->over || !call->within_group.empty() || call->arguments.size() != 1) {
    throw Error(kFeatureNotSupported, "PIVOT takes one call of COUNT, SUM, MIN, MAX or AVG")
        .at(pivot.aggregate.span.begin);
  }
  return *call;
}

/// What a value of the IN list is called without an alias: constants by themselves, the rest as select items are.
std::string value_name(const sql::Expr& value) {
  if (const auto* text = std::get_if<sql::StringLiteral>(&value.node)) return text->value;
  if (const auto* number = std::get_if<sql::NumberLiteral>(&value.node)) return number->text;
  if (const auto* truth = std::get_if<sql::BooleanLiteral>(&value.node)) return truth->value ? "true" : "false";
  if (const auto* typed = std::get_if<sql::TypedLiteral>(&value.node)) return typed->value;
  if (std::holds_alternative<sql::NullLiteral>(value.node)) return "null";
  if (const auto* unary = std::get_if<sql::Unary>(&value.node); unary && unary->op == sql::UnaryOp::kMinus) {
    if (const auto* number = std::get_if<sql::NumberLiteral>(&unary->operand->node)) return "-" + number->text;
  }
  return "?column?";
}

void check_value(const sql::Expr& value) {
  walk_expression(
      value,
      overloaded{
          [&](const sql::Expr& expr) {
            if (!std::holds_alternative<sql::ColumnRef>(expr.node)) return;
            throw Error(kFeatureNotSupported, "the IN list of PIVOT cannot hold column references").at(expr.span.begin);
          },
          [&](const sql::Query&) {
            throw Error(kFeatureNotSupported, "the IN list of PIVOT cannot hold subqueries").at(value.span.begin);
          },
          [](const auto&) {}});
}

/// The aggregate over the rows that have the value.
sql::Expr value_aggregate(const sql::Call& aggregate, const sql::Pivot& pivot, const sql::Expr& value) {
  const Span span = value.span;
  const sql::Expr column = column_expr(pivot.column.text, pivot.column.span);
  sql::Expr condition = std::holds_alternative<sql::NullLiteral>(value.node)
                            ? sql::Expr{sql::IsNull{column, false}, span}
                            : sql::Expr{sql::Binary{sql::BinaryOp::kEqual, column, value}, span};
  const bool star = std::holds_alternative<sql::Star>(aggregate.arguments[0].node);
  sql::Expr counted = star ? sql::Expr{sql::NumberLiteral{"1"}, span} : aggregate.arguments[0];
  sql::Case choice;
  choice.whens.push_back({std::move(condition), std::move(counted)});
  sql::Call call = aggregate;
  call.arguments[0] = sql::Expr{std::move(choice), span};
  return {std::move(call), span};
}

/// CASE number WHEN 0 THEN first … END over an UNPIVOT's columns.
template <class F>
sql::Expr by_number(const sql::Unpivot& unpivot, F result) {
  sql::Case choice;
  sql::ColumnRef number{{sql::Name{std::string(kNumbers), {}}, sql::Name{"number", {}}}};
  choice.operand = sql::Expr{std::move(number), unpivot.value.span};
  for (size_t i = 0; i < unpivot.columns.size(); ++i) {
    sql::Expr index{sql::NumberLiteral{std::to_string(i)}, {}};
    choice.whens.push_back({std::move(index), result(unpivot.columns[i])});
  }
  return {std::move(choice), unpivot.value.span};
}

}  // namespace

/// The input sees nothing of the blocks around it.
BoundRelation Resolver::rotation_input(const sql::TableRef& input, std::string_view what, Scope& scope) {
  const bool table = std::holds_alternative<sql::NamedTable>(input.node);
  if (!table && !std::holds_alternative<sql::DerivedTable>(input.node)) {
    throw Error(kFeatureNotSupported,
                std::string(what) + " can be applied to tables, subqueries and common table expressions only")
        .at(input.span.begin);
  }
  scope.clause = Clause::kFrom;
  BoundRelation bound = table_ref(input, scope);
  const auto* mention = std::get_if<BoundCteRef>(&bound.node);
  for (const CommonTable& cte : common_tables_) {
    if (!mention || cte.number != mention->cte || !cte.open) continue;
    throw Error(kFeatureNotSupported, std::string(what) + " cannot be applied to a recursive common table expression")
        .at(input.span.begin);
  }
  return bound;
}

BoundRelation Resolver::rotated(const sql::Select& select, BoundSelect bound, const std::optional<sql::Alias>& alias,
                                Span span, Scope& inner, Scope& scope) {
  ViewRecord* const outer_record = std::exchange(record_, nullptr);
  inner.clause = Clause::kWhere;
  if (select.where) bound.where = condition(*select.where, inner, "WHERE");
  behind_where(select, bound, inner);
  record_ = outer_record;
  BoundQuery query;
  query.columns = output_columns(bound.outputs, inner);
  check_groups(bound, inner);
  settle_outputs(bound, query.columns);
  std::vector<OutputColumn> columns = query.columns;
  query.body = BoundBody{std::move(bound)};
  BoundRelation relation{BoundSubquery{std::move(query), 0}, -1, std::move(columns)};
  enter(relation, alias, {}, {}, 0, span, scope);
  return relation;
}

BoundRelation Resolver::pivot(const sql::Pivot& pivot, Span span, Scope& scope) {
  const sql::Call& aggregate = pivot_aggregate(pivot);
  for (const sql::PivotValue& value : pivot.values) check_value(value.value);
  Scope inner;
  BoundSelect bound;
  bound.from = rotation_input(*pivot.input, "PIVOT", inner);
  std::vector<std::string> used{pivot.column.text};
  walk_expression(pivot.aggregate, overloaded{[&](const sql::Expr& expr) {
                                                const auto* column = std::get_if<sql::ColumnRef>(&expr.node);
                                                if (column) used.push_back(column->parts.back().text);
                                              },
                                              [](const auto&) {}});
  sql::Select select;
  for (const ScopeColumn& column : inner.columns) {
    const std::string name(inner.name_of(column));
    if (mentions(used, name)) continue;
    select.items.push_back({column_expr(name, span), std::nullopt});
    select.group_by.emplace_back(column_expr(name, span));
  }
  for (const sql::PivotValue& value : pivot.values) {
    std::string name = value.alias ? value.alias->text : value_name(value.value);
    if (pivot.aggregate_alias) name += "_" + pivot.aggregate_alias->text;
    select.items.push_back({value_aggregate(aggregate, pivot, value.value), sql::Name{std::move(name), {}}});
  }
  return rotated(select, std::move(bound), pivot.alias, span, inner, scope);
}

BoundRelation Resolver::unpivot(const sql::Unpivot& unpivot, Span span, Scope& scope) {
  Scope inner;
  BoundSelect bound;
  bound.from = rotation_input(*unpivot.input, "UNPIVOT", inner);
  sql::Select select;
  std::vector<std::string> used;
  for (const sql::UnpivotColumn& column : unpivot.columns) used.push_back(column.column.text);
  for (const ScopeColumn& column : inner.columns) {
    const std::string name(inner.name_of(column));
    if (!mentions(used, name)) select.items.push_back({column_expr(name, span), std::nullopt});
  }
  const sql::Expr name = by_number(unpivot, [](const sql::UnpivotColumn& column) {
    return sql::Expr{sql::StringLiteral{column.alias ? column.alias->text : column.column.text}, column.column.span};
  });
  const sql::Expr value = by_number(
      unpivot, [](const sql::UnpivotColumn& column) { return column_expr(column.column.text, column.column.span); });
  select.items.push_back({name, unpivot.name});
  select.items.push_back({value, unpivot.value});
  if (!unpivot.include_nulls) select.where = sql::Expr{sql::IsNull{value, true}, unpivot.value.span};

  std::string numbers = "[";
  for (size_t i = 0; i < unpivot.columns.size(); ++i) numbers += (i == 0 ? "" : ",") + std::to_string(i);
  BoundExpr array = make(BoundConstant{numbers + "]"}, Type::of(TypeId::kSuper), span);
  BoundRelation numbered = elements_of(std::move(array), sql::UnnestForm::kPath);
  numbered.columns[0].name = "value";
  numbered.columns[1].name = "number";
  numbered.number = next_relation();
  const size_t visible = inner.columns.size();
  inner.add({numbered.number, std::string(kNumbers), {}, 0, numbered.columns}, span);
  inner.columns.resize(visible);  // only its full name finds it
  bound.from = cross_joined(std::move(bound.from), std::move(numbered));
  return rotated(select, std::move(bound), unpivot.alias, span, inner, scope);
}

}  // namespace garland::semantics
