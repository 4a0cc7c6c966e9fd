#include "embedded/grant_targets.h"

#include <algorithm>

#include "semantics/resolve.h"
#include "sql/printer.h"

namespace garland::embedded {

Oid schema_oid(const SessionCatalog& catalog, const sql::Name& name) {
  const Oid* oid = catalog.snapshot().find_schema(name.text);
  if (!oid) throw Error(kInvalidSchemaName, "schema \"" + name.text + "\" does not exist").at(name.span.begin);
  return *oid;
}

Oid database_oid(Context& context, const sql::Name& name) {
  if (name.text == context.login.database) return kDatabaseOid;
  throw Error(kInvalidCatalogName, "database \"" + name.text + "\" does not exist").at(name.span.begin);
}

namespace {

std::string_view schema_part(const sql::QualifiedName& name) {
  return name.parts.size() < 2 ? std::string_view() : std::string_view(name.parts[name.parts.size() - 2].text);
}

Target relation_target(const SessionCatalog& catalog, const sql::QualifiedName& name) {
  const semantics::Relation* found = catalog.find_relation(schema_part(name), name.last().text);
  if (!found) {
    throw Error(kUndefinedTable, "relation \"" + sql::print(name) + "\" does not exist").at(name.span.begin);
  }
  if (found->kind == semantics::RelationKind::kSystemTable) {
    throw Error(kInsufficientPrivilege, "permission denied: \"" + found->name + "\" is a system catalog")
        .at(name.span.begin);
  }
  return {{ObjectClass::kRelation, found->oid}, found->name, found};
}

Oid language_oid(const sql::Name& name) {
  constexpr std::string_view kLanguages[] = {"sql", "plpgsql", "plpythonu", "exfunc", "mlfunc"};
  const auto found = std::ranges::find(kLanguages, name.text);
  if (found == std::end(kLanguages)) {
    throw Error(kUndefinedObject, "language \"" + name.text + "\" does not exist").at(name.span.begin);
  }
  return static_cast<Oid>(found - std::begin(kLanguages) + 1);
}

Target function_target(const semantics::Function& function) {
  return {{ObjectClass::kFunction, function.oid}, function.name};
}

/// Argument types may be left out where one function has the name.
Target routine_target(const SessionCatalog& catalog, const sql::RoutineName& routine) {
  auto found = catalog.find_functions(schema_part(routine.name), routine.name.last().text);
  if (routine.arguments) {
    std::vector<engine::TypeId> types;
    for (const sql::TypeName& name : *routine.arguments) types.push_back(semantics::resolve_type(name).id);
    std::erase_if(found, [&](const semantics::Function* function) {
      return !std::ranges::equal(function->arguments, types, {}, &engine::Type::id);
    });
  }
  if (found.size() == 1) return function_target(*found.front());
  const std::string name = "function " + sql::print(routine.name);
  if (found.empty()) throw Error(kUndefinedFunction, name + " does not exist").at(routine.name.span.begin);
  throw Error(kAmbiguousFunction, name + " is not unique")
      .hint("Name the types of its arguments: f(int, varchar)")
      .at(routine.name.span.begin);
}

}  // namespace

std::vector<Target> targets(Context& context, const sql::Grant& statement) {
  const auto catalog = context.catalog();
  std::vector<Target> result;
  for (const sql::QualifiedName& name : statement.names) {
    switch (statement.kind) {
      case sql::GrantKind::kTables:
        result.push_back(relation_target(*catalog, name));
        break;
      case sql::GrantKind::kTablesInSchemas:
        schema_oid(*catalog, name.last());
        for (const StoredRelation* stored : catalog->snapshot().in_schema(name.last().text)) {
          if (stored->relation.kind == semantics::RelationKind::kSystemTable) continue;
          result.push_back({{ObjectClass::kRelation, stored->relation.oid}, stored->relation.name, &stored->relation});
        }
        break;
      case sql::GrantKind::kSchemas:
        result.push_back({{ObjectClass::kSchema, schema_oid(*catalog, name.last())}, name.last().text});
        break;
      case sql::GrantKind::kDatabases:
        result.push_back({{ObjectClass::kDatabase, database_oid(context, name.last())}, name.last().text});
        break;
      case sql::GrantKind::kLanguages:
        result.push_back({{ObjectClass::kLanguage, language_oid(name.last())}, name.last().text});
        break;
      case sql::GrantKind::kFunctionsInSchemas:
        schema_oid(*catalog, name.last());
        for (const auto& [oid, function] : catalog->snapshot().objects().functions()) {
          if (function.schema == name.last().text) result.push_back(function_target(function));
        }
        break;
      case sql::GrantKind::kProceduresInSchemas:
        schema_oid(*catalog, name.last());
        break;
      default:
        break;
    }
  }
  for (const sql::RoutineName& routine : statement.routines) result.push_back(routine_target(*catalog, routine));
  return result;
}

}  // namespace garland::embedded
