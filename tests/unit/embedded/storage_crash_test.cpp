// kill -9 at random moments: every acknowledged commit is there, nothing is there by half, and the catalog fits the
// tables.
#include <signal.h>
#include <sys/wait.h>

#include <cstdlib>
#include <functional>
#include <random>
#include <thread>

#include "warehouse_fixture.h"

namespace garland::embedded {
namespace {

constexpr int kRounds = 8;
constexpr int kMaxCommitsBeforeKill = 60;

using CrashTest = WarehouseTest;

/// Writes for ever; one byte into the pipe after each commit.
[[noreturn]] void write_until_killed(const Options& options, int64_t next, int acknowledge) {
  try {
    auto engine = open(options);
    auto session = engine->open_session({"admin", "dev", ""});
    for (;; ++next) {
      const std::string n = std::to_string(next);
      engine::run(*session, "begin");
      engine::run(*session, "insert into t values (" + n + ", 'ends with a blank ')");
      engine::run(*session, "insert into u select k from t where k = " + n);
      if (next % 3 == 0) engine::run(*session, "create table made_" + n + " as select k from t");
      if (next % 3 == 1 && next > 3) engine::run(*session, "drop table made_" + std::to_string(next - 1));
      if (next % 5 == 0) engine::run(*session, "update t set v = v where k < " + n);
      engine::run(*session, "commit");
      if (write(acknowledge, "+", 1) != 1) _exit(3);
    }
  } catch (const std::exception& error) {
    fprintf(stderr, "writer: %s\n", error.what());
    _exit(2);
  }
}

TEST_F(CrashTest, CommittedStaysAndNothingIsTorn) {
  const char* given = std::getenv("SEED");
  const uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device()();
  SCOPED_TRACE("SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  engine::run(*session(), "create table t (k bigint, v varchar(30))");
  engine::run(*session(), "create table u (k bigint)");
  engine_.reset();
  int64_t known = 0;  // commits that must be there
  for (int round = 0; round < kRounds; ++round) {
    int pipes[2];
    ASSERT_EQ(pipe(pipes), 0);
    const pid_t child = fork();
    if (child == 0) write_until_killed(options(), known + 1, pipes[1]);
    close(pipes[1]);
    const auto wanted = static_cast<int64_t>(random() % kMaxCommitsBeforeKill);
    char byte = 0;
    for (int64_t i = 0; i < wanted && read(pipes[0], &byte, 1) == 1; ++i) ++known;
    usleep(static_cast<useconds_t>(random() % 3000));
    kill(child, SIGKILL);
    while (read(pipes[0], &byte, 1) == 1) ++known;
    close(pipes[0]);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself";
    reopen();
    auto s = session();
    const std::string count = rows(*s, "select count(*) from t");
    ASSERT_GE(std::stoll(count), known);
    ASSERT_LE(std::stoll(count), known + 1);  // the last commit may have been made and not acknowledged
    known = std::stoll(count);
    EXPECT_EQ(rows(*s, "select count(distinct k), coalesce(max(k), 0) from t"), count + "|" + count);
    EXPECT_EQ(rows(*s, "select count(*), coalesce(sum(k), 0) from u"),
              rows(*s, "select count(*), coalesce(sum(k), 0) from t"));
    EXPECT_EQ(rows(*s, "select count(*) from t where v = 'ends with a blank'"), count);
    for (const auto& row : engine::query_text(*s, "select relname from pg_class where relname like 'made%'")) {
      const std::string k = row[0]->substr(5);
      EXPECT_EQ(rows(*s, "select max(k), count(*) from " + *row[0]), k + "|" + k);
    }
    s.reset();
    engine_.reset();
  }
}

/// In a child: DuckDB alone, held up in a checkpoint, and killed there. `beside`: a commit goes on meanwhile.
void die_in_a_checkpoint(const std::filesystem::path& folder, bool beside) {
  const std::filesystem::path file = folder / "warehouse.duckdb", log = folder / "warehouse.duckdb.wal";
  duck::Database database({2, 0, {}});
  database.attach(file);
  duck::Connection connection = database.connect();
  connection.query("SET GLOBAL debug_checkpoint_sleep_ms = 600000");
  connection.query("CREATE TABLE IF NOT EXISTS w.main.beside (n INTEGER); INSERT INTO w.main.beside VALUES (1)");
  duck::Connection other = database.connect();
  if (beside) other.query("BEGIN; INSERT INTO w.main.beside VALUES (10)");
  const auto size = std::filesystem::file_size(log);
  std::thread([&] { connection.query("CHECKPOINT w"); }).detach();
  while (std::filesystem::file_size(log) == size) usleep(1000);  // until the log tells of the checkpoint
  if (beside) {
    other.query("COMMIT");
    if (!std::filesystem::exists(log.string() + ".checkpoint")) _exit(3);
  }
  raise(SIGKILL);
}

int signal_of(const std::function<void()>& child) {
  const pid_t pid = fork();
  if (pid == 0) {
    try {
      child();
    } catch (const std::exception& error) {
      fprintf(stderr, "child: %s\n", error.what());
    }
    _exit(2);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

TEST_F(CrashTest, OpensAfterTwoCheckpointsThatDidNotEnd) {
  const std::filesystem::path folder = options().data_folder;
  engine::run(*session(), "create table t (k bigint)");
  engine_.reset();
  ASSERT_EQ(signal_of([&] { die_in_a_checkpoint(folder, false); }), SIGKILL);
  ASSERT_EQ(signal_of([&] {
              auto engine = open(options());
              raise(SIGKILL);
            }),
            SIGKILL);
  ASSERT_EQ(signal_of([&] { die_in_a_checkpoint(folder, true); }), SIGKILL);
  ASSERT_NO_THROW(reopen());
  EXPECT_EQ(rows(*session(), "select count(*) from t"), "0");
  engine_.reset();
  duck::Database database({2, 0, {}});
  database.attach(folder / "warehouse.duckdb");
  auto found = database.connect().query("SELECT sum(n)::BIGINT FROM w.main.beside");
  EXPECT_EQ(found.fetch()->columns[0].values<int64_t>()[0], 12);
}

}  // namespace
}  // namespace garland::embedded
