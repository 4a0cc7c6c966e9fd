// Users, groups, roles.
#include <algorithm>

#include "base/box.h"
#include "embedded/access_statements.h"
#include "embedded/password.h"

namespace garland::embedded {

namespace {

const Access& access_of(Context& context) { return context.transaction.catalog()->access(); }

void apply(Context& context, AccessChange change) { context.transaction.change(CatalogChange{std::move(change)}); }

[[noreturn]] void deny(const std::string& what) { throw Error(kInsufficientPrivilege, what); }

[[noreturn]] void duplicate(const char* kind, const sql::Name& name) {
  throw Error(kDuplicateObject, std::string(kind) + " \"" + name.text + "\" already exists").at(name.span.begin);
}

[[noreturn]] void missing(const char* kind, const sql::Name& name) {
  throw Error(kUndefinedObject, std::string(kind) + " \"" + name.text + "\" does not exist").at(name.span.begin);
}

template <class T>
PrincipalId next_id(const std::map<PrincipalId, T>& taken) {
  return std::max(kFirstUser, taken.empty() ? kFirstUser : taken.rbegin()->first + 1);
}

void check_new_user(const Access& access, const sql::Name& name) {
  if (name.text == "public") throw Error(kReservedName, "user name \"public\" is reserved").at(name.span.begin);
  if (access.find_user(name.text)) duplicate("user", name);
}

void check_options(const std::vector<sql::UserOption>& options) {
  const auto group = [](sql::UserOptionKind kind) {
    return kind == sql::UserOptionKind::kPasswordDisabled ? sql::UserOptionKind::kPassword : kind;
  };
  for (size_t i = 0; i < options.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (group(options[i].kind) != group(options[j].kind)) continue;
      throw Error(kSyntaxError, "conflicting or redundant options").at(options[i].span.begin);
    }
  }
}

void set_timeout(User& user, const sql::UserOption& option) {
  constexpr int32_t kLeast = 60, kMost = 1'728'000;  // guide page r_CREATE_USER
  if (option.number && (*option.number < kLeast || *option.number > kMost)) {
    throw Error(kInvalidParameterValue, "session timeout must be between 60 and 1728000 seconds").at(option.span.begin);
  }
  user.session_timeout_s = option.number;
}

void check_end(const sql::UserOption& option) {
  try {
    password_end_us(option.text);
  } catch (Error& error) {
    throw std::move(error).at(option.span.begin);
  }
}

void set_option(User& user, const sql::UserOption& option) {
  switch (option.kind) {
    case sql::UserOptionKind::kPassword:
      user.verifier = password_verifier(option.text);
      break;
    case sql::UserOptionKind::kPasswordDisabled:
      user.verifier.clear();
      break;
    case sql::UserOptionKind::kCreateDb:
      user.create_db = option.flag;
      break;
    case sql::UserOptionKind::kCreateUser:
      user.super = option.flag;
      break;
    case sql::UserOptionKind::kSyslogAccess:
      user.unrestricted = option.flag;
      break;
    case sql::UserOptionKind::kInGroup:
      break;
    case sql::UserOptionKind::kValidUntil:
      check_end(option);
      user.valid_until = option.text;
      break;
    case sql::UserOptionKind::kConnectionLimit:
      user.connection_limit = option.number;
      break;
    case sql::UserOptionKind::kSessionTimeout:
      set_timeout(user, option);
      break;
    case sql::UserOptionKind::kExternalId:
      user.external_id = option.text;
      break;
    case sql::UserOptionKind::kLogin:
      user.login = option.flag;
      break;
  }
}

void set_options(User& user, const std::vector<sql::UserOption>& options) {
  check_options(options);
  for (const sql::UserOption& option : options) set_option(user, option);
  const auto disables = [](const sql::UserOption& option) {
    return option.kind == sql::UserOptionKind::kPasswordDisabled;
  };
  if (user.super && std::ranges::any_of(options, disables)) {
    throw Error(kInvalidParameterValue, "cannot disable the password of a superuser");
  }
}

}  // namespace

const User& named_user(const Access& access, const sql::Name& name) {
  if (const User* found = access.find_user(name.text)) return *found;
  missing("user", name);
}

const Group& named_group(const Access& access, const sql::Name& name) {
  if (const Group* found = access.find_group(name.text)) return *found;
  missing("group", name);
}

const Role& named_role(const Access& access, const sql::Name& name) {
  if (const Role* found = access.find_role(name.text)) return *found;
  missing("role", name);
}

// ---- users

Outcome create_user(Context& context, const sql::CreateUser& statement) {
  const Access& access = access_of(context);
  const Identity& who = context.identity();
  if (!access.may_system(who, "create user")) deny("permission denied to create user");
  check_new_user(access, statement.name);
  const auto sets_password = [](const sql::UserOption& option) {
    return option.kind == sql::UserOptionKind::kPassword || option.kind == sql::UserOptionKind::kPasswordDisabled;
  };
  if (std::ranges::none_of(statement.options, sets_password)) {
    throw Error(kSyntaxError, "CREATE USER needs PASSWORD").at(statement.name.span.begin);
  }
  User user;
  user.id = next_id(access.users());
  user.name = statement.name.text;
  set_options(user, statement.options);
  if (user.super && !who.super) deny("must be superuser to create superusers");
  std::vector<Group> joined;
  for (const sql::UserOption& option : statement.options) {
    for (const sql::Name& name : option.names) {
      joined.push_back(named_group(access, name));
      joined.back().members.insert(user.id);
    }
  }
  apply(context, PutUser{std::move(user)});
  for (Group& group : joined) apply(context, PutGroup{std::move(group)});
  return {"CREATE USER"};
}

namespace {

void rename_user(Context& context, User user, const sql::RenameUser& rename) {
  check_new_user(access_of(context), rename.to);
  if (user.id == context.identity().user) throw Error(kFeatureNotSupported, "session user may not be renamed");
  user.name = rename.to.text;
  if (!user.verifier.empty()) {  // guide page r_ALTER_USER, RENAME TO
    const bool md5 = user.verifier.starts_with("md5");
    user.verifier.clear();
    context.notice("NOTICE", SqlState("00000"),
                   md5 ? "MD5 password cleared because of user rename" : "password cleared because of user rename");
  }
  apply(context, PutUser{std::move(user)});
}

void change_setting(Context& context, User user, const sql::UserSetting& setting) {
  std::erase_if(user.settings, [&](const auto& each) {
    return each.first == setting.name || (setting.reset && setting.name == "all");
  });
  if (!setting.values.empty()) {
    std::string value;
    for (const std::string& each : setting.values) value += (value.empty() ? "" : ", ") + each;
    user.settings.emplace_back(setting.name, std::move(value));
  }
  apply(context, PutUser{std::move(user)});
}

/// A user may change the own password and the own settings.
bool only_password(const sql::AlterUser& statement) {
  const auto* options = std::get_if<std::vector<sql::UserOption>>(&statement.action);
  if (!options) return std::holds_alternative<sql::UserSetting>(statement.action);
  return std::ranges::all_of(*options, [](const sql::UserOption& option) {
    return option.kind == sql::UserOptionKind::kPassword || option.kind == sql::UserOptionKind::kValidUntil;
  });
}

}  // namespace

Outcome alter_user(Context& context, const sql::AlterUser& statement) {
  const Access& access = access_of(context);
  const Identity& who = context.identity();
  User user = named_user(access, statement.name);
  const bool own = user.id == who.user && only_password(statement) && !user.verifier.empty();
  if (user.id == kSystemUser || (!own && !access.may_system(who, "alter user"))) deny("permission denied");
  if (user.super && !who.super) deny("must be superuser to alter superusers");
  std::visit(overloaded{[&](const std::vector<sql::UserOption>& options) {
                          const bool was_super = user.super;
                          set_options(user, options);
                          if (user.super != was_super && !who.super) deny("must be superuser to alter superusers");
                          apply(context, PutUser{std::move(user)});
                        },
                        [&](const sql::RenameUser& rename) { rename_user(context, std::move(user), rename); },
                        [&](const sql::UserSetting& setting) { change_setting(context, std::move(user), setting); }},
             statement.action);
  return {"ALTER USER"};
}

// ---- groups

Outcome create_group(Context& context, const sql::CreateGroup& statement) {
  const Access& access = access_of(context);
  if (!context.identity().super) deny("must be superuser to create user groups");
  if (access.find_group(statement.name.text)) duplicate("group", statement.name);
  Group group{next_id(access.groups()), statement.name.text, {}};
  for (const sql::Name& name : statement.users) group.members.insert(named_user(access, name).id);
  apply(context, PutGroup{std::move(group)});
  return {"CREATE GROUP"};
}

Outcome alter_group(Context& context, const sql::AlterGroup& statement) {
  const Access& access = access_of(context);
  if (!context.identity().super) deny("must be superuser to alter user groups");
  Group group = named_group(access, statement.name);
  switch (statement.action) {
    case sql::GroupAction::kAddUsers:
      for (const sql::Name& name : statement.names) group.members.insert(named_user(access, name).id);
      break;
    case sql::GroupAction::kDropUsers:
      for (const sql::Name& name : statement.names) group.members.erase(named_user(access, name).id);
      break;
    case sql::GroupAction::kRename:
      if (access.find_group(statement.names[0].text)) duplicate("group", statement.names[0]);
      group.name = statement.names[0].text;
      break;
  }
  apply(context, PutGroup{std::move(group)});
  return {"ALTER GROUP"};
}

// ---- roles

Outcome create_role(Context& context, const sql::CreateRole& statement) {
  const Access& access = access_of(context);
  const Identity& who = context.identity();
  const sql::Name& name = statement.name;
  if (!access.may_system(who, "create role")) deny("permission denied to create role");
  if (name.text.starts_with("sys:") || name.text.starts_with("ds:") || name.text == "public") {
    throw Error(kReservedName, "role name \"" + name.text + "\" is reserved").at(name.span.begin);
  }
  if (access.find_role(name.text)) duplicate("role", name);
  if (access.roles().size() >= 1000) throw Error(kProgramLimitExceeded, "there can be at most 1000 roles");
  apply(context, PutRole{{next_id(access.roles()), name.text, who.user, statement.external_id.value_or(""), {}}});
  return {"CREATE ROLE"};
}

namespace {

void require_role_owner(const Identity& who, const Role& role) {
  const auto administers = [&](const RoleMember& member) {
    return member.admin && (member.is_role ? who.roles.contains(member.id) : member.id == who.user);
  };
  if (role.owner == kSystemUser) deny("permission denied: role \"" + role.name + "\" is a system role");
  if (who.super || role.owner == who.user || std::ranges::any_of(role.members, administers)) return;
  deny("must be owner of role " + role.name);
}

}  // namespace

Outcome alter_role(Context& context, const sql::AlterRole& statement) {
  const Access& access = access_of(context);
  Role role = named_role(access, statement.name);
  require_role_owner(context.identity(), role);
  switch (statement.action) {
    case sql::RoleAction::kRename:
      if (access.find_role(statement.to.text)) duplicate("role", statement.to);
      role.name = statement.to.text;
      break;
    case sql::RoleAction::kOwner:
      role.owner = named_user(access, statement.to).id;
      break;
    case sql::RoleAction::kExternalId:
      role.external_id = statement.to.text;
      break;
  }
  apply(context, PutRole{std::move(role)});
  return {"ALTER ROLE"};
}

// ---- DROP

namespace {

[[noreturn]] void still_used(const char* kind, const std::string& name, const char* why) {
  throw Error(kObjectInUse, std::string(kind) + " \"" + name + "\" can't be dropped because the " + kind + " " + why);
}

bool has_grants(const Access& access, GranteeClass grantee_class, PrincipalId id) {
  return std::ranges::any_of(access.objects(), [&](const auto& object) {
    return std::ranges::any_of(object.second.acl, [&](const AclItem& item) {
      return item.grantee_class == grantee_class && item.grantee == id;
    });
  });
}

void drop_user(Context& context, const User& user) {
  const Access access = access_of(context);
  if (user.id == context.identity().user) throw Error(kObjectInUse, "current user cannot be dropped");
  const auto owned = [&](const auto& object) { return object.second.owner == user.id; };
  const auto owned_role = [&](const auto& role) { return role.second.owner == user.id; };
  if (user.id <= kFirstUser || std::ranges::any_of(access.objects(), owned) ||
      std::ranges::any_of(access.roles(), owned_role)) {
    still_used("user", user.name, "owns some object");
  }
  if (has_grants(access, GranteeClass::kUser, user.id)) still_used("user", user.name, "has a privilege on some object");
  const PrincipalId id = user.id;
  for (const auto& [group_id, group] : access.groups()) {
    if (!group.members.contains(id)) continue;
    Group left = group;
    left.members.erase(id);
    apply(context, PutGroup{std::move(left)});
  }
  for (const auto& [role_id, role] : access.roles()) {
    Role left = role;
    std::erase_if(left.members, [&](const RoleMember& member) { return !member.is_role && member.id == id; });
    if (left.members.size() != role.members.size()) apply(context, PutRole{std::move(left)});
  }
  apply(context, DropUser{id});
}

void drop_group(Context& context, const Group& group) {
  if (has_grants(access_of(context), GranteeClass::kGroup, group.id)) {
    still_used("group", group.name, "has a privilege on some object");
  }
  apply(context, DropGroup{group.id});
}

bool is_member(const Role& of, PrincipalId role) {
  return std::ranges::any_of(of.members, [&](const RoleMember& member) { return member.is_role && member.id == role; });
}

/// What the role was granted goes with it.
void drop_role(Context& context, const Role& role, bool force) {
  const Access access = access_of(context);
  require_role_owner(context.identity(), role);
  if (!force && !role.members.empty()) {
    throw Error(kDependentObjectsStillExist, "cannot drop this role since it has been granted on a user");
  }
  for (const auto& [id, other] : access.roles()) {
    if (!is_member(other, role.id)) continue;
    if (!force) throw Error(kDependentObjectsStillExist, "cannot drop this role since it depends on another role");
    Role left = other;
    std::erase_if(left.members, [&](const RoleMember& member) { return member.is_role && member.id == role.id; });
    apply(context, PutRole{std::move(left)});
  }
  for (const auto& [key, permissions] : access.objects()) {
    Permissions left = permissions;
    std::erase_if(left.acl, [&](const AclItem& item) {
      return item.grantee_class == GranteeClass::kRole && item.grantee == role.id;
    });
    if (left.acl.size() != permissions.acl.size()) apply(context, PutPermissions{key, std::move(left)});
  }
  apply(context, DropRole{role.id});
}

void drop_one(Context& context, const sql::DropPrincipals& statement, const sql::Name& name) {
  const Access access = access_of(context);
  switch (statement.kind) {
    case sql::PrincipalKind::kUser:
      return drop_user(context, named_user(access, name));
    case sql::PrincipalKind::kGroup:
      return drop_group(context, named_group(access, name));
    case sql::PrincipalKind::kRole:
      return drop_role(context, named_role(access, name), statement.force);
  }
}

bool exists(const Access& access, const sql::DropPrincipals& statement, const sql::Name& name) {
  switch (statement.kind) {
    case sql::PrincipalKind::kUser:
      return access.find_user(name.text) != nullptr;
    case sql::PrincipalKind::kGroup:
      return access.find_group(name.text) != nullptr;
    case sql::PrincipalKind::kRole:
      break;
  }
  return access.find_role(name.text) != nullptr;
}

}  // namespace

Outcome drop_principals(Context& context, const sql::DropPrincipals& statement) {
  const bool users = statement.kind == sql::PrincipalKind::kUser;
  const std::string kind = users ? "user" : statement.kind == sql::PrincipalKind::kGroup ? "group" : "role";
  if (users && !access_of(context).may_system(context.identity(), "drop user")) deny("permission denied to drop user");
  if (kind == "group" && !context.identity().super) deny("must be superuser to drop user groups");
  for (const sql::Name& name : statement.names) {
    if (statement.if_exists && !exists(access_of(context), statement, name)) {
      context.notice("INFO", SqlState("00000"), kind + " \"" + name.text + "\" does not exist, skipping");
      continue;
    }
    drop_one(context, statement, name);
  }
  return {users ? "DROP USER" : kind == "group" ? "DROP GROUP" : "DROP ROLE"};
}

}  // namespace garland::embedded
