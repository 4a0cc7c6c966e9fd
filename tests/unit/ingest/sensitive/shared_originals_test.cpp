// Originals that several threads bring at once, in a real warehouse.
#include "ingest/sensitive/shared_originals.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

#include "ingest/faulty_session.h"
#include "ingest/postgres/raw_tables.h"
#include "ingest/warehouse_fixture.h"

namespace garland::ingest {
namespace {

class SharedOriginalsTest : public WarehouseTest {
 protected:
  void SetUp() override {
    WarehouseTest::SetUp();
    postgres::create_state_tables(*session_);
    vault_ = std::make_unique<Vault>(*session_, SensitiveSettings{}, store_.path(), system_clock());
  }
  void TearDown() override {
    vault_.reset();
    WarehouseTest::TearDown();
  }
  std::unique_ptr<engine::Session> another() { return engine_->open_session({"admin", "dev", "originals"}); }
  static void keep(OriginalWriter& writer, int number) {
    const std::string token = fmt::format("{:032}", number);
    writer.keep(token_subject(PiiClass::kEmail, token), PiiClass::kEmail, token, fmt::format("{}@shop.de", number));
  }
  std::optional<std::string> original(int number) {
    const std::string token = fmt::format("{:032}", number);
    return original_of(*vault_, *session_, token_subject(PiiClass::kEmail, token), PiiClass::kEmail, token);
  }

  std::unique_ptr<Vault> vault_;
};

TEST_F(SharedOriginalsTest, WhatOneThreadBringsTheOthersDoNotBringAgain) {
  constexpr int kThreads = 4, kOriginals = 5000;
  SharedOriginals shared(*vault_, another(), system_clock());
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kOriginals; ++i) {
        keep(shared, (i + thread * kOriginals / kThreads) % kOriginals);
        if (i % 700 == 0) shared.flush();
      }
      shared.flush();
    });
  }
  threads.clear();
  EXPECT_EQ(query("select count(*), count(distinct token) from vault.originals"), (Rows{"5000|5000"}));
  EXPECT_EQ(query("select count(*) from vault.subject_keys"), (Rows{"5000"}));
  EXPECT_EQ(original(0), "0@shop.de");
  EXPECT_EQ(original(kOriginals - 1), "4999@shop.de");
  vault_ = std::make_unique<Vault>(*session_, SensitiveSettings{}, store_.path(), system_clock());
  SharedOriginals later(*vault_, another(), system_clock());
  keep(later, 17);
  later.flush();
  EXPECT_EQ(query("select count(*) from vault.originals"), (Rows{"5000"})) << "committed ones are known from then on";
}

TEST_F(SharedOriginalsTest, TheyAreThereBeforeTheRowsAndStayWithoutThem) {
  SharedOriginals shared(*vault_, another(), system_clock());
  {
    engine::Transaction rows(*session_);
    engine::run(*session_, "create table public.rows_of_it (a integer)");
    keep(shared, 1);
    shared.flush();
  }  // given up
  EXPECT_EQ(original(1), "1@shop.de");
}

TEST_F(SharedOriginalsTest, WhatFailsForOneFailsForAll) {
  for (int fail_at = 0;; ++fail_at) {
    const auto session = another();
    auto owned = std::make_unique<FaultySession>(*session, fail_at);
    const FaultySession& faulty = *owned;
    SharedOriginals shared(*vault_, std::move(owned), system_clock());
    const int number = 100 + fail_at;
    bool kept = false;
    try {
      keep(shared, number);
      kept = true;
      shared.flush();
    } catch (const Error& error) {
      EXPECT_EQ(error.state(), kIoError);
    }
    if (!faulty.failed()) break;
    if (kept) {
      EXPECT_EQ(original(number), std::nullopt) << "call " << fail_at;
    }
    try {
      shared.flush();
      ADD_FAILURE() << "a row that relies on the lost original would be committed";
    } catch (const Error& error) {
      EXPECT_EQ(error.state(), kObjectNotInPrerequisiteState);
    }
  }
  EXPECT_EQ(query("select count(*) from vault.originals"), (Rows{"1"})) << "of the last turn, which nothing hindered";
}

}  // namespace
}  // namespace garland::ingest
