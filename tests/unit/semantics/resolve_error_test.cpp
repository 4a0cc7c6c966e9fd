// Statements that are refused: SQLSTATE, the text at the position, message, hint.
#include <gtest/gtest.h>

#include "semantics/small_catalog.h"

namespace garland::semantics {
namespace {

struct Refusal {
  std::string_view sql;
  std::string_view state;
  std::string_view at;  // the statement's text from the error's position begins with this; "-": no position
  std::string_view message;
  std::string_view hint = {};
};

constexpr Refusal kRefusals[] = {
    // names
    {"select net_sale from marts.daily", "42703", "net_sale", "column \"net_sale\" does not exist in daily",
     "did you mean \"net_sales\"?"},
    {"select s.prize from sales s", "42703", "prize", "column \"prize\" does not exist in s",
     "did you mean \"price\"?"},
    {"select x from sales, customer", "42703", "x", "column \"x\" does not exist in sales, customer"},
    {"select x", "42703", "x", "column \"x\" does not exist"},
    {"select 1 from sale", "42P01", "sale", "relation \"sale\" does not exist", "did you mean \"sales\"?"},
    {"select 1 from marts.dayly", "42P01", "marts.dayly", "relation \"marts.dayly\" does not exist",
     "did you mean \"daily\"?"},
    {"select 1 from nowhere.t", "3F000", "nowhere.t", "schema \"nowhere\" does not exist"},
    {"select 1 from other.public.sales", "0A000", "other.public.sales",
     "cross-database references are not supported yet: \"other.public.sales\""},
    {"select name from sales, customer", "42702", "name", "column reference \"name\" is ambiguous",
     "it is a column of more than one of: sales, customer"},
    {"select t.id from sales s", "42P01", "t.id", "missing FROM-clause entry for table \"t\""},
    {"select sales.id from sales s", "42P01", "sales.id", "missing FROM-clause entry for table \"sales\""},
    {"select 1 from sales s, customer s", "42712", "s", "table name \"s\" specified more than once"},
    {"select 1 from (select 1) x(a, b)", "42P10", "x(a", "table \"x\" has 1 columns available but 2 columns specified"},
    {"select 1 from sales s join customer c using (nope)", "42703", "nope",
     "column \"nope\" specified in USING clause does not exist in left table"},
    {"select count(*) as a from sales where a = 1", "42803", "count", "aggregates not allowed in WHERE clause"},
    {"select a + 1 as a from sales where a = 1", "42703", "a + 1", "column \"a\" does not exist in sales"},
    {"select id as a, name as a from sales where a = 1", "42702", "a = 1", "column reference \"a\" is ambiguous"},
    {"select id as numero from sales where numera = 1", "42703", "numera", "column \"numera\" does not exist in sales",
     "did you mean \"numero\"?"},
    {"select * exclude (nope) from customer", "42703", "nope", "column \"nope\" does not exist in customer"},
    {"select *", "42601", "*", "SELECT * with no tables specified is not valid"},
    {"select (bytes).a from odd", "42809", "(bytes).a", "cannot navigate into a value of type binary varying(10)"},
    // types
    {"select id from sales where sold", "42804", "sold", "argument of WHERE must be type boolean, not type date"},
    {"select not sold from sales", "42804", "sold from", "argument of NOT must be type boolean, not type date"},
    {"select sold + paid from sales", "42883", "sold + paid", "operator does not exist: date + boolean"},
    {"select nosuch(id) from sales", "42883", "nosuch(id)", "function nosuch(integer) does not exist"},
    {"select sold = 'hello' from sales", "22007", "'hello'", "invalid input syntax for type date: \"hello\""},
    {"select sold = '2011-02-30' from sales", "22008", "'2011-02-30'",
     "date/time field value out of range: \"2011-02-30\""},
    {"select id = 'x1' from sales", "22P02", "'x1'", "invalid input syntax for type integer: \"x1\""},
    {"select date '2011-13-01'", "22008", "date '2011-13-01'", "date/time field value out of range: \"2011-13-01\""},
    {"select '70000'::smallint", "22003", "'70000'", "value \"70000\" is out of range for type smallint"},
    {"select 'x'::uuid", "42704", "uuid", "type \"uuid\" does not exist"},
    {"select 'x'::varchar(0)", "22023", "varchar(0)", "length for type varchar must be at least 1"},
    {"select paid::date from sales", "42846", "paid", "cannot cast type boolean to date"},
    {"select case when paid then 1 else sold end from sales", "42804", "case",
     "CASE types integer and date cannot be matched"},
    {"select id from sales union select sold from sales", "42804", "select sold",
     "UNION types integer and date cannot be matched"},
    {"select id, qty from sales union select 1", "42601", "select 1",
     "each UNION query must have the same number of columns"},
    {"select dateadd(fortnight, 1, sold) from sales", "22023", "fortnight",
     "\"fortnight\" is not a recognized date part"},
    {"select $1", "42P18", "$1", "could not determine data type of parameter $1"},
    {"select id from sales where id = $2", "42P18", "-", "could not determine data type of parameter $1"},
    // grouping
    {"select name, sum(qty) from sales", "42803", "name",
     "column \"sales.name\" must appear in the GROUP BY clause or be used in an aggregate function"},
    {"select s.name || 'x' from sales s group by s.code", "42803", "s.name",
     "column \"s.name\" must appear in the GROUP BY clause or be used in an aggregate function"},
    {"select code from sales group by code having qty > 1", "42803", "qty",
     "column \"sales.qty\" must appear in the GROUP BY clause or be used in an aggregate function"},
    {"select code from sales group by code order by qty", "42803", "qty",
     "column \"sales.qty\" must appear in the GROUP BY clause or be used in an aggregate function"},
    {"select code, (select max(c.since) from customer c where c.customer_id = sales.id) from sales group by code",
     "42803", "sales.id", "column \"sales.id\" must appear in the GROUP BY clause or be used in an aggregate function"},
    {"select sum(sum(qty)) from sales", "42803", "sum(qty)", "aggregate function calls may not be nested"},
    {"select 1 from sales where sum(qty) > 1", "42803", "sum(qty)", "aggregates not allowed in WHERE clause"},
    {"select 1 from sales group by sum(qty)", "42803", "sum(qty)", "aggregates not allowed in GROUP BY clause"},
    {"select sum(qty) from sales group by 1", "42803", "1", "aggregates not allowed in GROUP BY clause"},
    {"select 1 from sales a join sales b on sum(a.id) = 1", "42803", "sum",
     "aggregates not allowed in JOIN conditions"},
    {"select id from sales group by 3", "42P10", "3", "GROUP BY position 3 is not in select list"},
    {"select id from sales order by 0", "42P10", "0", "ORDER BY position 0 is not in select list"},
    {"select id from sales order by 'id'", "42601", "'id'", "non-integer constant in ORDER BY"},
    {"select distinct name from sales order by id", "42P10", "id",
     "for SELECT DISTINCT, ORDER BY expressions must appear in select list"},
    {"select id from sales union select 1 order by qty", "0A000", "qty",
     "ORDER BY on a UNION/INTERSECT/EXCEPT result must be on one of the result columns"},
    // windows
    {"select sum(qty) over (order by sold) from sales", "42601", "sum(qty)",
     "Aggregate window functions with an ORDER BY clause require a frame clause"},
    {"select 1 from sales where row_number() over (order by id) = 1", "42P20", "row_number",
     "window functions not allowed in WHERE clause"},
    {"select rank() over (order by 1) from sales", "0A000", "1)",
     "constant expressions are not supported in order by clauses"},
    {"select rank() over (partition by 'x' order by id) from sales", "0A000", "'x'",
     "constant expressions are not supported in partition by clauses"},
    {"select rank() from sales", "42P20", "rank()", "window function rank requires an OVER clause"},
    {"select upper(name) over () from sales", "42809", "upper",
     "OVER specified, but upper is not a window function nor an aggregate function"},
    {"select sum(rank() over (order by id)) from sales", "42P20", "rank()",
     "aggregate function calls cannot contain window function calls"},
    {"select count(distinct id) over () from sales", "0A000", "count",
     "DISTINCT is not supported for window functions"},
    // subqueries and CTEs
    {"select (select 1, 2)", "42601", "(select", "subquery must return only one column"},
    {"select 1 where 1 in (select 1, 2)", "42601", "1 in", "subquery has too many columns"},
    {"with a as (select 1), a as (select 2) select 1", "42712", "a as (select 2)",
     "WITH query name \"a\" specified more than once"},
    {"with recursive n(i) as (select 1 union select i + 1 from n) select 1", "42P19", "n(i)",
     "recursive query \"n\" does not have the form non-recursive-term UNION ALL recursive-term"},
    {"with recursive n(i) as (select i from n union all select 1) select 1", "42P19", "n union",
     "recursive reference to query \"n\" must not appear within its non-recursive term"},
    {"with recursive n(i) as (select 1 union all select i * 2.5 from n) select 1", "42804", "select i",
     "recursive query \"n\" column 1 has type integer in non-recursive term but type numeric(13,1) overall"},
    {"with recursive n as (select 1 as i union all select i + 1 from n) select 1", "42P19", "n as",
     "recursive query \"n\" must have a column list"},
    // views
    {"select * from marts.broken", "42P01", "marts.broken", "relation \"marts.missing\" does not exist"},
    {"select * from marts.circle", "54001", "marts.circle", "statement is nested too deeply"},
    {"select nope from marts.loose", "42703", "nope", "column \"nope\" does not exist in loose"},
    // where functions run
    {"select now() from sales", "0A000", "now()",
     "Specified types or functions (one per INFO message) not supported on Redshift tables."},
    {"select listagg('a')", "0A000", "listagg",
     "One or more of the used functions must be applied on at least one user created tables. Examples of user table "
     "only functions "
     "are LISTAGG, MEDIAN, PERCENTILE_CONT, etc"},
    // data statements
    {"insert into sales (id, nope) values (1, 2)", "42703", "nope",
     "column \"nope\" of relation \"sales\" does not exist"},
    {"insert into sales (id, id) values (1, 2)", "42701", "id) values", "column \"id\" specified more than once"},
    {"insert into sales (id) values (1, 2)", "42601", "2)", "INSERT has more expressions than target columns"},
    {"insert into sales (id, qty) values (1)", "42601", "-", "INSERT has more target columns than expressions"},
    {"insert into sales (id, qty) values (1, 2), (3)", "42601", "3)", "VALUES lists must all be the same length"},
    {"insert into sales (sold) values (5)", "42804", "5)",
     "column \"sold\" is of type date but expression is of type integer",
     "You will need to rewrite or cast the expression."},
    {"insert into sales (sold) select id from sales", "42804", "id from",
     "column \"sold\" is of type date but expression is of type integer",
     "You will need to rewrite or cast the expression."},
    {"insert into sales (code) values ('abcde')", "22001", "'abcde'", "value too long for type character(4)"},
    {"insert into sales (id) values (x)", "42703", "x)", "column \"x\" does not exist"},
    {"insert into numbered values (1, 'a')", "0A000", "1, 'a'", "cannot set an identity column to a value"},
    {"insert into marts.recent values (1)", "42809", "marts.recent", "cannot insert into a view",
     "\"recent\" is a view"},
    {"insert into pg_class values ('x')", "42501", "pg_class", "permission denied: \"pg_class\" is a system catalog"},
    {"update sales set id = 1, id = 2", "42601", "id = 2", "multiple assignments to same column \"id\""},
    {"update sales set qty = sum(qty)", "42803", "sum", "aggregates not allowed in UPDATE"},
    {"update numbered set id = 1", "0A000", "id", "cannot set an identity column to a value"},
    {"delete from sales where nope = 1", "42703", "nope", "column \"nope\" does not exist in sales"},
    {"merge into sales using customer c on sales.customer_id = c.customer_id when matched then delete", "42601",
     "sales.customer_id", "MERGE needs both WHEN MATCHED and WHEN NOT MATCHED, or REMOVE DUPLICATES"},
    {"merge into sales using customer c on sales.customer_id > c.customer_id when matched then delete when not matched "
     "then insert (id) "
     "values (1)",
     "0A000", "sales.customer_id", "MERGE matches by equality conditions only"},
    {"merge into sales using customer c on sales.customer_id = c.customer_id when matched then delete when not matched "
     "then insert (id) "
     "values (sales.id)",
     "42P01", "sales.id", "missing FROM-clause entry for table \"sales\""},
    // definitions
    {"create table t (a int, a date)", "42701", "a date", "column \"a\" specified more than once"},
    {"create table sales (a int)", "42P07", "sales", "Relation \"sales\" already exists"},
    {"create table nowhere.t (a int)", "3F000", "nowhere.t", "schema \"nowhere\" does not exist"},
    {"create table t (a int) distkey (b)", "42703", "b)", "column \"b\" named in key does not exist"},
    {"create table t (a super) sortkey (a)", "0A000", "a)", "column \"a\" of type super cannot be a sort key"},
    {"create table t (a int) diststyle key", "42P16", "-", "DISTSTYLE KEY needs a distribution key"},
    {"create table t (a varchar encode az64)", "42611", "a varchar",
     "encoding az64 is not supported for column \"a\" of type character varying(256)"},
    {"create table t (a int default b)", "42703", "b)", "column \"b\" does not exist"},
    {"create table t (a date identity(1,1))", "42611", "date", "identity column \"a\" must be INTEGER or BIGINT"},
    {"create table t (a decimal(40,2))", "22023", "decimal(40,2)", "DECIMAL precision 40 must be between 1 and 38"},
    {"create table t as select 1 as a, 2 as a", "42701", "select", "column \"a\" specified more than once"},
    {"create view v as select * from sales with no schema binding", "0A000", "sales with",
     "All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING."},
    {"create view v as select a from #scratch", "0A000", "#scratch", "a view cannot read temporary table \"#scratch\""},
    {"create view v as select id, id from sales", "42701", "select", "column \"id\" specified more than once"},
    {"drop table nope", "42P01", "nope", "table \"nope\" does not exist"},
    {"drop table marts.recent", "42809", "marts.recent", "\"recent\" is not a table",
     "Use DROP VIEW to remove a view."},
    {"drop schema nope", "3F000", "nope", "schema \"nope\" does not exist"},
    {"alter table sales rename to customer", "42P07", "customer", "Relation \"customer\" already exists"},
    {"alter table sales rename column id to qty", "42701", "qty",
     "column \"qty\" of relation \"sales\" already exists"},
    {"alter table sales add column x int identity(1,1)", "0A000", "x int", "an identity column cannot be added"},
    {"create schema marts", "42P06", "marts", "schema \"marts\" already exists"},
};

TEST(ResolveErrors, StateMessageAndPlace) {
  const SmallCatalog catalog;
  for (const Refusal& refusal : kRefusals) {
    SCOPED_TRACE(refusal.sql);
    try {
      resolve_text(refusal.sql, catalog);
      ADD_FAILURE() << "not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.state().text(), refusal.state);
      EXPECT_EQ(error.message(), refusal.message);
      if (!refusal.hint.empty()) {
        EXPECT_EQ(error.hint(), refusal.hint);
      }
      if (refusal.at == "-") {
        continue;
      }
      ASSERT_TRUE(error.position().has_value());
      ASSERT_LE(*error.position(), refusal.sql.size());
      EXPECT_TRUE(refusal.sql.substr(*error.position()).starts_with(refusal.at))
          << refusal.sql.substr(*error.position());
    }
  }
}

}  // namespace
}  // namespace garland::semantics
