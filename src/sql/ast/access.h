// Users, groups, roles, privileges, and the policies on rows and columns. Guide pages r_CREATE_USER, r_ALTER_USER,
// r_CREATE_GROUP, r_CREATE_ROLE, r_GRANT, r_REVOKE, r_ALTER_DEFAULT_PRIVILEGES, r_SET_SESSION_AUTHORIZATION,
// r_CREATE_RLS_POLICY, r_ATTACH_RLS_POLICY, r_CREATE_MASKING_POLICY, r_ATTACH_MASKING_POLICY.
#pragma once

#include "sql/ast/expression.h"

namespace garland::sql {

// ---- users, groups, roles
enum class UserOptionKind {
  kPassword,          // text: as written: plain, 'md5…', 'sha256|…'. A secret: never in errors or logs
  kPasswordDisabled,  // PASSWORD DISABLE
  kCreateDb,          // flag: CREATEDB or NOCREATEDB
  kCreateUser,        // flag: CREATEUSER or NOCREATEUSER
  kSyslogAccess,      // flag: UNRESTRICTED or RESTRICTED
  kInGroup,           // names
  kValidUntil,        // text
  kConnectionLimit,   // number; none: UNLIMITED
  kSessionTimeout,    // number of seconds; none: RESET SESSION TIMEOUT
  kExternalId,        // text
  kLogin,             // flag: LOGIN or NOLOGIN
};
struct UserOption {
  UserOptionKind kind;
  bool flag = false;
  std::string text;
  std::optional<int32_t> number;
  std::vector<Name> names;
  Span span;
  bool operator==(const UserOption&) const = default;
};
struct CreateUser {
  Name name;
  std::vector<UserOption> options;
  bool operator==(const CreateUser&) const = default;
};
struct RenameUser {
  Name to;
  bool operator==(const RenameUser&) const = default;
};
/// ALTER USER … SET setting TO values; no values: DEFAULT, or RESET when `reset`.
struct UserSetting {
  std::string name;
  std::vector<std::string> values;
  bool reset = false;
  bool operator==(const UserSetting&) const = default;
};
struct AlterUser {
  Name name;
  std::variant<std::vector<UserOption>, RenameUser, UserSetting> action;
  bool operator==(const AlterUser&) const = default;
};
struct CreateGroup {
  Name name;
  std::vector<Name> users;
  bool operator==(const CreateGroup&) const = default;
};
enum class GroupAction { kAddUsers, kDropUsers, kRename };
struct AlterGroup {
  Name name;
  GroupAction action;
  std::vector<Name> names;  // users, or the one new name
  bool operator==(const AlterGroup&) const = default;
};
struct CreateRole {
  Name name;
  std::optional<std::string> external_id;
  bool operator==(const CreateRole&) const = default;
};
enum class RoleAction { kRename, kOwner, kExternalId };
struct AlterRole {
  Name name;
  RoleAction action;
  Name to;  // the external id's text too
  bool operator==(const AlterRole&) const = default;
};
enum class PrincipalKind { kUser, kGroup, kRole };
struct DropPrincipals {
  PrincipalKind kind;
  bool if_exists = false;
  std::vector<Name> names;
  bool force = false;  // DROP ROLE … FORCE
  bool operator==(const DropPrincipals&) const = default;
};
/// SET [LOCAL] SESSION AUTHORIZATION user; no user: DEFAULT.
struct SetSessionAuthorization {
  bool local = false;
  std::optional<Name> user;
  bool operator==(const SetSessionAuthorization&) const = default;
};

// ---- privileges
/// Lower case, one blank between words, without noise: "select", "all" (ALL PRIVILEGES), "temporary" (TEMP), "create
/// or replace function", "explain rls", "assumerole".
struct Privilege {
  std::string name;
  std::vector<Name> columns;  // GRANT SELECT (a, b) ON …
  Span span;
  bool operator==(const Privilege&) const = default;
};
/// What a GRANT is about.
enum class GrantKind {
  kTables,
  kTablesInSchemas,
  kDatabases,
  kSchemas,
  kFunctions,
  kFunctionsInSchemas,
  kProcedures,
  kProceduresInSchemas,
  kLanguages,
  kModels,
  kDatashares,
  kCopyJobs,
  kTemplates,
  kExternalTables,
  kExternalSchemas,
  kAssumeRole,  // iam_roles, actions
  kRoles,       // GRANT ROLE names TO …
  kSystem,      // system permissions: no object
  kScoped,      // FOR scope IN …
  kDefault,     // ALTER DEFAULT PRIVILEGES: scope is "tables", "functions" or "procedures"
};
/// A function or procedure; without parentheses: no arguments' types.
struct RoutineName {
  QualifiedName name;
  std::optional<std::vector<TypeName>> arguments;
  bool operator==(const RoutineName&) const = default;
};
enum class GranteeKind { kUser, kGroup, kRole, kPublic, kIamRole, kNamespace, kAccount, kRlsPolicy, kMaskingPolicy };
struct Grantee {
  GranteeKind kind;
  Name name;            // an ARN, GUID or account number too
  bool option = false;  // WITH GRANT OPTION, WITH ADMIN OPTION; VIA DATA CATALOG for accounts
  bool operator==(const Grantee&) const = default;
};
struct Grant {
  bool revoke = false;
  bool option_only = false;  // REVOKE {GRANT | ADMIN} OPTION FOR
  GrantKind kind = GrantKind::kTables;
  std::vector<Privilege> privileges;
  std::vector<QualifiedName> names;  // relations, schemas, databases, roles …
  std::vector<RoutineName> routines;
  std::vector<std::string> iam_roles;    // ASSUMEROLE ON: ARNs, "default" or "all"
  std::vector<std::string> actions;      // ASSUMEROLE … FOR: "all", "copy", "create model" …
  std::string scope;                     // kScoped: "schemas", "tables", …; kDefault: "tables" …
  std::optional<Name> schema, database;  // kScoped: IN
  std::vector<Grantee> grantees;
  bool cascade = false;
  bool operator==(const Grant&) const = default;
};
struct AlterDefaultPrivileges {
  std::vector<Name> users;    // FOR USER
  std::vector<Name> schemas;  // IN SCHEMA
  Grant grant;
  bool operator==(const AlterDefaultPrivileges&) const = default;
};

// ---- policies
enum class PolicyKind { kRowLevelSecurity, kMasking };
struct PolicyColumn {
  Name name;
  TypeName type;
  bool operator==(const PolicyColumn&) const = default;
};
struct CreatePolicy {
  PolicyKind kind;
  bool if_not_exists = false;
  QualifiedName name;
  std::vector<PolicyColumn> columns;
  std::optional<Name> alias;  // of the relation, in the predicate
  std::vector<Expr> expressions;
  bool operator==(const CreatePolicy&) const = default;
};
struct AlterPolicy {
  PolicyKind kind;
  QualifiedName name;
  std::vector<Expr> expressions;
  bool operator==(const AlterPolicy&) const = default;
};
struct DropPolicy {
  PolicyKind kind;
  bool if_exists = false;
  QualifiedName name;
  bool cascade = false;
  bool operator==(const DropPolicy&) const = default;
};
/// ATTACH or DETACH. Columns are column names or paths into SUPER columns.
struct AttachPolicy {
  PolicyKind kind;
  bool detach = false;
  QualifiedName name;
  std::vector<QualifiedName> tables;
  std::vector<Expr> columns;  // masking: what is masked
  std::vector<Expr> inputs;   // masking: USING
  std::vector<Grantee> grantees;
  std::optional<int32_t> priority;
  bool operator==(const AttachPolicy&) const = default;
};
enum class Conjunction { kDefault, kAnd, kOr };
/// ALTER TABLE … ROW LEVEL SECURITY {ON | OFF}
struct RowLevelSecurity {
  QualifiedName table;
  bool on = false;
  Conjunction conjunction = Conjunction::kDefault;
  bool for_datashares = false;
  bool operator==(const RowLevelSecurity&) const = default;
};

// ---- SHOW of catalog objects (guide pages r_SHOW_TABLES, r_SHOW_COLUMNS, r_SHOW_GRANTS, …)
enum class ShowKind {
  kDatabases,
  kSchemas,      // FROM DATABASE name
  kTables,       // FROM SCHEMA name
  kColumns,      // FROM TABLE name
  kFunctions,    // FROM SCHEMA name
  kProcedures,   // FROM SCHEMA name
  kConstraints,  // FROM TABLE name; word: "primary keys", "foreign keys", "foreign keys exported"
  kGrants,       // ON word name, or FOR grantee
  kTable,
  kView,
  kExternalTable,
  kProcedure,
  kModel,  // no name: ALL
  kDatashares,
};
struct ShowObjects {
  ShowKind kind;
  QualifiedName name;  // may be empty
  std::string word;    // GRANTS ON: "table", "schema", "database", "function"
  std::optional<std::vector<TypeName>> arguments;
  std::optional<Grantee> grantee;
  std::optional<Name> database;  // GRANTS FOR … FROM DATABASE
  std::optional<std::string> like;
  std::optional<int32_t> limit;
  bool data_catalog = false;            // DATABASES FROM DATA CATALOG
  std::vector<std::string> accounts;    // … ACCOUNT 'id', …
  std::optional<std::string> iam_role;  // … IAM_ROLE: an ARN, "default" or "session"
  bool partition = false;               // EXTERNAL TABLE … PARTITION
  bool operator==(const ShowObjects&) const = default;
};

}  // namespace garland::sql
