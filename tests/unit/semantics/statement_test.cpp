// What resolution says about whole statements: parameters, session values, privileges, targets, made relations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "semantics/dump.h"
#include "semantics/small_catalog.h"
#include "sql/printer.h"

namespace garland::semantics {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> uses(std::string_view sql) {
  const SmallCatalog catalog;
  constexpr std::string_view kAccess[] = {"select ", "insert ", "update ", "delete ", "drop ", "alter "};
  std::vector<std::string> names;
  for (const Use& use : resolve_text(sql, catalog).uses) {
    names.push_back(std::string(kAccess[static_cast<size_t>(use.access)]) + catalog.name_of(use));
  }
  return names;
}

std::string parameters(std::string_view sql, const ResolveOptions& options = {}) {
  std::string text;
  for (const Type& type : resolve_text(sql, SmallCatalog(), options).parameters)
    text += (text.empty() ? "" : ", ") + engine::to_string(type);
  return text;
}

template <class T>
T bound(std::string_view sql, const Catalog& catalog = SmallCatalog()) {
  return std::get<T>(resolve_text(sql, catalog).node);
}

TEST(Parameters, TakeTheirTypesFromContext) {
  EXPECT_EQ(parameters("select id from sales where sold > $1 and name like $2 and price = $3"),
            "date, character varying(65535), numeric(10,2)");
  EXPECT_EQ(parameters("select id from sales where id in ($1, $2) limit $3"), "integer, integer, bigint");
  EXPECT_EQ(parameters("insert into sales (sold, qty) values ($2, $1)"), "smallint, date");
  EXPECT_EQ(parameters("insert into sales (sold, qty) select $1, $2"), "date, smallint");
  EXPECT_EQ(parameters("update sales set name = $1 where id = $2"), "character varying(20), integer");
  EXPECT_EQ(parameters("select $1::decimal(5,1) + $1"), "numeric(5,1)");
  EXPECT_EQ(parameters("select case when paid then $1 else sold end from sales"), "date");
}

TEST(Parameters, AnnouncedTypesStand) {
  const std::vector<Type> types{Type::of(engine::TypeId::kBigint)};
  EXPECT_EQ(parameters("select $1", {types}), "bigint");
  EXPECT_EQ(parameters("select 1", {types}), "bigint");
}

TEST(SessionValues, FollowTheParametersOnceEach) {
  const BoundStatement statement =
      resolve_text("select getdate(), current_user, getdate(), current_date from sales where id = $1");
  EXPECT_THAT(statement.session_values, ElementsAre("getdate", "current_user", "current_date"));
  const auto& outputs = select_of(statement).outputs;
  EXPECT_EQ(dump(outputs[0].expr), "$2:timestamp without time zone");
  EXPECT_EQ(dump(outputs[2].expr), "$2:timestamp without time zone");
  EXPECT_EQ(dump(outputs[3].expr), "$4:date");
  EXPECT_THAT(resolve_text("select current_setting('app.x')").session_values, ElementsAre("current_setting:app.x"));
}

TEST(Uses, NameWhatIsReadAndWritten) {
  EXPECT_THAT(uses("select s.name from sales s where s.id = 1 and s.id > 0"),
              ElementsAre("select sales", "select sales.id", "select sales.name"));
  EXPECT_THAT(uses("select count(*) from sales"), ElementsAre("select sales"));
  EXPECT_THAT(uses("select label from marts.recent"), ElementsAre("select recent", "select recent.label"));
  EXPECT_THAT(uses("select net from marts.loose"), ElementsAre("select loose"));
  EXPECT_THAT(uses("insert into soft (label) select name from customer"),
              ElementsAre("select customer", "select customer.name", "insert soft", "insert soft.label"));
  EXPECT_THAT(uses("update sales set qty = 1"), ElementsAre("update sales", "update sales.qty"));
  EXPECT_THAT(
      uses("delete from sales using customer c where c.customer_id = sales.customer_id"),
      ElementsAre("delete sales", "select customer", "select customer.customer_id", "select sales.customer_id"));
  EXPECT_THAT(uses("drop table sales"), ElementsAre("drop sales"));
  EXPECT_THAT(uses("alter table sales rename to trade"), ElementsAre("alter sales"));
  EXPECT_THAT(uses("create table t (a int)"), IsEmpty());
}

TEST(Insert, ValuesAreConvertedToTheirColumns) {
  const auto insert =
      bound<BoundInsert>("insert into sales (sold, price, name) values ('2011-1-2', 5, 'x'), (null, 2.345, default)");
  EXPECT_THAT(insert.targets, ElementsAre(1, 3, 6));
  const auto& rows = std::get<0>(insert.source);
  EXPECT_EQ(dump(rows[0]), "'2011-01-02':date, '5.00':numeric(10,2), 'x':character varying(20)");
  EXPECT_EQ(dump(rows[1]), "null:date, cast('2.345':numeric(4,3) as numeric(10,2)), null:character varying(20)");
}

TEST(Insert, DefaultsFillTheOtherColumns) {
  const auto insert = bound<BoundInsert>("insert into numbered (label) values ('a')");
  ASSERT_EQ(insert.defaults.size(), 4u);
  EXPECT_FALSE(insert.defaults[0]);
  EXPECT_FALSE(insert.defaults[1]);
  EXPECT_EQ(dump(*insert.defaults[2]), "$1:timestamp without time zone");
  EXPECT_EQ(dump(*insert.defaults[3]), "'7':integer");
  const auto all = bound<BoundInsert>("insert into numbered default values");
  EXPECT_THAT(all.targets, IsEmpty());
  EXPECT_TRUE(all.defaults[3]);
  EXPECT_EQ(std::get<0>(all.source).size(), 1u);
}

TEST(Insert, IdentityColumns) {
  EXPECT_THAT(bound<BoundInsert>("insert into numbered values (default, 'a')").targets, ElementsAre(1));
  EXPECT_THAT(bound<BoundInsert>("insert into soft values (5, 'a')").targets, ElementsAre(0, 1));
  EXPECT_THAT(bound<BoundInsert>("insert into soft (label) values ('a')").targets, ElementsAre(1));
}

TEST(Insert, QueryColumnsAreCast) {
  const auto insert =
      bound<BoundInsert>("insert into sales (total, name, sold) select id, 'x', '2011-01-02' from sales");
  const auto& query = std::get<BoundQuery>(insert.source);
  EXPECT_EQ(describe(query.columns), "id bigint, ?column? character varying(20), ?column? date");
  const auto& outputs = std::get<BoundSelect>(query.body.node).outputs;
  EXPECT_EQ(dump(outputs[0].expr), "cast(r0.0 as bigint)");
  EXPECT_EQ(dump(outputs[2].expr), "'2011-01-02':date");
  const auto combined =
      bound<BoundInsert>("insert into sales (total) select id from sales union select qty from sales");
  EXPECT_EQ(describe(std::get<BoundQuery>(combined.source).columns), "id bigint");
}

TEST(Update, AssignsWithFrom) {
  const auto update = bound<BoundUpdate>(
      "update sales s set name = c.name, qty = 1.5 from customer c where c.customer_id = s.customer_id");
  ASSERT_EQ(update.assignments.size(), 2u);
  EXPECT_EQ(update.assignments[0].column, 6);
  EXPECT_EQ(dump(update.assignments[0].value), "cast(r1.1 as character varying(20))");
  EXPECT_EQ(dump(update.assignments[1].value), "cast('1.5':numeric(2,1) as smallint)");
  EXPECT_EQ(dump(*update.where), "=(r1.0, r0.10)");
  EXPECT_TRUE(update.from.has_value());
}

TEST(Merge, UpdatesAndInserts) {
  const auto merge = bound<BoundMerge>(
      "merge into customer using sales s on customer.customer_id = s.customer_id "
      "when matched then update set name = s.name when not matched then insert (customer_id, since) values "
      "(s.customer_id, s.sold)");
  EXPECT_EQ(merge.matched_update.size(), 1u);
  EXPECT_FALSE(merge.matched_delete);
  ASSERT_EQ(merge.insert_values.size(), 4u);
  EXPECT_TRUE(merge.insert_values[0]);
  EXPECT_FALSE(merge.insert_values[1]);
  EXPECT_TRUE(merge.insert_values[3]);
}

TEST(Copy, LeavesIdentityColumnsOut) {
  EXPECT_THAT(bound<BoundCopy>("copy numbered from '/tmp/x.csv' csv").targets, ElementsAre(1, 2, 3));
  EXPECT_THAT(bound<BoundCopy>("copy numbered from '/tmp/x.csv' csv explicit_ids").targets, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(bound<BoundCopy>("copy numbered (kind, label) from '/tmp/x.csv' csv").targets, ElementsAre(3, 1));
  EXPECT_THROW(bound<BoundCopy>("copy numbered (id, label) from '/tmp/x.csv' csv"), Error);
}

TEST(CreateTable, MakesARelation) {
  const auto create = bound<BoundCreateTable>(
      "create table marts.t (id bigint identity(10,2), day date not null sortkey, name varchar default 'x' || 'y' "
      "encode lzo distkey, "
      "primary key (id))");
  const Relation& table = create.table;
  EXPECT_EQ(table.schema + "." + table.name, "marts.t");
  ASSERT_EQ(table.columns.size(), 3u);
  EXPECT_EQ(table.columns[0].identity, (IdentitySpec{10, 2, false}));
  EXPECT_TRUE(table.columns[0].not_null);
  EXPECT_EQ(table.columns[1].sort_key, 1);
  EXPECT_EQ(table.columns[2].attnum, 3);
  EXPECT_TRUE(table.columns[2].dist_key);
  EXPECT_EQ(table.columns[2].encode, "lzo");
  EXPECT_EQ(table.columns[2].default_text, "'x' || 'y'");
  EXPECT_EQ(table.columns[2].type, Type::varchar(256));
}

TEST(CreateTable, TemporaryAndLike) {
  const auto temporary = bound<BoundCreateTable>("create temp table t (like numbered including defaults)");
  EXPECT_TRUE(temporary.table.temporary);
  EXPECT_EQ(temporary.table.columns[3].default_text, "7");
  EXPECT_FALSE(temporary.table.columns[0].identity);
  EXPECT_TRUE(bound<BoundCreateTable>("create table #t (a int)").table.temporary);
  EXPECT_FALSE(bound<BoundCreateTable>("create table t (like numbered)").table.columns[3].default_text);
}

TEST(CreateTable, AsQuery) {
  const auto create = bound<BoundCreateTableAs>(
      "create table t sortkey (day) as select sold as day, 'abc' as word, null as nothing, sum(qty) as n from sales "
      "group by 1");
  std::string columns;
  for (const ColumnDef& column : create.table.columns)
    columns += column.name + " " + engine::to_string(column.type) + ", ";
  EXPECT_EQ(columns, "day date, word character varying(3), nothing character varying(1), n bigint, ");
  EXPECT_EQ(create.table.columns[0].sort_key, 1);
}

TEST(CreateView, StandardTextStandsAlone) {
  const auto create = bound<BoundCreateView>(
      "create view v (a, b, c, d, e) as select *, 1 as e from customer where exists (select * from sales s where s.id "
      "= customer.customer_id)");
  EXPECT_EQ(create.view.schema, "public");
  EXPECT_EQ(create.view.columns.size(), 5u);
  EXPECT_EQ(create.view.columns[3].name, "d");
  EXPECT_THAT(create.view.view_text, testing::HasSubstr("public.customer"));
  EXPECT_THAT(create.view.view_text, testing::HasSubstr("customer.country"));
  EXPECT_THAT(create.view.view_text, testing::HasSubstr("public.sales"));
  EXPECT_THAT(create.view.view_text, testing::Not(testing::HasSubstr("*")));
  SmallCatalog catalog;
  catalog.view(RelationKind::kView, "marts", "v", create.view.view_text,
               {"a int", "b varchar(40)", "c varchar(30)", "d date", "e int"});
  EXPECT_EQ(describe(resolve_text("select a, d from marts.v", catalog).columns), "a integer, d date");
}

TEST(CreateView, MergedColumnsAndCtesKeepTheirMeaning) {
  const auto create = bound<BoundCreateView>(
      "create view v as with c as (select * from customer) select * from sales s join c using (customer_id, name)");
  EXPECT_EQ(create.view.columns[0].name, "customer_id");
  EXPECT_EQ(create.view.columns.size(), 13u);
  const sql::Query text = sql::parse_query(create.view.view_text);
  SmallCatalog catalog;
  catalog.table("marts", "c", {"other int"});
  EXPECT_EQ(describe(resolve_text(create.view.view_text, catalog).columns), describe(create.query->columns));
}

TEST(CreateView, LateBindingKeepsItsText) {
  const auto create = bound<BoundCreateView>("create view v as select * from nowhere.missing with no schema binding");
  EXPECT_EQ(create.view.kind, RelationKind::kLateBindingView);
  EXPECT_EQ(create.view.view_text, sql::print(sql::parse_query("select * from nowhere.missing")));
  EXPECT_FALSE(create.query);
  EXPECT_THAT(create.view.columns, IsEmpty());
}

TEST(CreateView, ReplacementKeepsColumns) {
  EXPECT_NO_THROW(
      bound<BoundCreateView>("create or replace view marts.recent as select 1 as id, 'x'::varchar(20) as label"));
  EXPECT_THROW(bound<BoundCreateView>("create or replace view marts.recent as select 1 as id"), Error);
  EXPECT_THROW(bound<BoundCreateView>("create or replace view marts.recent as select 1 as id, 2 as label"), Error);
  EXPECT_THROW(bound<BoundCreateView>("create view marts.recent as select 1 as id"), Error);
}

TEST(Drop, IfExistsSkips) {
  EXPECT_THAT(bound<BoundDrop>("drop table if exists nope, sales").relations, testing::SizeIs(1));
  EXPECT_THAT(bound<BoundDrop>("drop schema marts cascade").schemas, ElementsAre("marts"));
}

TEST(Alter, AddsAColumn) {
  const auto alter = bound<BoundAlterTable>("alter table sales add column note varchar(10) default 'x ' not null");
  EXPECT_EQ(alter.added->name, "note");
  EXPECT_TRUE(alter.added->may_have_trailing_blanks);
  EXPECT_TRUE(alter.added->not_null);
}

TEST(Resolve, PlainStatementsPassThrough) {
  EXPECT_TRUE(std::holds_alternative<BoundPlain>(resolve_text("begin").node));
  EXPECT_TRUE(std::holds_alternative<BoundPlain>(resolve_text("set search_path to marts").node));
}

TEST(Resolve, ViewsHideTheirPositions) {
  const BoundStatement statement = resolve_text("select id from marts.recent");
  const auto& subquery = std::get<BoundSubquery>(select_of(statement).from.node);
  EXPECT_NE(subquery.view, 0u);
  const auto& inner = std::get<BoundSelect>(subquery.query->body.node);
  EXPECT_EQ(inner.outputs[0].expr.span.end, 0u);
  EXPECT_EQ(inner.where->span.end, 0u);
}

TEST(Resolve, OrderByKeys) {
  const BoundStatement statement =
      resolve_text("select name as n, id from sales order by n desc, 2, qty, id nulls first");
  const auto& order = std::get<BoundQuery>(statement.node).order_by;
  EXPECT_EQ(std::get<int32_t>(order[0].key), 0);
  EXPECT_TRUE(order[0].nulls_first);  // NULLs are highest
  EXPECT_EQ(std::get<int32_t>(order[1].key), 1);
  EXPECT_FALSE(order[1].nulls_first);
  EXPECT_EQ(dump(std::get<BoundExpr>(order[2].key)), "r0.2");
  EXPECT_EQ(std::get<int32_t>(order[3].key), 1);
  EXPECT_TRUE(order[3].nulls_first);
}

TEST(Resolve, GroupingSets) {
  const BoundStatement cube =
      resolve_text("select name, code, sold, count(*) from sales group by name, cube(code, sold)");
  const BoundSelect& select = select_of(cube);
  EXPECT_EQ(select.group_by.size(), 3u);
  EXPECT_THAT(*select.grouping_sets,
              ElementsAre(ElementsAre(0, 1, 2), ElementsAre(0, 1), ElementsAre(0, 2), ElementsAre(0)));
  const BoundStatement rollup = resolve_text("select name, code, count(*) from sales group by rollup(name, code)");
  EXPECT_THAT(*select_of(rollup).grouping_sets, ElementsAre(ElementsAre(0, 1), ElementsAre(0), IsEmpty()));
}

TEST(Resolve, TrailingBlanks) {
  const auto blanks = [](std::string_view sql) { return resolve_text(sql).columns.at(0).may_have_trailing_blanks; };
  EXPECT_FALSE(blanks("select name from sales"));
  EXPECT_FALSE(blanks("select code from sales"));
  EXPECT_FALSE(blanks("select 'a'"));
  EXPECT_TRUE(blanks("select 'a '"));
  EXPECT_TRUE(blanks("select name::varchar(3) from sales"));
  EXPECT_FALSE(blanks("select name || 'x' from sales"));
  EXPECT_TRUE(blanks("select name || ' ' from sales"));
  EXPECT_TRUE(blanks("select name from sales union select 'x '"));
}

/// Aliases of aliases double at each step, CASE and BETWEEN repeat their operands: growth is refused, not computed.
TEST(Resolve, RefusesExponentialGrowth) {
  std::string aliases = "select 1 + id as a0";
  for (int i = 1; i < 60; ++i)
    aliases += ", a" + std::to_string(i - 1) + " + a" + std::to_string(i - 1) + " as a" + std::to_string(i);
  std::string cases = "id";
  for (int i = 0; i < 60; ++i) cases = "case " + cases + " when 1 then 2 when 3 then 4 end";
  for (const std::string& sql : {aliases + " from sales", "select " + cases + " from sales"}) {
    try {
      resolve_text(sql);
      ADD_FAILURE() << "not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.state(), kStatementTooComplex);
    }
  }
}

}  // namespace
}  // namespace garland::semantics
