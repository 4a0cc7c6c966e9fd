#include "embedded/access.h"

#include <algorithm>

#include "base/box.h"

namespace garland::embedded {

namespace {

constexpr Oid kPublic = 2200;

template <class T>
const T* by_name(const std::map<PrincipalId, T>& principals, std::string_view name) {
  for (const auto& [id, principal] : principals) {
    if (principal.name == name) return &principal;
  }
  return nullptr;
}

/// What a scope calls an object of the class.
std::string_view scope_word(ObjectClass object_class) {
  switch (object_class) {
    case ObjectClass::kSchema:
      return "schemas:";
    case ObjectClass::kRelation:
      return "tables:";
    case ObjectClass::kFunction:
      return "functions:";
    case ObjectClass::kProcedure:
      return "procedures:";
    case ObjectClass::kLanguage:
      return "languages:";
    default:
      return "";
  }
}

}  // namespace

bool Identity::is(const AclItem& item) const {
  switch (item.grantee_class) {
    case GranteeClass::kPublic:
      return true;
    case GranteeClass::kUser:
      return item.grantee == user;
    case GranteeClass::kGroup:
      return groups.contains(item.grantee);
    case GranteeClass::kRole:
      break;
  }
  return roles.contains(item.grantee);
}

void Access::apply(const AccessChange& change) {
  std::visit(overloaded{[&](const PutUser& put) { users_[put.user.id] = put.user; },
                        [&](const DropUser& drop) { users_.erase(drop.id); },
                        [&](const PutGroup& put) { groups_[put.group.id] = put.group; },
                        [&](const DropGroup& drop) { groups_.erase(drop.id); },
                        [&](const PutRole& put) { roles_[put.role.id] = put.role; },
                        [&](const DropRole& drop) { roles_.erase(drop.id); },
                        [&](const PutPermissions& put) { objects_[put.object] = put.permissions; },
                        [&](const DropPermissions& drop) { objects_.erase(drop.object); },
                        [&](const PutPolicy& put) { policies_[{put.policy.masking, put.policy.name}] = put.policy; },
                        [&](const DropPolicy& drop) { policies_.erase({drop.masking, drop.name}); }},
             change);
}

const User* Access::find_user(std::string_view name) const { return by_name(users_, name); }
const Group* Access::find_group(std::string_view name) const { return by_name(groups_, name); }
const Role* Access::find_role(std::string_view name) const { return by_name(roles_, name); }

const Permissions& Access::of(const ObjectKey& object) const {
  static const Permissions kAdministrators;
  const auto found = objects_.find(object);
  return found == objects_.end() ? kAdministrators : found->second;
}

Identity Access::identity(const User& user) const {
  Identity result{user.id, user.name, user.super, user.unrestricted || user.super, {}, {}};
  for (const auto& [id, group] : groups_) {
    if (group.members.contains(user.id)) result.groups.insert(id);
  }
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& [id, role] : roles_) {
      const bool member = std::ranges::any_of(role.members, [&](const RoleMember& each) {
        return each.is_role ? result.roles.contains(each.id) : each.id == user.id;
      });
      if (member && result.roles.insert(id).second) grown = true;
    }
  }
  for (const PrincipalId role : result.roles) {
    if (roles_.at(role).name == "sys:superuser") result.super = result.unrestricted = true;
  }
  return result;
}

bool Access::may(const Identity& who, const ObjectKey& object, std::string_view privilege, const Place& place,
                 int16_t attnum) const {
  if (owns(who, object)) return true;
  const auto granted = [&](const ObjectKey& key, std::string_view name) {
    return std::ranges::any_of(of(key).acl, [&](const AclItem& item) {
      return item.privilege == name && (item.attnum == 0 || item.attnum == attnum) && who.is(item);
    });
  };
  if (granted(object, privilege)) return true;
  const std::string scoped = std::string(scope_word(object.object_class)).append(privilege);
  if (place.schema != 0 && granted({ObjectClass::kScopedSchema, place.schema}, scoped)) return true;
  return place.database != 0 && granted({ObjectClass::kScopedDatabase, place.database}, scoped);
}

bool Access::may_system(const Identity& who, std::string_view permission) const {
  if (who.super) return true;
  return std::ranges::any_of(of({ObjectClass::kSystem, 0}).acl, [&](const AclItem& item) {
    return item.privilege == permission && item.grantee_class == GranteeClass::kRole && who.is(item);
  });
}

bool Access::may_grant(const Identity& who, const ObjectKey& object, std::string_view privilege) const {
  if (owns(who, object)) return true;
  return std::ranges::any_of(
      of(object).acl, [&](const AclItem& item) { return item.privilege == privilege && item.option && who.is(item); });
}

namespace {

/// What Redshift's own roles may do (guide page r_roles-default).
struct SystemRole {
  const char* name;
  std::vector<const char*> permissions;
};

std::vector<SystemRole> system_roles() {
  return {{"sys:monitor", {"access catalog", "access system table"}},
          {"sys:operator", {"access catalog", "access system table", "analyze", "vacuum", "cancel"}},
          {"sys:dba",
           {"create schema",
            "create table",
            "drop schema",
            "drop table",
            "truncate table",
            "create or replace function",
            "create or replace external function",
            "drop function",
            "create or replace procedure",
            "drop procedure",
            "create or replace view",
            "drop view",
            "create model",
            "drop model",
            "alter table",
            "access catalog",
            "access system table",
            "analyze",
            "vacuum",
            "cancel"}},
          {"sys:superuser", {}},
          {"sys:secadmin",
           {"create user", "alter user", "drop user", "create role", "drop role", "access catalog",
            "access system table", "explain rls", "explain masking"}}};
}

}  // namespace

std::vector<AccessChange> first_access() {
  std::vector<AccessChange> result;
  User system{kSystemUser, "rdsdb", true, true, true, false};
  result.push_back(PutUser{system});
  result.push_back(PutUser{User{kFirstUser, "admin", true, true, true, true}});
  Permissions system_permissions{kSystemUser, {}};
  PrincipalId id = 1;
  for (const SystemRole& role : system_roles()) {
    result.push_back(PutRole{Role{id, role.name, kSystemUser, "", {}}});
    for (const char* permission : role.permissions) {
      system_permissions.acl.push_back({permission, 0, GranteeClass::kRole, id, kSystemUser, false});
    }
    ++id;
  }
  result.push_back(PutPermissions{{ObjectClass::kSystem, 0}, std::move(system_permissions)});
  const auto to_public = [](const char* privilege) {
    return AclItem{privilege, 0, GranteeClass::kPublic, 0, kSystemUser, false};
  };
  // Guide page r_Privileges: everybody may use and create in the schema public, and make temporary tables.
  result.push_back(
      PutPermissions{{ObjectClass::kSchema, kPublic}, {kSystemUser, {to_public("usage"), to_public("create")}}});
  result.push_back(PutPermissions{{ObjectClass::kDatabase, kDatabaseOid}, {kFirstUser, {to_public("temporary")}}});
  return result;
}

}  // namespace garland::embedded
