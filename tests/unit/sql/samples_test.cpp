// What is read, and how it is written again.
#include <gtest/gtest.h>

#include "base/error.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "statements.h"

namespace garland::sql {
namespace {

constexpr Sample kSamples[] = {
    // ---- select lists and clauses
    {"select 1", ""},
    {"SELECT 1 AS one, 'a' b, t.*, * FROM s.t AS t;", "select 1 as one, 'a' as b, t.*, * from s.t as t"},
    {"select * exclude (a, b) from t", ""},
    {"select t.* exclude a from t", "select t.* exclude (a) from t"},
    {"select top 10 distinct a from t", "select distinct top 10 a from t"},
    {"select all a from t", "select a from t"},
    {"select top (1 + 2) * from t", ""},
    {"select a from t limit all offset 5", "select a from t offset 5"},
    {"select a from t offset 5 limit 10", "select a from t limit 10 offset 5"},
    {"select a from t order by 1 desc nulls last, b asc, c nulls first",
     "select a from t order by 1 desc nulls last, b, c nulls first"},
    {"select a, count(*) from t where b group by 1 having count(*) > 1 qualify row_number() over (order by a) = 1", ""},
    {"select a from t group by all", ""},
    {"select a from t group by rollup(a, (b, c)), cube(d), grouping sets((a, b), c, ())",
     "select a from t group by rollup(a, (b, c)), cube(d), grouping sets((a, b), c, ())"},
    {"select a from t group by grouping sets(rollup(a, b), cube(c, d), (e))",
     "select a from t group by grouping sets((a, b), a, (), (c, d), c, d, (), e)"},
    {"select a from t group by (a, b), \"rollup\"(c)", ""},
    {"select distinct a from t as x(a, b)", "select distinct a from t as x (a, b)"},
    // ---- names
    {"select \"Weird Name\", \"a\"\"b\", \"select\", \"oK\" from t",
     "select \"weird name\", \"a\"\"b\", \"select\", ok from t"},
    {"select T.User, x.y.z.w from db.sch.T", ""},  // T might be a column, and User an attribute whose case matters
    {"select a as user, b \"left\" from \"raw\".t", "select a as \"user\", b as \"left\" from \"raw\".t"},
    {"select \xC3\x84pfel, na\xC3\xAFve from t", ""},
    {"select * from #temp", "select * from \"#temp\""},
    {"select oid, day, date, timestamp from pg_class", "select oid, day, date, \"timestamp\" from pg_class"},
    {"select e.a from e where e.a = e'x'", "select e.a from e where e.a = 'x'"},
    // ---- literals
    {"select 1, 1.50, .5, 5., 2e10, 1.5E-3", ""},
    {"select 'it''s', 'a\\'b', 'tab\\tx', '\\101', 'c:\\\\d', '\\q'",
     "select 'it''s', 'a''b', 'tab\tx', 'A', 'c:\\\\d', 'q'"},
    {"select E'\\x41\\n', 'one' \n 'two', $$dollar 'quoted'$$, $tag$ $$ $tag$",
     "select 'A\n', 'onetwo', 'dollar ''quoted''', ' $$ '"},
    {"select null, TRUE, false, $1, $12", "select null, true, false, $1, $12"},
    {"select date '2011-12-09', timestamp '2011-12-09 08:00', timestamptz 'x', time '10:00', timestamp with time zone "
     "'y'",
     ""},
    {"select char(3) 'abc', numeric(4, 2) '1.5', double precision '1', varchar(max) 'x'", ""},
    {"select interval '3 days', interval '1' day, interval '1 2:03' day to second, interval '1-2' year to month", ""},
    {"select interval '1.5' second(3), interval '4 5:12:10.222' day to second(3), interval(2) '1 second'", ""},
    // ---- operators and their precedence
    {"select 1 + 2 * 3 ^ 2 % 4 - -a / +b", ""},
    {"select (1 + 2) * 3, 1 - (2 - 3), (1 - 2) - 3", "select (1 + 2) * 3, 1 - (2 - 3), 1 - 2 - 3"},
    {"select -a ^ 2, -(a ^ 2), - - 1, -a::int", "select -a ^ 2, -(a ^ 2), - -1, -cast(a as int)"},
    {"select a <> b || c", "select a <> b || c"},
    {"select (a <> b) || c, a <> (b || c)", "select a <> b || c, a <> (b || c)"},
    {"select a + b || c + d, a || b = c || d", ""},
    {"select a = b = c, (a = b) = c, a < b = c", "select a = b = c, (a = b) = c, a < b = c"},
    {"select not a = b, not (a and b), not not a", "select not a = b, not (a and b), not not a"},
    {"select a or b and c or (d or e) and (f and g)", "select a or b and c or (d or e) and f and g"},
    {"select a in (1, 2) and b not in (select x from t) or c between 1 + 1 and 2 * 3", ""},
    {"select a not between 1 and 2 and not b between c and d",
     "select a not between 1 and 2 and not b between c and d"},
    {"select a is null, b is not null, c isnull, d notnull, e is true, f is not false, g is unknown",
     "select a is null, b is not null, c is null, d is not null, e is true, f is not false, g is unknown"},
    {"select a || b is null, (a || b) is null, a + b is null",
     "select a || b is null, (a || b) is null, a + b is null"},
    {"select a like 'x%', b not ilike '%y' escape '^', c similar to 'z', d !~* 'q', e ~ 'w' and f !~ 'r', g ~* 's'",
     ""},
    {"select a like b || '%', a = (b like c), (a = b) like c", "select a like b || '%', a = b like c, (a = b) like c"},
    {"select @ -5, |/ 25.0, ||/ 27.0, ~ 1, a & b, a | b, a # b, 1 << 2, 8 >> 1, @ a + b",
     "select @ -5, |/ 25.0, ||/ 27.0, ~ 1, a & b, a | b, a # b, 1 << 2, 8 >> 1, @ a + b"},
    {"select a=-1, b<-1, c>=+2, d!=3, 2*-3", "select a = -1, b < -1, c >= +2, d <> 3, 2 * -3"},
    {"select ts at time zone 'UTC' at time zone 'CET', (a + b) at time zone z", ""},
    {"select ts at time zone 'utc'::text", "select cast(ts at time zone 'utc' as text)"},
    {"select a = any (select b from t), c <> all ((select 1) union select 2), d < some (select 1)",
     "select a = any (select b from t), c <> all ((select 1) union select 2), d < any (select 1)"},
    {"select (a, b) = (1, 2), (a, b) in (select c, d from t)", ""},
    // ---- calls and forms of their own
    {"select cast(a as numeric(12,2)), b::varchar(max), convert(integer, c), d::character varying(20)",
     "select cast(a as numeric(12, 2)), cast(b as varchar(max)), cast(c as integer), cast(d as character varying(20))"},
    {"select a::timestamp(6) with time zone, b::timestamp without time zone, c::double precision, d::interval day to "
     "second(3), "
     "e::interval year to month, f::bit varying(3), g::binary varying(4)",
     "select cast(a as timestamp(6) with time zone), cast(b as timestamp without time zone), cast(c as double "
     "precision), "
     "cast(d as interval day to second(3)), cast(e as interval year to month), cast(f as bit varying(3)), cast(g as "
     "binary varying(4))"},
    {"select case when a then 1 when b then 2 else 3 end, case x when 1 then 'a' end", ""},
    {"select extract(YEAR from d), extract('epoch' from t), date_part(dow, d), dateadd(day, 1, d)",
     "select extract(year from d), extract(epoch from t), date_part(dow, d), dateadd(day, 1, d)"},
    {"select trim(a), trim(both 'x' from a), trim(leading from a), trim('x' from a), trim(trailing 'y' from a), "
     "trim(a, 'z')",
     "select trim(a), trim(both 'x' from a), trim(leading from a), trim(both 'x' from a), trim(trailing 'y' from a), "
     "trim(both 'z' from a)"},
    {"select position('a' in b || c), substring(a from 2 for 3), substring(a from 2), substring(a for 3), substring(a, "
     "1, 2)",
     "select position('a' in b || c), substring(a, 2, 3), substring(a, 2), substring(a, 1, 3), substring(a, 1, 2)"},
    {"select exists (select 1 from t), not exists (select 2)", ""},
    {"select left('abc', 1), right(a, 2), array(1, 2), collate(a, 'case_sensitive'), pg_catalog.lower(b)", ""},
    {"select current_date, sysdate, current_user, user, getdate(), current_timestamp(6)", ""},
    {"select count(*), count(distinct a), sum(all b), approximate count(distinct c)",
     "select count(*), count(distinct a), sum(b), approximate count(distinct c)"},
    {"select approximate percentile_disc(0.5) within group (order by p) from t", ""},
    {"select \"trim\"(a), \"convert\"(a, b), \"exists\"(c)", "select \"trim\"(a), \"convert\"(a, b), \"exists\"(c)"},
    {"select listagg(distinct a, ', ') within group (order by b desc, c) over (partition by d) from t", ""},
    {"select lag(a, 1) ignore nulls over (order by b), first_value(a respect nulls) over (order by b rows unbounded "
     "preceding)",
     "select lag(a, 1) ignore nulls over (order by b), first_value(a) respect nulls over (order by b rows unbounded "
     "preceding)"},
    {"select sum(a) over (), sum(a) over (partition by b, c order by d rows between 2 preceding and current row)", ""},
    {"select max(a) over (order by b range between unbounded preceding and 1 + 1 following)", ""},
    {"select sum(a) over (rows between current row and unbounded following)", ""},
    // ---- subqueries
    {"select (select 1), ((select 2)), ((select 3) + 1), ((select 4) union select 5)",
     "select (select 1), (select 2), (select 3) + 1, ((select 4) union select 5)"},
    {"select ((select 1) order by 1 limit 1), a in ((select 1)), b in ((select 1) union all (select 2)), c in ((select "
     "1), 2)",
     "select ((select 1) order by 1 limit 1), a in (select 1), b in ((select 1) union all (select 2)), c in ((select "
     "1), 2)"},
    // ---- set operations
    {"select 1 union all select 2 union distinct select 3 intersect select 4 minus select 5 except all select 6",
     "select 1 union all select 2 union select 3 intersect select 4 except select 5 except all select 6"},
    {"(select 1 order by 1) union (select 2 limit 1) order by 1 limit 3", ""},
    {"((select 1))", "select 1"},
    {"(select 1) limit 1", ""},
    {"select 1 union (select 2 union select 3)", ""},
    // ---- with
    {"with a as (select 1), b (x, y) as (select 1, 2) select * from a, b", ""},
    {"with recursive r (n) as (select 1 union all select n + 1 from r where n < 5) select n from r", ""},
    {"with recursive as (select 1) select * from recursive", ""},
    {"select * from (with x as (select 1) select * from x) as y", ""},
    // ---- from
    {"select * from a join b on a.x = b.x left outer join c using (y, z) cross join d natural full join e right join f "
     "on true",
     "select * from a join b on a.x = b.x left join c using (y, z) cross join d natural full join e right join f on "
     "true"},
    {"select * from a inner join (b left join c on b.x = c.x) on a.y = b.y, d",
     "select * from a join (b left join c on b.x = c.x) on a.y = b.y, d"},
    {"select * from a join b join c on b.x = c.x on a.x = b.x",
     "select * from a join (b join c on b.x = c.x) on a.x = b.x"},
    {"select * from (a cross join b)", "select * from a cross join b"},
    {"select * from (select 1) where true", ""},
    {"select * from ((select 1) union select 2) x, (((select 3))) y",
     "select * from ((select 1) union select 2) as x, (select 3) as y"},
    {"select * from ((select 1) x cross join t)", "select * from (select 1) as x cross join t"},
    {"select * from generate_series(1, 10) g(i), \"user\"(1)",
     "select * from generate_series(1, 10) as g (i), \"user\"(1)"},
    {"select a from t start where a = 1", "select a from t as start where a = 1"},
    {"select a from t as t qualify row_number() over (order by a) = 1", ""},
    // ---- paths, arrays, rotation, hierarchies
    {"select a.B.\"C d\", a[0]. b[i + 1], (f(x)).a, array(1), array from t as array",
     "select a.B.\"C d\", a[0].b[i + 1], (f(x)).a, array(1), \"array\" from t as \"array\""},
    {"select a.b.c.d.e, -a[0]::int from t, t.Arr x at i, t.a[1].b as y, unpivot t.o v at k, a.b.c.d z",
     "select a.b.c.d.e, -cast(a[0] as int) from t, t.Arr as x at i, t.a[1].b as y, unpivot t.o as v at k, a.b.c.d as "
     "z"},
    {"select * from t left join t.a as x on true, unnest(t.b) with offset as u (p, n), unnest(t.c) w",
     "select * from t left join t.a as x on true, unnest(t.b) with offset as u (p, n), unnest(t.c) as w"},
    {"select * from (select 1) pivot (count(*) c for q in (1 as one, 'x', null)) as p (a)",
     "select * from (select 1) pivot (count(*) as c for q in (1 as one, 'x', null)) as p (a)"},
    {"select * from t unpivot exclude nulls (v for n in (a, b as c)) u, s.t as x unpivot include nulls (v for n in "
     "(a))",
     "select * from t unpivot (v for n in (a, b as c)) as u, s.t as x unpivot include nulls (v for n in (a))"},
    {"select level from t connect by prior a = b and prior (c + 1) < prior -d start with e is null",
     "select level from t start with e is null connect by prior a = b and prior (c + 1) < prior -d"},
    {"select 1 from a, b where a.x = b.x (+) * 2", ""},
    // ---- create
    {"create table t (a int, b varchar(10) not null default 'x' encode lzo, c bigint identity(1,1) distkey sortkey "
     "primary key)",
     "create table t (a int, b varchar(10) default 'x' encode lzo not null, c bigint identity(1, 1) distkey sortkey "
     "primary key)"},
    {"create temp table if not exists s.t (a int generated by default as identity(0, -1) unique references u (x), "
     "b char(3) collate case_insensitive null, like o including defaults, primary key (a), constraint c unique (a, b), "
     "foreign key (a) references v) backup no diststyle key distkey (a) compound sortkey (a, b) encode auto",
     "create temporary table if not exists s.t (a int generated by default as identity(0, -1) unique references u (x), "
     "b char(3) collate case_insensitive, like o including defaults, primary key (a), constraint c unique (a, b), "
     "foreign key (a) references v) backup no diststyle key distkey (a) compound sortkey (a, b) encode auto"},
    {"create local temporary table t (a int default (1 = 2) not null) sortkey auto diststyle auto",
     "create temporary table t (a int default (1 = 2) not null) diststyle auto sortkey auto"},
    {"create table #x (a date)", "create temporary table \"#x\" (a date)"},
    {"create table t (a) diststyle even interleaved sortkey (a) as select 1",
     "create table t (a) diststyle even interleaved sortkey (a) as select 1"},
    {"create table t distkey (1) sortkey (1,3) as select a, b, c from u",
     "create table t distkey (1) sortkey (1, 3) as select a, b, c from u"},
    {"create table t as (select 1)", "create table t as select 1"},
    {"create or replace view v (a, b) as select 1, 2 with no schema binding",
     "create or replace view v (a, b) as select 1, 2 with no schema binding"},
    {"create view s.v as with x as (select 1) select * from x", ""},
    {"create schema if not exists s authorization u", ""},
    {"create schema authorization u", "create schema u authorization u"},
    // ---- drop, alter, truncate
    {"drop table if exists a, s.b cascade", ""},
    {"drop view v restrict", "drop view v"},
    {"drop schema s, t cascade", ""},
    {"alter table s.t rename to u", ""},
    {"alter table t rename a to b", "alter table t rename column a to b"},
    {"alter table t add a int default 0 encode zstd", "alter table t add column a int default 0 encode zstd"},
    {"alter table t drop column a cascade", ""},
    {"truncate table t", "truncate t"},
    {"create table t (a int identity not null)", "create table t (a int identity(1, 1) not null)"},
    {"alter table t owner to u", ""},
    {"alter table t alter column a type varchar(300)", ""},
    {"alter table t alter column a encode az64, alter column b encode raw", ""},
    {"alter table t alter distkey a", "alter table t alter diststyle key distkey a"},
    {"alter table t alter sortkey (a, b), alter diststyle all",
     "alter table t alter diststyle all, alter compound sortkey (a, b)"},
    {"alter table t alter sortkey none", ""},
    {"alter table t alter sortkey auto", ""},
    {"alter table t alter encode auto", ""},
    {"alter table t add constraint c foreign key (a) references u (b)", ""},
    {"alter table t drop constraint c cascade", ""},
    {"alter table t append from s.u filltarget", ""},
    {"alter table t append from u ignoreextra", ""},
    {"alter table v alter autorefresh = true", "alter table v alter autorefresh true"},
    {"alter materialized view v auto refresh no", ""},
    {"alter materialized view v alter distkey a", "alter materialized view v alter diststyle key distkey a"},
    {"create schema s quota 5 gb", ""},
    {"create schema s authorization u quota unlimited", ""},
    {"alter schema s quota 300", "alter schema s quota 300 mb"},
    {"alter schema s rename to t", ""},
    {"alter schema s owner to u", ""},
    {"create database d with owner = u connection limit unlimited collate case_insensitive isolation level snapshot",
     "create database d owner u connection limit unlimited collate case_insensitive isolation level snapshot"},
    {"alter database d rename to e", ""},
    {"alter database d owner to u", ""},
    {"alter database d connection limit 3", ""},
    {"drop database d force", ""},
    {"comment on table s.t is 'x''y'", ""},
    {"comment on column s.t.a is null", ""},
    {"comment on constraint c on t is 'x'", ""},
    {"comment on view v is 'x'", ""},
    {"comment on database d is 'x'", ""},
    {"create materialized view s.v backup no auto refresh yes diststyle key distkey (a) sortkey (a) as select 1 as a",
     "create materialized view s.v backup no diststyle key distkey (a) sortkey (a) auto refresh yes as select 1 as a"},
    {"refresh materialized view v restrict", "refresh materialized view v"},
    {"refresh materialized view v cascade", ""},
    {"drop materialized view if exists v, w cascade", ""},
    {"create or replace function s.f(int, b double precision) returns float stable as $$ select $1 + $2 $$ language "
     "sql",
     "create or replace function s.f (int, double precision) returns float stable as ' select $1 + $2 ' language sql"},
    {"drop function f(a int, character varying(5)) cascade", "drop function f (int, character varying(5)) cascade"},
    {"alter function f() rename to g", "alter function f () rename to g"},
    {"select a, b into temp table u from t where a = 1", "select a, b into temporary u from t where a = 1"},
    // ---- sessions and upkeep
    {"prepare p (int, varchar(5)) as select $1, $2", ""},
    {"prepare p as insert into t values ($1)", ""},
    {"execute p (1 + 1, 'x')", ""},
    {"execute p", ""},
    {"deallocate prepare p", "deallocate p"},
    {"deallocate all", ""},
    {"declare c cursor for select 1 union select 2", ""},
    {"fetch next from c", "fetch forward 1 from c"},
    {"fetch all from c", "fetch forward all from c"},
    {"fetch 100 in \"C 1\"", "fetch forward 100 from \"c 1\""},
    {"fetch c", "fetch forward 1 from c"},
    {"close c", ""},
    {"explain verbose delete from t where a = 1", ""},
    {"explain create table t as select 1", ""},
    {"lock table a, s.b", "lock a, s.b"},
    {"analyze verbose", ""},
    {"analyze t (a, b) predicate columns", ""},
    {"analyze compression t (a) comprows 1000", ""},
    {"vacuum", ""},
    {"vacuum full s.t to 75 percent boost", ""},
    {"vacuum sort only t", ""},
    {"vacuum delete only t", ""},
    {"vacuum reindex t", ""},
    {"vacuum recluster t", ""},
    {"set transaction isolation level serializable read only", ""},
    {"set session characteristics as transaction read write", ""},
    // ---- rows
    {"insert into t values (1, default), ('a', (select max(x) from u))", ""},
    {"insert into t (a, \"b c\") with x as (select 1, 2) select * from x", ""},
    {"insert into t (select * from u)", "insert into t select * from u"},
    {"insert into t (a) (select 1) union select 2", ""},
    {"insert into t default values", ""},
    {"update t set a = 1, b = default where c", ""},
    {"with x as (select 1) update s.t as q set a = x.a from x join y on true where q.b = x.b", ""},
    {"delete t", "delete from t"},
    {"with recursive x (n) as (select 1) delete from t as q using x, y where q.a = x.n", ""},
    {"merge into t using (select 1 as id) s on (t.id = s.id) when matched then update set a = s.a, b = default "
     "when not matched then insert (id, a) values (s.id, default)",
     "merge into t using (select 1 as id) as s on t.id = s.id when matched then update set a = s.a, b = default "
     "when not matched then insert (id, a) values (s.id, default)"},
    {"merge into t using s on t.id = s.id when matched then delete when not matched then insert values (1)", ""},
    {"merge into t using s on t.id = s.id remove duplicates", ""},
    // ---- copy
    {"copy t from 's3://b/k' iam_role default format as csv quote as '\"' ignoreheader 1 delimiter '|' gzip null as "
     "'\\N'",
     "copy t from 's3://b/k' iam_role default csv quote '\"' ignoreheader 1 delimiter '|' gzip null '\\\\N'"},
    {"COPY s.t (a, b) FROM '/x.csv' CREDENTIALS 'k=v' FORMAT JSON 'auto' COMPUPDATE OFF STATUPDATE ON MAXERROR AS 10 "
     "encoding as utf16le "
     "acceptinvchars as '^' timeformat 'auto' parquet serializetojson shapefile simplify auto 0.5 null as '\\000'",
     "copy s.t (a, b) from '/x.csv' credentials 'k=v' json 'auto' compupdate off statupdate on maxerror 10 encoding "
     "utf16le "
     "acceptinvchars '^' timeformat 'auto' parquet serializetojson shapefile simplify auto 0.5 null '\\000'"},
    {"copy t from 's3://b/k' access_key_id 'A' secret_access_key 'S' token 'T' with credentials as 'k=v'",
     "copy t from 's3://b/k' access_key_id 'A' secret_access_key 'S' session_token 'T' credentials 'k=v'"},
    {"copy t from 's3://b/m' manifest fixedwidth as 'a:3,b:4' ignoreallerrors region as 'eu-west-1' delimiter '|~|'",
     "copy t from 's3://b/m' manifest fixedwidth 'a:3,b:4' ignoreallerrors region 'eu-west-1' delimiter '|~|'"},
    // ---- unload
    {"unload ('select * from venue order by venueid') to 's3://b/k_' iam_role default", ""},
    {"UNLOAD ('select ''a b'', x from t') TO 's3://b/k_' IAM_ROLE 'arn' FORMAT AS PARQUET MAXFILESIZE AS 100 MB "
     "ROWGROUPSIZE 64 mb PARTITION BY (a, \"B\") INCLUDE MANIFEST VERBOSE PARALLEL OFF",
     "unload ('select ''a b'', x from t') to 's3://b/k_' iam_role 'arn' parquet maxfilesize 100 mb rowgroupsize 64 mb "
     "manifest verbose parallel off partition by (a, b) include"},
    {"unload ($$select 'a' as b from t$$) to 'out/k_' header delimiter as ';' null as '-' escape addquotes "
     "allowoverwrite gzip extension 'txt' encrypted auto",
     "unload ('select ''a'' as b from t') to 'out/k_' header delimiter ';' null '-' escape addquotes allowoverwrite "
     "gzip extension 'txt' encrypted auto"},
    {"unload ('select 1') to 'x' fixedwidth as '0:3' cleanpath bzip2 kms_key_id 'k' encrypted",
     "unload ('select 1') to 'x' fixedwidth '0:3' cleanpath bzip2 kms_key_id 'k' encrypted"},
    // ---- transactions and settings
    {"begin work", "begin"},
    {"start transaction isolation level read committed, read only", "begin isolation level read committed read only"},
    {"begin read write isolation level serializable", "begin isolation level serializable read write"},
    {"end transaction", "commit"},
    {"abort", "rollback"},
    {"set search_path to a, \"$user\", 'B c'", "set search_path to 'a', '$user', 'B c'"},
    {"set session statement_timeout = -1", "set statement_timeout to '-1'"},
    {"set local query_group to default", ""},
    {"set time zone 'Europe/Berlin'", "set timezone to 'Europe/Berlin'"},
    {"set time zone local", "set timezone to default"},
    {"set app.tenant_id = on", "set app.tenant_id to 'on'"},
    {"set seed to .25", "set \"seed\" to '.25'"},
    {"reset all", ""},
    {"show search_path", ""},
    {"show time zone", "show timezone"},
};

TEST(Samples, AreReadAndPrinted) {
  for (const Sample& sample : kSamples) {
    SCOPED_TRACE(std::string(sample.input));
    try {
      const Statement statement = parse_statement(sample.input);
      const std::string printed = print(statement);
      EXPECT_EQ(printed, sample.printed.empty() ? sample.input : sample.printed);
      EXPECT_EQ(parse_statement(printed), statement) << printed;
    } catch (const Error& error) {
      ADD_FAILURE() << error.what() << " at " << error.position().value_or(999999);
    }
  }
}

TEST(Samples, SpansPointIntoTheText) {
  const std::string text = "  select a + 10, f(b) from s.t ;";
  const Statement statement = parse_statement(text);
  const auto slice = [&](Span span) { return text.substr(span.begin, span.end - span.begin); };
  EXPECT_EQ(slice(statement.span), "select a + 10, f(b) from s.t");
  const Select& select = std::get<Select>(std::get<Query>(statement.node).body.node);
  EXPECT_EQ(slice(select.items[0].expr.span), "a + 10");
  EXPECT_EQ(slice(std::get<Binary>(select.items[0].expr.node).right->span), "10");
  EXPECT_EQ(slice(select.items[1].expr.span), "f(b)");
  EXPECT_EQ(slice(select.from[0].span), "s.t");
  EXPECT_EQ(slice(std::get<NamedTable>(select.from[0].node).name.parts[1].span), "t");
}

TEST(Samples, QueriesAndExpressionsStandAlone) {
  EXPECT_EQ(print(parse_query("(select 1);")), "select 1");
  EXPECT_EQ(print(parse_expression("a and (b and c)")), "a and b and c");
  const Expr conjunction = parse_expression("a and (b and c) and d");
  EXPECT_EQ(std::get<Logical>(conjunction.node).operands.size(), 4u);
}

TEST(Samples, NamesAreFoldedAndTruncated) {
  const std::string longest(127, 'A');
  const Expr column = parse_expression("\"" + longest + "BCD\"");
  EXPECT_EQ(std::get<ColumnRef>(column.node).parts[0].text, std::string(127, 'a'));
  // A character is never cut in two.
  const Expr umlauts = parse_expression("\"" + std::string(126, 'x') + "\xC3\xA4\"");
  EXPECT_EQ(std::get<ColumnRef>(umlauts.node).parts[0].text, std::string(126, 'x'));
}

}  // namespace

std::span<const Sample> samples() { return kSamples; }

}  // namespace garland::sql
