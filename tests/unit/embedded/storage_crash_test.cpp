// kill -9 at random moments: every acknowledged commit is there, nothing is there by half, and the catalog fits the
// tables.
#include <signal.h>
#include <sys/wait.h>

#include <cstdlib>
#include <random>

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

}  // namespace
}  // namespace garland::embedded
