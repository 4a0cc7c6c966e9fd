// Parser: schemas, databases, comments, materialized views, SQL functions (guide pages r_CREATE_SCHEMA, r_ALTER_SCHEMA,
// r_CREATE_DATABASE, r_ALTER_DATABASE, r_COMMENT, materialized-view-create-sql-command,
// materialized-view-refresh-sql-command, r_CREATE_FUNCTION, r_DROP_FUNCTION, r_ALTER_FUNCTION).
#include "sql/literals.h"
#include "sql/recursive_parser.h"

namespace garland::sql {

bool Parser::if_exists() {
  if (!at(Keyword::kIf) || !at(Keyword::kExists, 1)) return false;
  at_ += 2;
  return true;
}

bool Parser::if_not_exists() {
  if (!at(Keyword::kIf) || !at(Keyword::kNot, 1)) return false;
  at_ += 2;
  expect(Keyword::kExists);
  return true;
}

Quota Parser::quota() {
  if (accept_word("unlimited")) return {};
  const Token& number = peek();
  int64_t megabytes = unsigned_integer();
  if (accept_word("gb")) {
    megabytes *= 1024;
  } else if (accept_word("tb")) {
    megabytes *= 1024 * 1024;
  } else {
    accept_word("mb");
  }
  if (megabytes == 0) throw Error(kInvalidParameterValue, "a quota must be greater than 0").at(number.begin);
  return {megabytes};
}

int32_t Parser::connection_limit() {
  if (!accept_word("limit") && !accept(Keyword::kLimit)) fail();
  if (accept_word("unlimited")) return -1;
  return unsigned_integer();
}

bool Parser::database_option(DatabaseOptions& options) {
  if (!options.owner && accept_word("owner")) {
    accept(Symbol::kEqual);
    options.owner = name();
  } else if (!options.connection_limit && accept_word("connection")) {
    options.connection_limit = connection_limit();
  } else if (!options.case_sensitive && accept(Keyword::kCollate)) {
    options.case_sensitive = accept(Keyword::kCaseSensitive);
    if (!*options.case_sensitive) expect(Keyword::kCaseInsensitive);
  } else if (!options.isolation && accept(Keyword::kIsolation)) {
    expect(Keyword::kLevel);
    if (!at(Keyword::kSerializable) && !at(Keyword::kSnapshot)) fail();
    options.isolation = isolation_level();
  } else {
    return false;
  }
  return true;
}

Statement::Node Parser::create_database() {
  CreateDatabase result{name(), {}};
  accept(Keyword::kWith);
  if (at(Keyword::kFrom)) not_yet("CREATE DATABASE … FROM " + upper_text(peek(1)), peek());
  while (database_option(result.options)) {
  }
  if (at(Keyword::kFrom)) not_yet("CREATE DATABASE … FROM " + upper_text(peek(1)), peek());
  return result;
}

Statement::Node Parser::alter_database() {
  AlterDatabase result{name(), RenameObject{}};
  if (accept(Keyword::kRename)) {
    expect(Keyword::kTo);
    result.action = RenameObject{name()};
    return result;
  }
  if (at_word("integration")) not_yet("ALTER DATABASE … INTEGRATION", peek());
  DatabaseOptions option;
  if (accept_word("owner")) {
    expect(Keyword::kTo);
    option.owner = name();
  } else if (!database_option(option)) {
    fail();
  }
  result.action = std::move(option);
  return result;
}

Statement::Node Parser::alter_schema() {
  AlterSchema result{name(), RenameObject{}};
  if (accept(Keyword::kRename)) {
    expect(Keyword::kTo);
    result.action = RenameObject{name()};
  } else if (accept_word("owner")) {
    expect(Keyword::kTo);
    result.action = ChangeOwner{name()};
  } else {
    expect(Keyword::kQuota);
    result.action = quota();
  }
  return result;
}

CommentOn Parser::comment() {
  expect(Keyword::kOn);
  CommentOn result{CommentKind::kTable, {}, std::nullopt, std::nullopt};
  if (accept(Keyword::kColumn)) {
    result.kind = CommentKind::kColumn;
    const uint32_t start = begin();
    result.object = table_name();
    if (at(Symbol::kDot)) {
      take();
      result.part = label();
    } else if (result.object.parts.size() > 1) {
      result.part = std::move(result.object.parts.back());
      result.object.parts.pop_back();
    } else {
      fail();
    }
    result.object.span = {start, result.part->span.begin - 1};
  } else if (accept(Keyword::kConstraint)) {
    result.kind = CommentKind::kConstraint;
    result.part = name();
    expect(Keyword::kOn);
    result.object = table_name();
  } else if (accept_word("database")) {
    result.kind = CommentKind::kDatabase;
    const uint32_t start = begin();
    result.object.parts.push_back(name());
    result.object.span = since(start);
  } else {
    if (accept(Keyword::kView)) {
      result.kind = CommentKind::kView;
    } else if (!accept(Keyword::kTable)) {
      if (at(TokenKind::kWord)) not_in_redshift("COMMENT ON " + upper_text(peek()), peek());
      fail();
    }
    result.object = table_name();
  }
  expect(Keyword::kIs);
  if (!accept(Keyword::kNull)) result.text = text_of_string();
  return result;
}

Statement::Node Parser::create_materialized_view() {
  expect(Keyword::kView);
  QualifiedName view = qualified_name();
  TableAttributes attributes;
  std::optional<bool> auto_refresh;
  for (;;) {
    if (!auto_refresh && at(Keyword::kAuto) && at_word("refresh", 1)) {
      at_ += 2;
      auto_refresh = accept(Keyword::kYes);
      if (!*auto_refresh) expect(Keyword::kNo);
    } else if (!table_attribute(attributes)) {
      break;
    }
  }
  if (at(Keyword::kUsing)) not_yet("CREATE MATERIALIZED VIEW … USING", peek());
  expect(Keyword::kAs);
  return CreateMaterializedView{std::move(view), std::move(attributes), auto_refresh, boxed_query()};
}

Statement::Node Parser::refresh_materialized_view() {
  at_ += 2;
  expect(Keyword::kView);
  RefreshMaterializedView result{qualified_name()};
  result.cascade = cascade();
  return result;
}

// The types, and names for those who give them: both `(int, int)` and `(a int, b int)`.
std::vector<TypeName> Parser::function_arguments() {
  std::vector<TypeName> arguments;
  expect(Symbol::kLeftParen);
  if (accept(Symbol::kRightParen)) return arguments;
  do {
    const bool type_first = (keyword_flags(peek().keyword) & kTypeWord) != 0 || at(Keyword::kInterval);
    const bool ends = at(Symbol::kComma, 1) || at(Symbol::kRightParen, 1) || at(Symbol::kLeftParen, 1);
    if (!type_first && !ends) name();
    arguments.push_back(type());
  } while (accept(Symbol::kComma));
  expect(Symbol::kRightParen);
  return arguments;
}

Statement::Node Parser::create_function(bool or_replace) {
  const Token& first = peek();
  CreateFunction function;
  function.or_replace = or_replace;
  function.name = qualified_name();
  function.arguments = function_arguments();
  if (!accept_word("returns")) fail();
  function.returns = type();
  bool has_body = false, has_language = false;
  while (function_clause(function, has_body, has_language)) {
  }
  if (!has_body || !has_language) fail();
  constexpr size_t kMostArguments = 32;  // guide page r_CREATE_FUNCTION
  if (function.arguments.size() > kMostArguments)
    throw Error(SqlState("54023"), "functions cannot have more than 32 arguments").at(first.begin);
  return function;
}

bool Parser::function_clause(CreateFunction& function, bool& has_body, bool& has_language) {
  if (accept_word("volatile")) {
    function.volatility = Volatility::kVolatile;
  } else if (accept_word("stable")) {
    function.volatility = Volatility::kStable;
  } else if (accept_word("immutable")) {
    function.volatility = Volatility::kImmutable;
  } else if (!has_body && accept(Keyword::kAs)) {
    const uint32_t start = begin();
    function.body = text_of_string();
    function.body_span = since(start);
    has_body = true;
  } else if (!has_language && accept_word("language")) {
    const Token& language = peek();
    const std::string spelled = at_string() ? text_of_string() : name().text;
    if (fold_identifier(spelled) != "sql") not_yet("CREATE FUNCTION … LANGUAGE " + spelled, language);
    has_language = true;
  } else {
    return false;
  }
  return true;
}

FunctionSignature Parser::function_signature() {
  QualifiedName function = qualified_name();
  return {std::move(function), function_arguments()};
}

Statement::Node Parser::drop_function() {
  const bool may_miss = if_exists();
  DropFunction result{function_signature(), may_miss};
  result.cascade = cascade();
  return result;
}

Statement::Node Parser::alter_function() {
  AlterFunction result{function_signature(), RenameObject{}};
  if (accept_word("owner")) {
    expect(Keyword::kTo);
    result.action = ChangeOwner{name()};
  } else {
    expect(Keyword::kRename);
    expect(Keyword::kTo);
    result.action = RenameObject{name()};
  }
  return result;
}

}  // namespace garland::sql
