#include "models/task_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <random>
#include <thread>

#include "base/error.h"

namespace garland::models {
namespace {

/// Tasks here need no engine.
class NoSession : public engine::Session {
 public:
  std::unique_ptr<engine::Statement> prepare(std::string_view, std::span<const engine::Type>) override {
    throw Error(kInternalError, "no engine");
  }
  std::unique_ptr<engine::Load> load(std::string_view, const std::vector<std::string>&) override {
    throw Error(kInternalError, "no engine");
  }
  engine::TransactionStatus transaction_status() const override { return engine::TransactionStatus::kIdle; }
  void fail_transaction() override {}
  std::vector<engine::Notice> take_notices() override { return {}; }
  std::string setting(std::string_view) const override { return ""; }
  uint64_t statement_id() const override { return 0; }
  void cancel(uint64_t) override {}
};

std::unique_ptr<engine::Session> open() { return std::make_unique<NoSession>(); }

TEST(TaskRun, EachOnceAndAfterWhatItWaitsFor) {
  for (uint32_t seed = 1; seed <= 50; ++seed) {
    std::mt19937 random(seed);
    std::vector<Task> tasks(1 + random() % 30);
    std::vector<std::atomic<int>> runs(tasks.size());
    std::atomic<bool> in_order = true;
    for (size_t i = 0; i < tasks.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (random() % 5 == 0) tasks[i].after.push_back(j);
      }
      tasks[i].work = [&, i](engine::Session&) {
        for (size_t other : tasks[i].after) in_order = in_order && runs[other] == 1;
        ++runs[i];
      };
    }
    std::atomic<bool> stop = false;
    auto ran = run_tasks(tasks, 1 + static_cast<int>(random() % 4), open, stop);
    EXPECT_TRUE(in_order) << "seed " << seed;
    for (size_t i = 0; i < tasks.size(); ++i) EXPECT_TRUE(ran[i] && runs[i] == 1) << "seed " << seed;
  }
}

TEST(TaskRun, IndependentTasksRunSideBySide) {
  std::atomic<int> here = 0;
  std::atomic<bool> met = false;
  auto meet = [&](engine::Session&) {
    ++here;
    for (int i = 0; i < 5000 && here < 2; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (here == 2) met = true;
  };
  std::atomic<bool> stop = false;
  run_tasks({{{}, meet}, {{}, meet}}, 2, open, stop);
  EXPECT_TRUE(met);
}

TEST(TaskRun, StopLetsRunningTasksFinish) {
  std::atomic<bool> stop = false;
  bool finished = false;
  auto ran = run_tasks({{{},
                         [&](engine::Session&) {
                           stop = true;
                           finished = true;
                         }},
                        {{0}, [](engine::Session&) { ADD_FAILURE(); }}},
                       2, open, stop);
  EXPECT_TRUE(finished);
  EXPECT_EQ(ran, (std::vector<bool>{true, false}));
}

TEST(TaskRun, AnExceptionEndsTheRun) {
  std::atomic<bool> stop = false;
  std::vector<Task> tasks{{{}, [](engine::Session&) { throw Error(kIoError, "disk"); }},
                          {{0}, [](engine::Session&) { ADD_FAILURE(); }}};
  EXPECT_THROW(run_tasks(tasks, 2, open, stop), Error);
  EXPECT_THROW(run_tasks(
                   {{{}, [](engine::Session&) {}}}, 1,
                   []() -> std::unique_ptr<engine::Session> { throw Error(kIoError, "no"); }, stop),
               Error);
}

TEST(TaskRun, NothingToDo) {
  std::atomic<bool> stop = false;
  EXPECT_TRUE(run_tasks({}, 4, open, stop).empty());
}

}  // namespace
}  // namespace garland::models
