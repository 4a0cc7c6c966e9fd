// Sessions through the contract: statements, transactions, settings, cursors, cancel.
#include <chrono>
#include <thread>

#include "warehouse_fixture.h"

namespace garland::embedded {
namespace {

using SessionTest = WarehouseTest;
using engine::TransactionStatus;

TEST_F(SessionTest, CreateInsertSelect) {
  auto s = session();
  EXPECT_EQ(tag(*s, "create table t (a int, b varchar(10), c decimal(12,2))"), "CREATE TABLE");
  EXPECT_EQ(tag(*s, "insert into t values (1, 'x', 1.5), (2, null, -2)"), "INSERT 0 2");
  EXPECT_EQ(rows(*s, "select a, b, c from t order by a"), "1|x|1.50;2|-|-2.00");
  EXPECT_EQ(tag(*s, "insert into t select a + 10, b, c from t"), "INSERT 0 2");
  EXPECT_EQ(tag(*s, "update t set b = 'y' where a > 10"), "UPDATE 2");
  EXPECT_EQ(tag(*s, "delete from t where a = 1"), "DELETE 1");
  EXPECT_EQ(rows(*s, "select count(*), min(b), sum(c) from t"), "3|y|-2.50");
}

TEST_F(SessionTest, AStatementTooLongToBeKeptIsPlannedOnce) {
  auto s = session();
  engine::run(*s, "create table t (a varchar(10))");
  std::string sql = "insert into t values ('row 0')";
  for (int i = 1; i < 10'000; ++i) sql += ", ('row " + std::to_string(i) + "')";
  EXPECT_EQ(tag(*s, sql), "INSERT 0 10000");
  EXPECT_EQ(rows(*s, "select count(distinct a) from t"), "10000");
}

TEST_F(SessionTest, ItIsThereAfterReopening) {
  {
    auto s = session();
    engine::run(*s, "create schema shop");
    engine::run(*s,
                "create table shop.t (a int not null default 7, b varchar(10) encode zstd, id bigint identity(5, 2))");
    engine::run(*s, "insert into shop.t (b) values ('x '), ('y')");
    engine::run(*s, "create view shop.v as select a, b from shop.t");
    engine::run(*s, "create table shop.made as select b, b || ' ' as d from shop.t");
    engine::run(*s, "create view shop.l as select * from shop.later with no schema binding");
  }
  reopen();
  auto s = session();
  EXPECT_EQ(rows(*s, "select a, b, id from shop.t order by id"), "7|x |5;7|y|7");
  EXPECT_EQ(rows(*s, "select b from shop.v where b = 'x' order by 1"), "x ");  // the blank is known after reopening
  EXPECT_EQ(rows(*s, "select count(*) from shop.made where b = 'x' and d = 'x'"), "1");
  EXPECT_EQ(fails(*s, "select * from shop.l"), "42P01");
  engine::run(*s, "insert into shop.t (b) values ('z')");
  EXPECT_EQ(rows(*s, "select id from shop.t where b = 'z'"), "9");
  EXPECT_EQ(fails(*s, "drop table shop.t"), "2BP01");
  engine::run(*s, "create table shop.u (a int)");
  EXPECT_EQ(rows(*s, "select count(distinct oid) from pg_class where oid >= 100000"), "5");
}

TEST_F(SessionTest, ABlockCommitsOrRollsBackAsAWhole) {
  auto s = session();
  auto other = session();
  engine::run(*s, "create table t (a int)");
  engine::run(*s, "begin");
  EXPECT_EQ(s->transaction_status(), TransactionStatus::kOpen);
  engine::run(*s, "insert into t values (1)");
  engine::run(*s, "create table u (b int)");
  engine::run(*s, "insert into u values (2)");
  EXPECT_EQ(rows(*s, "select a, b from t cross join u"), "1|2");
  EXPECT_EQ(rows(*other, "select count(*) from t"), "0");
  EXPECT_EQ(fails(*other, "select * from u"), "42P01");
  engine::run(*s, "rollback");
  EXPECT_EQ(s->transaction_status(), TransactionStatus::kIdle);
  EXPECT_EQ(fails(*s, "select * from u"), "42P01");
  engine::run(*s, "begin");
  engine::run(*s, "insert into t values (1)");
  engine::run(*s, "create table u (b int)");
  engine::run(*s, "commit");
  EXPECT_EQ(rows(*other, "select count(*) from t"), "1");
  EXPECT_EQ(rows(*other, "select count(*) from u"), "0");
}

TEST_F(SessionTest, AnErrorFailsTheBlock) {
  auto s = session();
  engine::run(*s, "create table t (a int)");
  engine::run(*s, "begin");
  engine::run(*s, "insert into t values (1)");
  EXPECT_EQ(fails(*s, "select 1 / 0"), "22012");
  EXPECT_EQ(s->transaction_status(), TransactionStatus::kFailed);
  EXPECT_EQ(fails(*s, "select 1"), "25P02");
  EXPECT_EQ(tag(*s, "commit"), "ROLLBACK");
  EXPECT_EQ(s->transaction_status(), TransactionStatus::kIdle);
  EXPECT_EQ(rows(*s, "select count(*) from t"), "0");
  engine::run(*s, "begin");
  EXPECT_EQ(fails(*s, "select nonsense"), "42703");  // a binder error fails it just so
  EXPECT_EQ(fails(*s, "select 1"), "25P02");
  EXPECT_EQ(tag(*s, "rollback"), "ROLLBACK");
}

TEST_F(SessionTest, BlocksWithoutNeedWarn) {
  auto s = session();
  EXPECT_EQ(tag(*s, "commit"), "COMMIT");
  auto notices = s->take_notices();
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].sqlstate, "25P01");
  engine::run(*s, "begin");
  engine::run(*s, "begin");
  notices = s->take_notices();
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].sqlstate, "25001");
  EXPECT_EQ(s->transaction_status(), TransactionStatus::kOpen);
}

TEST_F(SessionTest, AnAutocommitStatementIsAtomic) {
  auto s = session();
  engine::run(*s, "create table t (a int not null, b varchar(3))");
  EXPECT_EQ(fails(*s, "insert into t values (1, 'abc'), (2, 'abcd')"), "22001");
  EXPECT_EQ(fails(*s, "insert into t values (1, 'abc'), (null, 'abc')"), "23502");
  EXPECT_EQ(fails(*s, "insert into t select a, b from (select 1 as a, 'x' as b union all select null, 'y')"), "23502");
  EXPECT_EQ(rows(*s, "select count(*) from t"), "0");
  engine::run(*s, "insert into t values (1, 'ab    ')");  // only blanks are lost
  EXPECT_EQ(rows(*s, "select b from t where b = 'ab'"), "ab ");
}

TEST_F(SessionTest, SeveralCursorsOfABlock) {
  auto s = session();
  engine::run(*s, "create table t (a int, b varchar(20))");
  engine::run(*s, "insert into t values (1, 'a text that is long'), (2, 'y'), (3, 'z')");
  for (int i = 0; i < 12; ++i) engine::run(*s, "insert into t select a + 3, b from t");
  engine::run(*s, "begin");
  auto statement = s->prepare("select a, b from t");
  auto first = statement->execute();
  const engine::Batch* batch = first->fetch();
  ASSERT_NE(batch, nullptr);
  const size_t rows_given = batch->rows;
  engine::run(*s, "delete from t");
  // the batch given before stays, and so does the rest
  EXPECT_EQ(batch->columns[1].values<std::string_view>()[0], "a text that is long");
  auto second = s->prepare("select count(*) from t")->execute();
  size_t total = rows_given;
  while ((batch = first->fetch())) total += batch->rows;
  EXPECT_EQ(total, 3u * 4096);
  EXPECT_EQ(first->row_count(), total);
  ASSERT_NE(batch = second->fetch(), nullptr);
  EXPECT_EQ(batch->columns[0].values<int64_t>()[0], 0);
  EXPECT_EQ(second->fetch(), nullptr);
  engine::run(*s, "rollback");
}

TEST_F(SessionTest, AFailedBlockEndsItsOpenCursorsWithAnError) {
  auto s = session();
  engine::run(*s, "create table t (a int)");
  engine::run(*s, "insert into t values (1)");
  for (int i = 0; i < 13; ++i) engine::run(*s, "insert into t select a from t");
  engine::run(*s, "begin");
  auto cursor = s->prepare("select a from t")->execute();
  ASSERT_NE(cursor->fetch(), nullptr);
  EXPECT_THROW(s->prepare("select nonsense"), Error);
  EXPECT_THROW(cursor->fetch(), Error);
  engine::run(*s, "rollback");
}

TEST_F(SessionTest, ACursorOutsideABlockReadsOneMoment) {
  auto s = session();
  auto other = session();
  engine::run(*s, "create table t (a int)");
  engine::run(*s, "insert into t values (1)");
  for (int i = 0; i < 14; ++i) engine::run(*s, "insert into t select a from t");
  auto cursor = s->prepare("select a from t")->execute();
  ASSERT_NE(cursor->fetch(), nullptr);
  engine::run(*other, "update t set a = 2");
  engine::run(*other, "drop table t");
  int64_t sum = 2048;
  while (const engine::Batch* batch = cursor->fetch()) {
    for (size_t i = 0; i < batch->rows; ++i) sum += batch->columns[0].values<int32_t>()[i];
  }
  EXPECT_EQ(sum, 16384);
}

TEST_F(SessionTest, StatementsArePlannedAgainWhenTheCatalogChanges) {
  auto s = session();
  auto other = session();
  engine::run(*s, "create table t (a int)");
  auto insert = s->prepare("insert into t values (1)");
  auto select = s->prepare("select a from t");
  engine::run(*other, "alter table t rename to older");
  EXPECT_THROW(insert->execute(), Error);
  engine::run(*other, "create table t (a int, b int default 5)");
  insert->execute();
  EXPECT_EQ(rows(*s, "select a, b from t"), "1|5");
  EXPECT_EQ(rows(*s, "select count(*) from older"), "0");
  EXPECT_NE(select->execute()->fetch(), nullptr);
  engine::run(*other, "drop table t");
  engine::run(*other, "create table t (a varchar(5))");
  EXPECT_THROW(select->execute(), Error);
}

TEST_F(SessionTest, ParametersOfEveryUse) {
  auto s = session();
  engine::run(*s, "create table t (a int, b varchar(10), d date)");
  const std::vector<engine::ParameterValue> values = {"1", "x", std::nullopt};
  EXPECT_EQ(engine::run(*s, "insert into t values ($1, $2, $3)", values), 1u);
  const std::vector<engine::ParameterValue> one = {"1"};
  EXPECT_EQ(rows(*s, "select a, b, d from t where a = $1", one), "1|x|-");
  const std::vector<engine::ParameterValue> bad = {"one"};
  EXPECT_EQ(fails(*s, "select a from t where a = $1", bad), "22P02");
  EXPECT_EQ(fails(*s, "select a from t where a = $1"), "42P02");
  auto statement = s->prepare("select b from t where a = $1 and d is null");
  ASSERT_EQ(statement->parameters().size(), 1u);
  EXPECT_EQ(statement->columns()[0].name, "b");
  for (int i = 0; i < 3; ++i) {
    auto cursor = statement->execute(one);
    const auto* batch = cursor->fetch();
    ASSERT_NE(batch, nullptr);
    EXPECT_EQ(batch->columns[0].values<std::string_view>()[0], "x");
  }
}

TEST_F(SessionTest, SettingsFollowTheTransaction) {
  auto s = session();
  EXPECT_EQ(rows(*s, "show search_path"), "$user, public");
  engine::run(*s, "set app.tenant to 'north'");
  EXPECT_EQ(rows(*s, "select current_setting('app.tenant')"), "north");
  engine::run(*s, "begin");
  engine::run(*s, "set app.tenant to 'south'");
  EXPECT_EQ(rows(*s, "select current_setting('app.tenant')"), "south");
  engine::run(*s, "rollback");
  EXPECT_EQ(s->setting("app.tenant"), "north");
  engine::run(*s, "begin");
  engine::run(*s, "set local statement_timeout to 5000");
  EXPECT_EQ(s->setting("statement_timeout"), "5000");
  engine::run(*s, "commit");
  EXPECT_EQ(s->setting("statement_timeout"), "0");
  EXPECT_EQ(fails(*s, "set no_such_setting to 1"), "42704");
  EXPECT_EQ(fails(*s, "set statement_timeout to 'soon'"), "22023");
  EXPECT_EQ(fails(*s, "set timezone to 'Mars/Olympus'"), "22023");
  engine::run(*s, "reset app.tenant");
  EXPECT_EQ(fails(*s, "select current_setting('app.tenant')"), "42704");
}

TEST_F(SessionTest, TheSearchPathDecidesNames) {
  auto s = session();
  engine::run(*s, "create schema one");
  engine::run(*s, "create schema two");
  engine::run(*s, "create table one.t as select 1 as a");
  engine::run(*s, "create table two.t as select 2 as a");
  auto statement = [&] { return rows(*s, "select a from t"); };
  engine::run(*s, "set search_path to one, two");
  EXPECT_EQ(statement(), "1");
  engine::run(*s, "set search_path to two, one");
  EXPECT_EQ(statement(), "2");
  engine::run(*s, "create temp table t as select 3 as a");
  EXPECT_EQ(statement(), "3");
  engine::run(*s, "drop table t");
  EXPECT_EQ(statement(), "2");
  EXPECT_EQ(rows(*s, "select current_schema()"), "two");
}

TEST_F(SessionTest, TemporaryTablesAreTheSessionsOwn) {
  auto s = session();
  auto other = session();
  engine::run(*s, "create temp table t (a int, b varchar(5))");
  engine::run(*s, "insert into t values (1, 'x')");
  EXPECT_EQ(fails(*other, "select * from t"), "42P01");
  engine::run(*other, "create temp table t (c int)");
  engine::run(*s, "begin");
  engine::run(*s, "update t set a = 2");
  engine::run(*s, "create temp table u as select a from t");
  EXPECT_EQ(rows(*s, "select a from u"), "2");
  engine::run(*s, "rollback");
  EXPECT_EQ(fails(*s, "select a from u"), "42P01");
  EXPECT_EQ(rows(*s, "select a, b from t"), "1|x");
  engine::run(*s, "create table kept as select a from t");
  EXPECT_EQ(rows(*other, "select a from kept"), "1");
}

TEST_F(SessionTest, ALongStatementIsCancelledAndTheSessionLives) {
  auto s = session();
  engine::run(*s, "create table n (a int)");
  engine::run(*s, "insert into n values (1)");
  for (int i = 0; i < 15; ++i) engine::run(*s, "insert into n select a + 1 from n");
  const uint64_t before = s->statement_id();
  std::thread other([&] {
    while (s->statement_id() == before) std::this_thread::yield();
    s->cancel(s->statement_id());
  });
  EXPECT_EQ(fails(*s, "select sum(x.a * y.a) from n x cross join n y"), "57014");
  other.join();
  EXPECT_EQ(rows(*s, "select count(*) from n"), "32768");
  s->cancel(before);  // long over: it hits nothing
  EXPECT_EQ(rows(*s, "select 1"), "1");
}

TEST_F(SessionTest, StatementTimeoutStopsAStatement) {
  auto s = session();
  engine::run(*s, "create table n (a int)");
  engine::run(*s, "insert into n values (1)");
  for (int i = 0; i < 15; ++i) engine::run(*s, "insert into n select a + 1 from n");
  engine::run(*s, "set statement_timeout to 50");
  EXPECT_EQ(fails(*s, "select sum(x.a * y.a) from n x cross join n y"), "57014");
  EXPECT_EQ(rows(*s, "select 1"), "1");
}

TEST_F(SessionTest, SystemTablesAreReadOnly) {
  auto s = session();
  EXPECT_EQ(fails(*s, "delete from pg_class"), "42501");
  EXPECT_EQ(fails(*s, "update pg_catalog.pg_class set relname = 'x'"), "42501");
  EXPECT_EQ(fails(*s, "insert into pg_catalog.pg_namespace values (1, 'x', 1)"), "42501");
  EXPECT_EQ(fails(*s, "truncate pg_catalog.pg_class"), "42501");
  EXPECT_EQ(fails(*s, "drop table pg_catalog.pg_class"), "42501");
  EXPECT_EQ(fails(*s, "alter table pg_catalog.pg_class rename to x"), "42501");
  EXPECT_EQ(rows(*s, "select nspname from pg_namespace order by 1"), "information_schema;pg_catalog;public");
}

TEST_F(SessionTest, AlterTableAddsAndDropsColumns) {
  auto s = session();
  engine::run(*s, "create table t (a int, b varchar(5))");
  engine::run(*s, "insert into t values (1, 'x'), (2, 'y')");
  engine::run(*s, "begin");
  engine::run(*s, "alter table t add column c decimal(8,2) default 2.5 not null");
  engine::run(*s, "insert into t (a) values (3)");
  engine::run(*s, "update t set c = 9 where a = 2");
  EXPECT_EQ(rows(*s, "select * from t order by a"), "1|x|2.50;2|y|9.00;3|-|2.50");
  engine::run(*s, "rollback");
  EXPECT_EQ(rows(*s, "select * from t order by a"), "1|x;2|y");
  engine::run(*s, "insert into t values (3, 'z')");
  EXPECT_EQ(fails(*s, "alter table t add column d int not null"), "42P16");
  engine::run(*s, "alter table t add column d int");
  engine::run(*s, "alter table t drop column b");
  engine::run(*s, "alter table t add column b date");
  engine::run(*s, "insert into t values (4, 44, '2011-12-09')");
  s.reset();
  reopen();
  s = session();
  EXPECT_EQ(rows(*s, "select * from t order by a"), "1|-|-;2|-|-;3|-|-;4|44|2011-12-09");
}

TEST_F(SessionTest, TruncateCommitsItsBlock) {
  auto s = session();
  engine::run(*s, "create table t (a int)");
  engine::run(*s, "insert into t values (1)");
  engine::run(*s, "begin");
  engine::run(*s, "truncate t");
  EXPECT_EQ(s->transaction_status(), TransactionStatus::kIdle);
  EXPECT_EQ(rows(*s, "select count(*) from t"), "0");
}

TEST_F(SessionTest, MergeInsertsUpdatesAndFillsIdentity) {
  auto s = session();
  engine::run(*s, "create table t (id bigint identity(1, 1), k int, v varchar(5))");
  engine::run(*s, "insert into t (k, v) values (1, 'a'), (2, 'b')");
  engine::run(*s, "create table u (k int, v varchar(5))");
  engine::run(*s, "insert into u values (2, 'B '), (3, 'c')");
  EXPECT_EQ(engine::run(*s,
                        "merge into t using u on t.k = u.k when matched then update set v = u.v when not matched "
                        "then insert (k, v) values (u.k, u.v)"),
            2u);
  EXPECT_EQ(rows(*s, "select k, v from t order by k"), "1|a;2|B ;3|c");
  EXPECT_EQ(rows(*s, "select count(distinct id) from t"), "3");
  EXPECT_EQ(rows(*s, "select k from t where v = 'B'"), "2");
}

}  // namespace
}  // namespace garland::embedded
