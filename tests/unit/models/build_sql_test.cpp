#include "models/build_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/rewrite.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::models {
namespace {

using testing::ElementsAre;

/// core.* stands anew, the rest where it is.
ModelName core_anew(const ModelName& name) { return name.schema == "core" ? new_table(name) : name; }

Model model(const ModelName& name, const std::string& text) {
  Model made;
  made.name = name;
  made.statement = sql::parse_statement(text);
  made.is_view = std::holds_alternative<sql::CreateView>(made.statement.node);
  return made;
}

/// Both sides as the printer writes them, so that the tests do not depend on its style.
void expect_same_sql(const std::string& found, const std::string& wanted) {
  EXPECT_EQ(sql::print(sql::parse_statement(found)), sql::print(sql::parse_statement(wanted)));
}

void expect_rewritten(const std::string& query, const std::string& wanted) {
  sql::Statement statement = sql::parse_statement(query);
  rewrite_relations(statement, core_anew);
  EXPECT_EQ(sql::print(statement), sql::print(sql::parse_statement(wanted)));
}

TEST(Rewrite, RenamedRelationsKeepTheirNamesAsAliases) {
  expect_rewritten("select a.id, core.a.id, core.a.* from core.a", "select a.id, a.id, a.* from core.a__new as a");
  expect_rewritten("select x.id from core.a as x", "select x.id from core.a__new as x");
  expect_rewritten("select staging.a.id from staging.a", "select staging.a.id from staging.a");
}

TEST(Rewrite, EverywhereInAQuery) {
  expect_rewritten(
      "with c as (select * from core.a) select (select max(id) from core.b), case when exists (select 1 from core.c) "
      "then 1 end, "
      "sum(x) over (partition by (select 1 from core.d) order by (select 2 from core.d)) "
      "from c join (select * from core.e) as e on e.id in (select id from core.f) where x = any (select id from "
      "core.g) "
      "group by coalesce((select 1 from core.h), 2) having count(*) > (select 3 from core.i) "
      "union all select 1, 2, 3 from core.j order by (select 1 from core.k)",
      "with c as (select * from core.a__new as a) select (select max(id) from core.b__new as b), case when exists "
      "(select 1 from core.c__new as c) then 1 "
      "end, sum(x) over (partition by (select 1 from core.d__new as d) order by (select 2 from core.d__new as d)) "
      "from c join (select * from core.e__new as e) as e on e.id in (select id from core.f__new as f) where x = any "
      "(select id from core.g__new as g) "
      "group by coalesce((select 1 from core.h__new as h), 2) having count(*) > (select 3 from core.i__new as i) "
      "union all select 1, 2, 3 from core.j__new as j order by (select 1 from core.k__new as k)");
}

TEST(Rewrite, NamesOfCtesStay) {
  expect_rewritten("with a as (select 1 as x) select a.x from a", "with a as (select 1 as x) select a.x from a");
}

TEST(BuildSql, Tables) {
  Model sales =
      model({"marts", "sales"}, "create table sales diststyle all sortkey (day) as select day from core.orders");
  expect_same_sql(
      create_table_as(sales, core_anew),
      "create table marts.sales__new diststyle all sortkey (day) as select day from core.orders__new as orders");
  EXPECT_EQ(
      sql::print(sales.statement),
      sql::print(sql::parse_statement("create table sales diststyle all sortkey (day) as select day from core.orders")))
      << "the model itself stays";
}

TEST(BuildSql, EncodedTables) {
  Model sales =
      model({"marts", "sales"}, "create table marts.sales (day, state) distkey (day) as select a, b from core.orders");
  sales.encodings = {{"state", "bytedict"}};
  std::vector<engine::ResultColumn> columns{{"a", engine::Type::of(engine::TypeId::kDate)},
                                            {"b", engine::Type::varchar(16)}};
  expect_same_sql(
      create_encoded_table(sales, columns),
      "create table marts.sales__new (day date, state character varying(16) encode bytedict) distkey (day)");
  expect_same_sql(fill_encoded_table(sales, core_anew),
                  "insert into marts.sales__new select a, b from core.orders__new as orders");
  sales.encodings = {{"stat", "raw"}};
  EXPECT_THROW(
      {
        try {
          create_encoded_table(sales, columns);
        } catch (const Error& error) {
          EXPECT_EQ(error.state(), kUndefinedColumn);
          EXPECT_EQ(error.hint(), "did you mean \"state\"?");
          throw;
        }
      },
      Error);
}

TEST(BuildSql, ViewsAreLateBinding) {
  Model orders = model({"staging", "orders"}, "create view staging.orders as select id from core.a");
  expect_same_sql(
      create_view(orders, new_view(orders.name), core_anew),
      "create or replace view staging.orders__newview as select id from core.a__new as a with no schema binding");
}

TEST(BuildSql, Publishing) {
  Model first = model({"core", "a"}, "create table core.a as select 1 as x");
  Model second = model({"core", "b"}, "create table core.b as select 1 as x");
  Model view = model({"core", "v"}, "create view core.v as select x from core.a");
  Model once_a_view = model({"core", "w"}, "create table core.w as select 1 as x");
  Model once_a_table = model({"core", "z"}, "create view core.z as select 1 as x");
  auto statements = publish_statements({{&view, Published::kView},
                                        {&first, Published::kTable},
                                        {&second, Published::kNothing},
                                        {&once_a_view, Published::kView},
                                        {&once_a_table, Published::kTable}});
  ASSERT_EQ(statements.size(), 8u);
  EXPECT_THAT(std::vector<std::string>(statements.begin(), statements.begin() + 6),
              ElementsAre("alter table core.a rename to a__old", "alter table core.a__new rename to a",
                          "alter table core.b__new rename to b", "drop view core.w",
                          "alter table core.w__new rename to w", "alter table core.z rename to z__old"));
  expect_same_sql(statements[6], "create or replace view core.v as select x from core.a with no schema binding");
  expect_same_sql(statements[7], "create or replace view core.z as select 1 as x with no schema binding");
}

TEST(BuildSql, Leftovers) {
  EXPECT_EQ(drop_tables({{"core", "a__new"}, {"core", "a__old"}}), "drop table if exists core.a__new, core.a__old");
  EXPECT_EQ(drop_views({}), "");
}

TestSpec spec(TestSpec::Kind kind, std::vector<std::string> columns) {
  TestSpec test{};
  test.kind = kind;
  test.columns = std::move(columns);
  return test;
}

TEST(TestSql, EachKind) {
  ModelName fact{"core", "fact"};
  expect_same_sql(failing_rows(spec(TestSpec::Kind::kNotNull, {"a", "b"}), fact, core_anew),
                  "select * from core.fact__new where a is null or b is null");
  expect_same_sql(failing_rows(spec(TestSpec::Kind::kUnique, {"a", "b"}), fact, core_anew),
                  "select a, b, count(*) as copies from core.fact__new where a is not null and b is not null group by "
                  "a, b having count(*) > 1");
  TestSpec accepted = spec(TestSpec::Kind::kAccepted, {"state"});
  accepted.values = {"paid", "it's"};
  expect_same_sql(failing_rows(accepted, fact, core_anew),
                  "select * from core.fact__new where state not in ('paid', 'it''s')");
  TestSpec references = spec(TestSpec::Kind::kReferences, {"key"});
  references.references = ModelName{"core", "dim"};
  references.references_column = "id";
  expect_same_sql(failing_rows(references, fact, core_anew),
                  "select child.* from core.fact__new as child where child.key is not null and not exists "
                  "(select 1 from core.dim__new as parent where parent.id = child.key)");
  TestSpec query = spec(TestSpec::Kind::kQuery, {});
  query.query = "-- why\nselect fact.id from core.fact where id < 0;";
  expect_same_sql(failing_rows(query, {}, core_anew), "select fact.id from core.fact__new as fact where id < 0");
  expect_same_sql(count_failing_rows(query, {}, core_anew),
                  "select count(*) from (select fact.id from core.fact__new as fact where id < 0) as failing");
}

}  // namespace
}  // namespace garland::models
