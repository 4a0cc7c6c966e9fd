// Writer: GRANT, REVOKE, ALTER DEFAULT PRIVILEGES.
#include "sql/writer.h"

namespace garland::sql {
namespace {

std::string_view object_words(GrantKind kind) {
  switch (kind) {
    case GrantKind::kTables:
      return "table ";
    case GrantKind::kTablesInSchemas:
      return "all tables in schema ";
    case GrantKind::kDatabases:
      return "database ";
    case GrantKind::kSchemas:
      return "schema ";
    case GrantKind::kFunctions:
      return "function ";
    case GrantKind::kFunctionsInSchemas:
      return "all functions in schema ";
    case GrantKind::kProcedures:
      return "procedure ";
    case GrantKind::kProceduresInSchemas:
      return "all procedures in schema ";
    case GrantKind::kLanguages:
      return "language ";
    case GrantKind::kModels:
      return "model ";
    case GrantKind::kDatashares:
      return "datashare ";
    case GrantKind::kCopyJobs:
      return "copy job ";
    case GrantKind::kTemplates:
      return "template ";
    case GrantKind::kExternalTables:
      return "external table ";
    case GrantKind::kExternalSchemas:
      return "external schema ";
    case GrantKind::kAssumeRole:
    case GrantKind::kRoles:
    case GrantKind::kSystem:
    case GrantKind::kScoped:
    case GrantKind::kDefault:
      break;
  }
  return "";
}

}  // namespace

void Writer::relations(const std::vector<QualifiedName>& names) {
  list(names, [&](const QualifiedName& name) { qualified_name(name); });
}

void Writer::argument_types(const std::vector<TypeName>& types) {
  parenthesised_list(types, [&](const TypeName& each) { type(each); });
}

void Writer::routine(const RoutineName& routine) {
  qualified_name(routine.name);
  if (routine.arguments) argument_types(*routine.arguments);
}

void Writer::grantee(const Grantee& grantee) {
  switch (grantee.kind) {
    case GranteeKind::kUser:
    case GranteeKind::kPublic:
      break;
    case GranteeKind::kGroup:
      write("group ");
      break;
    case GranteeKind::kRole:
      write("role ");
      break;
    case GranteeKind::kRlsPolicy:
      write("rls policy ");
      break;
    case GranteeKind::kMaskingPolicy:
      write("masking policy ");
      break;
    case GranteeKind::kIamRole:
    case GranteeKind::kNamespace:
    case GranteeKind::kAccount:
      write(grantee.kind == GranteeKind::kIamRole     ? "iam_role "
            : grantee.kind == GranteeKind::kNamespace ? "namespace "
                                                      : "account ");
      literal(grantee.name.text);
      if (grantee.option) write(grantee.kind == GranteeKind::kIamRole ? " with grant option" : " via data catalog");
      return;
  }
  identifier(grantee.name.text);
  if (grantee.option) write(" with grant option");
}

void Writer::privileges(const Grant& grant) {
  if (grant.kind == GrantKind::kRoles) {
    list(grant.names, [&](const QualifiedName& role) {
      write("role ");
      identifier(role.last().text);
    });
    return;
  }
  if (grant.kind == GrantKind::kAssumeRole) return write("assumerole");
  list(grant.privileges, [&](const Privilege& privilege) {
    write(privilege.name);
    if (privilege.columns.empty()) return;
    write(" ");
    names(privilege.columns);
  });
}

void Writer::granted_objects(const Grant& grant) {
  switch (grant.kind) {
    case GrantKind::kRoles:
    case GrantKind::kSystem:
      return;
    case GrantKind::kDefault:
      return write(" on " + grant.scope);
    case GrantKind::kAssumeRole:
      write(" on ");
      list(grant.iam_roles,
           [&](const std::string& role) { role == "all" || role == "default" ? write(role) : literal(role); });
      return;
    case GrantKind::kScoped:
      write(" for " + grant.scope + " in ");
      if (grant.schema) {
        write("schema ");
        identifier(grant.schema->text);
      }
      if (!grant.database) return;
      write(grant.schema ? " database " : "database ");
      return identifier(grant.database->text);
    default:
      break;
  }
  write(" on ");
  write(object_words(grant.kind));
  if (grant.routines.empty()) return relations(grant.names);
  list(grant.routines, [&](const RoutineName& each) { routine(each); });
}

void Writer::node(const Grant& grant) {
  write(grant.revoke ? "revoke " : "grant ");
  if (grant.option_only) write(grant.kind == GrantKind::kRoles ? "admin option for " : "grant option for ");
  privileges(grant);
  granted_objects(grant);
  write(grant.revoke ? " from " : " to ");
  list(grant.grantees, [&](const Grantee& each) { grantee(each); });
  if (grant.kind == GrantKind::kAssumeRole) {
    write(" for ");
    list(grant.actions, [&](const std::string& action) { write(action); });
  }
  if (grant.cascade) write(" cascade");
}

void Writer::node(const AlterDefaultPrivileges& alter) {
  write("alter default privileges ");
  if (!alter.users.empty()) {
    write("for user ");
    name_list(alter.users);
    write(" ");
  }
  if (!alter.schemas.empty()) {
    write("in schema ");
    name_list(alter.schemas);
    write(" ");
  }
  node(alter.grant);
}

}  // namespace garland::sql
