// Parser: which statement it is, and what becomes of those that Garland does not do.
#include <array>

#include "sql/recursive_parser.h"

namespace garland::sql {
namespace {

enum class Fate { kNotYet, kNotInRedshift };

struct RefusedStatement {
  std::string_view words;  // lower case, one blank between; the first words of the text
  std::string_view name;
  Fate fate;
};

// Statements of Redshift that later work brings, and PostgreSQL's that Redshift refuses.
constexpr RefusedStatement kRefused[] = {
    {"alter datashare", "ALTER DATASHARE", Fate::kNotYet},
    {"alter external", "ALTER EXTERNAL", Fate::kNotYet},
    {"alter identity provider", "ALTER IDENTITY PROVIDER", Fate::kNotYet},
    {"alter procedure", "ALTER PROCEDURE", Fate::kNotYet},
    {"alter system", "ALTER SYSTEM", Fate::kNotYet},
    {"alter view", "ALTER VIEW", Fate::kNotYet},
    {"call", "CALL", Fate::kNotYet},
    {"cancel", "CANCEL", Fate::kNotYet},
    {"copy job", "COPY JOB", Fate::kNotYet},
    {"create aggregate", "CREATE AGGREGATE", Fate::kNotInRedshift},
    {"create datashare", "CREATE DATASHARE", Fate::kNotYet},
    {"create domain", "CREATE DOMAIN", Fate::kNotInRedshift},
    {"create extension", "CREATE EXTENSION", Fate::kNotInRedshift},
    {"create external", "CREATE EXTERNAL", Fate::kNotYet},
    {"create identity provider", "CREATE IDENTITY PROVIDER", Fate::kNotYet},
    {"create index", "CREATE INDEX", Fate::kNotInRedshift},
    {"create library", "CREATE LIBRARY", Fate::kNotYet},
    {"create model", "CREATE MODEL", Fate::kNotYet},
    {"create or replace external", "CREATE EXTERNAL", Fate::kNotYet},
    {"create or replace library", "CREATE LIBRARY", Fate::kNotYet},
    {"create or replace procedure", "CREATE PROCEDURE", Fate::kNotYet},
    {"create or replace table", "CREATE OR REPLACE TABLE", Fate::kNotInRedshift},
    {"create procedure", "CREATE PROCEDURE", Fate::kNotYet},
    {"create rule", "CREATE RULE", Fate::kNotInRedshift},
    {"create sequence", "CREATE SEQUENCE", Fate::kNotInRedshift},
    {"create trigger", "CREATE TRIGGER", Fate::kNotInRedshift},
    {"create type", "CREATE TYPE", Fate::kNotInRedshift},
    {"create unique index", "CREATE INDEX", Fate::kNotInRedshift},
    {"desc", "DESC", Fate::kNotYet},
    {"do", "DO", Fate::kNotInRedshift},
    {"drop datashare", "DROP DATASHARE", Fate::kNotYet},
    {"drop external", "DROP EXTERNAL", Fate::kNotYet},
    {"drop identity provider", "DROP IDENTITY PROVIDER", Fate::kNotYet},
    {"drop index", "DROP INDEX", Fate::kNotInRedshift},
    {"drop library", "DROP LIBRARY", Fate::kNotYet},
    {"drop model", "DROP MODEL", Fate::kNotYet},
    {"drop procedure", "DROP PROCEDURE", Fate::kNotYet},
    {"drop sequence", "DROP SEQUENCE", Fate::kNotInRedshift},
    {"listen", "LISTEN", Fate::kNotInRedshift},
    {"move", "MOVE", Fate::kNotInRedshift},
    {"notify", "NOTIFY", Fate::kNotInRedshift},
    {"release", "RELEASE SAVEPOINT", Fate::kNotInRedshift},
    {"reindex", "REINDEX", Fate::kNotInRedshift},
    {"savepoint", "SAVEPOINT", Fate::kNotInRedshift},
    {"show policies", "SHOW POLICIES", Fate::kNotYet},
    {"unlisten", "UNLISTEN", Fate::kNotInRedshift},
    {"use", "USE", Fate::kNotYet},
    {"values", "VALUES as a statement", Fate::kNotInRedshift},
};

}  // namespace

Statement Parser::whole_statement() {
  const uint32_t start = begin();
  Statement result{statement()};
  result.span = since(start);
  expect_end();
  return result;
}

Query Parser::whole_query() {
  Query result;
  query(result);
  expect_end();
  return result;
}

Expr Parser::whole_expression() {
  Expr result = expression();
  if (!at(TokenKind::kEnd)) fail();
  return result;
}

Statement::Node Parser::statement() {
  if (at(Symbol::kLeftParen) || at(Keyword::kSelect)) return std::move(*boxed_query());
  if (peek().kind != TokenKind::kWord) fail();
  refuse_statement();
  if (auto node = access_statement()) return *std::move(node);
  switch (peek().keyword) {
    case Keyword::kWith:
      return with_statement();
    case Keyword::kInsert:
      return insert();
    case Keyword::kUpdate:
      return update();
    case Keyword::kDelete:
      return delete_statement();
    case Keyword::kMerge:
      return merge();
    case Keyword::kCopy:
      return copy();
    case Keyword::kCreate:
      return create();
    case Keyword::kDrop:
      return drop();
    case Keyword::kAlter:
      return alter();
    case Keyword::kTruncate:
      return truncate();
    case Keyword::kBegin:
    case Keyword::kStart:
      return begin_statement();
    case Keyword::kCommit:
    case Keyword::kEnd:
      end_of_transaction();
      return Commit{};
    case Keyword::kRollback:
    case Keyword::kAbort:
      end_of_transaction();
      return Rollback{};
    case Keyword::kSet:
      return set();
    case Keyword::kReset:
    case Keyword::kShow:
      return reset_or_show();
    default:
      if (at_word("unload")) return unload();
      return session_statement();
  }
}

void Parser::refuse_statement() const {
  const auto begins_with = [&](std::string_view words) {
    for (size_t ahead = 0;; ++ahead) {
      const size_t blank = words.find(' ');
      if (!at_word(words.substr(0, blank), ahead)) return false;
      if (blank == std::string_view::npos) return true;
      words.remove_prefix(blank + 1);
    }
  };
  for (const RefusedStatement& refused : kRefused) {
    if (!begins_with(refused.words)) continue;
    if (refused.fate == Fate::kNotYet) not_yet(refused.name, peek());
    not_in_redshift(refused.name, peek());
  }
}

}  // namespace garland::sql
