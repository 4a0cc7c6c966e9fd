// What is not Redshift's SQL, or not done yet: the error's code, its place and its words.
#include <gtest/gtest.h>

#include "base/error.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::sql {
namespace {

struct Refusal {
  std::string_view input;
  std::string_view state;
  size_t offset;
  std::string_view message;  // a part of it
};

constexpr Refusal kRefusals[] = {
    // ---- syntax errors name the token
    {"select from t", "42601", 7, "at or near \"from\""},
    {"select 1 +", "42601", 10, "at end of input"},
    {"", "42601", 0, "at end of input"},
    {"select 1; select 2", "42601", 10, "at or near \"select\""},
    {"selec 1", "42601", 0, "at or near \"selec\""},
    {"select a b c", "42601", 11, "at or near \"c\""},
    {"select 'abc", "42601", 7, "unterminated quoted string"},
    {"select \"abc", "42601", 7, "unterminated quoted identifier"},
    {"select \"\"", "42601", 7, "zero-length"},
    {"select $$abc", "42601", 7, "unterminated dollar-quoted string"},
    {"select 1 /* a /* b */", "42601", 9, "unterminated /* comment"},
    {"select a < b < c", "42601", 13, "at or near \"<\""},
    {"select a like b like c", "42601", 16, "at or near \"like\""},
    {"select a ||- b", "42601", 9, "at or near \"||-\""},
    {"select a ~~ b", "42601", 9, "at or near \"~~\""},
    {"select case end", "42601", 12, "at or near \"end\""},
    {"select (1", "42601", 9, "at end of input"},
    {"select f(1,)", "42601", 11, "at or near \")\""},
    {"select * from raw.orders", "42601", 14, "at or near \"raw\""},
    {"create table user (a int)", "42601", 13, "at or near \"user\""},
    {"select * from t as select", "42601", 19, "at or near \"select\""},
    {"select * from a join b", "42601", 22, "at end of input"},
    {"select * from a natural join b on a.x = b.x", "42601", 31, "at or near \"on\""},
    {"select * from (t)", "42601", 16, "at or near \")\""},
    {"select * from t fetch first 10 rows only", "42601", 22, "at or near \"first\""},
    {"select * from t qualify row_number() over (order by a) = 1", "42601", 24, "at or near \"row_number\""},
    {"select a, b from t group by", "42601", 27, "at end of input"},
    {"insert t values (1)", "42601", 7, "at or near \"t\""},
    {"update t set t.a = 1", "42601", 14, "at or near \".\""},
    {"merge into t using s on true", "42601", 28, "at end of input"},
    {"create table if not exists t as select 1", "42601", 29, "at or near \"as\""},
    {"create table t (a int) distkey (1)", "42601", 34, "at end of input"},
    {"create table t (a int distkey distkey)", "42601", 30, "at or near \"distkey\""},
    {"create temp view v as select 1", "42601", 12, "at or near \"view\""},
    {"copy t from 's3://x' nosuchoption", "42601", 21, "at or near \"nosuchoption\""},
    {"copy t from 's3://x' delimiter gzip", "42601", 31, "at or near \"gzip\""},
    {"copy t from 's3://x' gzip header", "42601", 26, "at or near \"header\""},
    {"copy t from 's3://x' format as 'csv'", "42601", 31, "at or near \"'***'\""},
    {"unload ('select * form venue') to 's3://x'", "42601", 18, "at or near \"form\""},
    {"unload ('select ''a'' from t where') to 's3://x'", "42601", 34, "at end of input"},
    {"unload (select 1) to 's3://x'", "42601", 8, "at or near \"select\""},
    {"unload ('select 1') to 's3://x' noload", "42601", 32, "at or near \"noload\""},
    {"copy t from 's3://x' iam_role default job create j", "0A000", 38, "COPY … JOB"},
    {"begin read only read write", "42601", 16, "at or near \"read\""},
    {"select a.b.c.d() from t", "42601", 14, "at or near \"(\""},
    {"select x::\"two words\"", "42704", 10, "does not exist"},
    {"select $0", "42P02", 7, "no parameter $0"},
    {"select cast(a as numeric(99999999999))", "22003", 25, "out of range"},
    // ---- text that is no text
    {"select '\xFF'", "22021", 8, "UTF8"},
    {"select \xC0\x80", "22021", 7, "UTF8"},
    {"select '\xED\xA0\x80'", "22021", 8, "UTF8"},
    {std::string_view("select '\0'", 10), "22021", 8, "0x00"},
    {"select '\\377'", "22021", 7, "not valid UTF-8"},
    {"select '\\000'", "22021", 7, "zero byte"},
    // ---- what Redshift does not have
    {"select distinct on (a) a from t", "0A000", 16, "DISTINCT ON is not supported by Redshift"},
    {"select count(*) filter (where a) from t", "0A000", 16, "FILTER"},
    {"insert into t values (1) returning a", "0A000", 25, "RETURNING"},
    {"delete from t where a returning a", "0A000", 22, "RETURNING"},
    {"update t set a = 1 returning a", "0A000", 19, "RETURNING"},
    {"insert into t values (1) on conflict do nothing", "0A000", 25, "ON CONFLICT"},
    {"select * from a, lateral (select 1)", "0A000", 17, "LATERAL"},
    {"select * from (values (1)) as v", "0A000", 15, "VALUES as a table"},
    {"values (1)", "0A000", 0, "VALUES"},
    {"select array[1, 2]", "0A000", 7, "ARRAY"},
    {"select a::int[]", "0A000", 13, "array type"},
    {"select a is distinct from b", "0A000", 12, "IS DISTINCT FROM"},
    {"savepoint s", "0A000", 0, "SAVEPOINT"},
    {"rollback to savepoint s", "0A000", 9, "SAVEPOINT"},
    {"create index i on t (a)", "0A000", 0, "CREATE INDEX"},
    {"create unique index i on t (a)", "0A000", 0, "CREATE INDEX"},
    {"create table t (a int check (a > 0))", "0A000", 22, "CHECK"},
    {"select sum(a) over w from t", "0A000", 19, "named window"},
    {"select a like any ('x', 'y')", "0A000", 14, "LIKE with ANY"},
    {"select * from t for update", "0A000", 16, "FOR UPDATE"},
    // ---- what later work brings
    {"create or replace procedure p() as $$ $$ language plpgsql", "0A000", 0, "CREATE PROCEDURE"},
    {"select (a, b) overlaps (c, d)", "0A000", 14, "OVERLAPS"},
    {"alter table s.t add if not exists partition (d = '2011-12-09') location 's3://b/'", "0A000", 20,
     "ADD PARTITION of an external table"},
    {"alter table s.t set location 's3://b/'", "0A000", 16, "SET LOCATION of an external table"},
    {"create function f(a int) returns int as $$ return a $$ language plpythonu", "0A000", 64, "plpythonu"},
    {"create database d from datashare s of namespace 'x'", "0A000", 18, "FROM DATASHARE"},
    {"create table t (a int) using iceberg", "0A000", 23, "USING"},
    {"declare c scroll cursor for select 1", "0A000", 10, "DECLARE … SCROLL"},
    {"declare c cursor with hold for select 1", "0A000", 17, "WITH HOLD"},
    {"fetch prior from c", "0A000", 6, "FETCH PRIOR"},
    {"fetch forward -1 from c", "0A000", 14, "negative count"},
    {"lock t in access share mode", "0A000", 7, "LOCK … IN … MODE"},
    {"comment on schema s is 'x'", "0A000", 11, "COMMENT ON SCHEMA"},
    {"alter table t alter column a set default 1", "0A000", 29, "ALTER COLUMN … SET DEFAULT"},
    {"alter table t add a int, add b int", "0A000", 23, "several columns"},
    {"create table t (a int) inherits (u)", "0A000", 23, "INHERITS"},
};

TEST(Refusals, HaveCodePlaceAndWords) {
  for (const Refusal& refusal : kRefusals) {
    SCOPED_TRACE(std::string(refusal.input));
    try {
      ADD_FAILURE() << "was read as: " << print(parse_statement(refusal.input));
    } catch (const Error& error) {
      EXPECT_EQ(error.state().text(), refusal.state) << error.what();
      EXPECT_EQ(error.position(), refusal.offset) << error.what();
      EXPECT_NE(error.message().find(refusal.message), std::string::npos) << error.what();
    }
  }
}

TEST(Refusals, HintAtReservedWords) {
  try {
    parse_statement("select * from raw.orders");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.hint().find("\"raw\" is a reserved word"), std::string::npos) << error.hint();
  }
}

TEST(Refusals, QueriesAndExpressionsEndWhereTheTextEnds) {
  EXPECT_THROW(parse_query("insert into t values (1)"), Error);
  EXPECT_THROW(parse_query("select 1 select 2"), Error);
  EXPECT_THROW(parse_expression("a, b"), Error);
  EXPECT_THROW(parse_expression("a;"), Error);
}

}  // namespace
}  // namespace garland::sql
