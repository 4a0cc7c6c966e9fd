#include "semantics/scope.h"

#include "base/error.h"

namespace garland::semantics {

std::string_view clause_name(Clause clause) {
  switch (clause) {
    case Clause::kSelect:
      return "SELECT list";
    case Clause::kFrom:
      return "FROM clause";
    case Clause::kJoin:
      return "JOIN conditions";
    case Clause::kWhere:
      return "WHERE clause";
    case Clause::kGroupBy:
      return "GROUP BY clause";
    case Clause::kHaving:
      return "HAVING clause";
    case Clause::kQualify:
      return "QUALIFY clause";
    case Clause::kOrderBy:
      return "ORDER BY clause";
    case Clause::kLimit:
      return "LIMIT clause";
    case Clause::kValues:
      return "VALUES";
    case Clause::kSet:
      return "UPDATE";
    case Clause::kDefault:
      return "DEFAULT";
    case Clause::kMerge:
      return "MERGE";
  }
  return "";
}

void Scope::add(ScopeRelation relation, Span span) {
  for (size_t i = first_relation; i < relations.size(); ++i) {
    const ScopeRelation& other = relations[i];
    if (other.alias != relation.alias || relation.alias.empty()) continue;
    // `a.t, b.t` are two names.
    if (!other.schema.empty() && !relation.schema.empty() && other.schema != relation.schema) continue;
    throw Error(kDuplicateAlias, "table name \"" + relation.alias + "\" specified more than once").at(span.begin);
  }
  const auto index = static_cast<int32_t>(relations.size());
  const auto count = static_cast<int32_t>(relation.columns.size());
  for (int32_t i = 0; i < count; ++i) columns.push_back({index, i, -1});
  relations.push_back(std::move(relation));
}

std::string_view Scope::name_of(const ScopeColumn& column) const {
  if (column.merged >= 0) return merged[static_cast<size_t>(column.merged)].name;
  return relations[static_cast<size_t>(column.relation)].columns[static_cast<size_t>(column.column)].name;
}

const Type& Scope::type_of(const ScopeColumn& column) const {
  if (column.merged >= 0) return merged[static_cast<size_t>(column.merged)].expr.type;
  return relations[static_cast<size_t>(column.relation)].columns[static_cast<size_t>(column.column)].type;
}

Scope::Found Scope::find(std::string_view column) const {
  Found found;
  for (size_t i = first_column; i < columns.size() && found.count < 2; ++i) {
    if (name_of(columns[i]) == column) found = {columns[i], found.count + 1};
  }
  return found;
}

const ScopeRelation* Scope::find_relation(std::string_view schema, std::string_view alias) const {
  for (size_t i = first_relation; i < relations.size(); ++i) {
    const ScopeRelation& relation = relations[i];
    if (relation.alias == alias && (schema.empty() || schema == relation.schema)) return &relation;
  }
  return nullptr;
}

const ScopeRelation* Scope::relation_of(const BoundColumn& column) const {
  for (const ScopeRelation& relation : relations) {
    const auto end = relation.first_column + static_cast<int32_t>(relation.columns.size());
    if (relation.number == column.relation && column.column >= relation.first_column && column.column < end)
      return &relation;
  }
  return nullptr;
}

}  // namespace garland::semantics
