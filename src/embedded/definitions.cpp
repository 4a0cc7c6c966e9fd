#include "embedded/definitions.h"

#include <algorithm>

#include "base/box.h"
#include "embedded/access_statements.h"
#include "semantics/ast_walk.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::embedded {

namespace {

constexpr Oid kOwnDatabase = 1;        // pg_database.oid of the warehouse's own database
constexpr size_t kMostDatabases = 60;  // guide page r_CREATE_DATABASE

const Oid& existing_schema(Context& context, const sql::Name& name) {
  if (const Oid* oid = context.catalog()->snapshot().find_schema(name.text)) return *oid;
  throw Error(kInvalidSchemaName, "schema \"" + name.text + "\" does not exist").at(name.span.begin);
}

void require_user_schema(const sql::Name& name) {
  if (name.text != "pg_catalog" && name.text != "information_schema") return;
  throw Error(kInsufficientPrivilege, "permission denied for schema " + name.text).at(name.span.begin);
}

/// Standard views name their relations with the schema: their texts follow.
void rename_in_views(Context& context, const std::string& from, const std::string& to) {
  const CatalogSnapshotPtr snapshot = context.transaction.catalog();
  for (const auto& [oid, view] : snapshot->relations()) {
    if (view->relation.kind != semantics::RelationKind::kView) continue;
    sql::Query query = sql::parse_query(view->relation.view_text);
    bool found = false;
    semantics::walk_query(query, overloaded{[&](sql::TableRef& ref) {
                                              auto* named = std::get_if<sql::NamedTable>(&ref.node);
                                              if (!named || named->name.parts.size() != 2) return;
                                              if (named->name.parts[0].text != from) return;
                                              named->name.parts[0].text = to;
                                              found = true;
                                            },
                                            [](auto&) {}});
    if (!found) continue;
    auto changed = std::make_shared<StoredRelation>(*view);
    changed->relation.view_text = sql::print(query);
    context.transaction.change(PutRelation{changed});
  }
}

void rename_schema(Context& context, const sql::Name& schema, const sql::Name& to) {
  existing_schema(context, schema);
  require_user_schema(schema);
  if (context.catalog()->has_schema(to.text)) {
    throw Error(kDuplicateSchema, "schema \"" + to.text + "\" already exists").at(to.span.begin);
  }
  if (to.text.starts_with("pg_")) {
    throw Error(kInvalidName, "unacceptable schema name \"" + to.text + "\"")
        .detail("The prefix \"pg_\" is reserved for system schemas.")
        .at(to.span.begin);
  }
  context.transaction.change(RenameSchema{schema.text, to.text});
  rename_in_views(context, schema.text, to.text);
}

void require_owner(Context& context, const ObjectKey& object, const std::string& what) {
  if (context.transaction.catalog()->access().owns(context.identity(), object)) return;
  throw Error(kInsufficientPrivilege, "must be owner of " + what);
}

/// Guide page r_CREATE_DATABASE: a superuser, or a user with CREATEDB.
void require_create_db(Context& context) {
  const Access& access = context.transaction.catalog()->access();
  const Identity who = context.identity();
  const auto user = access.users().find(who.user);
  if (who.super || (user != access.users().end() && user->second.create_db)) return;
  throw Error(kInsufficientPrivilege, "permission denied to create or change databases");
}

Database existing_database(Context& context, const sql::Name& name) {
  if (const Database* found = context.catalog()->snapshot().objects().find_database(name.text)) return *found;
  if (name.text == context.login.database) {
    Database own;
    own.oid = kOwnDatabase;
    own.name = name.text;
    own.owner = context.login.user;
    return own;
  }
  throw Error(kInvalidCatalogName, "database \"" + name.text + "\" does not exist").at(name.span.begin);
}

void require_new_database(Context& context, const sql::Name& name) {
  if (name.text != context.login.database && !context.catalog()->snapshot().objects().find_database(name.text)) return;
  throw Error(kDuplicateDatabase, "database \"" + name.text + "\" already exists").at(name.span.begin);
}

void apply(const sql::DatabaseOptions& options, Database& database) {
  if (options.owner) database.owner = options.owner->text;
  if (options.connection_limit) database.connection_limit = *options.connection_limit;
  if (options.case_sensitive) database.case_sensitive = *options.case_sensitive;
  if (options.isolation) database.isolation = *options.isolation;
}

}  // namespace

bool defines(const sql::Statement& statement) {
  return std::visit(
      overloaded{[](const sql::CreateSchema&) { return true; }, [](const sql::AlterSchema&) { return true; },
                 [](const sql::CreateDatabase&) { return true; }, [](const sql::AlterDatabase&) { return true; },
                 [](const sql::Drop&) { return true; }, [](const sql::CommentOn&) { return true; },
                 [](const auto&) { return false; }},
      statement.node);
}

void change_owner(Context& context, const ObjectKey& object, const sql::Name& owner) {
  const Access& access = context.transaction.catalog()->access();
  Permissions permissions = access.of(object);
  permissions.owner = named_user(access, owner).id;
  context.transaction.change(CatalogChange{AccessChange{PutPermissions{object, std::move(permissions)}}});
}

Outcome alter_schema(Context& context, const sql::AlterSchema& statement) {
  require_owner(context, {ObjectClass::kSchema, existing_schema(context, statement.schema)},
                "schema " + statement.schema.text);
  std::visit(
      overloaded{[&](const sql::RenameObject& rename) { rename_schema(context, statement.schema, rename.to); },
                 [&](const sql::Quota& quota) {
                   context.transaction.change(PutQuota{existing_schema(context, statement.schema), quota.megabytes});
                 },
                 [&](const sql::ChangeOwner& change) {
                   change_owner(context, {ObjectClass::kSchema, existing_schema(context, statement.schema)},
                                change.owner);
                 }},
      statement.action);
  return {"ALTER SCHEMA"};
}

Outcome create_database(Context& context, const sql::CreateDatabase& statement) {
  require_create_db(context);
  require_new_database(context, statement.database);
  if (context.catalog()->snapshot().objects().databases().size() >= kMostDatabases) {
    throw Error(kProgramLimitExceeded, "a cluster has at most 60 databases");
  }
  Database database;
  database.oid = context.warehouse.next_oid();
  database.name = statement.database.text;
  database.owner = context.login.user;
  apply(statement.options, database);
  context.transaction.change(PutDatabase{std::move(database)});
  return {"CREATE DATABASE"};
}

Outcome alter_database(Context& context, const sql::AlterDatabase& statement) {
  require_create_db(context);
  Database database = existing_database(context, statement.database);
  if (const auto* rename = std::get_if<sql::RenameObject>(&statement.action)) {
    require_new_database(context, rename->to);
    if (database.oid == kOwnDatabase) {
      throw Error(kFeatureNotSupported, "current database cannot be renamed").at(statement.database.span.begin);
    }
    database.name = rename->to.text;
  } else {
    const auto& options = std::get<sql::DatabaseOptions>(statement.action);
    if (database.oid == kOwnDatabase && options.case_sensitive && !*options.case_sensitive) {
      throw Error(kFeatureNotSupported, "ALTER DATABASE … COLLATE CASE_INSENSITIVE is not supported yet");
    }
    apply(options, database);
  }
  context.transaction.change(PutDatabase{std::move(database)});
  return {"ALTER DATABASE"};
}

Outcome drop_database(Context& context, const sql::Drop& statement) {
  require_create_db(context);
  const sql::Name& name = statement.names[0].last();
  const Database database = existing_database(context, name);
  if (database.oid == kOwnDatabase) {
    throw Error(kObjectInUse, "cannot drop the currently open database").at(name.span.begin);
  }
  context.transaction.change(RemoveDatabase{database.oid});
  context.transaction.change(ForgetObject{database.oid});
  return {"DROP DATABASE"};
}

Outcome comment(Context& context, const sql::CommentOn& statement, Oid relation) {
  if (relation == 0) {
    // A comment on another database, existing or not, is a warning only (guide page r_COMMENT).
    if (statement.object.last().text != context.login.database) {
      context.notice("WARNING", SqlState("01000"), "database comments may only be applied to the current database");
      return {"COMMENT"};
    }
    context.transaction.change(PutComment{{kOwnDatabase, 0}, statement.text});
    return {"COMMENT"};
  }
  CommentKey key{relation, 0};
  if (statement.kind == sql::CommentKind::kColumn) {
    const semantics::Relation& found = *context.catalog()->find_relation(relation);
    key.part = found.find_column(statement.part->text)->attnum;
  } else if (statement.kind == sql::CommentKind::kConstraint) {
    const auto& constraints = context.catalog()->detail(relation).constraints;
    const auto found = std::ranges::find(constraints, statement.part->text, &Constraint::name);
    if (found == constraints.end()) {
      throw Error(kUndefinedObject, "constraint \"" + statement.part->text + "\" does not exist")
          .at(statement.part->span.begin);
    }
    key.part = -1 - static_cast<int32_t>(found - constraints.begin());
  }
  context.transaction.change(PutComment{key, statement.text});
  return {"COMMENT"};
}

Outcome create_function(Context& context, const semantics::BoundFunction& statement) {
  semantics::Function function = statement.function;
  const bool is_new = function.oid == 0;
  if (is_new) function.oid = context.warehouse.next_oid();
  if (!context.catalog()->has_schema(function.schema)) {
    throw Error(kInvalidSchemaName, "schema \"" + function.schema + "\" does not exist");
  }
  const ObjectKey key{ObjectClass::kFunction, function.oid};
  const Oid schema = *context.catalog()->snapshot().find_schema(function.schema);
  if (!is_new) require_owner(context, key, "function " + function.name);
  context.transaction.change(PutFunction{std::move(function)});
  if (auto owned = is_new ? new_permissions(context, key, "functions", schema) : std::nullopt) {
    context.transaction.change(CatalogChange{*std::move(owned)});
  }
  return {"CREATE FUNCTION"};
}

Outcome change_function(Context& context, const semantics::BoundChangeFunction& statement) {
  const ObjectKey key{ObjectClass::kFunction, statement.function};
  if (statement.function != 0) require_owner(context, key, "function");
  if (std::holds_alternative<sql::DropFunction>(statement.statement.node)) {
    if (statement.function == 0) {
      context.notice("NOTICE", SqlState("00000"), "function does not exist, skipping");
    } else {
      context.transaction.change(RemoveFunction{statement.function});
      if (context.transaction.catalog()->access().objects().contains(key)) {
        context.transaction.change(CatalogChange{AccessChange{DropPermissions{key}}});
      }
    }
    return {"DROP FUNCTION"};
  }
  const auto& alter = std::get<sql::AlterFunction>(statement.statement.node);
  const auto* rename = std::get_if<sql::RenameObject>(&alter.action);
  if (!rename) {
    change_owner(context, key, std::get<sql::ChangeOwner>(alter.action).owner);
    return {"ALTER FUNCTION"};
  }
  semantics::Function function = context.catalog()->snapshot().objects().functions().at(statement.function);
  for (const auto* other : context.catalog()->find_functions(function.schema, rename->to.text)) {
    if (!std::ranges::equal(other->arguments, function.arguments, {}, &engine::Type::id, &engine::Type::id)) continue;
    throw Error(kDuplicateFunction, "function \"" + rename->to.text + "\" already exists with same argument types")
        .at(rename->to.span.begin);
  }
  function.name = rename->to.text;
  context.transaction.change(PutFunction{std::move(function)});
  return {"ALTER FUNCTION"};
}

}  // namespace garland::embedded
