// Lineage, references and called functions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "semantics/functions.h"
#include "semantics/small_catalog.h"
#include "sql/printer.h"

namespace garland::semantics {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string trace(std::string_view sql) {
  const SmallCatalog catalog;
  std::string text;
  for (const ColumnLineage& column : lineage(std::get<BoundQuery>(resolve_text(sql, catalog).node))) {
    text += (text.empty() ? "" : "; ") + column.name + " <-";
    for (const Use& use : column.sources) text += " " + catalog.name_of(use);
  }
  return text;
}

std::vector<std::string> references(std::string_view sql) {
  std::vector<std::string> names;
  for (const sql::QualifiedName& name : referenced_relations(sql::parse_statement(sql)))
    names.push_back(sql::print(name));
  return names;
}

TEST(Lineage, ReachesStoredColumns) {
  EXPECT_EQ(trace("select qty * price as money, name, 1 as one from sales where sold > '2011-01-01'"),
            "money <- sales.qty sales.price; name <- sales.name; one <-");
  EXPECT_EQ(trace("with a as (select id, upper(name) as n from sales) select n from a"), "n <- sales.name");
  EXPECT_EQ(trace("select x.total from (select sum(qty) as total from sales group by name) x"), "total <- sales.qty");
  EXPECT_EQ(trace("select name from sales union select country from customer"), "name <- sales.name customer.country");
  EXPECT_EQ(trace("select label from marts.recent"), "label <- sales.name");
  EXPECT_EQ(trace("select net, category from marts.loose"), "net <- daily.net_sales; category <- daily.category");
  EXPECT_EQ(trace("select (select max(since) from customer c where c.name = s.name) as m from sales s"),
            "m <- customer.since");
  EXPECT_EQ(trace("select id in (select customer_id from customer) as known from sales"), "known <- sales.id");
  EXPECT_EQ(trace("select row_number() over (partition by name order by sold) as n from sales"),
            "n <- sales.sold sales.name");
  EXPECT_EQ(trace("select customer_id from sales full join customer using (customer_id)"),
            "customer_id <- sales.customer_id customer.customer_id");
}

TEST(Lineage, RecursionEnds) {
  EXPECT_EQ(trace("with recursive r(a, b) as (select id, total from sales union all select b::int, a::bigint from r) "
                  "select a, b from r"),
            "a <- sales.id sales.total; b <- sales.id sales.total");
}

TEST(References, AreWithoutCteNames) {
  EXPECT_THAT(
      references("with a as (select * from staging.x), b as (select * from a, c) select * from b join marts.d on true "
                 "where exists (select 1 from e)"),
      ElementsAre("staging.x", "c", "marts.d", "e"));
  EXPECT_THAT(references("select * from (with a as (select 1) select * from a) x, a"), ElementsAre("a"));
  EXPECT_THAT(references("with a as (select * from a) select * from a"), ElementsAre("a"));
  EXPECT_THAT(references("with recursive a as (select 1 union all select * from a) select * from a"), IsEmpty());
  EXPECT_THAT(references("insert into t select * from s"), ElementsAre("s"));
  EXPECT_THAT(references("create view v as select * from public.s with no schema binding"), ElementsAre("public.s"));
  EXPECT_THAT(references("update t set a = (select max(x) from s) from f where t.a = f.a"), ElementsAre("f", "s"));
}

TEST(CalledFunctions, HaveNamesAndPlaces) {
  const std::string_view sql =
      "select upper(name), sum(qty) over () from sales where sold > GETDATE() - 1 order by lower(name)";
  std::vector<std::string> names;
  for (const CalledFunction& function : called_functions(sql::parse_statement(sql))) names.push_back(function.name);
  EXPECT_THAT(names, ElementsAre("upper", "sum", "getdate", "lower"));
  const CalledFunction clock = called_functions(sql::parse_statement(sql))[2];
  EXPECT_EQ(sql.substr(clock.span.begin, 7), "GETDATE");
  EXPECT_TRUE(reads_clock(clock.name));
}

}  // namespace
}  // namespace garland::semantics
