// Who may do what: users, groups, roles, owners and privileges, as one value in each snapshot of the catalog. Guide
// pages r_Privileges, r_superusers, r_Groups, t_Roles, t_role_assignment, t_scoped-permissions.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "semantics/catalog.h"

namespace garland::embedded {

using semantics::Oid;

/// usesysid; groups and roles count by themselves.
using PrincipalId = int32_t;
/// Owns the system's own objects; nobody logs in as it.
inline constexpr PrincipalId kSystemUser = 1;
/// The administrator that the warehouse was made with.
inline constexpr PrincipalId kFirstUser = 100;
/// The one database there is as yet.
inline constexpr Oid kDatabaseOid = 1;

struct User {
  PrincipalId id = 0;
  std::string name;
  bool create_db = false;
  bool super = false;
  bool unrestricted = false;  // SYSLOG ACCESS UNRESTRICTED
  bool login = true;
  /// What a password is checked with, never the password, in one of the forms that password.h gives; empty: nobody can
  /// log in with a password.
  std::string verifier;
  std::string valid_until;                  // as written
  std::optional<int32_t> connection_limit;  // none: unlimited
  std::optional<int32_t> session_timeout_s;
  std::string external_id;
  std::vector<std::pair<std::string, std::string>> settings;  // ALTER USER … SET
};
struct Group {
  PrincipalId id = 0;
  std::string name;
  std::set<PrincipalId> members;
};
struct RoleMember {
  bool is_role = false;  // else a user
  PrincipalId id = 0;
  bool admin = false;  // WITH ADMIN OPTION
  friend auto operator<=>(const RoleMember&, const RoleMember&) = default;
};
struct Role {
  PrincipalId id = 0;
  std::string name;
  PrincipalId owner = kFirstUser;
  std::string external_id;
  std::vector<RoleMember> members;  // who was granted it
};

/// A row-level security or masking policy, kept as the statement that makes it.
struct Policy {
  bool masking = false;
  std::string name;
  std::string text;  // CREATE … POLICY
  PrincipalId owner = kFirstUser;
};

enum class ObjectClass : uint8_t {
  kDatabase,
  kSchema,
  kRelation,
  kFunction,
  kProcedure,
  kLanguage,
  kSystem,          // oid 0: system permissions, of roles only
  kScopedDatabase,  // of a database; privileges are "tables:select" and the like
  kScopedSchema,    // of a schema
  kDefaultAcl,      // of a schema, or 0: what new objects of the item's grantor get; "tables:select"
  kAssumeRole,      // oid 0; privileges are "copy:arn"
};
struct ObjectKey {
  ObjectClass object_class = ObjectClass::kRelation;
  Oid oid = 0;
  friend auto operator<=>(const ObjectKey&, const ObjectKey&) = default;
};
enum class GranteeClass : uint8_t { kPublic, kUser, kGroup, kRole };
struct AclItem {
  std::string privilege;  // lower case: "select", "usage"
  int16_t attnum = 0;     // a column's privilege
  GranteeClass grantee_class = GranteeClass::kUser;
  PrincipalId grantee = 0;
  PrincipalId grantor = kFirstUser;
  bool option = false;  // WITH GRANT OPTION
  friend auto operator<=>(const AclItem&, const AclItem&) = default;
};
struct Permissions {
  PrincipalId owner = kFirstUser;
  std::vector<AclItem> acl;
};

// ---- changes
struct PutUser {
  User user;
};
struct DropUser {
  PrincipalId id;
};
struct PutGroup {
  Group group;
};
struct DropGroup {
  PrincipalId id;
};
struct PutRole {
  Role role;
};
struct DropRole {
  PrincipalId id;
};
struct PutPermissions {
  ObjectKey object;
  Permissions permissions;
};
struct DropPermissions {
  ObjectKey object;
};
struct PutPolicy {
  Policy policy;
};
struct DropPolicy {
  bool masking;
  std::string name;
};
using AccessChange = std::variant<PutUser, DropUser, PutGroup, DropGroup, PutRole, DropRole, PutPermissions,
                                  DropPermissions, PutPolicy, DropPolicy>;

/// A user with everything it belongs to.
struct Identity {
  PrincipalId user = kFirstUser;
  std::string name;
  bool super = false;
  bool unrestricted = false;
  std::set<PrincipalId> groups;
  std::set<PrincipalId> roles;  // also through roles

  bool is(const AclItem& item) const;
};

/// The schema and database that an object lies in, for scoped permissions; 0: none.
struct Place {
  Oid schema = 0;
  Oid database = 0;
};

/// Value type.
class Access {
 public:
  void apply(const AccessChange& change);

  const std::map<PrincipalId, User>& users() const { return users_; }
  const std::map<PrincipalId, Group>& groups() const { return groups_; }
  const std::map<PrincipalId, Role>& roles() const { return roles_; }
  const std::map<ObjectKey, Permissions>& objects() const { return objects_; }
  /// By (masking, name).
  const std::map<std::pair<bool, std::string>, Policy>& policies() const { return policies_; }
  const User* find_user(std::string_view name) const;
  const Group* find_group(std::string_view name) const;
  const Role* find_role(std::string_view name) const;
  /// The object's own, or those of the administrator's object without grants.
  const Permissions& of(const ObjectKey& object) const;
  PrincipalId owner(const ObjectKey& object) const { return of(object).owner; }

  Identity identity(const User& user) const;
  /// Owner, superuser, a grant to the user, a group, a role or PUBLIC, a scoped permission. `attnum` not 0: the
  /// column's privilege counts too.
  bool may(const Identity& who, const ObjectKey& object, std::string_view privilege, const Place& place = {},
           int16_t attnum = 0) const;
  bool owns(const Identity& who, const ObjectKey& object) const { return who.super || owner(object) == who.user; }
  /// A system permission ("create user") through a role.
  bool may_system(const Identity& who, std::string_view permission) const;
  /// May grant the privilege: owner, superuser or WITH GRANT OPTION.
  bool may_grant(const Identity& who, const ObjectKey& object, std::string_view privilege) const;

 private:
  std::map<PrincipalId, User> users_;
  std::map<PrincipalId, Group> groups_;
  std::map<PrincipalId, Role> roles_;
  std::map<ObjectKey, Permissions> objects_;
  std::map<std::pair<bool, std::string>, Policy> policies_;
};

/// The users, roles and grants of a new warehouse.
std::vector<AccessChange> first_access();

}  // namespace garland::embedded
