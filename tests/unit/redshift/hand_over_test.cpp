// Commands that a real endpoint does for redshift::hand_over (endpoint/command.h).
#include <gtest/gtest.h>

#include <thread>

#include "base/error.h"
#include "embedded/embedded.h"
#include "endpoint/server.h"
#include "endpoint/stoppable_engine.h"
#include "redshift/redshift.h"
#include "temporary_folder.h"

namespace garland {
namespace {

constexpr engine::Login kAdmin{.user = "admin", .application_name = "hand_over_test"};
constexpr const char* kEndless =
    "with d as (select 0 as n union all select 1 union all select 2 union all select 3 union all select 4 union all "
    "select 5 union all select 6 union all select 7 union all select 8 union all select 9) "
    "select sum(a.n * b.n - c.n) from d a, d b, d c, d e, d f, d g, d h, d i, d j, d k, d l, d m, d o, d p";

class HandOver : public testing::Test {
 protected:
  HandOver() {
    embedded::Options options;
    options.data_folder = folder_ / "data";
    engine_ = embedded::open(options);
  }
  ~HandOver() override {
    if (!server_) return;
    server_->stop();
    thread_.join();
  }

  void serve(endpoint::Commands commands) {
    tls_.emplace(net::ServerTls::self_made(folder_, {"127.0.0.1"}));
    endpoint::ServerOptions options;
    options.port = 0;
    options.local_socket = folder_ / ".s.PGSQL.5439";
    options.commands = std::move(commands);
    server_.emplace(*engine_, *tls_, options);
    thread_ = std::thread([this] { server_->run(); });
  }

  int hand_over(const std::string& command) {
    return redshift::hand_over({.host = folder_.string()}, kAdmin, command,
                               {[this](char stream, std::string_view bytes) {
                                  (stream == 'o' ? out_ : err_) += bytes;
                                  if (on_print_) on_print_();
                                },
                                [this](const engine::Notice& notice) { notices_.push_back(notice.message); }},
                               stop_);
  }
  std::optional<Error> refusal(const std::string& command) {
    try {
      hand_over(command);
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
  std::atomic<bool> stop_{false};
  std::function<void()> on_print_;
  std::string out_, err_;
  std::vector<std::string> notices_;
};

void wait_for(const std::atomic<bool>& flag) {
  while (!flag) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

TEST_F(HandOver, TextAndLoginGoThereBothStreamsAndTheExitCodeComeBack) {
  serve([](const endpoint::Command& command) {
    command.print('o', command.text + "\n");
    command.print('e', "working\n");
    command.print('o', command.login.user + " " + command.login.application_name);
    engine::run(*command.engine.open_session(command.login), "create table made_by_a_command(a int)");
    return 7;
  });
  EXPECT_EQ(hand_over("do: \"Glöckchen\""), 7);
  EXPECT_EQ(out_, "do: \"Glöckchen\"\nadmin hand_over_test");
  EXPECT_EQ(err_, "working\n");
  EXPECT_EQ(engine::run(*engine_->open_session(kAdmin), "select * from made_by_a_command"), 0u);
}

TEST_F(HandOver, MoreThanTheClientReadsAtOnceArrivesWhole) {
  constexpr size_t kChunks = 3000;
  const std::string chunk(1000, 'x');
  serve([&](const endpoint::Command& command) {
    for (size_t i = 0; i < kChunks; ++i) command.print('o', chunk);
    return 0;
  });
  EXPECT_EQ(hand_over("print"), 0);
  EXPECT_EQ(out_.size(), kChunks * chunk.size());
}

TEST_F(HandOver, WhatACommandThrowsIsThrownHere) {
  serve([](const endpoint::Command& command) -> int {
    command.print('e', "before it");
    if (command.text == "bug") throw std::runtime_error("an inside");
    throw Error(kObjectInUse, "it is busy").hint("Wait.");
  });
  const auto error = refusal("fail");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->state(), kObjectInUse);
  EXPECT_EQ(error->hint(), "Wait.");
  EXPECT_EQ(err_, "before it");
  EXPECT_EQ(refusal("bug")->message(), "internal error");
}

TEST_F(HandOver, AServerWithoutCommandsRefusesThem) {
  serve({});
  EXPECT_EQ(refusal("anything")->state(), kConnectionFailure);  // libpq has no SQLSTATE of a login that failed
}

TEST_F(HandOver, StopAsksItToStop) {
  serve([](const endpoint::Command& command) {
    command.print('o', "begun");
    wait_for(command.stop);
    return 130;
  });
  on_print_ = [this] { stop_ = true; };
  EXPECT_EQ(hand_over("wait"), 130);
  EXPECT_TRUE(notices_.empty());
}

TEST_F(HandOver, AServerThatStopsAsksItToStopAndSaysSo) {
  serve([](const endpoint::Command& command) {
    command.print('o', "begun");
    wait_for(command.stop);
    return 130;
  });
  on_print_ = [this] { server_->stop(); };
  EXPECT_EQ(hand_over("wait"), 130);
  ASSERT_EQ(notices_.size(), 1u);
  EXPECT_NE(notices_[0].find("the server is stopping"), std::string::npos);
}

TEST_F(HandOver, AStoppedEngineEndsItsStatementsAndBeginsNone) {
  endpoint::StoppableEngine engine(*engine_);
  const auto session = engine.open_session(kAdmin);
  engine::run(*session, "create table t(a int)");
  engine::run(*session, "begin");
  auto load = session->load("t", {"a"});
  const auto endless = engine.open_session(kAdmin);
  std::atomic<bool> over{false};
  std::thread stopper([&] {
    for (; !over; std::this_thread::sleep_for(std::chrono::milliseconds(1))) engine.stop();
  });
  const auto state_of = [](const auto& action) {
    try {
      action();
    } catch (const Error& error) {
      return std::string(error.state().text());
    }
    return std::string("none");
  };
  EXPECT_EQ(state_of([&] { engine::run(*endless, kEndless); }), "57014");
  over = true;
  stopper.join();
  EXPECT_EQ(state_of([&] { load->finish(); }), "57014");
  load.reset();
  EXPECT_EQ(state_of([&] { engine::run(*session, "select 1"); }), "57014");
  EXPECT_EQ(state_of([&] { engine.open_session(kAdmin); }), "57014");
  EXPECT_EQ(state_of([&] { engine::run(*session, "rollback"); }), "none");
  EXPECT_EQ(engine::run(*engine_->open_session(kAdmin), "select 1"), 1u);
}

}  // namespace
}  // namespace garland
