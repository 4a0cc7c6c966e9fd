// Parser: prepared statements, cursors, EXPLAIN, LOCK, ANALYZE, VACUUM (guide pages r_PREPARE, r_EXECUTE, r_DEALLOCATE,
// declare, fetch, close, r_EXPLAIN, r_LOCK, r_ANALYZE, r_ANALYZE_COMPRESSION, r_VACUUM_command).
#include "sql/recursive_parser.h"

namespace garland::sql {

Statement::Node Parser::session_statement() {
  if (accept_word("prepare")) return prepare();
  if (accept_word("execute")) return execute();
  if (accept_word("deallocate")) {
    accept_word("prepare");
    if (accept(Keyword::kAll)) return Deallocate{};
    return Deallocate{name()};
  }
  if (accept_word("declare")) return declare_cursor();
  if (accept_word("fetch")) return fetch();
  if (accept_word("close")) {
    if (accept(Keyword::kAll)) return CloseCursor{};
    return CloseCursor{name()};
  }
  if (accept_word("explain")) return explain();
  if (accept_word("lock")) return lock();
  if (accept(Keyword::kAnalyze) || accept(Keyword::kAnalyse)) return analyze();
  if (accept_word("vacuum")) return vacuum();
  if (accept_word("comment")) return comment();
  if (at_word("refresh") && at_word("materialized", 1)) return refresh_materialized_view();
  fail();
}

Box<Statement> Parser::inner_statement() {
  const uint32_t start = begin();
  const bool fits = at(Symbol::kLeftParen) || at_query() || at(Keyword::kInsert) || at(Keyword::kUpdate) ||
                    at(Keyword::kDelete) || at(Keyword::kMerge) || at(Keyword::kCreate);
  if (!fits) fail();
  Statement inner{statement()};
  inner.span = since(start);
  return inner;
}

Prepare Parser::prepare() {
  Name plan = name();
  std::vector<TypeName> types;
  if (accept(Symbol::kLeftParen)) {
    do types.push_back(type());
    while (accept(Symbol::kComma));
    expect(Symbol::kRightParen);
  }
  expect(Keyword::kAs);
  if (at(Keyword::kCreate)) fail();
  return {std::move(plan), std::move(types), inner_statement()};
}

Execute Parser::execute() {
  Execute result{name(), {}};
  if (!accept(Symbol::kLeftParen)) return result;
  if (!at(Symbol::kRightParen)) result.arguments = expressions();
  expect(Symbol::kRightParen);
  return result;
}

// NO SCROLL and WITHOUT HOLD say what a cursor is anyway; psql and psycopg write them.
DeclareCursor Parser::declare_cursor() {
  Name cursor = name();
  if (accept_word("no")) {
    if (!accept_word("scroll")) fail();
  }
  for (std::string_view option : {"binary", "insensitive", "scroll"}) {
    if (at_word(option)) not_in_redshift("DECLARE … " + upper_text(peek()), peek());
  }
  if (!accept_word("cursor")) fail();
  if (at(Keyword::kWith)) not_in_redshift("DECLARE … WITH HOLD", peek());
  if (accept(Keyword::kWithout) && !accept_word("hold")) fail();
  expect(Keyword::kFor);
  return {std::move(cursor), boxed_query()};
}

// Clients over ODBC write `fetch 100 in c`.
Fetch Parser::fetch() {
  for (std::string_view direction : {"prior", "first", "last", "absolute", "relative", "backward"}) {
    if (at_word(direction) && !at(TokenKind::kEnd, 1)) not_in_redshift("FETCH " + upper_text(peek()), peek());
  }
  Fetch result;
  const auto count = [&] {
    if (accept(Keyword::kAll)) {
      result.count.reset();
    } else if (at(TokenKind::kNumber) || at(Symbol::kMinus)) {
      const Token& first = peek();
      result.count = signed_integer();
      if (*result.count < 0) not_in_redshift("FETCH with a negative count", first);
    }
  };
  const auto at_from = [&](size_t ahead) { return at(Keyword::kFrom, ahead) || at(Keyword::kIn, ahead); };
  if (at_word("next") && at_from(1)) {
    take();
  } else {
    if (at_word("forward") && !at(TokenKind::kEnd, 1)) take();
    count();
  }
  if (at_from(0)) take();
  result.cursor = name();
  return result;
}

Explain Parser::explain() {
  Explain result{accept(Keyword::kVerbose), inner_statement()};
  const auto& node = result.statement->node;
  const bool fits = std::holds_alternative<Query>(node) || std::holds_alternative<Insert>(node) ||
                    std::holds_alternative<Update>(node) || std::holds_alternative<Delete>(node) ||
                    std::holds_alternative<Merge>(node) || std::holds_alternative<CreateTableAs>(node) ||
                    std::holds_alternative<CreateMaterializedView>(node);
  if (!fits)
    throw Error(kSyntaxError, "EXPLAIN takes a query, a CREATE TABLE AS or a change of rows")
        .at(result.statement->span.begin);
  return result;
}

Lock Parser::lock() {
  accept(Keyword::kTable);
  Lock result;
  do result.tables.push_back(table_name());
  while (accept(Symbol::kComma));
  if (at(Keyword::kIn)) not_in_redshift("LOCK … IN … MODE", peek());
  return result;
}

Statement::Node Parser::analyze() {
  if (at_word("compression")) {
    take();
    AnalyzeCompression result;
    const auto at_comprows = [&] { return at_word("comprows") && at(TokenKind::kNumber, 1); };
    if (at_table_name() && !at_comprows()) result.table = table_name();
    if (result.table && at(Symbol::kLeftParen)) result.columns = names_in_parentheses();
    if (at_comprows()) {
      take();
      result.rows = signed_integer();
    }
    return result;
  }
  Analyze result;
  result.verbose = accept(Keyword::kVerbose);
  const auto at_which = [&] { return (at_word("predicate") || at(Keyword::kAll)) && at_word("columns", 1); };
  if (at_table_name() && !at_which()) result.table = table_name();
  if (result.table && at(Symbol::kLeftParen)) result.columns = names_in_parentheses();
  if (at_which()) {
    result.which = at(Keyword::kAll) ? AnalyzeColumns::kAll : AnalyzeColumns::kPredicate;
    at_ += 2;
  }
  return result;
}

Vacuum Parser::vacuum() {
  Vacuum result;
  if (accept(Keyword::kFull)) {
    result.kind = VacuumKind::kFull;
  } else if (at_word("sort") && at(Keyword::kOnly, 1)) {
    at_ += 2;
    result.kind = VacuumKind::kSortOnly;
  } else if (at(Keyword::kDelete) && at(Keyword::kOnly, 1)) {
    at_ += 2;
    result.kind = VacuumKind::kDeleteOnly;
  } else if (accept_word("reindex")) {
    result.kind = VacuumKind::kReindex;
  } else if (accept_word("recluster")) {
    result.kind = VacuumKind::kRecluster;
  }
  if (at_table_name() && !at_word("boost")) result.table = table_name();
  if (accept(Keyword::kTo)) {
    result.percent = unsigned_integer();
    expect(Keyword::kPercent);
  }
  result.boost = accept_word("boost");
  return result;
}

}  // namespace garland::sql
