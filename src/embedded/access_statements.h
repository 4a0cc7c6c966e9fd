// Statements about users, groups, roles, privileges and policies: in the context's transaction, which must have started
// and hold the locks that access_locks() names. Guide pages as in sql/ast/access.h.
#pragma once

#include "embedded/ddl.h"

namespace garland::embedded {

/// CREATE USER … ALTER DEFAULT PRIVILEGES, policies; nothing for statements of other families.
std::optional<Outcome> run_access(Context& context, const sql::Statement& statement);
/// Whether run_access() takes the statement.
bool is_access_statement(const sql::Statement& statement);
/// All of them wait for each other; GRANT keeps the relations it names from being dropped.
std::vector<NeededLock> access_locks(const sql::Statement& statement, const SessionCatalog& catalog);

// The families.
Outcome create_user(Context& context, const sql::CreateUser& statement);
Outcome alter_user(Context& context, const sql::AlterUser& statement);
Outcome create_group(Context& context, const sql::CreateGroup& statement);
Outcome alter_group(Context& context, const sql::AlterGroup& statement);
Outcome create_role(Context& context, const sql::CreateRole& statement);
Outcome alter_role(Context& context, const sql::AlterRole& statement);
Outcome drop_principals(Context& context, const sql::DropPrincipals& statement);
Outcome grant(Context& context, const sql::Grant& statement);
Outcome alter_default_privileges(Context& context, const sql::AlterDefaultPrivileges& statement);
Outcome create_policy(Context& context, const sql::CreatePolicy& statement);
Outcome alter_policy(Context& context, const sql::AlterPolicy& statement);
Outcome drop_policy(Context& context, const sql::DropPolicy& statement);

/// By name; throw 42704.
const User& named_user(const Access& access, const sql::Name& name);
const Group& named_group(const Access& access, const sql::Name& name);
const Role& named_role(const Access& access, const sql::Name& name);

/// The owner and the default privileges of an object that the session made: a change to apply, where there is
/// something to keep. `scope`: "tables", "functions", "procedures", or empty.
std::optional<AccessChange> new_permissions(Context& context, const ObjectKey& object, std::string_view scope,
                                            Oid schema);

}  // namespace garland::embedded
