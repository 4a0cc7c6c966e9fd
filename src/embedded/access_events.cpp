#include "embedded/access_events.h"

#include "base/box.h"
#include "sql/printer.h"

namespace garland::embedded {

namespace {

using Records = std::vector<AccessRecord>;

AccessRecord event(std::string action, std::string object, std::string former = "") {
  AccessRecord record;
  record.action = std::move(action);
  record.object = std::move(object);
  record.former = std::move(former);
  return record;
}

/// Without what a password is checked with.
AccessRecord user_event(std::string action, const Access& access, const std::string& name, std::string former = "") {
  AccessRecord record = event(std::move(action), name, std::move(former));
  if (const User* user = access.find_user(name)) {
    record.user = *user;
    record.user->verifier.clear();
  }
  return record;
}

Records altered_user(const sql::AlterUser& statement, const Access& after) {
  if (const auto* rename = std::get_if<sql::RenameUser>(&statement.action)) {
    return {user_event("rename user", after, rename->to.text, statement.name.text)};
  }
  return {user_event("alter user", after, statement.name.text)};
}

Records dropped(const sql::DropPrincipals& statement, const Access& before) {
  Records records;
  for (const sql::Name& name : statement.names) {
    switch (statement.kind) {
      case sql::PrincipalKind::kUser:
        if (before.find_user(name.text)) records.push_back(user_event("drop user", before, name.text));
        break;
      case sql::PrincipalKind::kGroup:
        if (before.find_group(name.text)) records.push_back(event("drop group", name.text));
        break;
      case sql::PrincipalKind::kRole:
        if (before.find_role(name.text)) records.push_back(event("drop role", name.text));
        break;
    }
  }
  return records;
}

/// The first object that it names; the text has all.
Records granted(const sql::Grant& statement) {
  return {event(statement.revoke ? "revoke" : "grant",
                statement.names.empty() ? std::string() : sql::print(statement.names.front()))};
}

}  // namespace

Records access_events(const sql::Statement& statement, const Access& before, const Access& after) {
  return std::visit(
      overloaded{
          [&](const sql::CreateUser& node) -> Records { return {user_event("create user", after, node.name.text)}; },
          [&](const sql::AlterUser& node) { return altered_user(node, after); },
          [](const sql::CreateGroup& node) -> Records { return {event("create group", node.name.text)}; },
          [](const sql::AlterGroup& node) -> Records { return {event("alter group", node.name.text)}; },
          [](const sql::CreateRole& node) -> Records { return {event("create role", node.name.text)}; },
          [](const sql::AlterRole& node) -> Records { return {event("alter role", node.name.text)}; },
          [&](const sql::DropPrincipals& node) { return dropped(node, before); },
          [](const sql::Grant& node) { return granted(node); },
          [](const sql::AlterDefaultPrivileges&) -> Records { return {event("alter default privileges", "")}; },
          [](const sql::CreatePolicy& node) -> Records { return {event("create policy", sql::print(node.name))}; },
          [](const sql::AlterPolicy& node) -> Records { return {event("alter policy", sql::print(node.name))}; },
          [](const sql::DropPolicy& node) -> Records { return {event("drop policy", sql::print(node.name))}; },
          [](const auto&) { return Records(); }},
      statement.node);
}

}  // namespace garland::embedded
