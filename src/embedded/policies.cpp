// Row-level security and masking policies: kept, and attached by later work (guide pages r_CREATE_RLS_POLICY,
// r_CREATE_MASKING_POLICY).
#include "embedded/access_statements.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::embedded {

namespace {

const Access& access_of(Context& context) { return context.transaction.catalog()->access(); }

void apply(Context& context, AccessChange change) { context.transaction.change(CatalogChange{std::move(change)}); }

void require_security_admin(Context& context) {
  const Identity& who = context.identity();
  const Role* admin = access_of(context).find_role("sys:secadmin");
  if (who.super || (admin && who.roles.contains(admin->id))) return;
  throw Error(kInsufficientPrivilege, "permission denied: policies are made by superusers and sys:secadmin");
}

std::string kind_name(sql::PolicyKind kind) {
  return kind == sql::PolicyKind::kMasking ? "MASKING POLICY" : "RLS POLICY";
}

const Policy* find_policy(Context& context, sql::PolicyKind kind, const sql::QualifiedName& name) {
  const auto& policies = access_of(context).policies();
  const auto found = policies.find({kind == sql::PolicyKind::kMasking, name.last().text});
  return found == policies.end() ? nullptr : &found->second;
}

[[noreturn]] void no_policy(sql::PolicyKind kind, const sql::QualifiedName& name) {
  throw Error(kUndefinedObject, std::string(kind == sql::PolicyKind::kMasking ? "masking" : "RLS") + " policy \"" +
                                    name.last().text + "\" does not exist")
      .at(name.span.begin);
}

}  // namespace

Outcome create_policy(Context& context, const sql::CreatePolicy& statement) {
  require_security_admin(context);
  const std::string tag = "CREATE " + kind_name(statement.kind);
  if (find_policy(context, statement.kind, statement.name)) {
    if (!statement.if_not_exists) {
      throw Error(kDuplicateObject, "policy \"" + statement.name.last().text + "\" already exists")
          .at(statement.name.span.begin);
    }
    context.notice("INFO", kDuplicateObject, "policy \"" + statement.name.last().text + "\" already exists, skipping");
    return {tag};
  }
  apply(context, PutPolicy{{statement.kind == sql::PolicyKind::kMasking, statement.name.last().text,
                            sql::print(sql::Statement{statement, {}}), context.identity().user}});
  return {tag};
}

Outcome alter_policy(Context& context, const sql::AlterPolicy& statement) {
  require_security_admin(context);
  const Policy* found = find_policy(context, statement.kind, statement.name);
  if (!found) no_policy(statement.kind, statement.name);
  Policy policy = *found;
  sql::Statement made = sql::parse_statement(policy.text);
  std::get<sql::CreatePolicy>(made.node).expressions = statement.expressions;
  policy.text = sql::print(made);
  apply(context, PutPolicy{std::move(policy)});
  return {"ALTER " + kind_name(statement.kind)};
}

Outcome drop_policy(Context& context, const sql::DropPolicy& statement) {
  require_security_admin(context);
  const std::string tag = "DROP " + kind_name(statement.kind);
  if (!find_policy(context, statement.kind, statement.name)) {
    if (!statement.if_exists) no_policy(statement.kind, statement.name);
    context.notice("INFO", kUndefinedObject, "policy \"" + statement.name.last().text + "\" does not exist, skipping");
    return {tag};
  }
  apply(context, DropPolicy{statement.kind == sql::PolicyKind::kMasking, statement.name.last().text});
  return {tag};
}

}  // namespace garland::embedded
