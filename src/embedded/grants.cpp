// GRANT, REVOKE, ALTER DEFAULT PRIVILEGES (guide pages r_GRANT, r_GRANT-usage-notes, r_REVOKE,
// r_ALTER_DEFAULT_PRIVILEGES, t_scoped-permissions, r_roles-default).
#include <algorithm>

#include "base/ascii.h"
#include "base/box.h"
#include "embedded/access_statements.h"
#include "embedded/grant_targets.h"

namespace garland::embedded {

namespace {

using Words = std::vector<std::string>;

const Access& access_of(Context& context) { return context.transaction.catalog()->access(); }

void apply(Context& context, AccessChange change) { context.transaction.change(CatalogChange{std::move(change)}); }

/// Privileges of a kind of object, in the order of the guide; what ALL stands for.
const Words& privileges_of(ObjectClass object_class) {
  static const Words kRelation{"select", "insert", "update", "delete", "references", "drop", "alter", "truncate"};
  static const Words kSchema{"create", "usage", "alter", "drop"};
  static const Words kDatabase{"create", "temporary", "usage", "alter"};
  static const Words kRoutine{"execute"};
  static const Words kLanguage{"usage"};
  static const Words kSystem{"create user",
                             "drop user",
                             "alter user",
                             "create schema",
                             "drop schema",
                             "alter default privileges",
                             "access catalog",
                             "access system table",
                             "create table",
                             "drop table",
                             "alter table",
                             "create or replace function",
                             "create or replace external function",
                             "drop function",
                             "create or replace procedure",
                             "drop procedure",
                             "create or replace view",
                             "drop view",
                             "create model",
                             "drop model",
                             "create datashare",
                             "alter datashare",
                             "drop datashare",
                             "create library",
                             "drop library",
                             "create role",
                             "drop role",
                             "truncate table",
                             "vacuum",
                             "analyze",
                             "cancel",
                             "ignore rls",
                             "explain rls",
                             "explain masking"};
  switch (object_class) {
    case ObjectClass::kRelation:
      return kRelation;
    case ObjectClass::kSchema:
      return kSchema;
    case ObjectClass::kDatabase:
      return kDatabase;
    case ObjectClass::kFunction:
    case ObjectClass::kProcedure:
      return kRoutine;
    case ObjectClass::kLanguage:
      return kLanguage;
    default:
      return kSystem;
  }
}

std::string_view class_name(ObjectClass object_class) {
  switch (object_class) {
    case ObjectClass::kRelation:
      return "relation";
    case ObjectClass::kSchema:
      return "schema";
    case ObjectClass::kDatabase:
      return "database";
    case ObjectClass::kFunction:
      return "function";
    case ObjectClass::kProcedure:
      return "procedure";
    case ObjectClass::kLanguage:
      return "language";
    default:
      return "system";
  }
}

/// The privileges that the statement names, ALL written out; checked against the kind of object.
std::vector<sql::Privilege> expanded(const std::vector<sql::Privilege>& written, ObjectClass object_class) {
  std::vector<sql::Privilege> result;
  for (const sql::Privilege& privilege : written) {
    if (privilege.name == "all") {
      const Words kColumns{"select", "update"};
      for (const std::string& name : privilege.columns.empty() ? privileges_of(object_class) : kColumns) {
        result.push_back({name, privilege.columns, privilege.span});
      }
      continue;
    }
    const bool column_like = privilege.name == "select" || privilege.name == "update";
    if (std::ranges::count(privileges_of(object_class), privilege.name) == 0 ||
        (!privilege.columns.empty() && (!column_like || object_class != ObjectClass::kRelation))) {
      throw Error(kInvalidGrantOperation,
                  "invalid privilege type " + ascii_upper(privilege.name) + " for " +
                      std::string(privilege.columns.empty() ? class_name(object_class) : "column"))
          .at(privilege.span.begin);
    }
    result.push_back(privilege);
  }
  return result;
}

ObjectClass class_of(const sql::Grant& statement) {
  switch (statement.kind) {
    case sql::GrantKind::kTables:
    case sql::GrantKind::kTablesInSchemas:
      return ObjectClass::kRelation;
    case sql::GrantKind::kSchemas:
      return ObjectClass::kSchema;
    case sql::GrantKind::kDatabases:
      return ObjectClass::kDatabase;
    case sql::GrantKind::kLanguages:
      return ObjectClass::kLanguage;
    case sql::GrantKind::kFunctions:
    case sql::GrantKind::kFunctionsInSchemas:
      return ObjectClass::kFunction;
    case sql::GrantKind::kProceduresInSchemas:
      return ObjectClass::kProcedure;
    default:
      return ObjectClass::kSystem;
  }
}

AclItem item_for(const Access& access, const sql::Grantee& grantee) {
  AclItem item;
  item.option = grantee.option;
  switch (grantee.kind) {
    case sql::GranteeKind::kPublic:
      item.grantee_class = GranteeClass::kPublic;
      break;
    case sql::GranteeKind::kUser:
      item.grantee = named_user(access, grantee.name).id;
      break;
    case sql::GranteeKind::kGroup:
      item.grantee_class = GranteeClass::kGroup;
      item.grantee = named_group(access, grantee.name).id;
      break;
    case sql::GranteeKind::kRole:
      item.grantee_class = GranteeClass::kRole;
      item.grantee = named_role(access, grantee.name).id;
      break;
    default:
      throw Error(kFeatureNotSupported, "granting to IAM roles, namespaces, accounts and policies is not supported yet")
          .at(grantee.name.span.begin);
  }
  if (item.option && grantee.kind != sql::GranteeKind::kUser) {
    throw Error(kInvalidGrantOperation, "grant options can only be granted to users").at(grantee.name.span.begin);
  }
  return item;
}

bool same_grantee(const AclItem& a, const AclItem& b) {
  return a.grantee_class == b.grantee_class && a.grantee == b.grantee;
}

/// Adds the item, or its option to the one that is there.
void add_item(std::vector<AclItem>& acl, const AclItem& item) {
  for (AclItem& present : acl) {
    if (present.privilege != item.privilege || present.attnum != item.attnum || !same_grantee(present, item)) continue;
    present.option |= item.option;
    return;
  }
  acl.push_back(item);
}

/// A table's privilege covers its columns: revoking it revokes theirs.
void remove_items(std::vector<AclItem>& acl, const AclItem& item, bool option_only) {
  const auto matches = [&](const AclItem& present) {
    return present.privilege == item.privilege && same_grantee(present, item) &&
           (item.attnum == 0 || present.attnum == item.attnum);
  };
  if (!option_only) {
    std::erase_if(acl, matches);
    return;
  }
  for (AclItem& present : acl) {
    if (matches(present)) present.option = false;
  }
}

bool holds(const std::vector<AclItem>& acl, const AclItem& item, bool of_column) {
  return std::ranges::any_of(acl, [&](const AclItem& present) {
    return present.privilege == item.privilege && same_grantee(present, item) && (present.attnum != 0) == of_column;
  });
}

void change_acl(std::vector<AclItem>& acl, const sql::Grant& statement, const AclItem& item) {
  const bool column = item.attnum != 0;
  if (statement.revoke) {
    if (column && holds(acl, item, false)) {
      throw Error(kInvalidGrantOperation, "cannot revoke a column's privilege that is held on the whole table")
          .hint("Revoke the privilege on the table.");
    }
    return remove_items(acl, item, statement.option_only);
  }
  if (column && holds(acl, item, false)) return;  // no effect, says r_GRANT-usage-notes
  if (!column && holds(acl, item, true)) {
    throw Error(kInvalidGrantOperation, "cannot grant a privilege on a table whose columns it was granted on")
        .hint("Revoke the column privileges first.");
  }
  add_item(acl, item);
}

std::vector<int16_t> attnums(const Target& target, const sql::Privilege& privilege) {
  if (privilege.columns.empty()) return {0};
  if (target.relation->kind == semantics::RelationKind::kLateBindingView) {
    throw Error(kInvalidGrantOperation, "column privileges cannot be granted on late-binding views");
  }
  std::vector<int16_t> result;
  for (const sql::Name& name : privilege.columns) {
    const semantics::ColumnDef* column = target.relation->find_column(name.text);
    if (!column) {
      throw Error(kUndefinedColumn, "column \"" + name.text + "\" of relation \"" + target.name + "\" does not exist")
          .at(name.span.begin);
    }
    result.push_back(column->attnum);
  }
  return result;
}

void require_grantor(Context& context, const Target& target, const sql::Privilege& privilege) {
  const Access& access = access_of(context);
  const Identity& who = context.identity();
  const bool may =
      privilege.columns.empty() ? access.may_grant(who, target.key, privilege.name) : access.owns(who, target.key);
  if (may) return;
  throw Error(kInsufficientPrivilege,
              "permission denied for " + std::string(class_name(target.key.object_class)) + " " + target.name);
}

void grant_on(Context& context, const sql::Grant& statement, const Target& target,
              const std::vector<sql::Privilege>& privileges) {
  const Access& access = access_of(context);
  Permissions permissions = access.of(target.key);
  for (const sql::Privilege& privilege : privileges) {
    require_grantor(context, target, privilege);
    for (const sql::Grantee& grantee : statement.grantees) {
      AclItem item = item_for(access, grantee);
      if (item.option && !privilege.columns.empty()) {
        throw Error(kInvalidGrantOperation, "WITH GRANT OPTION is not supported for columns");
      }
      item.privilege = privilege.name;
      item.grantor = context.identity().user;
      for (const int16_t attnum : attnums(target, privilege)) {
        item.attnum = attnum;
        change_acl(permissions.acl, statement, item);
      }
    }
  }
  apply(context, PutPermissions{target.key, std::move(permissions)});
}

void require_superuser(Context& context, const char* what) {
  if (!context.identity().super) throw Error(kInsufficientPrivilege, std::string("must be superuser to ") + what);
}

/// System permissions go to roles; EXPLAIN RLS and IGNORE RLS also to users (guide page r_GRANT).
void grant_system(Context& context, const sql::Grant& statement) {
  require_superuser(context, "grant system permissions");
  const ObjectKey key{ObjectClass::kSystem, 0};
  Permissions permissions = access_of(context).of(key);
  for (const sql::Privilege& privilege : expanded(statement.privileges, ObjectClass::kSystem)) {
    for (const sql::Grantee& grantee : statement.grantees) {
      const bool policy = privilege.name.ends_with(" rls") || privilege.name == "explain masking";
      const bool to_user = grantee.kind == sql::GranteeKind::kUser && policy;
      if (grantee.kind != sql::GranteeKind::kRole && !to_user) {
        if (privilege.name == "create model") throw Error(kFeatureNotSupported, "CREATE MODEL is not supported yet");
        throw Error(kInvalidGrantOperation, "system permissions can only be granted to roles").at(privilege.span.begin);
      }
      AclItem item = item_for(access_of(context), grantee);
      item.privilege = privilege.name;
      item.grantor = context.identity().user;
      change_acl(permissions.acl, statement, item);
    }
  }
  apply(context, PutPermissions{key, std::move(permissions)});
}

ObjectClass scoped_class(std::string_view scope) {
  if (scope == "schemas") return ObjectClass::kSchema;
  if (scope == "tables") return ObjectClass::kRelation;
  if (scope == "functions") return ObjectClass::kFunction;
  if (scope == "procedures") return ObjectClass::kProcedure;
  if (scope == "languages") return ObjectClass::kLanguage;
  throw Error(kFeatureNotSupported, ascii_upper(std::string(scope)) + " are not supported yet");
}

void grant_scoped(Context& context, const sql::Grant& statement) {
  require_superuser(context, "grant scoped permissions");
  const auto catalog = context.catalog();
  if (statement.database) database_oid(context, *statement.database);
  const ObjectKey key = statement.schema
                            ? ObjectKey{ObjectClass::kScopedSchema, schema_oid(*catalog, *statement.schema)}
                            : ObjectKey{ObjectClass::kScopedDatabase, kDatabaseOid};
  Permissions permissions = access_of(context).of(key);
  for (const sql::Privilege& privilege : expanded(statement.privileges, scoped_class(statement.scope))) {
    for (const sql::Grantee& grantee : statement.grantees) {
      if (grantee.kind != sql::GranteeKind::kUser && grantee.kind != sql::GranteeKind::kRole) {
        throw Error(kInvalidGrantOperation, "scoped permissions can only be granted to users and roles")
            .at(grantee.name.span.begin);
      }
      AclItem item = item_for(access_of(context), grantee);
      item.privilege = statement.scope + ":" + privilege.name;
      item.grantor = context.identity().user;
      change_acl(permissions.acl, statement, item);
    }
  }
  apply(context, PutPermissions{key, std::move(permissions)});
}

void grant_assumerole(Context& context, const sql::Grant& statement) {
  require_superuser(context, "grant ASSUMEROLE");
  const ObjectKey key{ObjectClass::kAssumeRole, 0};
  Permissions permissions = access_of(context).of(key);
  for (const sql::Grantee& grantee : statement.grantees) {
    AclItem item = item_for(access_of(context), grantee);
    item.grantor = context.identity().user;
    for (const std::string& action : statement.actions) {
      for (const std::string& role : statement.iam_roles) {
        item.privilege = action + ":" + role;
        change_acl(permissions.acl, statement, item);
      }
    }
  }
  apply(context, PutPermissions{key, std::move(permissions)});
}

// ---- roles

/// Whether `role` belongs to `to` already, so that granting it back would close a circle.
bool belongs(const Access& access, PrincipalId role, PrincipalId to) {
  if (role == to) return true;
  for (const RoleMember& member : access.roles().at(to).members) {
    if (member.is_role && belongs(access, role, member.id)) return true;
  }
  return false;
}

void require_role_admin(const Identity& who, const Role& role) {
  const bool admin = std::ranges::any_of(
      role.members, [&](const RoleMember& member) { return member.admin && !member.is_role && member.id == who.user; });
  if (who.super || role.owner == who.user || admin) return;
  throw Error(kInsufficientPrivilege, "permission denied to grant role \"" + role.name + "\"");
}

RoleMember member_for(const Access& access, const Role& role, const sql::Grantee& grantee) {
  if (grantee.kind == sql::GranteeKind::kUser) return {false, named_user(access, grantee.name).id, grantee.option};
  if (grantee.kind != sql::GranteeKind::kRole) {
    throw Error(kInvalidGrantOperation, "roles can only be granted to users and roles").at(grantee.name.span.begin);
  }
  const Role& to = named_role(access, grantee.name);
  if (belongs(access, to.id, role.id)) return {true, to.id, false};
  if (belongs(access, role.id, to.id)) {
    throw Error(kInvalidGrantOperation, "role \"" + to.name + "\" is a member of role \"" + role.name + "\"")
        .at(grantee.name.span.begin);
  }
  return {true, to.id, false};
}

void change_members(Role& role, const sql::Grant& statement, const RoleMember& member) {
  const auto same = [&](const RoleMember& each) { return each.is_role == member.is_role && each.id == member.id; };
  const auto present = std::ranges::find_if(role.members, same);
  if (!statement.revoke) {
    if (present == role.members.end()) {
      role.members.push_back(member);
    } else {
      present->admin |= member.admin;
    }
  } else if (statement.option_only) {
    if (present != role.members.end()) present->admin = false;
  } else {
    std::erase_if(role.members, same);
  }
}

void grant_roles(Context& context, const sql::Grant& statement) {
  for (const sql::QualifiedName& name : statement.names) {
    const Access access = access_of(context);
    Role role = named_role(access, name.last());
    require_role_admin(context.identity(), role);
    for (const sql::Grantee& grantee : statement.grantees) {
      if (statement.revoke && grantee.kind == sql::GranteeKind::kRole) {
        change_members(role, statement, {true, named_role(access, grantee.name).id, false});
      } else {
        change_members(role, statement, member_for(access, role, grantee));
      }
    }
    apply(context, PutRole{std::move(role)});
  }
}

}  // namespace

Outcome grant(Context& context, const sql::Grant& statement) {
  switch (statement.kind) {
    case sql::GrantKind::kRoles:
      grant_roles(context, statement);
      break;
    case sql::GrantKind::kSystem:
      grant_system(context, statement);
      break;
    case sql::GrantKind::kScoped:
      grant_scoped(context, statement);
      break;
    case sql::GrantKind::kAssumeRole:
      grant_assumerole(context, statement);
      break;
    case sql::GrantKind::kModels:
      throw Error(kFeatureNotSupported, "models are not supported yet");
    case sql::GrantKind::kDatashares:
      throw Error(kFeatureNotSupported, "datashares are not supported yet");
    case sql::GrantKind::kCopyJobs:
      throw Error(kFeatureNotSupported, "COPY JOB is not supported yet");
    case sql::GrantKind::kTemplates:
      throw Error(kFeatureNotSupported, "templates are not supported yet");
    case sql::GrantKind::kExternalTables:
    case sql::GrantKind::kExternalSchemas:
      throw Error(kFeatureNotSupported, "external tables and schemas are not supported yet");
    case sql::GrantKind::kProcedures:
      throw Error(kFeatureNotSupported, "procedures are not supported yet");
    default: {
      const auto privileges = expanded(statement.privileges, class_of(statement));
      for (const sql::Grantee& grantee : statement.grantees) item_for(access_of(context), grantee);
      for (const Target& target : targets(context, statement)) grant_on(context, statement, target, privileges);
    }
  }
  return {statement.revoke ? "REVOKE" : "GRANT"};
}

// ---- default privileges

namespace {

constexpr std::string_view kFunctions = "functions";

AclItem execute_for_all(std::string privilege, PrincipalId owner) {
  return {std::move(privilege), 0, GranteeClass::kPublic, 0, owner, false};
}

/// Whether the user changed what is so for new functions by itself: everybody executes them (guide pages
/// r_ALTER_DEFAULT_PRIVILEGES, udf-security-and-privileges).
bool is_changed(const std::vector<AclItem>& acl, std::string_view scope, PrincipalId user) {
  return std::ranges::any_of(acl, [&](const AclItem& item) {
    return item.grantor == user && item.privilege.starts_with(std::string(scope) + ":");
  });
}

/// What is so by itself is written out before it is changed, the owner's own right with it, so that something is left
/// when PUBLIC's is revoked.
void write_out_function_default(std::vector<AclItem>& own, std::string_view scope, PrincipalId user) {
  if (scope != kFunctions || is_changed(own, scope, user)) return;
  own.push_back({"functions:execute", 0, GranteeClass::kUser, user, user, false});
  own.push_back(execute_for_all("functions:execute", user));
}

}  // namespace

Outcome alter_default_privileges(Context& context, const sql::AlterDefaultPrivileges& statement) {
  const Identity& who = context.identity();
  std::vector<PrincipalId> users;
  for (const sql::Name& name : statement.users) users.push_back(named_user(access_of(context), name).id);
  const bool others = std::ranges::any_of(users, [&](PrincipalId user) { return user != who.user; });
  if (others && !access_of(context).may_system(who, "alter default privileges")) {
    throw Error(kInsufficientPrivilege, "permission denied to change other users' default privileges");
  }
  if (users.empty()) users.push_back(who.user);
  std::vector<Oid> schemas;
  for (const sql::Name& name : statement.schemas) schemas.push_back(schema_oid(*context.catalog(), name));
  if (schemas.empty()) schemas.push_back(0);
  const auto privileges = expanded(statement.grant.privileges, scoped_class(statement.grant.scope));
  for (const Oid schema : schemas) {
    const ObjectKey key{ObjectClass::kDefaultAcl, schema};
    Permissions permissions = access_of(context).of(key);
    for (const PrincipalId user : users) {
      // Items of different grantors are apart.
      std::vector<AclItem> own;
      std::ranges::copy_if(permissions.acl, std::back_inserter(own),
                           [&](const AclItem& item) { return item.grantor == user; });
      std::erase_if(permissions.acl, [&](const AclItem& item) { return item.grantor == user; });
      if (schema == 0) write_out_function_default(own, statement.grant.scope, user);
      for (const sql::Privilege& privilege : privileges) {
        for (const sql::Grantee& grantee : statement.grant.grantees) {
          AclItem item = item_for(access_of(context), grantee);
          item.privilege = statement.grant.scope + ":" + privilege.name;
          item.grantor = user;
          change_acl(own, statement.grant, item);
        }
      }
      permissions.acl.insert(permissions.acl.end(), own.begin(), own.end());
    }
    apply(context, PutPermissions{key, std::move(permissions)});
  }
  return {"ALTER DEFAULT PRIVILEGES"};
}

std::optional<AccessChange> new_permissions(Context& context, const ObjectKey& object, std::string_view scope,
                                            Oid schema) {
  const Access& access = access_of(context);
  Permissions permissions{context.identity().user, {}};
  for (const Oid place : {Oid{0}, schema}) {
    if (scope.empty()) break;
    for (const AclItem& item : access.of({ObjectClass::kDefaultAcl, place}).acl) {
      const size_t colon = item.privilege.find(':');
      if (item.grantor != permissions.owner || item.privilege.substr(0, colon) != scope) continue;
      AclItem granted = item;
      granted.privilege = item.privilege.substr(colon + 1);
      add_item(permissions.acl, granted);
    }
  }
  const bool by_itself =
      scope == kFunctions && !is_changed(access.of({ObjectClass::kDefaultAcl, 0}).acl, scope, permissions.owner);
  if (by_itself) add_item(permissions.acl, execute_for_all("execute", permissions.owner));
  if (permissions.owner == kFirstUser && permissions.acl.empty()) return std::nullopt;
  return PutPermissions{object, std::move(permissions)};
}

}  // namespace garland::embedded
