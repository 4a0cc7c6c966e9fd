// Parser: privileges (guide pages r_GRANT, r_REVOKE, r_ALTER_DEFAULT_PRIVILEGES, t_scoped-permissions).
#include <algorithm>
#include <array>

#include "sql/recursive_parser.h"

namespace garland::sql {
namespace {

// Every privilege of the guide, but ROLE and ASSUMEROLE, which have forms of their own.
constexpr std::array kPrivileges{
    std::string_view("all"),
    std::string_view("access catalog"),
    std::string_view("access system table"),
    std::string_view("alter"),
    std::string_view("alter datashare"),
    std::string_view("alter default privileges"),
    std::string_view("alter table"),
    std::string_view("alter user"),
    std::string_view("analyze"),
    std::string_view("cancel"),
    std::string_view("create"),
    std::string_view("create datashare"),
    std::string_view("create library"),
    std::string_view("create model"),
    std::string_view("create or replace external function"),
    std::string_view("create or replace function"),
    std::string_view("create or replace procedure"),
    std::string_view("create or replace view"),
    std::string_view("create role"),
    std::string_view("create schema"),
    std::string_view("create table"),
    std::string_view("create user"),
    std::string_view("delete"),
    std::string_view("drop"),
    std::string_view("drop datashare"),
    std::string_view("drop function"),
    std::string_view("drop library"),
    std::string_view("drop model"),
    std::string_view("drop procedure"),
    std::string_view("drop role"),
    std::string_view("drop schema"),
    std::string_view("drop table"),
    std::string_view("drop user"),
    std::string_view("drop view"),
    std::string_view("execute"),
    std::string_view("explain masking"),
    std::string_view("explain rls"),
    std::string_view("ignore rls"),
    std::string_view("insert"),
    std::string_view("references"),
    std::string_view("select"),
    std::string_view("share"),
    std::string_view("temporary"),
    std::string_view("truncate"),
    std::string_view("truncate table"),
    std::string_view("update"),
    std::string_view("usage"),
    std::string_view("vacuum"),
};

}  // namespace

bool Parser::at_privileges_end() const {
  return at(Keyword::kOn) || at(Keyword::kFor) || at(Keyword::kTo) || at(Keyword::kFrom);
}

Privilege Parser::privilege() {
  const Token& first = peek();
  Privilege result;
  while (at(TokenKind::kWord) && !at_privileges_end()) {
    if (!result.name.empty()) result.name += ' ';
    result.name += lower_text(take());
  }
  result.span = {first.begin, at_ == 0 ? first.begin : tokens_[at_ - 1].end};
  if (result.name == "temp") result.name = "temporary";
  if (result.name == "all privileges") result.name = "all";
  if (std::ranges::find(kPrivileges, result.name) == kPrivileges.end()) fail(first);
  if (at(Symbol::kLeftParen)) result.columns = names_in_parentheses();
  return result;
}

Grant Parser::grant() {
  Grant result;
  result.revoke = take().keyword != Keyword::kGrant;
  if (result.revoke && (at(Keyword::kGrant) || at_word("admin")) && at_word("option", 1)) {
    const bool admin = at_word("admin");
    at_ += 2;
    expect(Keyword::kFor);
    result.option_only = true;
    if (admin) return grant_of_roles(std::move(result));
  }
  if (at_word("role") && at_name(1)) return grant_of_roles(std::move(result));
  // The guide also writes GRANT role TO user (r_DROP_ROLE).
  const bool bare = at_name() && (at(Keyword::kTo, 1) || at(Keyword::kFrom, 1)) &&
                    std::ranges::find(kPrivileges, lower_text(peek())) == kPrivileges.end();
  if (bare) return grant_of_roles(std::move(result));
  if (at_word("assumerole")) return grant_assumerole(std::move(result));
  do result.privileges.push_back(privilege());
  while (accept(Symbol::kComma));
  if (accept(Keyword::kOn)) {
    granted_objects(result);
  } else if (accept(Keyword::kFor)) {
    granted_scope(result);
  } else {
    result.kind = GrantKind::kSystem;
  }
  grantees(result);
  return result;
}

// REVOKE ADMIN OPTION FOR names the role without ROLE in the guide's own example (t_role_assignment).
Grant Parser::grant_of_roles(Grant result) {
  result.kind = GrantKind::kRoles;
  do {
    if (at_word("role") && at_name(1)) take();
    const Name role = principal_name();
    result.names.push_back({{role}, role.span});
  } while (accept(Symbol::kComma));
  grantees(result);
  return result;
}

Grant Parser::grant_assumerole(Grant result) {
  result.kind = GrantKind::kAssumeRole;
  take();
  expect(Keyword::kOn);
  do {
    if (at_string()) {
      result.iam_roles.push_back(text_of_string());
    } else {
      result.iam_roles.push_back(at(Keyword::kAll) ? "all" : "default");
      if (!accept(Keyword::kAll)) expect(Keyword::kDefault);
    }
  } while (accept(Symbol::kComma));
  grantees(result);
  if (!accept(Keyword::kFor)) fail();
  do {
    std::string action = lower_text(peek());
    if (!accept(Keyword::kAll) && !accept(Keyword::kCopy) && !accept_word("unload")) {
      const bool model = at(Keyword::kCreate);
      action = model ? "create model" : "external function";
      if (!model && !at(Keyword::kExternal)) fail();
      take();
      if (!accept_word(model ? "model" : "function")) fail();
    }
    result.actions.push_back(std::move(action));
  } while (accept(Symbol::kComma));
  return result;
}

void Parser::granted_objects(Grant& grant) {
  if (at(Keyword::kAll)) {
    take();
    grant.kind = accept(Keyword::kTable) || accept_word("tables") ? GrantKind::kTablesInSchemas
                 : accept_word("functions")                       ? GrantKind::kFunctionsInSchemas
                                                                  : GrantKind::kProceduresInSchemas;
    if (grant.kind == GrantKind::kProceduresInSchemas && !accept_word("procedures")) fail();
    expect(Keyword::kIn);
    expect(Keyword::kSchema);
    return granted_names(grant);
  }
  if (accept(Keyword::kTable)) return granted_names(grant);
  if (at(Keyword::kExternal) && (at(Keyword::kTable, 1) || at(Keyword::kSchema, 1))) {
    grant.kind = at(Keyword::kTable, 1) ? GrantKind::kExternalTables : GrantKind::kExternalSchemas;
    at_ += 2;
    return granted_names(grant);
  }
  if (at(Keyword::kCopy) && at_word("job", 1)) {
    at_ += 2;
    grant.kind = GrantKind::kCopyJobs;
    return granted_names(grant);
  }
  struct Word {
    std::string_view word;
    GrantKind kind;
  };
  static constexpr Word kWords[] = {{"database", GrantKind::kDatabases},   {"schema", GrantKind::kSchemas},
                                    {"language", GrantKind::kLanguages},   {"model", GrantKind::kModels},
                                    {"datashare", GrantKind::kDatashares}, {"template", GrantKind::kTemplates},
                                    {"function", GrantKind::kFunctions},   {"procedure", GrantKind::kProcedures}};
  for (const Word& each : kWords) {
    if (!at_word(each.word) || !at_name(1)) continue;
    take();
    grant.kind = each.kind;
    const bool routine = each.kind == GrantKind::kFunctions || each.kind == GrantKind::kProcedures;
    return routine ? granted_routines(grant) : granted_names(grant);
  }
  granted_names(grant);
}

void Parser::granted_names(Grant& grant) {
  do grant.names.push_back(table_name());
  while (accept(Symbol::kComma));
}

void Parser::granted_routines(Grant& grant) {
  do {
    RoutineName routine{qualified_name()};
    if (at(Symbol::kLeftParen)) routine.arguments = routine_arguments();
    grant.routines.push_back(std::move(routine));
  } while (accept(Symbol::kComma));
}

// ( [ [ argname ] argtype [, …] ] ): a name before a type is noise.
std::vector<TypeName> Parser::routine_arguments() {
  std::vector<TypeName> types;
  expect(Symbol::kLeftParen);
  while (!at(Symbol::kRightParen)) {
    for (std::string_view mode : {"in", "out", "inout"})
      if (at_word(mode) && !at(Symbol::kComma, 1) && !at(Symbol::kRightParen, 1)) take();
    const bool named = (keyword_flags(peek().keyword) & kTypeWord) == 0 && at(TokenKind::kWord, 1);
    if (named) name();
    types.push_back(type());
    if (!at(Symbol::kRightParen)) expect(Symbol::kComma);
  }
  expect(Symbol::kRightParen);
  return types;
}

// FOR {SCHEMAS | TABLES | …} IN {SCHEMA s [DATABASE d] | DATABASE d}
void Parser::granted_scope(Grant& grant) {
  grant.kind = GrantKind::kScoped;
  for (std::string_view word : {"schemas", "tables", "functions", "procedures", "languages", "templates"})
    if (grant.scope.empty() && accept_word(word)) grant.scope = word;
  if (grant.scope.empty() && at(Keyword::kCopy) && at_word("jobs", 1)) {
    at_ += 2;
    grant.scope = "copy jobs";
  }
  if (grant.scope.empty()) fail();
  expect(Keyword::kIn);
  if (accept(Keyword::kSchema)) grant.schema = name();
  if (accept_word("database")) grant.database = name();
  if (!grant.schema && !grant.database) fail();
}

void Parser::grantees(Grant& grant) {
  expect(grant.revoke ? Keyword::kFrom : Keyword::kTo);
  do grant.grantees.push_back(grantee());
  while (accept(Symbol::kComma));
  if (grant.revoke) grant.cascade = cascade();
}

Grantee Parser::grantee() {
  Grantee result{GranteeKind::kUser, {}};
  const uint32_t start = begin();
  if (accept(Keyword::kGroup)) {
    result.kind = GranteeKind::kGroup;
  } else if (at_word("role") && at_name(1)) {
    take();
    result.kind = GranteeKind::kRole;
  } else if (at_word("public")) {
    result.kind = GranteeKind::kPublic;
  } else if (at_word("policy", 1) && (at_word("rls") || at_word("masking"))) {
    result.kind = at_word("rls") ? GranteeKind::kRlsPolicy : GranteeKind::kMaskingPolicy;
    at_ += 2;
  } else if (at_string(1) && (at_word("iam_role") || at_word("namespace") || at_word("account"))) {
    result.kind = at_word("iam_role")    ? GranteeKind::kIamRole
                  : at_word("namespace") ? GranteeKind::kNamespace
                                         : GranteeKind::kAccount;
    take();
    result.name.text = text_of_string();
    result.name.span = since(start);
    if (accept_word("via")) {
      if (!accept_word("data") || !accept_word("catalog")) fail();
      return result.option = true, result;
    }
  }
  const bool quoted = result.kind == GranteeKind::kIamRole || result.kind == GranteeKind::kNamespace ||
                      result.kind == GranteeKind::kAccount;
  if (!quoted) result.name = principal_name();
  if (result.kind == GranteeKind::kUser && result.name.text == "public") result.kind = GranteeKind::kPublic;
  if (!at(Keyword::kWith)) return result;
  take();
  if (!accept(Keyword::kGrant) && !accept_word("admin")) fail();
  if (!accept_word("option")) fail();
  result.option = true;
  return result;
}

AlterDefaultPrivileges Parser::alter_default_privileges() {
  at_ += 2;
  if (!accept_word("privileges")) fail();
  AlterDefaultPrivileges result;
  if (accept(Keyword::kFor)) {
    expect(Keyword::kUser);
    result.users = principal_names();
  }
  if (accept(Keyword::kIn)) {
    expect(Keyword::kSchema);
    do result.schemas.push_back(name());
    while (accept(Symbol::kComma));
  }
  Grant& grant = result.grant;
  if (!at(Keyword::kGrant) && !at_word("revoke")) fail();
  grant.revoke = take().keyword != Keyword::kGrant;
  grant.kind = GrantKind::kDefault;
  if (grant.revoke && at(Keyword::kGrant) && at_word("option", 1)) {
    at_ += 2;
    expect(Keyword::kFor);
    grant.option_only = true;
  }
  do grant.privileges.push_back(privilege());
  while (accept(Symbol::kComma));
  expect(Keyword::kOn);
  for (std::string_view word : {"tables", "functions", "procedures"})
    if (grant.scope.empty() && accept_word(word)) grant.scope = word;
  if (grant.scope.empty()) fail();
  grantees(grant);
  return result;
}

}  // namespace garland::sql
