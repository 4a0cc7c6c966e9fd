// Statements whose result columns and types are known, and the shapes of their expressions.
#include "semantics/resolve.h"

#include <gtest/gtest.h>

#include "semantics/dump.h"
#include "semantics/small_catalog.h"

namespace garland::semantics {
namespace {

struct Result {
  std::string_view sql;
  std::string_view columns;
};

constexpr Result kResults[] = {
    // leaves
    {"select 1, 2147483648, 12.50, 1e3, 'abc', null, true, -5",
     "?column? integer, ?column? bigint, ?column? numeric(4,2), ?column? double precision, ?column? character "
     "varying(3), "
     "?column? character varying(1), bool boolean, ?column? integer"},
    {"select -9223372036854775808, 9223372036854775808", "?column? bigint, ?column? numeric(19,0)"},
    {"select date '2011-12-09', timestamp '2011-12-09 08:26', interval '3 days', interval '1' year",
     "date date, timestamp timestamp without time zone, interval interval day to second, interval interval year to "
     "month"},
    {"select '2011-12-09'::date as d, cast('5' as int), 5::decimal(10,2) x", "d date, int4 integer, x numeric(10,2)"},
    // columns
    {"select * from customer",
     "customer_id integer, name character varying(40), country character varying(30), since date"},
    {"select c.*, s.id from customer c, sales s",
     "customer_id integer, name character varying(40), country character varying(30), since date, id integer"},
    {"select public.sales.id, sales.qty, dev.public.sales.total from sales", "id integer, qty smallint, total bigint"},
    {"select a, b from (select id, name from sales) x(a, b)", "a integer, b character varying(20)"},
    {"select x.a from (select 1 as a) x, sales", "a integer"},
    {"select customer_id, s.name from sales s join customer c using (customer_id)",
     "customer_id integer, name character varying(20)"},
    {"select * from (select 1 as k, 2 as a) x full join (select 1::bigint as k, 3 as b) y using (k)",
     "k bigint, a integer, b integer"},
    {"select * from (select 1 as k, 2 as a) x natural join (select 1 as k, 3 as b) y",
     "k integer, a integer, b integer"},
    // arithmetic
    {"select qty + qty, qty + id, id / 2, price * 2, price / price, rate + 1, id || 'x' from sales",
     "?column? smallint, ?column? integer, ?column? integer, ?column? numeric(21,2), ?column? numeric(21,11), ?column? "
     "double "
     "precision, ?column? character varying(12)"},
    {"select sum(qty), avg(id), sum(price), avg(price), avg(rate), count(*), min(name), max(sold) from sales",
     "sum bigint, avg bigint, sum numeric(38,2), avg numeric(38,2), avg double precision, count bigint, min character "
     "varying(20), "
     "max date"},
    // conditional
    {"select case when paid then 1 else price end as c, coalesce(price, 0) as d, nvl2(paid, 'yes', 'no') as e, "
     "nullif(id, 0) as f "
     "from sales",
     "c numeric(12,2), d numeric(12,2), e character varying(3), f integer"},
    {"select decode(name, 'a', 1, null, 2, 3) from sales", "case integer"},
    {"select greatest(id, total), least(sold, '2011-01-01') from sales", "greatest bigint, least date"},
    // dates
    {"select dateadd(day, 1, sold), datediff(month, sold, at), date_trunc('month', at), extract(year from sold), "
     "date_part(dow, sold), "
     "sold + 1, sold - sold from sales",
     "date_add timestamp without time zone, date_diff bigint, date_trunc timestamp without time zone, date_part "
     "integer, "
     "pgdate_part "
     "double precision, ?column? date, ?column? integer"},
    // predicates
    {"select id in (1, 2), id between 1 and 5, name like 'a%', sold > '2011-01-01', paid is not true, exists (select "
     "1), not paid from "
     "sales",
     "?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, ?column? boolean, exists boolean, "
     "?column? boolean"},
    // subqueries
    {"select (select max(c.since) from customer c where c.customer_id = s.customer_id) as since from sales s",
     "since date"},
    {"select id from sales where customer_id in (select customer_id from customer)", "id integer"},
    {"select id from sales where (id, name) in (select customer_id, name from customer)", "id integer"},
    {"select id from sales where id > all (select customer_id from customer)", "id integer"},
    // CTEs
    {"with a as (select id as x from sales), b(y) as (select x + 1 from a) select y, x from a, b",
     "y integer, x integer"},
    {"with recursive n(i, t) as (select 1, 'a' union all select i + 1, t from n where i < 5) select * from n",
     "i integer, t character varying(1)"},
    {"with sales as (select 1 as one) select * from sales", "one integer"},
    // set operations
    {"select id as a from sales union select total from sales", "a bigint"},
    {"select price from sales union all select 1", "price numeric(12,2)"},
    {"select null as a union all select sold from sales", "a date"},
    {"select 'x' as a union select name from sales", "a character varying(20)"},
    {"(select id from sales order by id limit 3) union all select 5", "id integer"},
    {"select id from sales except select customer_id from customer intersect select 1", "id integer"},
    // aliases of the list
    {"select id + 1 as x, x * 2 as y from sales", "x integer, y integer"},
    {"select price as id, id as other from sales", "id numeric(10,2), other integer"},
    // grouping
    {"select sold as day, sum(qty) from sales group by day", "day date, sum bigint"},
    {"select date_trunc('month', sold) as m, count(*) from sales group by 1 order by 1",
     "m timestamp without time zone, count bigint"},
    {"select name, code, sum(qty), grouping(name) from sales group by rollup(name, code)",
     "name character varying(20), code character(4), sum bigint, grouping integer"},
    {"select name, count(*) as n from sales group by all having count(*) > 1", "name character varying(20), n bigint"},
    {"select upper(name) from sales group by upper(name)", "upper character varying(20)"},
    // windows
    {"select row_number() over (partition by name order by sold) as n, sum(qty) over (partition by name), lag(price) "
     "over (order by sold), "
     "sum(sum(qty)) over (order by sold rows unbounded preceding) from sales group by name, sold, price, qty",
     "n bigint, sum bigint, lag numeric(10,2), sum bigint"},
    {"select id from sales s qualify row_number() over (partition by name order by sold desc) = 1", "id integer"},
    {"select id, rank() over (order by price) as r from sales s qualify r < 3", "id integer, r bigint"},
    // stars and lists
    {"select * exclude (country, since) from customer", "customer_id integer, name character varying(40)"},
    {"select top 3 id from sales order by price", "id integer"},
    // views
    {"select * from marts.recent", "id integer, label character varying(20)"},
    {"select * from marts.loose l where l.net > 0", "category character varying(12), net numeric(38,2)"},
    {"with daily as (select 1 as x) select net from marts.loose, daily", "net numeric(38,2)"},
};

TEST(Resolve, ResultColumns) {
  const SmallCatalog catalog;
  for (const Result& result : kResults) {
    SCOPED_TRACE(result.sql);
    try {
      EXPECT_EQ(describe(resolve_text(result.sql, catalog).columns), result.columns);
    } catch (const Error& error) {
      ADD_FAILURE() << error.state().text() << " " << error.message();
    }
  }
}

struct Shape {
  std::string_view sql;
  std::string_view first;  // the first output
};

constexpr Shape kShapes[] = {
    {"select sold > '2011-1-2' from sales", ">(r0.1, '2011-01-02':date)"},
    {"select '2011-1-2' < sold from sales", "<('2011-01-02':date, r0.1)"},
    {"select id = 5 from sales", "=(r0.0, '5':integer)"},
    {"select price = 5 from sales", "=(r0.3, '5.00':numeric(10,2))"},
    {"select price in (5, 7.5) from sales", "r0.3 in ('5.00':numeric(10,2), '7.50':numeric(10,2))"},
    {"select price > 5.123 from sales", ">(cast(r0.3 as numeric(11,3)), '5.123':numeric(11,3))"},
    {"select qty < 100000 from sales", "<(cast(r0.2 as integer), '100000':integer)"},
    {"select 3 < qty from sales", "<('3':smallint, r0.2)"},
    {"select rate > 5 from sales", ">(r0.5, '5':double precision)"},
    {"select name = 'x' from sales", "=(r0.6, 'x':character varying(1))"},
    {"select name in ('x', 'yy') from sales", "r0.6 in ('x':character varying(1), 'yy':character varying(2))"},
    {"select sold in ('2011-01-02', null) from sales", "r0.1 in ('2011-01-02':date, null:date)"},
    {"select id not in (1, 2) from sales", "not(r0.0 in ('1':integer, '2':integer))"},
    {"select id between 1 and 2 from sales", "and(>=(r0.0, '1':integer), <=(r0.0, '2':integer))"},
    {"select id not between 1 and 2 from sales", "not(and(>=(r0.0, '1':integer), <=(r0.0, '2':integer)))"},
    {"select case id when 1 then 'a' else 'bb' end from sales",
     "case when =(r0.0, '1':integer) then 'a':character varying(2) else 'bb':character varying(2) end"},
    {"select decode(id, 1, 'a', null, 'b') from sales",
     "case when =(r0.0, '1':integer) then 'a':character varying(1) when is null(r0.0) then 'b':character varying(1) "
     "end"},
    {"select (id, qty) = (1, 2) from sales", "and(=(r0.0, '1':integer), =(r0.2, '2':smallint))"},
    {"select (id, id) in ((1, 2), (3, 4)) from sales",
     "or(and(=(r0.0, '1':integer), =(r0.0, '2':integer)), and(=(r0.0, '3':integer), =(r0.0, '4':integer)))"},
    {"select paid and not paid or paid is null from sales", "or(and(r0.8, not(r0.8)), is null(r0.8))"},
    {"select paid is not unknown from sales", "not(is unknown(r0.8))"},
    {"select count(distinct name) from sales", "count[distinct r0.6]"},
    {"select count(*) from sales", "count[]"},
    {"select dateadd(days, 1, '2011-01-01') from sales",
     "dateadd('day':character varying(3), '1':integer, '2011-01-01 00:00:00':timestamp without time zone)"},
    {"select extract(yrs from sold) from sales",
     "extract('year':character varying(4), cast(r0.1 as timestamp without time zone))"},
    {"select cast(id as bigint) from sales", "cast(r0.0 as bigint)"},
    {"select 5::bigint", "'5':bigint"},
    {"select 'abcdef'::varchar(3)", "'abc':character varying(3)"},
    {"select 'f'::boolean", "'f':boolean"},
    {"select '12/09/2011'::date", "'2011-12-09':date"},
    {"select 2.5::int", "cast('2.5':numeric(2,1) as integer)"},
    {"select getdate(), getdate(), current_user", "$1:timestamp without time zone"},
    {"select sum(qty) over (partition by name order by sold desc rows between 2 preceding and current row) from sales",
     "sum(r0.2) over (partition r0.6 order r0.1 desc framed)"},
    {"select k from (select 1 as k) x full join (select 1 as k) y using (k)", "coalesce(r0.0, r1.0)"},
    {"select k from (select 1 as k) x right join (select 1 as k) y using (k)", "r1.0"},
    {"select k from (select 1 as k) x left join (select 1 as k) y using (k)", "r0.0"},
    {"select name similar to '%x' from sales", "similar(r0.6, '%x':character varying(2))"},
    {"select name not like 'x!%' escape '!' from sales",
     "not(like(r0.6, 'x!%':character varying(3), '!':character varying(1)))"},
    {"select sold = name from sales", "=(r0.1, cast(r0.6 as date))"},
    {"select dateadd(day, total, sold) from sales",
     "dateadd('day':character varying(3), cast(r0.4 as integer), cast(r0.1 as timestamp without time zone))"},
    {"select id > any (select qty from sales) from sales", "r0.0 > any query/1"},
    {"select -id from sales", "neg(r0.0)"},
    {"select trim(leading 'x' from name) from sales", "ltrim(r0.6, 'x':character varying(1))"},
};

TEST(Resolve, Shapes) {
  const SmallCatalog catalog;
  for (const Shape& shape : kShapes) {
    SCOPED_TRACE(shape.sql);
    try {
      EXPECT_EQ(dump_first(resolve_text(shape.sql, catalog)), shape.first);
    } catch (const Error& error) {
      ADD_FAILURE() << error.state().text() << " " << error.message();
    }
  }
}

}  // namespace
}  // namespace garland::semantics
