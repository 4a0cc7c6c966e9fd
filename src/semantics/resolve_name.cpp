// Catalog objects by name.
#include "semantics/resolver.h"
#include "semantics/similar.h"
#include "sql/printer.h"

namespace garland::semantics {
namespace {

/// As written, without quotes: the way PostgreSQL names relations in messages.
std::string spelled(const sql::QualifiedName& name) {
  std::string text;
  for (const sql::Name& part : name.parts) text += (text.empty() ? "" : ".") + part.text;
  return text;
}

std::string_view schema_part(const sql::QualifiedName& name) {
  return name.parts.size() < 2 ? std::string_view{} : std::string_view(name.parts[name.parts.size() - 2].text);
}

}  // namespace

void Resolver::check_database(const sql::QualifiedName& name) const {
  if (name.parts.size() < 3 || name.parts[0].text == catalog_.database()) return;
  throw Error(kFeatureNotSupported, "cross-database references are not supported yet: \"" + spelled(name) + "\"")
      .at(name.span.begin);
}

const Relation* Resolver::find_relation(const sql::QualifiedName& name) const {
  check_database(name);
  // What system views are made of is theirs alone.
  if (hidden_ == 0 && !options_.internal && schema_part(name) == "garland_base") return nullptr;
  return catalog_.find_relation(schema_part(name), name.last().text);
}

const Relation& Resolver::relation(const sql::QualifiedName& name) {
  if (const Relation* found = find_relation(name)) return *found;
  const std::string_view schema = schema_part(name);
  if ((schema.empty() || schema == "pg_catalog") && catalog_.is_missing_system_relation(name.last().text)) {
    throw Error(kFeatureNotSupported, "system view " + name.last().text + " is not supported yet").at(name.span.begin);
  }
  if (!schema.empty() && !catalog_.has_schema(schema)) {
    throw Error(kInvalidSchemaName, "schema \"" + std::string(schema) + "\" does not exist").at(name.span.begin);
  }
  throw Error(kUndefinedTable, "relation \"" + spelled(name) + "\" does not exist")
      .hint(did_you_mean(catalog_.similar_relations(schema, name.last().text)))
      .at(name.span.begin);
}

const Relation& Resolver::writable(const sql::QualifiedName& name, std::string_view verb) {
  const Relation& found = relation(name);
  if (found.kind == RelationKind::kTable) return found;
  if (found.kind == RelationKind::kSystemTable) {
    throw Error(kInsufficientPrivilege, "permission denied: \"" + found.name + "\" is a system catalog")
        .at(name.span.begin);
  }
  throw Error(kWrongObjectType, "cannot " + std::string(verb) + " a view")
      .hint("\"" + found.name + "\" is a view")
      .at(name.span.begin);
}

std::string Resolver::schema_of(const sql::QualifiedName& name) const {
  check_database(name);
  const std::string_view schema = schema_part(name);
  if (schema.empty()) {
    if (!catalog_.creation_schema().empty()) return std::string(catalog_.creation_schema());
    throw Error(kInvalidSchemaName, "no schema has been selected to create in").at(name.span.begin);
  }
  if (catalog_.has_schema(schema)) return std::string(schema);
  throw Error(kInvalidSchemaName, "schema \"" + std::string(schema) + "\" does not exist").at(name.span.begin);
}

Relation Resolver::new_relation(const sql::QualifiedName& name, bool temporary, bool may_exist) const {
  Relation made;
  made.name = name.last().text;
  made.temporary = temporary || made.name.starts_with('#');
  if (made.temporary) {
    if (name.parts.size() > 1 && schema_part(name) != "pg_temp") {
      throw Error(kInvalidTableDefinition, "cannot create temporary relation in non-temporary schema")
          .at(name.span.begin);
    }
    made.schema = "pg_temp";
  } else {
    made.schema = schema_of(name);
  }
  if (!may_exist && catalog_.find_relation(made.schema, made.name)) {
    throw Error(kDuplicateTable, "Relation \"" + made.name + "\" already exists").at(name.span.begin);
  }
  return made;
}

int32_t Resolver::target_column(const Relation& relation, const sql::Name& column) const {
  for (size_t i = 0; i < relation.columns.size(); ++i) {
    if (relation.columns[i].name == column.text) return static_cast<int32_t>(i);
  }
  std::vector<std::string_view> names;
  for (const ColumnDef& definition : relation.columns) names.push_back(definition.name);
  throw Error(kUndefinedColumn, "column \"" + column.text + "\" of relation \"" + relation.name + "\" does not exist")
      .hint(did_you_mean(similar_names(column.text, names)))
      .at(column.span.begin);
}

void Resolver::use(Oid relation, int32_t column, Access access) {
  if (relation == 0 || hidden_ > 0) return;
  const uint64_t key = (static_cast<uint64_t>(relation) << 24) | (static_cast<uint64_t>(column + 1) << 4) |
                       static_cast<uint64_t>(access);
  if (used_.insert(key).second) result_.uses.push_back({relation, column, access});
}

RelationNo Resolver::next_relation() {
  // Views over views can multiply: what a person writes has hundreds at most.
  constexpr RelationNo kMostRelations = 10'000;
  if (next_relation_ >= kMostRelations) {
    throw Error(kStatementTooComplex, "statement reads too many relations")
        .detail("At most " + std::to_string(kMostRelations) + ", those inside views included");
  }
  return next_relation_++;
}

}  // namespace garland::semantics
