// Nesting and size: refused with 54001 and 54000, never a crash.
#include "base/limits.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::sql {
namespace {

struct Construct {
  std::string before, middle, after;  // each repeated around the middle
  std::string around_before, around_after;
};

std::string nested(const Construct& c, int times) {
  std::string text = c.around_before;
  for (int i = 0; i < times; ++i) text += c.before;
  text += c.middle;
  for (int i = 0; i < times; ++i) text += c.after;
  return text + c.around_after;
}

const std::vector<Construct>& constructs() {
  static const std::vector<Construct> all = {
      {"(", "1", ")", "select ", ""},
      {"f(", "1", ")", "select ", ""},
      {"- ", "1", "", "select ", ""},
      {"+ ", "1", "", "select ", ""},
      {"~ ", "1", "", "select ", ""},
      {"not ", "a", "", "select ", ""},
      {"", "1", " + 1", "select ", ""},
      {"", "a", " || b", "select ", ""},
      {"a = ", "1", "", "select ", ""},
      {"", "1", "::int", "select ", ""},
      {"", "a", " at time zone 'utc'", "select ", ""},
      {"", "a", " is null", "select ", ""},
      {"cast(", "1", " as int)", "select ", ""},
      {"case when true then ", "1", " end", "select ", ""},
      {"case ", "1", " when 1 then 2 end", "select ", ""},
      {"(1, ", "1", ")", "select ", ""},
      {"a in (", "1", ")", "select ", ""},
      {"a between 1 and ", "1", "", "select ", ""},
      {"a between (", "1", ") and 2", "select ", ""},
      {"trim(", "a", ")", "select ", ""},
      {"position(a in ", "a", ")", "select ", ""},
      {"extract(year from ", "a", ")", "select ", ""},
      {"substring(", "a", " from 1)", "select ", ""},
      {"sum(a) over (partition by ", "1", ")", "select ", ""},
      {"(select ", "1", ")", "select ", ""},
      {"exists (select ", "1", ")", "select ", ""},
      {"a = any (select ", "1", ")", "select ", ""},
      {"(", "select 1", ")", "", ""},
      {"(", "select 1", " order by 1)", "", ""},
      {"", "select 1", " union all select 2", "", ""},
      {"select 1 union (", "select 1", ")", "", ""},
      {"select * from (", "select 1", ") as x", "", ""},
      {"with x as (", "select 1", ") select 1", "", ""},
      {"(", "a cross join b", ")", "select * from ", ""},
      {"", "a", " cross join b", "select * from ", ""},
      {"", "a", " join b using (c)", "select * from ", ""},
      {"a join ", "b", " on true", "select * from ", ""},
      {"grouping sets (", "a", ")", "select a from t group by ", ""},
      {"(", "1", ")", "insert into t values (", ")"},
      {"(", "1", ")", "create table t (a int default ", ")"},
      {"(", "true", ")", "merge into t using s on ", " when matched then delete"},
  };
  return all;
}

TEST(Limits, DeepNestingIsRefusedEverywhere) {
  for (const Construct& construct : constructs()) {
    for (int times : {501, 5000, 100000}) {
      const std::string text = nested(construct, times);
      SCOPED_TRACE(text.substr(0, 60) + " x " + std::to_string(times));
      try {
        parse_statement(text);
        ADD_FAILURE() << "was accepted";
      } catch (const Error& error) {
        EXPECT_EQ(error.state(), kStatementTooComplex) << error.what();
      }
    }
  }
}

TEST(Limits, WhatIsWithinThemIsReadPrintedAndCopied) {
  for (const Construct& construct : constructs()) {
    for (int times : {100, 240}) {
      const std::string text = nested(construct, times);
      SCOPED_TRACE(text.substr(0, 60) + " x " + std::to_string(times));
      const Statement statement = parse_statement(text);
      const Statement copy = statement;
      // What the parser reads, the printer's text keeps within the limits: it adds no nesting.
      EXPECT_EQ(parse_statement(print(copy)), statement);
    }
  }
}

TEST(Limits, LongChainsOfAndAreFlat) {
  std::string text = "select a";
  for (int i = 0; i < 20000; ++i) text += " and a";
  const Statement statement = parse_statement(text);
  EXPECT_EQ(parse_statement(print(statement)), statement);
}

TEST(Limits, WideStatementsAreFine) {
  std::string text = "insert into t values (0, 'x', null)";
  for (int i = 0; i < 20000; ++i) text += ", (" + std::to_string(i) + ", 'x', null)";
  const Statement statement = parse_statement(text);
  EXPECT_EQ(std::get<Values>(std::get<Insert>(statement.node).source).rows.size(), 20001u);
}

TEST(Limits, TextIsAtMostSixteenMegabytes) {
  std::string text = "select 1";
  text.resize(kMaxStatementBytes, ' ');
  EXPECT_NO_THROW(parse_statement(text));
  text += ' ';
  try {
    parse_statement(text);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), kProgramLimitExceeded);
  }
}

}  // namespace
}  // namespace garland::sql
