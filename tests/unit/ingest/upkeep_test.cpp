// Rows of the state tables that nobody reads any more.
#include "ingest/upkeep.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ingest/events/kafka_tables.h"
#include "ingest/events/webhook_tables.h"
#include "ingest/postgres/raw_tables.h"
#include "ingest/warehouse_fixture.h"

namespace garland::ingest {
namespace {

class MovedClock final : public Clock {
 public:
  int64_t now_us() const override { return 1'735'689'600'000'000 + day * kUsPerDay; }  // 2025-01-01, and so many days
  int64_t steady_ns() const override { return 0; }
  int64_t day = 0;
};

class UpkeepTest : public WarehouseTest {
 protected:
  void offset(const std::string& source, int64_t batch, const std::string& status, const std::string& day) {
    engine::run(*session_, fmt::format("insert into ops.offsets (source, batch_id, status, position, written_at) "
                                       "values ('{}', {}, '{}', '0/1', '{}')",
                                       source, batch, status, day));
  }

  MovedClock clock_;
};

TEST_F(UpkeepTest, KeepsTheCurrentRowAndTheLastMonth) {
  postgres::create_state_tables(*session_);
  offset("shop", 1, "snapshot", "2024-11-01");
  offset("shop", 2, "applied", "2024-11-02");
  offset("shop", 3, "applied", "2024-12-20");
  offset("shop", 4, "applied", "2024-12-31");
  offset("quiet", 5, "applied", "2024-06-01");
  EXPECT_EQ(trim_state_tables(*session_, clock_), 2u);
  EXPECT_EQ(query("select batch_id from ops.offsets order by batch_id"), (Rows{"3", "4", "5"}));
  EXPECT_EQ(query("select removed_rows from ops.upkeep where table_name = 'ops.*'"), Rows{"2"});
  offset("shop", 2, "applied", "2024-11-02");
  EXPECT_EQ(trim_state_tables(*session_, clock_), 0u) << "once a day";
  clock_.day = 1;
  EXPECT_EQ(trim_state_tables(*session_, clock_), 1u);
}

TEST_F(UpkeepTest, WaitsForASnapshot) {
  postgres::create_state_tables(*session_);
  offset("shop", 1, "applied", "2024-11-01");
  offset("shop", 2, "prepared", "2024-12-31");
  EXPECT_EQ(trim_state_tables(*session_, clock_), 0u);
  EXPECT_EQ(query("select count(*) from ops.offsets"), Rows{"2"});
  clock_.day = 7;
  EXPECT_EQ(trim_state_tables(*session_, clock_), 1u) << "one that was given up";
}

TEST_F(UpkeepTest, KeepsRequestsThatAreRememberedAndOffsetsOfEachPartition) {
  postgres::create_state_tables(*session_);
  create_table(*session_, "ops.event_requests", events::event_request_columns());
  create_table(*session_, "ops.topic_offsets", events::topic_offset_columns());
  for (const char* const day : {"2024-12-20", "2024-12-23", "2024-12-25", "2024-12-31"}) {
    engine::run(*session_, fmt::format("insert into ops.event_requests values ('a', '{0}', 'x', 1, 1, 0, '{0}')", day));
  }
  engine::run(*session_,
              "insert into ops.topic_offsets values ('t', 'one', 0, 10, 1, '2024-10-01'), "
              "('t', 'one', 0, 20, 2, '2024-10-02'), ('t', 'one', 1, 30, 1, '2024-10-01')");
  EXPECT_EQ(trim_state_tables(*session_, clock_), 3u);
  EXPECT_EQ(query("select request_key from ops.event_requests order by 1"), (Rows{"2024-12-25", "2024-12-31"}));
  EXPECT_EQ(query("select next_offset from ops.topic_offsets order by 1"), (Rows{"20", "30"}));
}

TEST_F(UpkeepTest, AClockThatJumpedAheadForgetsNoRequests) {
  postgres::create_state_tables(*session_);
  create_table(*session_, "ops.event_requests", events::event_request_columns());
  for (const char* const day : {"2024-12-25", "2024-12-31"}) {
    engine::run(*session_, fmt::format("insert into ops.event_requests values ('a', '{0}', 'x', 1, 1, 0, '{0}')", day));
  }
  clock_.day = 500;
  EXPECT_EQ(trim_state_tables(*session_, clock_), 0u);
}

TEST_F(UpkeepTest, BeginsAgainWhereAnotherWriteCameBetween) {
  engine::run(*session_, "create table t (a integer)");
  engine::run(*session_, "insert into t values (1), (2)");
  int tries = 0;
  write_between_others(*session_, [&] {
    const auto seen = query("select count(*) from t");
    if (++tries == 1) engine::run(*engine_->open_session({"admin", "dev", "other"}), "delete from t where a = 1");
    engine::run(*session_, "insert into t values (" + seen[0] + " * 10)");
  });
  EXPECT_EQ(tries, 2);
  EXPECT_EQ(query("select a from t order by 1"), (Rows{"2", "10"}));
}

}  // namespace
}  // namespace garland::ingest
