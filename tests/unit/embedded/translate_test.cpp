// Translation, checked by running its SQL on DuckDB over tables made by hand. What the SQL means is tested in
// tests/sql; here stands what text tests cannot see: names, settings, lists as data, the steps of a MERGE, limits.
#include "embedded/translate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "duck/database.h"
#include "embedded/functions.h"
#include "engine/text.h"
#include "semantics/resolve.h"
#include "sql/parser.h"

namespace garland::embedded {
namespace {

using engine::Type;
using engine::TypeId;
using semantics::ColumnDef;
using semantics::Oid;
using semantics::Relation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// A catalog of three tables in the schema public.
class TestCatalog : public semantics::Catalog {
 public:
  explicit TestCatalog(std::vector<Relation> relations) : relations_(std::move(relations)) {}

  const Relation* find_relation(std::string_view schema, std::string_view name) const override {
    for (const Relation& relation : relations_) {
      if (relation.name == name && (schema.empty() || schema == relation.schema)) return &relation;
    }
    return nullptr;
  }
  const Relation* find_relation(Oid oid) const override {
    for (const Relation& relation : relations_) {
      if (relation.oid == oid) return &relation;
    }
    return nullptr;
  }
  bool has_schema(std::string_view schema) const override { return schema == "public"; }
  std::string_view database() const override { return "dev"; }
  std::string_view creation_schema() const override { return "public"; }
  std::vector<std::string> similar_relations(std::string_view, std::string_view) const override { return {}; }

 private:
  std::vector<Relation> relations_;
};

ColumnDef column(int16_t attnum, std::string name, Type type) {
  ColumnDef result;
  result.attnum = attnum;
  result.name = std::move(name);
  result.type = type;
  return result;
}

Relation table(Oid oid, std::string name, std::vector<ColumnDef> columns) {
  Relation result;
  result.oid = oid;
  result.schema = "public";
  result.name = std::move(name);
  result.columns = std::move(columns);
  return result;
}

std::vector<Relation> relations() {
  const Type integer = Type::of(TypeId::kInteger);
  ColumnDef id = column(1, "customer_id", integer);
  id.not_null = true;
  ColumnDef clean = column(4, "country", Type::varchar(20));
  clean.may_have_trailing_blanks = false;
  ColumnDef serial = column(1, "number", Type::of(TypeId::kBigint));
  serial.identity = semantics::IdentitySpec{};
  return {table(100, "customer", {id, column(3, "customer_name", Type::varchar(20)), clean}),
          table(101, "orders",
                {column(1, "order_id", integer), column(2, "customer_id", integer),
                 column(3, "total", Type::decimal(12, 2))}),
          table(102, "numbered", {serial, column(2, "note", Type::varchar(10))})};
}

class TranslateTest : public ::testing::Test {
 protected:
  TranslateTest()
      : catalog_(relations()), database_(duck::DatabaseOptions{.threads = 1}), connection_(database_.connect()) {
    install_functions(connection_);
    names_.table = [](Oid oid) { return "t" + std::to_string(oid); };
    names_.relation = [this](Oid oid) -> const Relation& { return *catalog_.find_relation(oid); };
    connection_.query("CREATE TABLE t100 (c1 INTEGER, c3 VARCHAR, c4 VARCHAR)");
    connection_.query("CREATE TABLE t101 (c1 INTEGER, c2 INTEGER, c3 DECIMAL(12,2))");
    connection_.query("CREATE TABLE t102 (c1 BIGINT, c2 VARCHAR)");
    connection_.query("INSERT INTO t100 VALUES (1, 'Ann', 'UK'), (2, 'Ann ', 'UK'), (3, 'Bob', 'FR'), (4, NULL, NULL)");
    connection_.query("INSERT INTO t101 VALUES (10, 1, 5.00), (11, 1, 7.50), (12, 3, 1.25), (13, 9, 2.00)");
  }

  semantics::BoundStatement bind(std::string_view sql) {
    return semantics::resolve(sql::parse_statement(sql), catalog_);
  }

  template <class T>
  T bound(std::string_view sql) {
    return std::get<T>(bind(sql).node);
  }

  Translation query(std::string_view sql) { return translate_query(bound<semantics::BoundQuery>(sql), names_, 0); }

  std::vector<duck::Value> values_of(const Translation& translation) {
    std::vector<duck::Value> values;
    for (const ListParameter& list : translation.lists) {
      engine::BatchBuilder builder({list.element});
      for (const auto& text : list.values) {
        EXPECT_FALSE(text && engine::read_field(*text, list.element, builder, 0));
        builder.end_row();
      }
      const engine::Batch& batch = builder.batch();
      std::vector<duck::Value> elements;
      for (size_t row = 0; row < batch.rows; ++row) elements.push_back(duck::Value::of(batch.columns[0], row));
      values.push_back(duck::Value::list(list.element, elements));
    }
    return values;
  }

  /// Rows as "1|Ann", NULL as "-".
  std::vector<std::string> run(const Translation& translation) {
    duck::Prepared prepared = connection_.prepare(translation.sql);
    duck::Result result = prepared.run(values_of(translation));
    std::vector<std::string> rows;
    while (const engine::Batch* batch = result.fetch()) {
      for (size_t row = 0; row < batch->rows; ++row) {
        std::string& text = rows.emplace_back();
        for (const engine::Column& column : batch->columns) {
          if (&column != batch->columns.data()) text += '|';
          if (column.is_null(row)) {
            text += '-';
          } else {
            engine::append_text(text, column, row);
          }
        }
      }
    }
    return rows;
  }

  std::vector<std::string> rows(std::string_view sql) { return run(query(sql)); }
  std::vector<std::string> stored(const std::string& sql) { return run(Translation{sql, {}}); }

  /// The SQLSTATE of what running it raises.
  std::string state_of(const Translation& translation) {
    try {
      run(translation);
    } catch (const duck::DuckError& error) {
      return std::string(translate_error(error.text()).state().text());
    }
    return "none";
  }

  TestCatalog catalog_;
  duck::Database database_;
  duck::Connection connection_;
  PhysicalNames names_;
};

TEST_F(TranslateTest, NoNameOfTheUserReachesDuckDb) {
  Translation translation = query(
      "with best as (select customer_id as who, sum(total) as spent from orders o group by customer_id) "
      "select c.customer_name as title, best.spent from customer c left join best on best.who = c.customer_id order by "
      "spent desc");
  for (std::string_view name : {"best", "who", "spent", "orders", "total", "customer", "title"}) {
    EXPECT_THAT(translation.sql, Not(HasSubstr(std::string(name))));
  }
  EXPECT_THAT(run(translation), ElementsAre("Ann |-", "-|-", "Ann|12.50", "Bob|1.25"));
}

TEST_F(TranslateTest, MeansTheSameUnderAnySetting) {
  std::string sql =
      "select customer_id / 2, customer_name, (select max(total) from orders o where o.customer_id = c.customer_id) "
      "from customer c order by customer_name, 1 limit 3";
  std::vector<std::string> expected = rows(sql);
  EXPECT_THAT(expected, ElementsAre("0|Ann|7.50", "1|Ann |-", "1|Bob|1.25"));
  for (const char* setting :
       {"SET default_order = 'DESC'", "SET default_null_order = 'nulls_first'", "SET integer_division = true",
        "SET scalar_subquery_error_on_multiple_rows = false", "SET order_by_non_integer_literal = true"}) {
    connection_.query(setting);
    EXPECT_EQ(rows(sql), expected) << setting;
  }
  EXPECT_EQ(state_of(query("select (select order_id from orders)")), "21000");
}

TEST_F(TranslateTest, CteIsComputedOnceWhenItIsReadTwice) {
  EXPECT_THAT(query("with w as (select 1 as a) select a from w").sql, HasSubstr("AS NOT MATERIALIZED ("));
  Translation twice =
      query("with w as (select order_id as a from orders) select x.a from w x, w y where x.a = y.a order by 1");
  EXPECT_THAT(twice.sql, Not(HasSubstr("NOT MATERIALIZED")));
  EXPECT_THAT(twice.sql, HasSubstr(" MATERIALIZED ("));
  EXPECT_THAT(run(twice), ElementsAre("10", "11", "12", "13"));
  EXPECT_THAT(
      rows("with recursive r(n) as (select 1 union all select n + 1 from r where n < 3) select n from r order by n"),
      ElementsAre("1", "2", "3"));
}

std::string long_list() {
  std::string list = "12";
  for (int i = 100; i < 150; ++i) list += ", " + std::to_string(i);
  return list;
}

TEST_F(TranslateTest, LongListsTravelAsData) {
  Translation translation = query("select order_id from orders where order_id in (" + long_list() + ")");
  ASSERT_EQ(translation.lists.size(), 1u);
  EXPECT_EQ(translation.lists[0].parameter, 1);
  EXPECT_EQ(translation.lists[0].values.size(), 51u);
  EXPECT_THAT(translation.sql, Not(HasSubstr("149")));
  EXPECT_THAT(run(translation), ElementsAre("12"));
  EXPECT_THAT(rows("select order_id from orders where order_id not in (" + long_list() + ", null)"), ElementsAre());
  EXPECT_THAT(rows("select order_id from orders where order_id in (" + long_list() + ", customer_id + 10) order by 1"),
              ElementsAre("11", "12"));
  EXPECT_THAT(rows("select c.customer_id, o.order_id from customer c left join orders o on o.customer_id = "
                   "c.customer_id and o.order_id in (" +
                   long_list() + ") order by 1"),
              ElementsAre("1|-", "2|-", "3|12", "4|-"));
}

TEST_F(TranslateTest, EqualListsAreOneParameter) {
  std::string in = "order_id in (" + long_list() + ")";
  Translation translation = query("select " + in + ", count(*) from orders group by " + in + " order by 1");
  EXPECT_EQ(translation.lists.size(), 1u);
  EXPECT_THAT(run(translation), ElementsAre("f|3", "t|1"));
}

TEST_F(TranslateTest, TextThatDuckDbCannotBearIsRefused) {
  std::string sql = "select order_id from orders where false";
  for (int i = 0; i < 20000; ++i) sql += " or order_id = customer_id + " + std::to_string(i);
  try {
    query(sql);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), kStatementTooComplex);
    EXPECT_NE(error.hint(), "");
  }
}

TEST_F(TranslateTest, OnlyColumnsThatMayEndInBlanksAreTrimmed) {
  EXPECT_THAT(query("select country, count(*) from customer group by country").sql, Not(HasSubstr("rtrim")));
  EXPECT_THAT(query("select country from customer where country = 'UK' order by country").sql, Not(HasSubstr("rtrim")));
  EXPECT_THAT(rows("select customer_name, count(*), min(customer_id) from customer group by customer_name order by "
                   "customer_name"),
              ElementsAre("Ann|2|1", "Bob|1|3", "-|1|4"));
  EXPECT_THAT(rows("select distinct customer_name from customer order by 1 desc"), ElementsAre("-", "Bob", "Ann"));
  EXPECT_THAT(rows("select count(distinct customer_name) from customer"), ElementsAre("2"));
  EXPECT_THAT(rows("select upper(customer_name) || '!', count(*) from customer where customer_name is not null group "
                   "by customer_name order by 1"),
              ElementsAre("ANN!|2", "BOB!|1"));
}

TEST_F(TranslateTest, TrimmedGroupsAreReadByQueriesBelow) {
  EXPECT_THAT(rows("select customer_name, (select count(*) from customer d where d.customer_name = c.customer_name) "
                   "from customer c group by customer_name order by 1"),
              ElementsAre("Ann|2", "Bob|1", "-|0"));
  EXPECT_THAT(
      rows("select customer_id % 2, (select count(*) from orders o where o.customer_id % 2 = c.customer_id % 2) "
           "from customer c group by customer_id % 2 having exists (select 1 from orders where order_id % 2 = "
           "c.customer_id % 2) order by 1"),
      ElementsAre("0|0", "1|4"));
}

TEST_F(TranslateTest, UpdateOfSeveralMatchesIsDeterministic) {
  auto update = bound<semantics::BoundUpdate>(
      "update customer set customer_name = 'n' || order_id from orders where orders.customer_id = "
      "customer.customer_id");
  run(translate_update(update, names_, 0));
  EXPECT_THAT(stored("SELECT c1, c3 FROM t100 ORDER BY c1"), ElementsAre("1|n10", "2|Ann ", "3|n12", "4|-"));
  EXPECT_EQ(state_of(translate_update(update, names_, 0, true)), "21000");
}

TEST_F(TranslateTest, UpdateRefusesNullWhereItIsNotAllowed) {
  auto update = bound<semantics::BoundUpdate>("update customer set customer_id = nullif(customer_id, 3)");
  EXPECT_EQ(state_of(translate_update(update, names_, 0)), "23502");
  EXPECT_THAT(stored("SELECT count(*) FROM t100 WHERE c1 IS NULL"), ElementsAre("0"));
}

TEST_F(TranslateTest, DeleteUsingCountsEachRowOnce) {
  auto statement = bound<semantics::BoundDelete>(
      "delete from customer using orders where orders.customer_id = customer.customer_id");
  Translation translation = translate_delete(statement, names_, 0);
  duck::Result result = connection_.prepare(translation.sql).run();
  EXPECT_EQ(result.rows_changed(), 2u);
  EXPECT_THAT(stored("SELECT c1 FROM t100 ORDER BY c1"), ElementsAre("2", "4"));
}

TEST_F(TranslateTest, InsertFillsAllColumnsButIdentity) {
  auto insert = bound<semantics::BoundInsert>(
      "insert into numbered (note) select customer_name from customer where customer_id = 3");
  EXPECT_THAT(inserted_columns(insert, *catalog_.find_relation(102)), ElementsAre(1));
  EXPECT_THAT(run(translate_insert(insert, names_, 0)), ElementsAre("Bob"));
  auto partial = bound<semantics::BoundInsert>(
      "insert into orders (total, order_id) select 2, customer_id from customer where customer_id < 3");
  EXPECT_THAT(inserted_columns(partial, *catalog_.find_relation(101)), ElementsAre(0, 1, 2));
  EXPECT_THAT(run(translate_insert(partial, names_, 0)), ElementsAre("1|-|2.00", "2|-|2.00"));
  auto rows = bound<semantics::BoundInsert>("insert into orders values (1 + 1, 2 * 2, 3), (5, null, 1)");
  EXPECT_THAT(run(translate_insert(rows, names_, 0)), ElementsAre("2|4|3.00", "5|-|1.00"));
}

class MergeTest : public TranslateTest {
 protected:
  std::vector<std::string> merge(std::string_view sql) {
    auto statement = bound<semantics::BoundMerge>(sql);
    std::vector<std::string> inserted;
    for (const MergeStatement& step : translate_merge(statement, names_, 0)) {
      std::vector<std::string> result = run(step.translation);
      if (step.step == MergeStep::kInsert) inserted = result;
    }
    return inserted;
  }
};

TEST_F(MergeTest, StepsStandInTheirOrderAndOnlyTheFirstReadsParameters) {
  auto statement = bound<semantics::BoundMerge>(
      "merge into customer using orders o on customer.customer_id = o.customer_id when matched then update set country "
      "= 'x' "
      "when not matched then insert (customer_id) values (o.customer_id)");
  std::vector<MergeStep> steps;
  for (const MergeStatement& step : translate_merge(statement, names_, 0)) steps.push_back(step.step);
  EXPECT_THAT(steps, ElementsAre(MergeStep::kStage, MergeStep::kCheck, MergeStep::kUpdate, MergeStep::kInsert,
                                 MergeStep::kCleanup));
}

TEST_F(MergeTest, InsertSeesTheMatchesOfTheBeginning) {
  EXPECT_THAT(
      merge(
          "merge into customer using (select distinct customer_id as id from orders) o on customer.customer_id = o.id "
          "when matched then update set customer_id = o.id + 100, country = 'gone' "
          "when not matched then insert (customer_id, customer_name) values (o.id, 'new')"),
      ElementsAre("9|new|-"));
  EXPECT_THAT(stored("SELECT c1, c4 FROM t100 ORDER BY c1"), ElementsAre("2|UK", "4|-", "101|gone", "103|gone"));
}

TEST_F(MergeTest, MatchedTwiceIsAnError) {
  auto statement = bound<semantics::BoundMerge>(
      "merge into customer using orders o on customer.customer_id = o.customer_id when matched then delete "
      "when not matched then insert (customer_id) values (o.customer_id)");
  std::vector<MergeStatement> steps = translate_merge(statement, names_, 0);
  EXPECT_EQ(state_of(steps[0].translation), "none");
  EXPECT_EQ(state_of(steps[1].translation), "21000");
}

TEST_F(MergeTest, ValuesOfUnmatchedRowsAreNotComputedForMatchedOnes) {
  EXPECT_THAT(
      merge(
          "merge into customer using (select distinct customer_id as id from orders) o on customer.customer_id = o.id "
          "when matched then delete when not matched then insert (customer_id) values (90 / (o.id - 1))"),
      ElementsAre("11|-|-"));
}

TEST_F(MergeTest, RemoveDuplicatesReplaces) {
  connection_.query("INSERT INTO t101 VALUES (1, 10, 0), (1, 11, 0), (5, 12, 0)");
  connection_.query("CREATE TABLE t103 AS SELECT * FROM t101 WHERE c1 IN (1, 10) AND c2 <> 11");
  std::vector<Relation> all = relations();
  all.push_back(table(103, "source", all[1].columns));
  catalog_ = TestCatalog(all);
  EXPECT_THAT(merge("merge into orders using source on orders.order_id = source.order_id remove duplicates"),
              ::testing::UnorderedElementsAre("10|1|5.00", "1|10|0.00"));
  EXPECT_THAT(stored("SELECT c1, c2 FROM t101 ORDER BY c1"), ElementsAre("5|12", "11|1", "12|3", "13|9"));
}

}  // namespace
}  // namespace garland::embedded
