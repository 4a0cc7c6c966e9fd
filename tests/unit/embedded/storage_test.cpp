// The warehouse's files: one owner, format number, what survives.
#include <sys/wait.h>

#include <thread>

#include "duck/database.h"
#include "warehouse_fixture.h"

namespace garland::embedded {
namespace {

using StorageTest = WarehouseTest;

std::string open_error(const Options& options, std::string* message = nullptr) {
  try {
    open(options);
    return "";
  } catch (const Error& error) {
    if (message) *message = error.message();
    return std::string(error.state().text());
  }
}

TEST_F(StorageTest, ASecondOwnerIsRefusedWithThePid) {
  std::string message;
  EXPECT_EQ(open_error(options(), &message), "55006");
  EXPECT_NE(message.find(std::to_string(getpid())), std::string::npos) << message;
  const pid_t child = fork();
  if (child == 0) _exit(open_error(options()) == "55006" ? 0 : 1);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(StorageTest, ADeadOwnersLockIsTakenOver) {
  engine_.reset();
  std::ofstream(options().data_folder / "lock") << "999999\n";
  EXPECT_EQ(open_error(options()), "");
}

TEST_F(StorageTest, TheFirstRowsAreThereWhenOthersBeforeThemWereDeleted) {
  const std::string thousand =
      " + d1.n + 1000 * d2.n from generate_series(0, 999) as d1(n), generate_series(0, 19) as d2(n)";
  engine::run(*session(), "create table numbers (a bigint)");
  engine::run(*session(), "insert into numbers select 0" + thousand);
  reopen();  // they are in the file
  const auto open = session();
  engine::run(*open, "delete from numbers");
  engine::run(*open, "insert into numbers values (30000)");
  EXPECT_EQ(rows(*open, "select a from numbers order by a limit 1"), "30000");
  engine::run(*open, "insert into numbers select 30000" + thousand);
  EXPECT_EQ(rows(*open, "select a from numbers order by a limit 2"), "30000;30000");
  EXPECT_EQ(rows(*open, "select a from numbers order by a desc limit 1"), "49999");
}

TEST_F(StorageTest, ANewerFormatIsRefused) {
  engine_.reset();
  {
    duck::Database database({1, 0, folder_ / "x"});
    database.attach(options().data_folder / "warehouse.duckdb");
    database.connect().query("UPDATE w.main.garland_format SET version = version + 1");
  }
  std::string message;
  EXPECT_EQ(open_error(options(), &message), "XX001");
  EXPECT_NE(message.find("newer"), std::string::npos) << message;
}

TEST_F(StorageTest, AForeignFileIsRefused) {
  engine_.reset();
  std::filesystem::remove_all(options().data_folder);
  std::filesystem::create_directory(options().data_folder);
  {
    duck::Database database({1, 0, folder_ / "x"});
    database.attach(options().data_folder / "warehouse.duckdb");
    database.connect().query("CREATE TABLE w.main.mine(a INTEGER)");
  }
  EXPECT_EQ(open_error(options()), "XX001");
  std::ofstream(options().data_folder / "warehouse.duckdb", std::ios::trunc)
      << "no database at all, but some text in a file";
  EXPECT_EQ(open_error(options()), "XX001");
}

TEST_F(StorageTest, AFolderThatCannotBeMadeIsRefused) {
  Options wrong = options();
  wrong.data_folder = folder_ / "not" / "there";
  EXPECT_EQ(open_error(wrong), "58030");
}

TEST_F(StorageTest, ManyRowsSurviveReopening) {
  {
    auto s = session();
    engine::run(*s, "create table t (a bigint, b varchar(30))");
    engine::run(*s, "insert into t values (1, 'row number one')");
    for (int i = 0; i < 16; ++i) engine::run(*s, "insert into t select a + 1, b from t");
    engine::run(*s, "delete from t where a = 3");
  }
  const std::string before = rows(*session(), "select count(*), sum(a), min(b) from t");
  reopen();
  EXPECT_EQ(rows(*session(), "select count(*), sum(a), min(b) from t"), before);
  reopen();
  EXPECT_EQ(rows(*session(), "select count(*), sum(a), min(b) from t"), before);
}

TEST_F(StorageTest, ManyUncommittedLeaveNothing) {
  engine::run(*session(), "create table t (a int)");
  {
    auto s = session();
    engine::run(*s, "begin");
    engine::run(*s, "insert into t values (1)");
    engine::run(*s, "create table u (a int)");
  }
  EXPECT_EQ(rows(*session(), "select count(*) from t"), "0");
  reopen();
  EXPECT_EQ(rows(*session(), "select count(*) from t"), "0");
  EXPECT_EQ(fails(*session(), "select * from u"), "42P01");
}

}  // namespace
}  // namespace garland::embedded
