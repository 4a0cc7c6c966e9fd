#include "embedded/defaults.h"

#include <algorithm>

#include "semantics/resolve.h"

namespace garland::embedded {

namespace {

/// `insert into table default values`: resolution turns the stored texts into expressions.
Plan default_plan(Context& context, const semantics::Relation& table) {
  sql::Insert insert;
  insert.table.parts = {{table.temporary ? "pg_temp" : table.schema, {}}, {table.name, {}}};
  insert.source = sql::DefaultMarker{};
  Plan plan;
  plan.ast.node = std::move(insert);
  plan.catalog = context.catalog();
  plan.bound = semantics::resolve(plan.ast, *plan.catalog, {{}, context.settings.super_rules()});
  return plan;
}

}  // namespace

std::optional<DefaultValue> default_value(Context& context, const semantics::Relation& table, int32_t column) {
  if (!table.columns[static_cast<size_t>(column)].default_text) return std::nullopt;
  const Plan plan = default_plan(context, table);
  const auto& expr = std::get<semantics::BoundInsert>(plan.bound.node).defaults[static_cast<size_t>(column)];
  if (!expr) return std::nullopt;
  DefaultValue value{context.evaluate(*expr, plan, {}), nullptr};
  value.batch = value.result.fetch();
  return value;
}

void set_defaults(Context& context, TableWriter& writer, const semantics::Relation& table,
                  const std::vector<int32_t>& targets) {
  std::optional<Plan> plan;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const auto number = static_cast<int32_t>(i);
    if (!table.columns[i].default_text || std::ranges::count(targets, number) > 0) continue;
    if (!plan) plan = default_plan(context, table);
    const auto& expr = std::get<semantics::BoundInsert>(plan->bound.node).defaults[i];
    if (expr) writer.set_default(number, context.evaluate(*expr, *plan, {}));
  }
}

}  // namespace garland::embedded
