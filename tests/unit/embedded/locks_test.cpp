// Table locks: who waits for whom, circles, cancelled waits.
#include "embedded/locks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>

#include "base/error.h"

namespace garland::embedded {
namespace {

const LockKey kTable{1, ""};
const LockKey kOther{2, ""};

/// A thread that asks for one lock; the test goes on once it has it or waits.
class Asker {
 public:
  Asker(LockTable& locks, LockOwner owner, const LockKey& key, LockMode mode)
      : locks_(locks), owner_(owner), thread_([this, key, mode] {
          try {
            locks_.acquire(owner_, key, mode, [this] {
              if (cancelled_) throw Error(kQueryCanceled, "stop");
            });
            outcome_ = "held";
          } catch (const Error& error) {
            outcome_ = std::string(error.state().text());
          }
          done_ = true;
        }) {
    settle();
  }
  ~Asker() { join(); }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  bool waits() {
    settle();
    return !done_;
  }
  std::string outcome() {
    join();
    return outcome_;
  }
  void cancel() {
    cancelled_ = true;
    locks_.wake(owner_);
  }

 private:
  void settle() {
    while (!done_ && !locks_.waits(owner_)) std::this_thread::yield();
  }
  LockTable& locks_;
  LockOwner owner_;
  std::atomic<bool> cancelled_{false}, done_{false};
  std::string outcome_;
  std::thread thread_;
};

TEST(Locks, ReadersOfTheCompatibilityTable) {
  constexpr LockMode kModes[] = {LockMode::kShared, LockMode::kExclusive, LockMode::kAccessExclusive};
  for (const LockMode first : kModes) {
    for (const LockMode second : kModes) {
      LockTable locks;
      Asker one(locks, 1, kTable, first);
      ASSERT_EQ(one.outcome(), "held");
      Asker two(locks, 2, kTable, second);
      const bool together = first == LockMode::kShared && second == LockMode::kShared;
      EXPECT_EQ(two.waits(), !together);
      Asker elsewhere(locks, 3, kOther, second);
      EXPECT_EQ(elsewhere.outcome(), "held");
      locks.release_all(1);
      EXPECT_EQ(two.outcome(), "held");
      EXPECT_TRUE(locks.holds(2, kTable, second));
      EXPECT_FALSE(locks.holds(1, kTable, LockMode::kShared));
    }
  }
}

TEST(Locks, WaitersAreServedInTheirOrder) {
  LockTable locks;
  Asker holder(locks, 1, kTable, LockMode::kShared);
  holder.join();
  Asker writer(locks, 2, kTable, LockMode::kExclusive);
  Asker late(locks, 3, kTable, LockMode::kShared);  // would fit beside the holder, but the writer came first
  EXPECT_TRUE(writer.waits());
  EXPECT_TRUE(late.waits());
  locks.release_all(1);
  EXPECT_EQ(writer.outcome(), "held");
  EXPECT_TRUE(late.waits());
  locks.release_all(2);
  EXPECT_EQ(late.outcome(), "held");
}

TEST(Locks, AHolderThatAsksForMoreGoesFirst) {
  LockTable locks;
  Asker one(locks, 1, kTable, LockMode::kShared);
  one.join();
  Asker two(locks, 2, kTable, LockMode::kExclusive);
  EXPECT_TRUE(two.waits());
  Asker more(locks, 1, kTable, LockMode::kAccessExclusive);
  EXPECT_EQ(more.outcome(), "held");
  EXPECT_TRUE(two.waits());
  locks.release_all(1);
  EXPECT_EQ(two.outcome(), "held");
}

TEST(Locks, TwoHoldersThatBothAskForMoreAreACircle) {
  LockTable locks;
  Asker(locks, 1, kTable, LockMode::kShared).join();
  Asker(locks, 2, kTable, LockMode::kShared).join();
  Asker one(locks, 1, kTable, LockMode::kExclusive);
  EXPECT_TRUE(one.waits());
  Asker two(locks, 2, kTable, LockMode::kExclusive);
  EXPECT_EQ(two.outcome(), "40P01");
  locks.release_all(2);
  EXPECT_EQ(one.outcome(), "held");
}

TEST(Locks, ACircleOfThree) {
  LockTable locks;
  const LockKey third{3, ""};
  Asker(locks, 1, kTable, LockMode::kExclusive).join();
  Asker(locks, 2, kOther, LockMode::kExclusive).join();
  Asker(locks, 3, third, LockMode::kExclusive).join();
  Asker one(locks, 1, kOther, LockMode::kExclusive);
  Asker two(locks, 2, third, LockMode::kExclusive);
  EXPECT_TRUE(one.waits());
  EXPECT_TRUE(two.waits());
  Asker three(locks, 3, kTable, LockMode::kExclusive);
  EXPECT_EQ(three.outcome(), "40P01");
  locks.release_all(3);
  EXPECT_EQ(two.outcome(), "held");
  locks.release_all(2);
  EXPECT_EQ(one.outcome(), "held");
}

TEST(Locks, ACancelledWaitLetsOthersPass) {
  LockTable locks;
  Asker(locks, 1, kTable, LockMode::kShared).join();
  Asker writer(locks, 2, kTable, LockMode::kExclusive);
  Asker reader(locks, 3, kTable, LockMode::kShared);
  EXPECT_TRUE(reader.waits());
  writer.cancel();
  EXPECT_EQ(writer.outcome(), "57014");
  EXPECT_EQ(reader.outcome(), "held");
}

TEST(Locks, NamesAreKeysOfTheirOwn) {
  LockTable locks;
  Asker(locks, 1, {0, "public.t"}, LockMode::kAccessExclusive).join();
  Asker other(locks, 2, {0, "public.u"}, LockMode::kAccessExclusive);
  EXPECT_EQ(other.outcome(), "held");
  Asker same(locks, 3, {0, "public.t"}, LockMode::kShared);
  EXPECT_TRUE(same.waits());
  locks.release_all(1);
  EXPECT_EQ(same.outcome(), "held");
}

TEST(CommitHistory, WhatAWriterMustHaveSeen) {
  CommitHistory history;
  const uint64_t before = history.current();
  history.record({});
  EXPECT_EQ(history.current(), before);
  history.record({{kTable, LockMode::kShared}});
  EXPECT_LE(history.last_change(kTable, LockMode::kShared), before);
  EXPECT_LE(history.last_change(kTable, LockMode::kExclusive), before);
  EXPECT_EQ(history.last_change(kTable, LockMode::kAccessExclusive), history.current());
  history.record({{kTable, LockMode::kExclusive}});
  for (const LockMode mode : {LockMode::kShared, LockMode::kExclusive, LockMode::kAccessExclusive}) {
    EXPECT_EQ(history.last_change(kTable, mode), history.current());
    EXPECT_LE(history.last_change(kOther, mode), before);
  }
}

}  // namespace
}  // namespace garland::embedded
