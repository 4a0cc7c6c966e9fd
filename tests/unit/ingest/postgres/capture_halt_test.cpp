// A capture that stands still for somebody: each way it can come out.
#include "ingest/postgres/capture_halt.h"

#include <gtest/gtest.h>

#include <thread>

namespace garland::ingest::postgres {
namespace {

class CaptureHaltTest : public ::testing::Test {
 protected:
  /// Asks on a thread of its own, and waits until the capture can see it.
  void ask(Lsn position) {
    asker_ = std::thread([this, position] {
      try {
        stood_ = halt_.stand_at(source_, position, [this] { then_(); }, stop_);
      } catch (const Error& error) {
        state_ = error.state().text();
      }
    });
    while (halt_.wanted() != position) std::this_thread::yield();
  }
  void TearDown() override {
    if (asker_.joinable()) asker_.join();
  }

  CaptureHalt halt_;
  const PostgresSource source_;
  std::atomic<bool> stop_{false};
  std::function<void()> then_ = [] {};
  std::thread asker_;
  std::optional<bool> stood_;
  std::string state_;
};

TEST_F(CaptureHaltTest, StandsUntilTheOtherHasBegun) {
  std::atomic<bool> begun{false};
  then_ = [&] { begun = true; };
  ask(7);
  EXPECT_FALSE(begun);
  halt_.stand(6);  // another position
  EXPECT_FALSE(begun);
  halt_.stand(7);
  EXPECT_TRUE(begun);
  asker_.join();
  EXPECT_EQ(stood_, true);
  EXPECT_FALSE(halt_.wanted());
  halt_.stand(7);  // nobody waits any more
}

TEST_F(CaptureHaltTest, GoesOnWhenTheOtherFails) {
  then_ = [] { throw Error(kDiskFull, "full"); };
  ask(7);
  halt_.stand(7);
  asker_.join();
  EXPECT_EQ(state_, kDiskFull.text());
  ask(8);
  halt_.pass(8);
  asker_.join();
  EXPECT_EQ(stood_, false);
}

TEST_F(CaptureHaltTest, OneAsksAtATime) {
  halt_.follows(true);
  ask(7);
  try {
    halt_.stand_at(source_, 9, then_, stop_);
    FAIL() << "two waited";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), kObjectInUse);
  }
  EXPECT_EQ(halt_.wanted(), Lsn{7});
  stop_ = true;
  asker_.join();
  EXPECT_EQ(state_, kQueryCanceled.text());
  EXPECT_FALSE(halt_.wanted());
}

}  // namespace
}  // namespace garland::ingest::postgres
