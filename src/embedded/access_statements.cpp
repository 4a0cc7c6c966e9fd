#include "embedded/access_statements.h"

#include "base/box.h"
#include "embedded/access_events.h"
#include "sql/printer.h"

namespace garland::embedded {

namespace {

// Schemas' names are locked under {0, name}: this one is no schema's, since it holds a byte that no text has.
const LockKey kAccessLock{0, std::string("\0access", 7)};

[[noreturn]] void refuse(const std::string& what) { throw Error(kFeatureNotSupported, what + " is not supported yet"); }

Outcome row_level_security(const sql::RowLevelSecurity& statement) {
  if (statement.on) refuse("ALTER TABLE … ROW LEVEL SECURITY ON");
  return {"ALTER TABLE"};
}

}  // namespace

bool is_access_statement(const sql::Statement& statement) {
  return std::visit(
      []<class Node>(const Node&) {
        return std::is_same_v<Node, sql::CreateUser> || std::is_same_v<Node, sql::AlterUser> ||
               std::is_same_v<Node, sql::CreateGroup> || std::is_same_v<Node, sql::AlterGroup> ||
               std::is_same_v<Node, sql::CreateRole> || std::is_same_v<Node, sql::AlterRole> ||
               std::is_same_v<Node, sql::DropPrincipals> || std::is_same_v<Node, sql::Grant> ||
               std::is_same_v<Node, sql::AlterDefaultPrivileges> || std::is_same_v<Node, sql::CreatePolicy> ||
               std::is_same_v<Node, sql::AlterPolicy> || std::is_same_v<Node, sql::DropPolicy> ||
               std::is_same_v<Node, sql::AttachPolicy> || std::is_same_v<Node, sql::RowLevelSecurity>;
      },
      statement.node);
}

std::vector<NeededLock> access_locks(const sql::Statement& statement, const SessionCatalog& catalog) {
  if (!is_access_statement(statement)) return {};
  std::vector<NeededLock> locks{{kAccessLock, LockMode::kExclusive, "the users and privileges"}};
  const auto* grant = std::get_if<sql::Grant>(&statement.node);
  if (!grant || grant->kind != sql::GrantKind::kTables) return locks;
  for (const sql::QualifiedName& name : grant->names) {
    const std::string_view schema =
        name.parts.size() < 2 ? "" : std::string_view(name.parts[name.parts.size() - 2].text);
    const semantics::Relation* found = catalog.find_relation(schema, name.last().text);
    if (found && !found->temporary) locks.push_back({{found->oid, ""}, LockMode::kShared, found->name});
  }
  return locks;
}

namespace {

/// What the statement changed, for the user log.
void note_changes(Context& context, const sql::Statement& statement, const CatalogSnapshot& before) {
  const CatalogSnapshotPtr after = context.transaction.catalog();
  if (after->version() == before.version()) return;
  for (AccessRecord& change : access_events(statement, before.access(), after->access())) {
    change.time_us = context.statement_start_us;
    change.query = context.running_query;
    change.transaction = static_cast<int64_t>(context.transaction.number());
    change.session = context.session_record();
    change.text = context.shown_text(statement);
    context.transaction.note(std::move(change));
  }
}

Outcome run(Context& context, const sql::Statement& statement) {
  return std::visit(
      overloaded{[&](const sql::CreateUser& node) { return create_user(context, node); },
                 [&](const sql::AlterUser& node) { return alter_user(context, node); },
                 [&](const sql::CreateGroup& node) { return create_group(context, node); },
                 [&](const sql::AlterGroup& node) { return alter_group(context, node); },
                 [&](const sql::CreateRole& node) { return create_role(context, node); },
                 [&](const sql::AlterRole& node) { return alter_role(context, node); },
                 [&](const sql::DropPrincipals& node) { return drop_principals(context, node); },
                 [&](const sql::Grant& node) { return grant(context, node); },
                 [&](const sql::AlterDefaultPrivileges& node) { return alter_default_privileges(context, node); },
                 [&](const sql::CreatePolicy& node) { return create_policy(context, node); },
                 [&](const sql::AlterPolicy& node) { return alter_policy(context, node); },
                 [&](const sql::DropPolicy& node) { return drop_policy(context, node); },
                 [](const sql::RowLevelSecurity& node) { return row_level_security(node); },
                 [](const sql::AttachPolicy& node) -> Outcome {
                   const bool masking = node.kind == sql::PolicyKind::kMasking;
                   refuse(std::string(node.detach ? "DETACH " : "ATTACH ") + (masking ? "MASKING" : "RLS") + " POLICY");
                 },
                 [](const auto&) -> Outcome { throw Error(kInternalError, "a statement of an unknown kind"); }},
      statement.node);
}

}  // namespace

std::optional<Outcome> run_access(Context& context, const sql::Statement& statement) {
  if (!is_access_statement(statement)) return std::nullopt;
  const CatalogSnapshotPtr before = context.transaction.catalog();
  Outcome outcome = run(context, statement);
  note_changes(context, statement, *before);
  return outcome;
}

}  // namespace garland::embedded
