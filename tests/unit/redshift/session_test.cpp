// redshift::open against a real endpoint: what the text tests over the wire (sql_served_tests) do not reach.
#include <gtest/gtest.h>

#include <thread>

#include "base/error.h"
#include "embedded/embedded.h"
#include "endpoint/server.h"
#include "redshift/redshift.h"
#include "temporary_folder.h"

namespace garland {
namespace {

constexpr engine::Login kAdmin{.user = "admin", .application_name = "redshift_tests"};
/// Ten thousand rows, more than one batch.
constexpr const char* kManyRows =
    "with d as (select 0 as n union all select 1 union all select 2 union all select 3 union all select 4 union all "
    "select 5 union all select 6 union all select 7 union all select 8 union all select 9) "
    "select a.n * 1000 + b.n * 100 + c.n * 10 + e.n from d a, d b, d c, d e";

class Redshift : public testing::Test {
 protected:
  Redshift() {
    embedded::Options options;
    options.data_folder = folder_ / "data";
    engine_ = embedded::open(options);
    tls_.emplace(net::ServerTls::self_made(folder_, {"127.0.0.1"}));
    endpoint::ServerOptions serve;
    serve.port = 0;
    serve.local_socket = folder_ / ".s.PGSQL.5439";
    server_.emplace(*engine_, *tls_, serve);
    thread_ = std::thread([this] { server_->run(); });
    session_ = redshift::open({.host = folder_.string()})->open_session(kAdmin);
  }
  ~Redshift() override {
    session_.reset();
    server_->stop();
    thread_.join();
    server_.reset();
    engine_.reset();
  }

  std::string one(const std::string& sql) { return engine::query_text(*session_, sql).at(0).at(0).value_or("NULL"); }
  std::optional<Error> failure(const std::string& sql) {
    try {
      engine::run(*session_, sql);
    } catch (const Error& error) {
      return error;
    }
    return std::nullopt;
  }

  const TemporaryFolder temporary_;
  const std::filesystem::path& folder_ = temporary_.path();
  std::unique_ptr<engine::Engine> engine_;
  std::optional<net::ServerTls> tls_;
  std::optional<endpoint::Server> server_;
  std::thread thread_;
  std::unique_ptr<engine::Session> session_;
};

uint64_t rest_of(engine::Cursor& cursor) {
  uint64_t rows = 0;
  while (const engine::Batch* batch = cursor.fetch()) rows += batch->rows;
  return rows;
}

TEST_F(Redshift, SeveralCursorsAreOpenAtOnce) {
  const auto statement = session_->prepare(kManyRows);
  const auto first = statement->execute();
  EXPECT_EQ(first->fetch()->rows, engine::kBatchRows);
  const auto second = session_->prepare("select 7")->execute();
  EXPECT_EQ(second->fetch()->columns[0].values<int32_t>()[0], 7);
  EXPECT_EQ(one("select 8"), "8");
  EXPECT_EQ(rest_of(*first), 10'000 - engine::kBatchRows);
  EXPECT_EQ(first->command_tag(), "SELECT");
  EXPECT_EQ(first->row_count(), 10'000u);
  EXPECT_EQ(second->fetch(), nullptr);
}

TEST_F(Redshift, ACursorThatIsGivenUpLeavesTheSessionUsable) {
  session_->prepare(kManyRows)->execute()->fetch();
  EXPECT_EQ(one("select 1"), "1");
}

TEST_F(Redshift, PositionsCountBytes) {
  const auto error = failure("select 'Glöckchen', nothing");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->state(), kUndefinedColumn);
  EXPECT_EQ(error->position(), std::string("select 'Glöckchen', ").size());
}

TEST_F(Redshift, TransactionsAreTheServers) {
  EXPECT_EQ(session_->transaction_status(), engine::TransactionStatus::kIdle);
  engine::run(*session_, "begin");
  EXPECT_EQ(session_->transaction_status(), engine::TransactionStatus::kOpen);
  session_->fail_transaction();
  EXPECT_EQ(session_->transaction_status(), engine::TransactionStatus::kFailed);
  EXPECT_EQ(failure("select 1")->state(), kInFailedSqlTransaction);
  engine::run(*session_, "rollback");
  session_->fail_transaction();
  EXPECT_EQ(session_->transaction_status(), engine::TransactionStatus::kIdle);
}

TEST_F(Redshift, ParametersAreTyped) {
  const auto statement = session_->prepare("select $1 + 1, cast($2 as varchar(5))");
  ASSERT_EQ(statement->parameters().size(), 2u);
  EXPECT_EQ(statement->parameters()[0].id, engine::TypeId::kInteger);
  const auto cursor = statement->execute(std::vector<engine::ParameterValue>{"41", std::nullopt});
  const engine::Batch* batch = cursor->fetch();
  EXPECT_EQ(batch->columns[0].values<int32_t>()[0], 42);
  EXPECT_TRUE(batch->columns[1].is_null(0));
}

TEST_F(Redshift, CancelEndsTheStatementItMeans) {
  engine::run(*session_, "create table n (n int)");
  engine::run(*session_, std::string("insert into n ") + kManyRows);
  const uint64_t before = session_->statement_id();
  std::thread canceller([&] {
    while (session_->statement_id() == before) std::this_thread::yield();
    session_->cancel(before);  // over already: does nothing
    session_->cancel(before + 1);
  });
  EXPECT_EQ(failure("select count(*) from n a, n b, n c where (a.n * b.n + c.n) % 1000003 = -1")->state(),
            kQueryCanceled);
  canceller.join();
  EXPECT_EQ(one("select 1"), "1");
}

TEST_F(Redshift, SettingsAndNotices) {
  EXPECT_EQ(session_->setting("is_superuser"), "on");
  EXPECT_EQ(session_->setting("session_authorization"), "admin");
  EXPECT_EQ(session_->setting("query_group"), "unset");
  engine::run(*session_, "drop table if exists never_made");
  const auto notices = session_->take_notices();
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].severity, "INFO");
  EXPECT_TRUE(session_->take_notices().empty());
}

TEST_F(Redshift, RefusesWhatItCannotDo) {
  EXPECT_EQ(failure(std::string("select '\0'", 10))->state(), kCharacterNotInRepertoire);
  try {
    session_->load("n", {"n"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), kFeatureNotSupported);
  }
}

TEST(RedshiftLogin, SaysWhyThereIsNoConnection) {
  try {
    redshift::open({.host = "/nowhere/at/all"})->open_session(kAdmin);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), kConnectionFailure);
    EXPECT_NE(error.message().find("/nowhere/at/all"), std::string::npos) << error.message();
  }
}

}  // namespace
}  // namespace garland
