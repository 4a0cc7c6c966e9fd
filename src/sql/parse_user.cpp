// Parser: users, groups and roles (guide pages r_CREATE_USER, r_ALTER_USER, r_DROP_USER, r_CREATE_GROUP, r_ALTER_GROUP,
// r_DROP_GROUP, r_CREATE_ROLE, r_ALTER_ROLE, r_DROP_ROLE, r_SET_SESSION_AUTHORIZATION).
#include "sql/literals.h"
#include "sql/recursive_parser.h"

namespace garland::sql {

// Nothing when the statement is of another family.
std::optional<Statement::Node> Parser::access_statement() {
  switch (peek().keyword) {
    case Keyword::kCreate:
    case Keyword::kAlter:
    case Keyword::kDrop:
      return access_definition();
    case Keyword::kGrant:
      return grant();
    case Keyword::kShow:
      if (!at_show_objects()) return std::nullopt;
      return show_objects();
    case Keyword::kSet:
    case Keyword::kReset:
      if (!at_session_authorization()) return std::nullopt;
      return set_session_authorization();
    default:
      break;
  }
  if (at_word("revoke")) return grant();
  if (at_word("attach") || at_word("detach")) return attach_policy();
  return std::nullopt;
}

// CREATE, ALTER or DROP stands here, and behind it something that only statements about access have.
std::optional<Statement::Node> Parser::access_definition() {
  const bool policy = at_word("policy", 2) && (at_word("rls", 1) || at_word("masking", 1));
  const bool principal = at(Keyword::kUser, 1) || at(Keyword::kGroup, 1) || at_word("role", 1);
  const Keyword verb = peek().keyword;
  if (policy) return policy_definition();
  if (verb == Keyword::kAlter && at(Keyword::kDefault, 1)) return alter_default_privileges();
  if (!principal) return std::nullopt;
  if (verb == Keyword::kDrop) return drop_principals();
  take();
  const Token& what = take();
  const bool create = verb == Keyword::kCreate;
  if (what.keyword == Keyword::kUser) return create ? Statement::Node(create_user()) : Statement::Node(alter_user());
  if (what.keyword == Keyword::kGroup) return create ? Statement::Node(create_group()) : Statement::Node(alter_group());
  return create ? Statement::Node(create_role()) : Statement::Node(alter_role());
}

// A name; with an identity provider's namespace or a system's prefix: sys:secadmin, myco_aad:bob.
Name Parser::principal_name() {
  Name result = name();
  if (!at(Symbol::kColon) || (peek(1).kind != TokenKind::kWord && peek(1).kind != TokenKind::kQuotedName))
    return result;
  take();
  const Name rest = label();
  result.text += ":" + rest.text;
  result.span.end = rest.span.end;
  return result;
}

std::vector<Name> Parser::principal_names() {
  std::vector<Name> names;
  do names.push_back(principal_name());
  while (accept(Symbol::kComma));
  return names;
}

// A secret: what is wrong is said without the token's text.
std::string Parser::secret_string() {
  if (!at_string()) throw Error(kSyntaxError, "PASSWORD takes a string or DISABLE").at(peek().begin);
  return text_of_string();
}

// The text of a string or a name: EXTERNALID "ABC123".
std::string Parser::string_or_name() {
  if (at_string()) return text_of_string();
  if (at(TokenKind::kQuotedName)) {
    const Token& token = take();
    return std::string(text_.substr(token.begin + 1, token.end - token.begin - 2));
  }
  return principal_name().text;
}

bool Parser::user_flag(UserOption& option) {
  struct Word {
    std::string_view word;
    UserOptionKind kind;
    bool flag;
  };
  static constexpr Word kWords[] = {
      {"createdb", UserOptionKind::kCreateDb, true},     {"nocreatedb", UserOptionKind::kCreateDb, false},
      {"createuser", UserOptionKind::kCreateUser, true}, {"nocreateuser", UserOptionKind::kCreateUser, false},
      {"login", UserOptionKind::kLogin, true},           {"nologin", UserOptionKind::kLogin, false},
  };
  for (const Word& each : kWords) {
    if (!accept_word(each.word)) continue;
    option.kind = each.kind;
    option.flag = each.flag;
    return true;
  }
  if (!accept_word("syslog")) return false;
  if (!accept_word("access")) fail();
  option.kind = UserOptionKind::kSyslogAccess;
  option.flag = accept_word("unrestricted");
  if (!option.flag && !accept_word("restricted")) fail();
  return true;
}

bool Parser::user_option(UserOption& option) {
  if (user_flag(option)) return true;
  if (accept_word("password")) {
    const bool disabled = accept(Keyword::kDisable);
    option.kind = disabled ? UserOptionKind::kPasswordDisabled : UserOptionKind::kPassword;
    if (!disabled) option.text = secret_string();
  } else if (accept(Keyword::kIn)) {
    expect(Keyword::kGroup);
    option.kind = UserOptionKind::kInGroup;
    option.names = principal_names();
  } else if (accept_word("valid")) {
    if (!accept_word("until")) fail();
    option.kind = UserOptionKind::kValidUntil;
    option.text = text_of_string();
  } else if (accept_word("connection")) {
    expect(Keyword::kLimit);
    option.kind = UserOptionKind::kConnectionLimit;
    if (!accept_word("unlimited")) option.number = unsigned_integer();
  } else if (at(Keyword::kSession) || (at(Keyword::kReset) && at(Keyword::kSession, 1))) {
    const bool reset = accept(Keyword::kReset);
    expect(Keyword::kSession);
    if (!accept_word("timeout")) fail();
    option.kind = UserOptionKind::kSessionTimeout;
    if (!reset) option.number = unsigned_integer();
  } else if (accept_word("externalid")) {
    option.kind = UserOptionKind::kExternalId;
    option.text = string_or_name();
  } else {
    return false;
  }
  return true;
}

std::vector<UserOption> Parser::user_options() {
  std::vector<UserOption> options;
  for (;;) {
    accept(Symbol::kComma);
    const uint32_t start = begin();
    UserOption option{UserOptionKind::kPassword};
    if (!user_option(option)) return options;
    option.span = since(start);
    options.push_back(std::move(option));
  }
}

// A text between quotes may be a password in the wrong place: it is never repeated in the message.
void Parser::end_of_user_statement() const {
  if (at_string()) throw Error(kSyntaxError, "syntax error at or near a string").at(peek().begin);
}

CreateUser Parser::create_user() {
  CreateUser result{principal_name()};
  accept(Keyword::kWith);
  result.options = user_options();
  end_of_user_statement();
  return result;
}

AlterUser Parser::alter_user() {
  AlterUser result{principal_name()};
  accept(Keyword::kWith);
  if (accept(Keyword::kRename)) {
    expect(Keyword::kTo);
    result.action = RenameUser{principal_name()};
    return result;
  }
  UserSetting setting;
  if (accept(Keyword::kSet)) {
    setting.name = setting_name();
    if (!accept(Symbol::kEqual)) expect(Keyword::kTo);
    if (!accept(Keyword::kDefault)) setting.values = setting_values();
    result.action = std::move(setting);
    return result;
  }
  if (at(Keyword::kReset) && !at(Keyword::kSession, 1)) {
    take();
    setting.reset = true;
    setting.name = accept(Keyword::kAll) ? "all" : setting_name();
    result.action = std::move(setting);
    return result;
  }
  auto options = user_options();
  end_of_user_statement();
  if (options.empty()) fail();
  result.action = std::move(options);
  return result;
}

CreateGroup Parser::create_group() {
  CreateGroup result{principal_name()};
  const bool with = accept(Keyword::kWith);
  if (accept(Keyword::kUser)) {
    result.users = principal_names();
  } else if (with) {
    fail();
  }
  return result;
}

AlterGroup Parser::alter_group() {
  AlterGroup result{principal_name(), GroupAction::kRename};
  if (accept(Keyword::kRename)) {
    expect(Keyword::kTo);
    result.names.push_back(principal_name());
    return result;
  }
  result.action = at(Keyword::kAdd) ? GroupAction::kAddUsers : GroupAction::kDropUsers;
  if (!accept(Keyword::kAdd)) expect(Keyword::kDrop);
  expect(Keyword::kUser);
  result.names = principal_names();
  return result;
}

CreateRole Parser::create_role() {
  CreateRole result{principal_name()};
  if (accept_word("externalid")) result.external_id = string_or_name();
  return result;
}

AlterRole Parser::alter_role() {
  AlterRole result{principal_name(), RoleAction::kRename};
  accept(Keyword::kWith);
  if (accept_word("externalid")) {
    if (!accept(Keyword::kTo)) fail();
    result.action = RoleAction::kExternalId;
    const uint32_t start = begin();
    result.to.text = string_or_name();
    result.to.span = since(start);
    return result;
  }
  if (accept_word("owner")) {
    result.action = RoleAction::kOwner;
  } else {
    expect(Keyword::kRename);
  }
  expect(Keyword::kTo);
  result.to = principal_name();
  return result;
}

DropPrincipals Parser::drop_principals() {
  expect(Keyword::kDrop);
  DropPrincipals result{PrincipalKind::kUser};
  if (accept(Keyword::kGroup)) {
    result.kind = PrincipalKind::kGroup;
  } else if (accept_word("role")) {
    result.kind = PrincipalKind::kRole;
  } else {
    expect(Keyword::kUser);
  }
  if (accept(Keyword::kIf)) {
    expect(Keyword::kExists);
    result.if_exists = true;
  }
  result.names = principal_names();
  if (result.kind != PrincipalKind::kUser && result.names.size() > 1) fail(tokens_[at_ - 1]);
  if (result.kind == PrincipalKind::kRole) {
    result.force = accept_word("force");
    if (!result.force) accept(Keyword::kRestrict);
  }
  return result;
}

// SET [SESSION | LOCAL] SESSION AUTHORIZATION {name | DEFAULT}, RESET SESSION AUTHORIZATION
bool Parser::at_session_authorization() const {
  const size_t scope = (at(Keyword::kSession, 1) && at(Keyword::kSession, 2)) || at(Keyword::kLocal, 1) ? 1 : 0;
  return (at(Keyword::kSet) || (at(Keyword::kReset) && scope == 0)) && at(Keyword::kSession, 1 + scope) &&
         at(Keyword::kAuthorization, 2 + scope);
}

SetSessionAuthorization Parser::set_session_authorization() {
  SetSessionAuthorization result;
  const bool reset = take().keyword == Keyword::kReset;
  result.local = accept(Keyword::kLocal);
  expect(Keyword::kSession);
  accept(Keyword::kSession);
  expect(Keyword::kAuthorization);
  if (reset || accept(Keyword::kDefault)) return result;
  const uint32_t start = begin();
  result.user = at_string() ? Name{text_of_string(), {}} : principal_name();
  result.user->span = since(start);
  return result;
}

}  // namespace garland::sql
