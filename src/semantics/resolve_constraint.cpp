// Constraints of tables: informational, except that a primary key's columns are NOT NULL (guide pages
// t_Defining_constraints, r_CREATE_TABLE_NEW).
#include <algorithm>

#include "semantics/resolver.h"
#include "semantics/table_rules.h"

namespace garland::semantics {

/// `name` of a constraint that has none, as PostgreSQL makes it.
std::string Resolver::constraint_name(const sql::TableConstraint& constraint, const Relation& table) const {
  if (constraint.name) return constraint.name->text;
  if (constraint.kind == sql::ConstraintKind::kPrimaryKey) return table.name + "_pkey";
  std::string name = table.name;
  for (const sql::Name& column : constraint.columns) name += "_" + column.text;
  return name + (constraint.kind == sql::ConstraintKind::kUnique ? "_key" : "_fkey");
}

BoundConstraint Resolver::constraint(const sql::TableConstraint& written, const Relation& table) {
  BoundConstraint bound{written.kind, constraint_name(written, table), {}, 0, {}};
  for (const sql::Name& name : written.columns) {
    const int32_t number = target_column(table, name);
    if (std::ranges::find(bound.columns, number) != bound.columns.end())
      refuse(kDuplicateColumn, "column \"" + name.text + "\" appears twice in the constraint", name.span);
    bound.columns.push_back(number);
  }
  if (!written.references) return bound;
  const sql::QualifiedName& target = written.references->table;
  const bool itself = target.last().text == table.name && !find_relation(target);
  const Relation& referenced = itself ? table : writable(target, "reference");
  bound.referenced = itself ? 0 : referenced.oid;
  for (const sql::Name& name : written.references->columns)
    bound.referenced_columns.push_back(target_column(referenced, name));
  if (!bound.referenced_columns.empty() && bound.referenced_columns.size() != bound.columns.size()) {
    refuse(kInvalidForeignKey, "number of referencing and referenced columns for foreign key disagree", target.span);
  }
  return bound;
}

void Resolver::table_constraints(const std::vector<sql::TableConstraint>& written, BoundCreateTable& bound) {
  bool has_key = false;
  for (const sql::TableConstraint& each : written) {
    bound.constraints.push_back(constraint(each, bound.table));
    if (each.kind != sql::ConstraintKind::kPrimaryKey) continue;
    if (std::exchange(has_key, true)) {
      refuse(kInvalidTableDefinition, "multiple primary keys for table \"" + bound.table.name + "\" are not allowed",
             each.columns[0].span);
    }
    for (const int32_t column : bound.constraints.back().columns)
      bound.table.columns[static_cast<size_t>(column)].not_null = true;
  }
}

}  // namespace garland::semantics
