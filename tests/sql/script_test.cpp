#include "script.h"

#include <gtest/gtest.h>

namespace garland::sqltest {
namespace {

TEST(Script, ReadsStatements) {
  auto records = read_script(
      "# r_SELECT\nstatement ok\ncreate table t (\n  a int)\n\nsession b statement error 42703 at 1:8 column "
      ".*\nselect x\n");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].line, 2);
  EXPECT_EQ(records[0].sql, "create table t (\n  a int)");
  EXPECT_EQ(records[0].session, "main");
  EXPECT_EQ(records[1].session, "b");
  EXPECT_EQ(records[1].expected.kind, Expectation::Kind::kError);
  EXPECT_EQ(records[1].expected.sqlstate, "42703");
  EXPECT_EQ(records[1].expected.place, "1:8");
  EXPECT_EQ(records[1].expected.pattern, "column .*");
}

TEST(Script, ReadsQueriesWithTypesAndRows) {
  auto records = read_script(
      "query rowsort\nselect 1, 'a '\n----\ninteger | character varying(2)\n1 | 'a '\nNULL|x\n\nstatement count "
      "3\ndelete from t");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].expected.sort, Sort::kRows);
  EXPECT_EQ(records[0].expected.types, "integer | character varying(2)");
  EXPECT_EQ(records[0].expected.rows, (std::vector<std::string>{"1 | 'a '", "NULL | x"}));
  EXPECT_EQ(records[1].expected.count, 3u);
}

TEST(Script, ReadsDirectives) {
  auto records = read_script(
      "values 1 | NULL | 'x | y'\nskip not yet\nquery\nselect $1\n----\ninteger\n\nfile "
      "a.csv\n1,2\n(blank)\n3,4\n\nsession b background statement ok\nselect 1\n\nblocked b\nwait b\n");
  ASSERT_EQ(records.size(), 5u);
  EXPECT_EQ(records[0].skip, "not yet");
  EXPECT_EQ(records[0].values, (std::vector<std::optional<std::string>>{"1", std::nullopt, "x | y"}));
  EXPECT_TRUE(records[0].expected.rows.empty());
  EXPECT_EQ(records[1].file_content, "1,2\n\n3,4\n");
  EXPECT_TRUE(records[2].background);
  EXPECT_EQ(records[3].kind, Record::Kind::kBlocked);
  EXPECT_EQ(records[4].kind, Record::Kind::kWait);
}

TEST(Script, RefusesWhatItDoesNotKnow) {
  EXPECT_THROW(read_script("statment ok\nselect 1\n"), FormatError);
  EXPECT_THROW(read_script("statement error\nselect 1\n"), FormatError);
  EXPECT_THROW(read_script("query\nselect 1\n"), FormatError);
  EXPECT_THROW(read_script("query\nselect 1\n----\n"), FormatError);
  EXPECT_THROW(read_script("statement ok\n\n"), FormatError);
  EXPECT_THROW(read_script("skip because\n"), FormatError);
  EXPECT_THROW(read_script("query sometimes\nselect 1\n----\ninteger\n"), FormatError);
}

TEST(Script, RenderedRowsReadBack) {
  std::vector<std::optional<std::string>> row = {std::nullopt, "", "NULL", "a", " b", "c\n\t\\", "d|e", "it's", "'"};
  EXPECT_EQ(parse_row(render_row(row), 1), row);
}

}  // namespace
}  // namespace garland::sqltest
