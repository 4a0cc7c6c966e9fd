#include "embedded/authorise.h"

#include <algorithm>
#include <map>

#include "base/box.h"

namespace garland::embedded {

using semantics::Relation;
using semantics::RelationKind;

namespace {

std::string_view privilege_for(semantics::Access access) {
  switch (access) {
    case semantics::Access::kSelect:
      return "select";
    case semantics::Access::kInsert:
      return "insert";
    case semantics::Access::kUpdate:
      return "update";
    case semantics::Access::kDelete:
      return "delete";
    case semantics::Access::kDrop:
      return "drop";
    case semantics::Access::kAlter:
      return "alter";
  }
  return "select";
}

[[noreturn]] void deny(const std::string& what, const std::string& name) {
  throw Error(kInsufficientPrivilege, "permission denied for " + what + " " + name);
}

class Check {
 public:
  Check(const Plan& plan, const Identity& who)
      : plan_(plan), who_(who), catalog_(plan.catalog->snapshot()), access_(catalog_.access()) {}

  void uses() {
    std::map<std::pair<Oid, semantics::Access>, std::vector<int32_t>> by_relation;
    for (const semantics::Use& use : plan_.bound.uses) by_relation[{use.relation, use.access}].push_back(use.column);
    for (const auto& [key, columns] : by_relation) relation(key.first, key.second, columns);
  }

  void calls() {
    const auto& functions = catalog_.objects().functions();
    for (const Oid oid : plan_.bound.functions) {
      const auto found = functions.find(oid);
      if (found == functions.end()) continue;
      const semantics::Function& function = found->second;
      in_schema(function.schema, "usage");
      const Oid* schema = catalog_.find_schema(function.schema);
      const ObjectKey object{ObjectClass::kFunction, oid};
      if (!access_.may(who_, object, "execute", {schema ? *schema : 0, kDatabaseOid})) deny("function", function.name);
    }
  }

  void create(const Relation& made) {
    if (made.temporary) {
      const ObjectKey database{ObjectClass::kDatabase, kDatabaseOid};
      if (access_.may(who_, database, "temporary")) return;
      throw Error(kInsufficientPrivilege, "permission denied to create temporary tables in database \"" +
                                              std::string(plan_.catalog->database()) + "\"");
    }
    in_schema(made.schema, "create");
  }

  void in_schema(const std::string& name, std::string_view privilege) {
    const Oid* oid = catalog_.find_schema(name);
    if (!oid || access_.may(who_, {ObjectClass::kSchema, *oid}, privilege, {0, kDatabaseOid})) return;
    if (privilege == "create" && access_.may_system(who_, "create table")) return;
    deny("schema", name);
  }

  void create_schema() {
    const ObjectKey database{ObjectClass::kDatabase, kDatabaseOid};
    if (access_.may(who_, database, "create") || access_.may_system(who_, "create schema")) return;
    deny("database", std::string(plan_.catalog->database()));
  }

  void drop_schemas(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const Oid* oid = catalog_.find_schema(name);
      if (!oid || access_.may(who_, {ObjectClass::kSchema, *oid}, "drop") || access_.may_system(who_, "drop schema")) {
        continue;
      }
      throw Error(kInsufficientPrivilege, "must be owner of schema " + name);
    }
  }

 private:
  void relation(Oid oid, semantics::Access how, const std::vector<int32_t>& columns) {
    const StoredRelation* stored = plan_.catalog->stored(oid);
    if (!stored || stored->relation.temporary) return;
    if (stored->relation.kind == RelationKind::kSystemTable) {
      if (stored->superuser_only && !access_.may_system(who_, "access system table")) {
        deny("relation", stored->relation.name);
      }
      return;
    }
    in_schema(stored->relation.schema, "usage");
    const ObjectKey object{ObjectClass::kRelation, oid};
    const Place place{stored->schema, kDatabaseOid};
    const std::string_view privilege = privilege_for(how);
    if (access_.may(who_, object, privilege, place)) return;
    if (how == semantics::Access::kDrop && access_.may_system(who_, "drop table")) return;
    if (how == semantics::Access::kAlter && access_.may_system(who_, "alter table")) return;
    if (plan_.is<semantics::BoundTruncate>() &&
        (access_.may(who_, object, "truncate", place) || access_.may_system(who_, "truncate table"))) {
      return;
    }
    if (how == semantics::Access::kDrop || how == semantics::Access::kAlter) {
      throw Error(kInsufficientPrivilege, "must be owner of relation " + stored->relation.name);
    }
    if (!columns_only(stored->relation, object, privilege, columns)) deny("relation", stored->relation.name);
  }

  /// Whether each column that is used was granted by itself. Something must be read: count(*) needs one column.
  bool columns_only(const Relation& relation, const ObjectKey& object, std::string_view privilege,
                    const std::vector<int32_t>& columns) {
    bool any = false;
    for (const int32_t column : columns) {
      if (column < 0) continue;
      any = true;
      if (static_cast<size_t>(column) >= relation.columns.size()) return false;
      const int16_t attnum = relation.columns[static_cast<size_t>(column)].attnum;
      if (!access_.may(who_, object, privilege, {}, attnum)) return false;
    }
    if (any) return true;
    return std::ranges::any_of(relation.columns, [&](const semantics::ColumnDef& column) {
      return access_.may(who_, object, privilege, {}, column.attnum);
    });
  }

  const Plan& plan_;
  const Identity& who_;
  const CatalogSnapshot& catalog_;
  const Access& access_;
};

}  // namespace

void authorise(const Plan& plan, const Identity& who) {
  if (who.super) return;
  Check check(plan, who);
  check.uses();
  check.calls();
  std::visit(overloaded{[&](const semantics::BoundCreateTable& node) { check.create(node.table); },
                        [&](const semantics::BoundCreateTableAs& node) { check.create(node.table); },
                        [&](const semantics::BoundCreateView& node) { check.create(node.view); },
                        [&](const semantics::BoundCreateMaterializedView& node) { check.create(node.view); },
                        [&](const semantics::BoundFunction& node) { check.in_schema(node.function.schema, "create"); },
                        [&](const semantics::BoundDrop& node) { check.drop_schemas(node.schemas); },
                        [&](const semantics::BoundPlain& node) {
                          if (std::holds_alternative<sql::CreateSchema>(node.statement.node)) check.create_schema();
                        },
                        [](const auto&) {}},
             plan.bound.node);
}

}  // namespace garland::embedded
