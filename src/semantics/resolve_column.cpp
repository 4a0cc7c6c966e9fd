// Column names: of this block, of blocks around it, and aliases of the select list.
#include "semantics/resolver.h"
#include "semantics/similar.h"
#include "semantics/walk.h"

namespace garland::semantics {
namespace {

std::string relation_names(const Scope& scope) {
  std::string names;
  for (size_t i = scope.first_relation; i < scope.relations.size(); ++i) {
    const std::string& alias = scope.relations[i].alias;
    if (!alias.empty()) names += (names.empty() ? "" : ", ") + alias;
  }
  return names;
}

bool is_alias(const Scope& scope, std::string_view name) {
  for (const Scope::Alias& alias : scope.aliases) {
    if (alias.name == name) return true;
  }
  return false;
}

}  // namespace

BoundExpr Resolver::column(const Scope& scope, const ScopeColumn& column, Span span) {
  if (column.merged >= 0) {
    const MergedColumn& merged = scope.merged[static_cast<size_t>(column.merged)];
    for (const ScopeColumn& side : merged.sides) this->column(scope, side, span);  // records their use
    BoundExpr expr = copy(merged.expr);
    expr.span = place(span);
    return expr;
  }
  const ScopeRelation& relation = scope.relations[static_cast<size_t>(column.relation)];
  use(relation.oid, column.column, Access::kSelect);
  return make(BoundColumn{relation.number, relation.first_column + column.column}, scope.type_of(column), span);
}

BoundExpr Resolver::node(const sql::ColumnRef& ref, Span span, Scope& scope) {
  if (ref.outer && !scope.outer_marks) {
    throw Error(kSyntaxError, "the outer join operator (+) is allowed in a condition of WHERE only").at(span.begin);
  }
  if (ref.parts.size() > 1) return column_path(ref, {}, span, scope);
  const sql::Name& name = ref.parts[0];
  for (const Scope* block = &scope; block; block = block->outer) {
    const Scope::Found found = block->find(name.text);
    if (found.count > 1) {
      throw Error(kAmbiguousColumn, "column reference \"" + name.text + "\" is ambiguous")
          .hint("it is a column of more than one of: " + relation_names(*block))
          .at(span.begin);
    }
    if (found.count == 1) return column(*block, found.column, span);
    if (block->level && name.text == "level") return copy(*block->level);
  }
  if (const BoundExpr* item = alias(scope, name, span)) return copy(*item);
  if (const BoundExpr* item = alias_in_where(scope, name, span)) return copy(*item);
  missing_column(scope, name, nullptr);
}

/// Lateral aliases: items of the same select list, once they are defined (guide page r_SELECT_list). Columns come
/// first.
const BoundExpr* Resolver::alias(const Scope& scope, const sql::Name& name, Span span) const {
  if (!scope.aliases_visible) return nullptr;
  const BoundExpr* found = nullptr;
  for (const Scope::Alias& candidate : scope.aliases) {
    if (candidate.name != name.text) continue;
    const BoundExpr* item = &(*scope.outputs)[candidate.output].expr;
    if (found && !same(*found, *item)) {
      throw Error(kAmbiguousColumn, "column reference \"" + name.text + "\" is ambiguous").at(span.begin);
    }
    found = item;
  }
  return found;
}

/// An alias stands for its item in WHERE too: the guide's r_SELECT_list names the select list only, but Amazon's own
/// drivers send it (`SELECT n.nspname AS TABLE_SCHEM … WHERE … AND TABLE_SCHEM LIKE $1`). The page's order holds there
/// as well: columns of FROM come first, an item reads only aliases before it. The item is then an expression of WHERE:
/// no aggregates, no windows.
const BoundExpr* Resolver::alias_in_where(Scope& scope, const sql::Name& name, Span span) {
  const BoundExpr* found = nullptr;
  for (size_t i = 0; i < scope.visible_items; ++i) {
    const std::optional<sql::Name>& alias = (*scope.items)[i].alias;
    if (!alias || alias->text != name.text) continue;
    const BoundExpr& item = item_in_where(scope, i);
    if (found && !same(*found, item)) {
      throw Error(kAmbiguousColumn, "column reference \"" + name.text + "\" is ambiguous").at(span.begin);
    }
    found = &item;
  }
  return found;
}

const BoundExpr& Resolver::item_in_where(Scope& scope, size_t index) {
  std::optional<BoundExpr>& value = scope.item_values[index];
  if (value) return *value;
  const size_t visible = std::exchange(scope.visible_items, index);
  ViewRecord* const record = std::exchange(record_, nullptr);  // the select list itself records the item
  value = settled(expression((*scope.items)[index].expr, scope));
  record_ = record;
  scope.visible_items = visible;
  return *value;
}

BoundExpr Resolver::qualified_column(const sql::ColumnRef& ref, Span span, const Scope& scope) {
  const size_t count = ref.parts.size();
  const sql::Name& column_name = ref.parts[count - 1];
  const sql::Name& table = ref.parts[count - 2];
  const std::string_view schema = count > 2 ? std::string_view(ref.parts[count - 3].text) : std::string_view{};
  for (const Scope* block = &scope; block && count <= 4; block = block->outer) {
    const ScopeRelation* relation = block->find_relation(schema, table.text);
    if (!relation) continue;
    const auto index = static_cast<int32_t>(relation - block->relations.data());
    std::optional<ScopeColumn> found;
    for (size_t i = 0; i < relation->columns.size(); ++i) {
      if (relation->columns[i].name != column_name.text) continue;
      if (found)
        throw Error(kAmbiguousColumn, "column reference \"" + column_name.text + "\" is ambiguous").at(span.begin);
      found = ScopeColumn{index, static_cast<int32_t>(i), -1};
    }
    if (!found) missing_column(*block, column_name, relation);
    return column(*block, *found, span);
  }
  missing_relation(scope, ref);
}

void Resolver::missing_column(const Scope& scope, const sql::Name& name, const ScopeRelation* relation) const {
  std::vector<std::string_view> candidates;
  const auto add = [&](const ScopeRelation& from) {
    for (const OutputColumn& column : from.columns) candidates.push_back(column.name);
  };
  if (relation) {
    add(*relation);
  } else {
    for (const ScopeRelation& visible : scope.relations) add(visible);
    if (scope.aliases_visible) {
      for (const Scope::Alias& item : scope.aliases) candidates.push_back(item.name);
    }
    for (size_t i = 0; i < scope.visible_items; ++i) {
      if (const auto& alias = (*scope.items)[i].alias) candidates.push_back(alias->text);
    }
  }
  const std::string names = relation ? relation->alias : relation_names(scope);
  std::string hint = did_you_mean(similar_names(name.text, candidates));
  if (hint.empty() && !relation && is_alias(scope, name.text)) {
    hint = "an alias of the select list cannot be used in the " + std::string(clause_name(scope.clause));
  }
  throw Error(kUndefinedColumn, "column \"" + name.text + "\" does not exist" + (names.empty() ? "" : " in " + names))
      .hint(std::move(hint))
      .at(name.span.begin);
}

void Resolver::missing_relation(const Scope& scope, const sql::ColumnRef& ref) const {
  const sql::Name& first = ref.parts[0];
  std::vector<std::string_view> names;
  for (const Scope* block = &scope; block; block = block->outer) {
    for (const ScopeRelation& relation : block->relations) names.push_back(relation.alias);
  }
  const sql::Name& table = ref.parts[ref.parts.size() - 2];
  throw Error(kUndefinedTable, "missing FROM-clause entry for table \"" + table.text + "\"")
      .hint(did_you_mean(similar_names(table.text, names)))
      .at(first.span.begin);
}

}  // namespace garland::semantics
