// Parser: SHOW of catalog objects (guide pages r_SHOW_DATABASES, r_SHOW_SCHEMAS, r_SHOW_TABLES, r_SHOW_COLUMNS,
// r_SHOW_GRANTS, r_SHOW_COLUMN_GRANTS, r_SHOW_FUNCTIONS, r_SHOW_PROCEDURES, r_SHOW_PARAMETERS, r_SHOW_TABLE,
// r_SHOW_VIEW, r_SHOW_EXTERNAL_TABLE, r_SHOW_PROCEDURE, r_SHOW_MODEL, r_SHOW_DATASHARES).
#include "sql/recursive_parser.h"

namespace garland::sql {

bool Parser::at_show_objects() const {
  if (!at(Keyword::kShow) || peek(1).kind != TokenKind::kWord) return false;
  // A setting stands alone.
  const bool alone = at(TokenKind::kEnd, 2) || at(Symbol::kSemicolon, 2) || at(Symbol::kDot, 2);
  if (at_word("databases", 1) || at_word("datashares", 1)) return true;
  if (alone) return false;
  for (std::string_view word : {"schemas", "tables", "columns", "functions", "procedures", "constraints", "grants",
                                "column", "parameters", "table", "view", "external", "procedure", "model"})
    if (at_word(word, 1)) return true;
  return false;
}

ShowObjects Parser::show_objects() {
  take();
  const std::string word = lower_text(take());
  ShowObjects show{ShowKind::kDatabases};
  if (word == "databases") {
    show_databases(show);
  } else if (word == "schemas") {
    show_from(show, ShowKind::kSchemas, "database");
  } else if (word == "tables") {
    show_from(show, ShowKind::kTables, "schema");
  } else if (word == "columns") {
    show_from(show, ShowKind::kColumns, "table");
  } else if (word == "functions") {
    show_from(show, ShowKind::kFunctions, "schema");
  } else if (word == "procedures") {
    show_from(show, ShowKind::kProcedures, "schema");
  } else if (word == "constraints") {
    show_constraints(show);
  } else if (word == "grants") {
    show_grants(show);
  } else if (word == "column") {
    if (!accept_word("grants")) fail();
    show_grants(show);
    if (show.word != "table") fail();
    show.word = "columns";
  } else if (word == "parameters") {
    if (!accept_word("of")) fail();
    const bool procedure = accept_word("procedure");
    if (!procedure && !accept_word("function")) fail();
    show.kind = procedure ? ShowKind::kProcedures : ShowKind::kFunctions;
    show.word = word;
    show.name = table_name();
    show.arguments = routine_arguments();
  } else if (word == "datashares") {
    show.kind = ShowKind::kDatashares;
  } else {
    show_one(show, word);
  }
  if (show.kind <= ShowKind::kProcedures || show.kind == ShowKind::kDatashares || show.word == "columns") {
    if (accept(Keyword::kLike)) show.like = text_of_string();
  }
  if (show.kind == ShowKind::kDatabases && accept_word("iam_role")) {
    show.iam_role = at_string() ? text_of_string() : lower_text(take());
  }
  if (show.kind <= ShowKind::kGrants && accept(Keyword::kLimit)) show.limit = unsigned_integer();
  return show;
}

void Parser::show_from(ShowObjects& show, ShowKind kind, std::string_view object) {
  show.kind = kind;
  expect(Keyword::kFrom);
  if (at_word(object) && !at(Symbol::kDot, 1)) take();
  show.name = table_name();
}

void Parser::show_databases(ShowObjects& show) {
  show.kind = ShowKind::kDatabases;
  if (!accept(Keyword::kFrom)) return;
  if (!accept_word("data") || !accept_word("catalog")) fail();
  show.data_catalog = true;
  if (!accept_word("account")) return;
  do show.accounts.push_back(text_of_string());
  while (accept(Symbol::kComma));
}

void Parser::show_constraints(ShowObjects& show) {
  const bool primary = at(Keyword::kPrimary);
  if (!accept(Keyword::kPrimary)) expect(Keyword::kForeign);
  if (!accept_word("keys")) fail();
  show.word = primary ? "primary keys" : "foreign keys";
  if (!primary && accept_word("exported")) show.word += " exported";
  show_from(show, ShowKind::kConstraints, "table");
}

void Parser::show_grants(ShowObjects& show) {
  show.kind = ShowKind::kGrants;
  if (accept(Keyword::kOn)) {
    show.word = "table";
    if (!accept(Keyword::kTable)) {
      for (std::string_view word : {"schema", "database", "function", "template"}) {
        if (!at_word(word) || !at_name(1)) continue;
        show.word = word;
        take();
        break;
      }
    }
    show.name = table_name();
    if (show.word == "function" && at(Symbol::kLeftParen)) show.arguments = routine_arguments();
    if (accept(Keyword::kFor)) show.grantee = grantee();
    return;
  }
  expect(Keyword::kFor);
  show.grantee = grantee();
  if (!accept(Keyword::kFrom)) return;
  if (!accept_word("database")) fail();
  show.database = name();
}

void Parser::show_one(ShowObjects& show, std::string_view word) {
  if (word == "table") {
    show.kind = ShowKind::kTable;
  } else if (word == "view") {
    show.kind = ShowKind::kView;
  } else if (word == "external") {
    expect(Keyword::kTable);
    show.kind = ShowKind::kExternalTable;
  } else if (word == "procedure") {
    show.kind = ShowKind::kProcedure;
  } else {
    show.kind = ShowKind::kModel;
    if (accept(Keyword::kAll)) return;
  }
  show.name = table_name();
  if (show.kind == ShowKind::kExternalTable) show.partition = accept(Keyword::kPartition);
  if (show.kind == ShowKind::kProcedure && at(Symbol::kLeftParen)) show.arguments = routine_arguments();
}

}  // namespace garland::sql
