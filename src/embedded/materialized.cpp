#include "embedded/materialized.h"

#include "embedded/dml.h"
#include "semantics/resolve.h"
#include "sql/parser.h"

namespace garland::embedded {

using semantics::RelationKind;

namespace {

const MaterializedView& state(const SessionCatalog& catalog, Oid view) { return *catalog.detail(view).view; }

/// Whether a materialized view that this one reads is out of date, however far below.
bool base_is_stale(const SessionCatalog& catalog, const StoredRelation& view) {
  for (const Dependency& use : view.uses) {
    const StoredRelation* base = catalog.stored(use.relation);
    if (!base || base->relation.kind != RelationKind::kMaterializedView) continue;
    if (state(catalog, use.relation).stale || base_is_stale(catalog, *base)) return true;
  }
  return false;
}

Plan plan_of(Context& context, const semantics::Relation& view) {
  Plan plan;
  plan.ast.node = sql::parse_query(view.view_text);
  plan.catalog = context.catalog();
  try {
    plan.bound = semantics::resolve(plan.ast, *plan.catalog);
  } catch (const Error& error) {
    throw Error(kObjectNotInPrerequisiteState, "materialized view " + view.name + " cannot be refreshed")
        .detail(error.message())
        .hint("A base table was changed: drop the materialized view and make it again.");
  }
  const auto& columns = plan.bound.columns;
  const auto same = [](const semantics::OutputColumn& a, const semantics::ColumnDef& b) { return a.type == b.type; };
  if (!std::ranges::equal(columns, view.columns, same)) {
    throw Error(kObjectNotInPrerequisiteState, "materialized view " + view.name + " cannot be refreshed")
        .detail("the type of a column has changed")
        .hint("Drop the materialized view and make it again.");
  }
  return plan;
}

void recompute(Context& context, Oid oid) {
  const semantics::Relation view = *context.catalog()->find_relation(oid);
  const Plan plan = plan_of(context, view);
  const auto parameters = static_cast<int32_t>(plan.bound.session_values.size());
  const Translation query =
      translate_query(std::get<semantics::BoundQuery>(plan.bound.node), Context::names(plan), parameters);
  context.run("DELETE FROM " + Context::physical_name(view));
  std::vector<int32_t> columns(view.columns.size());
  for (size_t i = 0; i < columns.size(); ++i) columns[i] = static_cast<int32_t>(i);
  insert_query(context, plan, view, columns, query, {});
  RelationDetail detail = context.catalog()->detail(oid);
  detail.view->stale = false;
  context.transaction.change(PutDetail{oid, std::move(detail)});
  mark_stale(context, oid);
}

void refresh_one(Context& context, Oid oid, bool cascade) {
  const auto catalog = context.catalog();
  const StoredRelation& view = *catalog->stored(oid);
  const std::string name = "Materialized view " + view.relation.name;
  if (cascade) {
    for (const Dependency& use : view.uses) {
      const StoredRelation* base = catalog->stored(use.relation);
      if (use.column == 0 && base && base->relation.kind == RelationKind::kMaterializedView) {
        context.transaction.lock({use.relation, ""}, LockMode::kAccessExclusive, base->relation.name);
        refresh_one(context, use.relation, true);
      }
    }
  }
  const MaterializedView before = state(*context.catalog(), oid);
  const SqlState success("00000");
  if (before.stale) {
    recompute(context, oid);
    context.notice(
        "INFO", success,
        name + (before.incremental ? " was incrementally updated successfully." : " was recomputed successfully."));
  } else if (base_is_stale(*context.catalog(), view)) {
    context.notice("INFO", success,
                   name +
                       " is already up to date.  However, it depends on another materialized view that is not up to "
                       "date.");
  } else {
    context.notice("INFO", success, name + " is already up to date.");
  }
}

}  // namespace

Outcome refresh(Context& context, Oid view, bool cascade) {
  refresh_one(context, view, cascade);
  return {"REFRESH"};
}

void mark_stale(Context& context, Oid table) {
  const auto catalog = context.catalog();
  for (const StoredRelation* view : catalog->snapshot().materialized_over(table)) {
    if (!state(*catalog, view->relation.oid).stale) context.transaction.change(MarkStale{view->relation.oid});
  }
}

}  // namespace garland::embedded
