// Materialized views (guide pages materialized-view-create-sql-command, materialized-view-refresh-sql-command).
#include <algorithm>

#include "semantics/ast_walk.h"
#include "semantics/resolver.h"
#include "semantics/table_rules.h"

namespace garland::semantics {
namespace {

/// Whether Redshift refreshes the query incrementally: SELECT, FROM, INNER JOIN, WHERE, GROUP BY, HAVING with COUNT,
/// SUM, MIN, MAX, AVG and nothing mutable.
bool is_incremental(const sql::Query& query) {
  const auto* select = std::get_if<sql::Select>(&query.body.node);
  if (!select || select->distinct || select->qualify) return false;
  bool plain = true;
  int queries = 0;
  const auto look = [&](const sql::Call& call) {
    constexpr std::string_view kKept[] = {"count", "sum", "min", "max", "avg"};
    const std::string& name = call.function.last().text;
    const bool kept = std::ranges::find(kKept, name) != std::end(kKept);
    if (call.over || call.distinct || call.approximate) plain = false;
    if ((is_aggregate(name) && !kept) || reads_clock(name)) plain = false;
  };
  walk_query(query, overloaded{[&](const sql::Query&) { plain = plain && ++queries == 1; },
                               [&](const sql::Expr& expr) {
                                 if (const auto* found = std::get_if<sql::Call>(&expr.node)) look(*found);
                               },
                               [&](const sql::TableRef& ref) {
                                 const auto* join = std::get_if<sql::Join>(&ref.node);
                                 if (join && join->kind != sql::JoinKind::kInner && join->kind != sql::JoinKind::kCross)
                                   plain = false;
                               },
                               [](const auto&) {}});
  return plain;
}

bool is_mutable(const sql::Query& query) {
  bool found = false;
  walk_query(query, overloaded{[&](const sql::Expr& expr) {
                                 const auto* call = std::get_if<sql::Call>(&expr.node);
                                 found = found || (call && reads_clock(call->function.last().text));
                               },
                               [](const auto&) {}});
  return found;
}

}  // namespace

/// What a materialized view cannot be made of.
void Resolver::check_materialized(const sql::CreateMaterializedView& create) {
  const auto no = [&](std::string what, Span span) {
    refuse(kFeatureNotSupported, "a materialized view cannot have " + std::move(what), span);
  };
  const sql::Query& query = *create.query;
  if (!query.order_by.empty()) no("ORDER BY", query.order_by[0].expr.span);
  if (query.limit) no("LIMIT", query.limit->span);
  if (query.offset) no("OFFSET", query.offset->span);
  for (const sql::QualifiedName& name : referenced_relations(sql::Statement{query, {}})) {
    const Relation* found = find_relation(name);
    if (!found) continue;
    if (is_view(*found)) no("view \"" + found->name + "\" as its base", name.span);
    if (found->kind == RelationKind::kSystemTable) no("system table \"" + found->name + "\" as its base", name.span);
    if (found->temporary) no("temporary table \"" + found->name + "\" as its base", name.span);
  }
  if (leader_only_) no("leader-node function " + leader_only_->name, leader_only_->span);
  if (user_function_) no("user-defined function " + user_function_->name, user_function_->span);
  if (create.auto_refresh.value_or(false) && is_mutable(query))
    no("AUTO REFRESH YES with mutable functions", create.name.span);
}

void Resolver::statement(const sql::CreateMaterializedView& create) {
  if (user_parameters_ > 0)
    throw Error(kUndefinedParameter, "there is no parameter $1").hint("a materialized view has no parameters");
  Relation view = new_relation(create.name, false, false);
  if (view.name.starts_with('#'))
    refuse(kFeatureNotSupported, "temporary materialized views are not supported", create.name.span);
  view.kind = RelationKind::kMaterializedView;
  BoundCreateView made{false, {}, std::nullopt};
  view.view_text = canonical_view_text(*create.query, {}, view, made);
  check_materialized(create);
  for (size_t i = 0; i < view.columns.size(); ++i) {
    ColumnDef& column = view.columns[i];
    column.may_have_trailing_blanks = column.type.id == engine::TypeId::kVarchar && column.may_have_trailing_blanks;
    for (size_t j = 0; j < i; ++j) {
      if (view.columns[j].name != column.name) continue;
      refuse(kDuplicateColumn, "column \"" + column.name + "\" specified more than once", create.query->span);
    }
  }
  sql::TableAttributes attributes = create.attributes;
  name_keys(attributes, view);
  apply_attributes(attributes, view);
  result_.node =
      BoundCreateMaterializedView{std::move(view), std::move(attributes), create.auto_refresh.value_or(false),
                                  is_incremental(*create.query), *std::move(made.query)};
}

}  // namespace garland::semantics
