// The audit where the program cannot reach it in time: its retention. The rest is in tests/e2e/audit_test.
#include "embedded/audit.h"

#include "warehouse_fixture.h"

namespace garland::embedded {
namespace {

constexpr int64_t kDayUs = 86'400'000'000;

class SetClock : public Clock {
 public:
  int64_t now_us() const override { return now_us_; }
  int64_t steady_ns() const override { return system_clock().steady_ns(); }
  int64_t now_us_ = 1'796'000'000'000'000;  // in November 2026
};

class AuditTest : public WarehouseTest {
 protected:
  void open(int32_t days) {
    engine_.reset();
    Options wanted = options();
    wanted.clock = &clock_;
    wanted.audit_days = days;
    engine_ = std::make_unique<EmbeddedEngine>(wanted);
  }
  std::string kept() {
    return rows(*session(), "select count(*) from pg_catalog.garland_statement_log where querytext = 'select 24'");
  }
  SetClock clock_;
};

TEST_F(AuditTest, KeepsRowsForAsManyDaysAsItIsTold) {
  open(1);
  engine::run(*session(), "select 24");
  EXPECT_EQ(kept(), "1");
  engine_.reset();  // it would forget as it was told
  clock_.now_us_ += 2 * kDayUs;
  open(0);
  EXPECT_EQ(kept(), "1");
  open(3);
  EXPECT_EQ(kept(), "1");
  open(1);
  EXPECT_EQ(kept(), "0");
}

TEST_F(AuditTest, NumbersStatementsOnWhenItIsOpenedAgain) {
  open(90);
  const auto query_of = [&] {
    const auto one = session();
    engine::run(*one, "select 1");
    return one->query_id();
  };
  const int64_t last = query_of();
  open(90);
  EXPECT_GT(query_of(), last);
}

TEST_F(AuditTest, KeysOfCopyAreNotKept) {
  open(90);
  const auto admin = session();
  engine::run(*admin, "create table t (a int)");
  EXPECT_THROW(engine::run(*admin, "copy t from 's3://b/k' access_key_id 'AKIA' secret_access_key 'Top-Secret-24'"),
               Error);
  EXPECT_EQ(rows(*admin,
                 "select count(*), count(case when querytext like '%Top-Secret%' then 1 end) from "
                 "pg_catalog.garland_statement_log where type = 'COPY'"),
            "1|0");
}

}  // namespace
}  // namespace garland::embedded
