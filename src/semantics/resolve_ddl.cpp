// CREATE TABLE, CREATE TABLE AS, ALTER TABLE, DROP, CREATE SCHEMA (guide pages r_CREATE_TABLE_NEW, r_CREATE_TABLE_AS,
// r_ALTER_TABLE).
#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "semantics/ast_walk.h"
#include "semantics/resolver.h"
#include "semantics/similar.h"
#include "semantics/table_rules.h"
#include "sql/printer.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

void check_columns(const Relation& table, Span span) {
  if (table.columns.empty())
    refuse(kInvalidTableDefinition, "table \"" + table.name + "\" must have at least one column", span);
  if (table.columns.size() > kMaxColumns) {
    refuse(kTooManyColumns, "tables can have at most " + std::to_string(kMaxColumns) + " columns", span);
  }
}

void add_column(Relation& table, ColumnDef column, Span span) {
  if (table.find_column(column.name))
    refuse(kDuplicateColumn, "column \"" + column.name + "\" specified more than once", span);
  column.attnum = static_cast<int16_t>(table.columns.size() + 1);
  table.columns.push_back(std::move(column));
}

bool holds_query(const sql::Expr& expr) {
  bool found = false;
  walk_expression(expr, overloaded{[&](const sql::Query&) { found = true; }, [](const auto&) {}});
  return found;
}

/// A column's own constraints, as those of the table.
void column_constraints(const sql::ColumnDefinition& column, std::vector<sql::TableConstraint>& into) {
  if (column.primary_key) into.push_back({sql::ConstraintKind::kPrimaryKey, std::nullopt, {column.name}, {}});
  if (column.unique) into.push_back({sql::ConstraintKind::kUnique, std::nullopt, {column.name}, {}});
  if (column.references)
    into.push_back({sql::ConstraintKind::kForeignKey, std::nullopt, {column.name}, column.references});
}

}  // namespace

ColumnDef Resolver::column_definition(const sql::ColumnDefinition& definition) {
  ColumnDef column;
  column.name = definition.name.text;
  column.type = resolve_type(definition.type);
  column.not_null = definition.not_null || definition.primary_key || definition.identity.has_value();
  if (definition.case_sensitive) {
    if (!column.type.is_string()) {
      refuse(kDatatypeMismatch, "collations are not supported by type " + engine::to_string(column.type),
             definition.type.span);
    }
    column.type.case_insensitive = !*definition.case_sensitive;
  }
  if (definition.identity) {
    if (column.type.id != TypeId::kInteger && column.type.id != TypeId::kBigint) {
      refuse(kInvalidColumnDefinition, "identity column \"" + column.name + "\" must be INTEGER or BIGINT",
             definition.type.span);
    }
    if (definition.identity->step == 0)
      refuse(kInvalidParameterValue, "identity step cannot be 0", definition.name.span);
    if (definition.default_value) {
      refuse(kSyntaxError, "column \"" + column.name + "\" has both a default and an identity", definition.name.span);
    }
    column.identity =
        IdentitySpec{definition.identity->seed, definition.identity->step, definition.identity->by_default};
  }
  if (definition.encode) {
    check_encoding(*definition.encode, column, definition.name.span);
    column.encode = *definition.encode;
  }
  if (definition.default_value) {
    Scope scope;
    scope.clause = Clause::kDefault;
    if (holds_query(*definition.default_value)) {
      refuse(kFeatureNotSupported, "cannot use subquery in default expression", definition.default_value->span);
    }
    assigned(expression(*definition.default_value, scope), column);
    column.default_text = sql::print(*definition.default_value);
  }
  column.may_have_trailing_blanks = false;  // an empty table has none; every write path says when that changes
  return column;
}

void Resolver::add_like(const sql::LikeClause& like, Relation& table) {
  const Relation& source = relation(like.table);
  if (source.kind != RelationKind::kTable && source.kind != RelationKind::kMaterializedView)
    refuse(kWrongObjectType, "\"" + source.name + "\" is not a table", like.table.span);
  use(source.oid, -1, Access::kSelect);
  int16_t sort_key = 0;
  for (const ColumnDef& column : table.columns) sort_key = std::max(sort_key, column.sort_key);
  for (ColumnDef column : source.columns) {
    if (!like.including_defaults) column.default_text.reset();
    column.identity.reset();
    column.may_have_trailing_blanks = false;
    if (column.sort_key > 0) column.sort_key = static_cast<int16_t>(column.sort_key + sort_key);
    add_column(table, std::move(column), like.table.span);
  }
}

void Resolver::apply_attributes(const sql::TableAttributes& attributes, Relation& table) {
  if (attributes.dist_key) {
    for (const ColumnDef& column : table.columns) {
      if (column.dist_key)
        refuse(kSyntaxError, "multiple distribution keys are not allowed", attributes.dist_key->span);
    }
    key_column(table, *attributes.dist_key).dist_key = true;
  }
  const auto key = std::ranges::find_if(table.columns, [](const ColumnDef& column) { return column.dist_key; });
  const bool keyed = key != table.columns.end();
  const Span span = attributes.dist_key ? attributes.dist_key->span : Span{};
  if (keyed) check_key(*key, "distribution key", span);
  if (keyed && (attributes.dist_style == sql::DistStyle::kAll || attributes.dist_style == sql::DistStyle::kEven)) {
    refuse(kInvalidTableDefinition, "a distribution key needs DISTSTYLE KEY", span);
  }
  if (!keyed && attributes.dist_style == sql::DistStyle::kKey)
    refuse(kInvalidTableDefinition, "DISTSTYLE KEY needs a distribution key", span);
  if (!attributes.sort_keys.empty()) {
    const bool interleaved = attributes.sort_style == sql::SortStyle::kInterleaved;
    const size_t most = interleaved ? kMostInterleavedKeys : kMostCompoundKeys;
    if (attributes.sort_keys.size() > most) {
      refuse(kProgramLimitExceeded,
             std::string(interleaved ? "an interleaved" : "a compound") + " sort key has at most " +
                 std::to_string(most) + " columns",
             attributes.sort_keys[most].span);
    }
    for (const ColumnDef& column : table.columns) {
      if (column.sort_key > 0)
        refuse(kSyntaxError, "sort key is specified more than once", attributes.sort_keys[0].span);
    }
    int16_t position = 0;
    for (const sql::Name& name : attributes.sort_keys) {
      ColumnDef& column = key_column(table, name);
      if (column.sort_key > 0)
        refuse(kDuplicateColumn, "column \"" + name.text + "\" specified more than once", name.span);
      column.sort_key = ++position;
    }
  }
  for (const ColumnDef& column : table.columns) {
    if (column.sort_key > 0)
      check_key(column, "sort key", attributes.sort_keys.empty() ? Span{} : attributes.sort_keys[0].span);
  }
}

void Resolver::statement(const sql::CreateTable& create) {
  BoundCreateTable bound{
      create.if_not_exists, new_relation(create.name, create.temporary, create.if_not_exists), create.attributes, {}};
  Relation& table = bound.table;
  std::vector<sql::TableConstraint> constraints;
  int16_t sort_key = 0;
  for (const auto& element : create.elements) {
    if (const auto* definition = std::get_if<sql::ColumnDefinition>(&element)) {
      ColumnDef column = column_definition(*definition);
      const bool second = std::ranges::any_of(table.columns, [](const ColumnDef& other) { return other.dist_key; });
      if (definition->dist_key && second)
        refuse(kSyntaxError, "multiple distribution keys are not allowed", definition->name.span);
      column.dist_key = definition->dist_key;
      if (definition->sort_key) column.sort_key = ++sort_key;
      add_column(table, std::move(column), definition->name.span);
      column_constraints(*definition, constraints);
    } else if (const auto* like = std::get_if<sql::LikeClause>(&element)) {
      add_like(*like, table);
    } else {
      constraints.push_back(std::get<sql::TableConstraint>(element));
    }
  }
  check_columns(table, create.name.span);
  table_constraints(constraints, bound);
  apply_attributes(create.attributes, table);
  result_.node = std::move(bound);
}

void Resolver::statement(const sql::CreateTableAs& create) {
  if (user_parameters_ > 0)
    throw Error(kUndefinedParameter, "there is no parameter $1").hint("CREATE TABLE AS has no parameters");
  BoundCreateTableAs bound{new_relation(create.name, create.temporary, false), create.attributes,
                           query(*create.query, nullptr)};
  std::vector<OutputColumn> columns = bound.query.columns;
  rename_columns(columns, create.columns, bound.table.name,
                 create.columns.empty() ? create.name.span : create.columns[0].span);
  for (OutputColumn& column : columns) {
    ColumnDef definition;
    definition.name = std::move(column.name);
    definition.type = column.type;
    definition.may_have_trailing_blanks = column.type.id == TypeId::kVarchar && column.may_have_trailing_blanks;
    add_column(bound.table, std::move(definition), create.query->span);
  }
  check_columns(bound.table, create.name.span);
  name_keys(bound.attributes, bound.table);
  apply_attributes(bound.attributes, bound.table);
  result_.node = std::move(bound);
}

void Resolver::statement(const sql::CreateSchema& create) {
  if (!create.if_not_exists && catalog_.has_schema(create.name.text)) {
    throw Error(kDuplicateSchema, "schema \"" + create.name.text + "\" already exists").at(create.name.span.begin);
  }
  if (create.name.text.starts_with("pg_")) {
    throw Error(SqlState("42939"), "unacceptable schema name \"" + create.name.text + "\"")
        .detail("The prefix \"pg_\" is reserved for system schemas.")
        .at(create.name.span.begin);
  }
  result_.node = BoundPlain{sql::Statement{create, {}}};
}

void Resolver::statement(const sql::Drop& drop) {
  BoundDrop bound{{}, {}, drop.cascade};
  if (drop.kind == sql::ObjectKind::kDatabase) {
    result_.node = BoundPlain{sql::Statement{drop, {}}};
    return;
  }
  for (const sql::QualifiedName& name : drop.names) {
    if (drop.kind == sql::ObjectKind::kSchema) {
      if (catalog_.has_schema(name.last().text)) {
        bound.schemas.push_back(name.last().text);
      } else if (!drop.if_exists) {
        refuse(kInvalidSchemaName, "schema \"" + name.last().text + "\" does not exist", name.span);
      }
      continue;
    }
    const Relation* found = find_relation(name);
    const std::string wanted = drop.kind == sql::ObjectKind::kView    ? "view"
                               : drop.kind == sql::ObjectKind::kTable ? "table"
                                                                      : "materialized view";
    if (!found) {
      if (drop.if_exists) continue;
      const std::string schema = name.parts.size() > 1 ? name.parts[name.parts.size() - 2].text : std::string();
      throw Error(kUndefinedTable, wanted + " \"" + name.last().text + "\" does not exist")
          .hint(did_you_mean(catalog_.similar_relations(schema, name.last().text)))
          .at(name.span.begin);
    }
    const std::string is = is_view(*found)                                  ? "view"
                           : found->kind == RelationKind::kMaterializedView ? "materialized view"
                                                                            : "table";
    if (is != wanted) {
      throw Error(kWrongObjectType, "\"" + found->name + "\" is not a " + wanted)
          .hint("Use DROP " + ascii_upper(is) + " to remove a " + is + ".")
          .at(name.span.begin);
    }
    if (found->kind == RelationKind::kSystemTable) {
      refuse(kInsufficientPrivilege, "permission denied: \"" + found->name + "\" is a system catalog", name.span);
    }
    use(found->oid, -1, Access::kDrop);
    if (std::ranges::find(bound.relations, found->oid) == bound.relations.end()) bound.relations.push_back(found->oid);
  }
  result_.node = std::move(bound);
}

}  // namespace garland::semantics
