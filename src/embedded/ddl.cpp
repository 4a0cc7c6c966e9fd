#include "embedded/ddl.h"

#include <algorithm>
#include <set>

#include "base/box.h"
#include "embedded/access_statements.h"
#include "embedded/dml.h"
#include "embedded/system_tables.h"
#include "sql/statement_name.h"

namespace garland::embedded {

using semantics::ColumnDef;
using semantics::Relation;
using semantics::RelationKind;

namespace {

/// DuckDB chooses a compression by trying all it has; ENCODE RAW and ENCODE ZSTD (of texts) say it beforehand.
std::string_view compression(const ColumnDef& column) {
  if (column.encode == "raw") return " USING COMPRESSION uncompressed";
  if (column.encode == "zstd" && column.type.id == engine::TypeId::kVarchar) return " USING COMPRESSION zstd";
  return "";
}

std::string column_list(const Relation& table) {
  std::string columns;
  for (const ColumnDef& column : table.columns) {
    columns += (columns.empty() ? "c" : ", c") + std::to_string(column.attnum) + " " + duck_type(column.type);
    columns += compression(column);
  }
  return columns;
}

void require_creatable(const Relation& relation, const SessionCatalog& catalog) {
  if (relation.schema == "pg_catalog" || relation.schema == "information_schema") {
    throw Error(kInsufficientPrivilege,
                "permission denied to create \"" + relation.schema + "." + relation.name + "\"");
  }
  if (!relation.temporary && !catalog.has_schema(relation.schema)) {
    throw Error(kInvalidSchemaName, "schema \"" + relation.schema + "\" does not exist");
  }
}

/// With oid, schema and numbers, as it goes into the catalog.
std::shared_ptr<StoredRelation> prepared(Context& context, const Relation& given) {
  auto stored = std::make_shared<StoredRelation>();
  stored->relation = given;
  Relation& relation = stored->relation;
  relation.oid = context.warehouse.next_oid();
  if (relation.temporary) {
    relation.schema = context.transaction.temporary_schema();
  } else {
    require_creatable(relation, *context.catalog());
    stored->schema = *context.catalog()->snapshot().find_schema(relation.schema);
  }
  for (size_t i = 0; i < relation.columns.size(); ++i) relation.columns[i].attnum = static_cast<int16_t>(i + 1);
  stored->last_attnum = static_cast<int16_t>(relation.columns.size());
  return stored;
}

const Relation* existing(Context& context, const Relation& relation) {
  return context.catalog()->find_relation(relation.temporary ? "pg_temp" : relation.schema, relation.name);
}

void require_new(Context& context, const Relation& relation) {
  if (existing(context, relation)) {
    throw Error(kDuplicateTable, "relation \"" + relation.name + "\" already exists");
  }
}

/// Where keys and sorting were given as table attributes, they go into the columns.
void apply_attributes(StoredRelation& stored, const sql::TableAttributes& attributes) {
  stored.dist_style = attributes.dist_style;
  const auto column = [&](const sql::Name& name) -> ColumnDef& {
    for (ColumnDef& candidate : stored.relation.columns) {
      if (candidate.name == name.text) return candidate;
    }
    throw Error(kUndefinedColumn, "column \"" + name.text + "\" named in key does not exist").at(name.span.begin);
  };
  if (attributes.dist_key) {
    column(*attributes.dist_key).dist_key = true;
    stored.dist_style = sql::DistStyle::kKey;
  }
  int16_t place = 0;
  for (const sql::Name& name : attributes.sort_keys) column(name).sort_key = ++place;
}

/// The relation belongs to whoever makes it.
void make_own(Context& context, const StoredRelation& stored) {
  if (stored.relation.temporary) return;
  const ObjectKey object{ObjectClass::kRelation, stored.relation.oid};
  if (auto change = new_permissions(context, object, "tables", stored.schema)) {
    context.transaction.change(CatalogChange{*std::move(change)});
  }
}

void make_table(Context& context, const std::shared_ptr<StoredRelation>& stored) {
  const std::string_view create = stored->relation.temporary ? "CREATE TEMP TABLE " : "CREATE TABLE ";
  context.run(std::string(create) + Context::physical_name(stored->relation) + "(" + column_list(stored->relation) +
              ")");
  context.transaction.change(PutRelation{stored});
  make_own(context, *stored);
}

std::vector<Dependency> dependencies(const Plan& plan) {
  std::vector<Dependency> result;
  for (const semantics::Use& use : plan.bound.uses) {
    const Relation* relation = plan.catalog->find_relation(use.relation);
    if (use.access != semantics::Access::kSelect || !relation) continue;
    const bool column = use.column >= 0 && static_cast<size_t>(use.column) < relation->columns.size();
    const Dependency dependency{use.relation,
                                column ? relation->columns[static_cast<size_t>(use.column)].attnum : int16_t{0}};
    if (std::ranges::count(result, dependency) == 0) result.push_back(dependency);
  }
  return result;
}

/// What the relation's detail says of its layout and constraints.
RelationDetail detail_of(Context& context, const StoredRelation& stored, const sql::TableAttributes& attributes,
                         const std::vector<semantics::BoundConstraint>& constraints) {
  RelationDetail detail;
  detail.sort_style = attributes.sort_style;
  detail.backup = attributes.backup.value_or(true);
  const bool encoded =
      std::ranges::any_of(stored.relation.columns, [](const auto& each) { return !each.encode.empty(); });
  detail.encode_auto = attributes.encode_auto || !encoded;
  // Foreign keys last: they may mean a key of the table itself.
  for (const bool foreign : {false, true}) {
    for (const semantics::BoundConstraint& each : constraints) {
      if ((each.kind == sql::ConstraintKind::kForeignKey) != foreign) continue;
      detail.constraints.push_back(stored_constraint(context, stored.relation, each, detail.constraints));
    }
  }
  return detail;
}

void refuse_dependents(const StoredRelation& dropped, const std::vector<const StoredRelation*>& users) {
  std::string detail;
  for (const StoredRelation* view : users) {
    const bool materialized = view->relation.kind == RelationKind::kMaterializedView;
    detail += (detail.empty() ? "" : "\n") + std::string(materialized ? "materialized view " : "view ") +
              view->relation.schema + "." + view->relation.name + " depends on " + dropped.relation.schema + "." +
              dropped.relation.name;
  }
  throw Error(kDependentObjectsStillExist,
              "cannot drop " + dropped.relation.name + " because other objects depend on it")
      .detail(detail)
      .hint("Use DROP ... CASCADE to drop the dependent objects too.");
}

/// Drops the relation and, with CASCADE, the views over it; `going` are those that the statement drops anyway.
void drop_relation(Context& context, Oid oid, bool cascade, std::set<Oid>& going) {
  const auto catalog = context.catalog();
  const StoredRelation* stored = catalog->stored(oid);
  if (!stored) return;  // an earlier cascade took it
  if (stored->relation.kind == RelationKind::kSystemTable) {
    throw Error(kInsufficientPrivilege, "permission denied: \"" + stored->relation.name + "\" is a system table");
  }
  auto users = catalog->snapshot().users_of(oid);
  std::erase_if(users, [&](const StoredRelation* view) { return going.contains(view->relation.oid); });
  if (!users.empty() && !cascade) refuse_dependents(*stored, users);
  for (const StoredRelation* view : users) {
    context.notice("NOTICE", SqlState("00000"), "drop cascades to view " + view->relation.name);
    drop_relation(context, view->relation.oid, true, going);
  }
  if (stored->relation.kind == RelationKind::kTable || stored->relation.kind == RelationKind::kMaterializedView) {
    context.run("DROP TABLE " + Context::physical_name(stored->relation));
    context.warehouse.identities().forget(oid);
  }
  context.transaction.change(DropRelation{oid});
}

void drop_schema(Context& context, const std::string& name, bool cascade) {
  if (name == "pg_catalog" || name == "information_schema") {
    throw Error(kInsufficientPrivilege, "permission denied for schema " + name);
  }
  const auto catalog = context.catalog();
  const auto members = catalog->snapshot().in_schema(name);
  std::vector<const semantics::Function*> functions;
  for (const auto& [oid, function] : catalog->snapshot().objects().functions()) {
    if (function.schema == name) functions.push_back(&function);
  }
  if ((!members.empty() || !functions.empty()) && !cascade) {
    throw Error(kDependentObjectsStillExist, "cannot drop schema " + name + " because other objects depend on it")
        .detail((members.empty() ? functions.front()->name : members.front()->relation.name) + " is in it")
        .hint("Use DROP ... CASCADE to drop the dependent objects too.");
  }
  std::set<Oid> going;
  for (const StoredRelation* member : members) going.insert(member->relation.oid);
  for (const StoredRelation* member : members) drop_relation(context, member->relation.oid, true, going);
  for (const auto* function : functions) context.transaction.change(RemoveFunction{function->oid});
  context.transaction.change(DropSchema{name});
}

}  // namespace

Constraint stored_constraint(Context& context, const Relation& table, const semantics::BoundConstraint& bound,
                             const std::vector<Constraint>& others) {
  Constraint made{bound.kind, bound.name, {}, 0, {}};
  for (const int32_t number : bound.columns) made.columns.push_back(table.columns[static_cast<size_t>(number)].attnum);
  const auto taken = [&](const Constraint& other) { return other.name == made.name; };
  if (std::ranges::any_of(others, taken)) {
    throw Error(kDuplicateObject,
                "constraint \"" + made.name + "\" for relation \"" + table.name + "\" already exists");
  }
  if (bound.kind != sql::ConstraintKind::kForeignKey) return made;
  const bool itself = bound.referenced == 0;
  made.referenced = itself ? table.oid : bound.referenced;
  const Relation& referenced = itself ? table : *context.catalog()->find_relation(bound.referenced);
  for (const int32_t number : bound.referenced_columns) {
    made.referenced_columns.push_back(referenced.columns[static_cast<size_t>(number)].attnum);
  }
  const std::vector<Constraint>& keys = itself ? others : context.catalog()->detail(bound.referenced).constraints;
  const auto is_target = [&](const Constraint& key) {
    if (key.kind == sql::ConstraintKind::kForeignKey) return false;
    if (made.referenced_columns.empty()) return key.kind == sql::ConstraintKind::kPrimaryKey;
    return std::ranges::is_permutation(key.columns, made.referenced_columns);
  };
  const auto target = std::ranges::find_if(keys, is_target);
  if (target == keys.end()) {
    throw Error(kInvalidForeignKey, made.referenced_columns.empty()
                                        ? "there is no primary key for referenced table \"" + referenced.name + "\""
                                        : "there is no unique constraint matching given keys for referenced table \"" +
                                              referenced.name + "\"");
  }
  if (made.referenced_columns.empty()) made.referenced_columns = target->columns;
  return made;
}

Outcome create_table(Context& context, const semantics::BoundCreateTable& statement) {
  if (statement.if_not_exists && existing(context, statement.table)) {
    context.notice("NOTICE", kDuplicateTable, "relation \"" + statement.table.name + "\" already exists, skipping");
    return {"CREATE TABLE"};
  }
  require_new(context, statement.table);
  const auto stored = prepared(context, statement.table);
  for (ColumnDef& column : stored->relation.columns) column.may_have_trailing_blanks = false;  // no rows yet
  apply_attributes(*stored, statement.attributes);
  const RelationDetail detail = detail_of(context, *stored, statement.attributes, statement.constraints);
  make_table(context, stored);
  context.transaction.change(PutDetail{stored->relation.oid, detail});
  return {"CREATE TABLE"};
}

Outcome create_table_as(Context& context, const Plan& plan, const semantics::BoundCreateTableAs& statement,
                        Parameters values) {
  require_new(context, statement.table);
  const auto stored = prepared(context, statement.table);
  for (size_t i = 0; i < stored->relation.columns.size(); ++i) {
    ColumnDef& column = stored->relation.columns[i];
    column.may_have_trailing_blanks =
        column.type.id == engine::TypeId::kVarchar && statement.query.columns[i].may_have_trailing_blanks;
  }
  apply_attributes(*stored, statement.attributes);
  make_table(context, stored);
  const auto parameters = static_cast<int32_t>(plan.bound.parameters.size() + plan.bound.session_values.size());
  std::vector<int32_t> columns(stored->relation.columns.size());
  for (size_t i = 0; i < columns.size(); ++i) columns[i] = static_cast<int32_t>(i);
  const Translation query = translate_query(statement.query, Context::names(plan), parameters);
  const uint64_t rows = insert_query(context, plan, stored->relation, columns, query, values);
  context.transaction.change(PutDetail{stored->relation.oid, detail_of(context, *stored, statement.attributes, {})});
  return {"SELECT", rows};
}

Oid create_materialized_view(Context& context, const Plan& plan,
                             const semantics::BoundCreateMaterializedView& statement) {
  require_new(context, statement.view);
  const auto stored = prepared(context, statement.view);
  apply_attributes(*stored, statement.attributes);
  stored->uses = dependencies(plan);
  make_table(context, stored);
  RelationDetail detail = detail_of(context, *stored, statement.attributes, {});
  detail.view = MaterializedView{statement.auto_refresh, statement.incremental, false};
  context.transaction.change(PutDetail{stored->relation.oid, std::move(detail)});
  std::vector<int32_t> columns(stored->relation.columns.size());
  for (size_t i = 0; i < columns.size(); ++i) columns[i] = static_cast<int32_t>(i);
  const auto parameters = static_cast<int32_t>(plan.bound.session_values.size());
  insert_query(context, plan, stored->relation, columns,
               translate_query(statement.query, Context::names(plan), parameters), {});
  return stored->relation.oid;
}

Outcome create_view(Context& context, const Plan& plan, const semantics::BoundCreateView& statement) {
  const Relation* old = existing(context, statement.view);
  const bool replace = old && statement.or_replace;
  if (old && (!replace || old->kind == RelationKind::kTable || old->kind == RelationKind::kSystemTable)) {
    if (replace) throw Error(kWrongObjectType, "\"" + old->name + "\" is not a view");
    require_new(context, statement.view);
  }
  const auto stored = prepared(context, statement.view);
  if (replace) {
    // Views that use the old one keep their meaning only when its columns stay.
    const bool same = std::ranges::equal(old->columns, stored->relation.columns, [](const auto& a, const auto& b) {
      return a.name == b.name && a.type == b.type;
    });
    if (!same && !context.catalog()->snapshot().users_of(old->oid).empty()) {
      throw Error(kInvalidTableDefinition,
                  "cannot change the columns of view \"" + old->name + "\", which other views use");
    }
    stored->relation.oid = old->oid;
  }
  if (stored->relation.kind == RelationKind::kView) stored->uses = dependencies(plan);
  context.transaction.change(PutRelation{stored});
  if (!replace) make_own(context, *stored);
  return {"CREATE VIEW"};
}

Outcome create_schema(Context& context, const sql::CreateSchema& statement) {
  const std::string& name = statement.name.text;
  if (context.catalog()->has_schema(name)) {
    if (!statement.if_not_exists) throw Error(kDuplicateSchema, "schema \"" + name + "\" already exists");
    context.notice("NOTICE", kDuplicateSchema, "schema \"" + name + "\" already exists, skipping");
    return {"CREATE SCHEMA"};
  }
  if (name.starts_with("pg_")) {
    throw Error(kInvalidName, "unacceptable schema name \"" + name + "\"")
        .detail("The prefix \"pg_\" is reserved for system schemas.")
        .at(statement.name.span.begin);
  }
  const Oid oid = context.warehouse.next_oid();
  context.transaction.change(PutSchema{oid, name});
  auto permissions = new_permissions(context, {ObjectClass::kSchema, oid}, "", 0);
  if (statement.owner) {
    const User& owner = named_user(context.transaction.catalog()->access(), *statement.owner);
    permissions = PutPermissions{{ObjectClass::kSchema, oid}, {owner.id, {}}};
  }
  if (permissions) context.transaction.change(CatalogChange{*std::move(permissions)});
  if (statement.quota) context.transaction.change(PutQuota{oid, statement.quota->megabytes});
  return {"CREATE SCHEMA"};
}

void drop_relations(Context& context, const std::vector<Oid>& relations, bool cascade) {
  std::set<Oid> going(relations.begin(), relations.end());
  for (const Oid oid : relations) drop_relation(context, oid, cascade, going);
}

Outcome drop(Context& context, const Plan& plan, const semantics::BoundDrop& statement) {
  drop_relations(context, statement.relations, statement.cascade);
  for (const std::string& schema : statement.schemas) drop_schema(context, schema, statement.cascade);
  const auto& written = std::get<sql::Drop>(plan.ast.node);
  const size_t missing = written.names.size() - statement.relations.size() - statement.schemas.size();
  if (written.if_exists && missing > 0) {
    context.notice("INFO", SqlState("00000"), std::to_string(missing) + " of the names did not exist; skipped");
  }
  return {std::string(sql::drop_name(written.kind))};
}

Outcome truncate(Context& context, const Plan& plan, const semantics::BoundTruncate& statement) {
  context.run("DELETE FROM " + Context::physical_name(*plan.catalog->find_relation(statement.table)));
  return {"TRUNCATE TABLE"};
}

}  // namespace garland::embedded
