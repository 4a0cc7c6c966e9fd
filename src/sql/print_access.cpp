// Writer: users, groups, roles, policies, SHOW of catalog objects. A password is written as it was given: what logs or
// shows statements uses redacted() (printer.h).
#include "sql/printer.h"
#include "sql/writer.h"

namespace garland::sql {

void Writer::name_list(const std::vector<Name>& names) {
  list(names, [&](const Name& each) { identifier(each.text); });
}

void Writer::user_option(const UserOption& option) {
  switch (option.kind) {
    case UserOptionKind::kPassword:
      write(" password ");
      return literal(option.text);
    case UserOptionKind::kPasswordDisabled:
      return write(" password disable");
    case UserOptionKind::kCreateDb:
      return write(option.flag ? " createdb" : " nocreatedb");
    case UserOptionKind::kCreateUser:
      return write(option.flag ? " createuser" : " nocreateuser");
    case UserOptionKind::kSyslogAccess:
      return write(option.flag ? " syslog access unrestricted" : " syslog access restricted");
    case UserOptionKind::kInGroup:
      write(" in group ");
      return name_list(option.names);
    case UserOptionKind::kValidUntil:
      write(" valid until ");
      return literal(option.text);
    case UserOptionKind::kConnectionLimit:
      return write(" connection limit " + (option.number ? std::to_string(*option.number) : "unlimited"));
    case UserOptionKind::kSessionTimeout:
      return write(option.number ? " session timeout " + std::to_string(*option.number) : " reset session timeout");
    case UserOptionKind::kExternalId:
      write(" externalid ");
      return literal(option.text);
    case UserOptionKind::kLogin:
      return write(option.flag ? " login" : " nologin");
  }
}

void Writer::node(const CreateUser& create) {
  write("create user ");
  identifier(create.name.text);
  for (const UserOption& option : create.options) user_option(option);
}

void Writer::user_setting(const UserSetting& setting) {
  write(setting.reset ? " reset " : " set ");
  if (setting.reset) return setting.name == "all" ? write("all") : setting_name(setting.name);
  setting_name(setting.name);
  write(" to ");
  if (setting.values.empty()) return write("default");
  list(setting.values, [&](const std::string& value) { literal(value); });
}

void Writer::node(const AlterUser& alter) {
  write("alter user ");
  identifier(alter.name.text);
  std::visit(overloaded{
                 [&](const std::vector<UserOption>& options) {
                   for (const UserOption& option : options) user_option(option);
                 },
                 [&](const RenameUser& rename) {
                   write(" rename to ");
                   identifier(rename.to.text);
                 },
                 [&](const UserSetting& setting) { user_setting(setting); },
             },
             alter.action);
}

void Writer::node(const CreateGroup& create) {
  write("create group ");
  identifier(create.name.text);
  if (create.users.empty()) return;
  write(" with user ");
  name_list(create.users);
}

void Writer::node(const AlterGroup& alter) {
  write("alter group ");
  identifier(alter.name.text);
  switch (alter.action) {
    case GroupAction::kAddUsers:
      write(" add user ");
      break;
    case GroupAction::kDropUsers:
      write(" drop user ");
      break;
    case GroupAction::kRename:
      write(" rename to ");
      break;
  }
  name_list(alter.names);
}

void Writer::node(const CreateRole& create) {
  write("create role ");
  identifier(create.name.text);
  if (!create.external_id) return;
  write(" externalid ");
  literal(*create.external_id);
}

void Writer::node(const AlterRole& alter) {
  write("alter role ");
  identifier(alter.name.text);
  if (alter.action == RoleAction::kExternalId) {
    write(" externalid to ");
    return literal(alter.to.text);
  }
  write(alter.action == RoleAction::kOwner ? " owner to " : " rename to ");
  identifier(alter.to.text);
}

void Writer::node(const DropPrincipals& drop) {
  switch (drop.kind) {
    case PrincipalKind::kUser:
      write("drop user ");
      break;
    case PrincipalKind::kGroup:
      write("drop group ");
      break;
    case PrincipalKind::kRole:
      write("drop role ");
      break;
  }
  if (drop.if_exists) write("if exists ");
  name_list(drop.names);
  if (drop.force) write(" force");
}

void Writer::node(const SetSessionAuthorization& set) {
  write(set.local ? "set local session authorization " : "set session authorization ");
  set.user ? identifier(set.user->text) : write("default");
}

void Writer::node(const CreatePolicy& create) {
  write("create ");
  policy_words(create.kind);
  if (create.if_not_exists) write("if not exists ");
  qualified_name(create.name);
  if (!create.columns.empty()) {
    write(" with ");
    parenthesised_list(create.columns, [&](const PolicyColumn& column) {
      identifier(column.name.text);
      write(" ");
      type(column.type);
    });
    if (create.alias) {
      write(" as ");
      identifier(create.alias->text);
    }
  }
  write(" using (");
  expressions(create.expressions);
  write(")");
}

void Writer::node(const AlterPolicy& alter) {
  write("alter ");
  policy_words(alter.kind);
  qualified_name(alter.name);
  write(" using (");
  expressions(alter.expressions);
  write(")");
}

void Writer::node(const DropPolicy& drop) {
  write("drop ");
  policy_words(drop.kind);
  if (drop.if_exists) write("if exists ");
  qualified_name(drop.name);
  if (drop.cascade) write(" cascade");
}

void Writer::node(const AttachPolicy& attach) {
  write(attach.detach ? "detach " : "attach ");
  policy_words(attach.kind);
  qualified_name(attach.name);
  write(" on ");
  relations(attach.tables);
  const auto columns = [&](std::string_view before, const std::vector<Expr>& list) {
    if (list.empty()) return;
    write(before);
    expressions(list);
    write(")");
  };
  columns(" (", attach.columns);
  columns(" using (", attach.inputs);
  write(attach.detach ? " from " : " to ");
  list(attach.grantees, [&](const Grantee& each) { grantee(each); });
  if (attach.priority) write(" priority " + std::to_string(*attach.priority));
}

void Writer::node(const RowLevelSecurity& security) {
  write("alter table ");
  qualified_name(security.table);
  write(security.on ? " row level security on" : " row level security off");
  if (security.conjunction != Conjunction::kDefault) {
    write(security.conjunction == Conjunction::kAnd ? " conjunction type and" : " conjunction type or");
  }
  if (security.for_datashares) write(" for datashares");
}

void Writer::show_name(const ShowObjects& show) {
  static constexpr std::string_view kWords[] = {
      "databases",
      "schemas from database ",
      "tables from schema ",
      "columns from table ",
      "functions from schema ",
      "procedures from schema ",
      "constraints ",
      "grants ",
      "table ",
      "view ",
      "external table ",
      "procedure ",
      "model ",
      "datashares",
  };
  write("show ");
  const bool columns = show.word == "columns";
  if (show.word == "parameters") {
    write(show.kind == ShowKind::kProcedures ? "parameters of procedure " : "parameters of function ");
  } else {
    write(columns ? "column " : "");
    write(kWords[static_cast<size_t>(show.kind)]);
  }
  if (show.kind == ShowKind::kConstraints) write(show.word + " from table ");
  if (show.kind == ShowKind::kGrants && !show.word.empty()) write("on " + (columns ? "table" : show.word) + " ");
  if (show.kind == ShowKind::kModel && show.name.parts.empty()) write("all");
  if (!show.name.parts.empty()) qualified_name(show.name);
}

void Writer::node(const ShowObjects& show) {
  show_name(show);
  if (show.arguments) argument_types(*show.arguments);
  if (show.data_catalog) write(" from data catalog");
  if (!show.accounts.empty()) {
    write(" account ");
    list(show.accounts, [&](const std::string& account) { literal(account); });
  }
  if (show.grantee) {
    write(show.word.empty() ? "for " : " for ");
    grantee(*show.grantee);
  }
  if (show.database) {
    write(" from database ");
    identifier(show.database->text);
  }
  if (show.like) {
    write(" like ");
    literal(*show.like);
  }
  if (show.iam_role) {
    write(" iam_role ");
    const bool word = *show.iam_role == "default" || *show.iam_role == "session";
    word ? write(*show.iam_role) : literal(*show.iam_role);
  }
  if (show.limit) write(" limit " + std::to_string(*show.limit));
  if (show.partition) write(" partition");
}

namespace {
constexpr std::string_view kHidden = "***";

void hide_passwords(std::vector<UserOption>& options) {
  for (UserOption& option : options) {
    if (option.kind == UserOptionKind::kPassword) option.text = kHidden;
  }
}

/// What COPY and UNLOAD may be given to read and write objects with (guide page
/// copy-parameters-authorization); true when there was something to hide.
bool hide_keys(std::vector<CopyOption>& options) {
  constexpr std::string_view kSecret[] = {"CREDENTIALS", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "MASTER_SYMMETRIC_KEY"};
  bool any = false;
  for (CopyOption& option : options) {
    if (std::ranges::find(kSecret, option.name) == std::end(kSecret)) continue;
    option.arguments = {std::string(kHidden)};
    any = true;
  }
  return any;
}
}  // namespace

std::optional<std::string> redacted(const Statement& statement) {
  if (const auto* create = std::get_if<CreateUser>(&statement.node)) {
    CreateUser hidden = *create;
    hide_passwords(hidden.options);
    return print(Statement{std::move(hidden), {}});
  }
  if (const auto* alter = std::get_if<AlterUser>(&statement.node)) {
    AlterUser hidden = *alter;
    if (auto* options = std::get_if<std::vector<UserOption>>(&hidden.action)) hide_passwords(*options);
    return print(Statement{std::move(hidden), {}});
  }
  if (const auto* copy = std::get_if<Copy>(&statement.node)) {
    Copy hidden = *copy;
    if (hide_keys(hidden.options)) return print(Statement{std::move(hidden), {}});
  }
  if (const auto* unload = std::get_if<Unload>(&statement.node)) {
    Unload hidden = *unload;
    if (hide_keys(hidden.options)) return print(Statement{std::move(hidden), {}});
  }
  return std::nullopt;
}

}  // namespace garland::sql
