// A compacted change log leads to the same rows as the whole one, at the end of each day. A day is a stretch of 1,000
// positions here.
#include "ingest/postgres/compaction.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "ingest/postgres/source_table.h"
#include "ingest/warehouse_fixture.h"

namespace garland::ingest::postgres {
namespace {

using engine::Type;
using engine::TypeId;

constexpr int64_t kDay = 1000;
constexpr int kDays = 4;
constexpr int64_t kSnapshotBatch = 7;

/// A row: its key (a number and a text, some with trailing blanks) and a value.
struct Row {
  int id = 0;
  std::string code;
  int value = 0;
  std::string key() const { return fmt::format("{}/{}", id, code); }
};

std::string quoted(const std::optional<Row>& row) {
  return row ? fmt::format("{}, '{}', {}", row->id, row->code, row->value) : "null, null, null";
}

class CompactionTest : public WarehouseTest {
 protected:
  void SetUp() override {
    WarehouseTest::SetUp();
    engine::run(*session_, "create schema \"raw\"");
    const std::vector<TableColumn> raw = {
        {"id", Type::of(TypeId::kInteger)}, {"code", Type::varchar(20)}, {"value", Type::of(TypeId::kInteger)}};
    create_table(*session_, "\"raw\".orders_changes", change_columns(raw));
  }

  void add(const std::string& op, const std::optional<Row>& before, const std::optional<Row>& after,
           int64_t batch = kSnapshotBatch + 1) {
    lsn_ += 1;
    rows_ += fmt::format(
        "{}('{}', {}, 1, cast('2025-01-01' as timestamp), {}, {}, 'shop', '0/0#1', {}, "
        "cast('2025-01-01' as timestamp), null)",
        rows_.empty() ? "" : ", ", op, lsn_, quoted(after), quoted(before), batch);
  }
  void load() {
    if (!rows_.empty()) engine::run(*session_, "insert into \"raw\".orders_changes values " + rows_);
    rows_.clear();
  }

  /// The rows at the end of the day, as a replay of the log makes them: one upsert or delete after the other.
  std::map<std::string, int> replay(int day) {
    std::map<std::string, int> rows;
    for (const engine::TextRow& row : engine::query_text(
             *session_, fmt::format("select _op, id, code, value, _before_id, _before_code from \"raw\".orders_changes "
                                    "where _lsn < {} order by _lsn, _sequence",
                                    (day + 1) * kDay))) {
      const std::string& op = *row[0];
      const auto key = [&](size_t at) { return fmt::format("{}/{}", *row[at], *row[at + 1]); };
      if (op == "truncate") rows.clear();
      if (row[4]) rows.erase(key(4));
      if (op == "insert" || op == "update") rows[key(1)] = std::stoi(*row[3]);
    }
    return rows;
  }

  uint64_t compact_day(int day, uint64_t changes = 1) {
    return compact(*session_, log_, {day * kDay, (day + 1) * kDay, changes});
  }

  std::vector<std::string> changes() {
    std::vector<std::string> out;
    for (const engine::TextRow& row : engine::query_text(
             *session_, "select _op, _lsn, value, _before_value from \"raw\".orders_changes order by _lsn")) {
      out.push_back(fmt::format("{} {} {} {}", *row[0], *row[1], row[3].value_or("-"), row[2].value_or("-")));
    }
    return out;
  }

  /// Some changes of a few rows, as a source would send them.
  void live(std::mt19937& random, std::map<std::string, Row>& rows, int count) {
    const auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
    for (int i = 0; i < count; ++i) {
      const Row fresh{below(4), below(2) == 0 ? "a" : "a ", below(1000)};
      if (below(40) == 0) {
        add("truncate", {}, {});
        rows.clear();
        continue;
      }
      const auto there = rows.find(fresh.key());
      if (there == rows.end()) {
        add("insert", {}, fresh);
        rows[fresh.key()] = fresh;
      } else if (below(3) == 0) {
        add("delete", there->second, {});
        rows.erase(there);
      } else {
        Row next = fresh;
        if (below(6) == 0) {  // another key, if it is free
          next.id += 4;
          next.code = "b";
        }
        if (next.key() != fresh.key() && rows.contains(next.key())) continue;
        const bool is_known = below(8) != 0 || next.key() != fresh.key();  // the row before may have been rejected
        add("update", is_known ? std::optional(there->second) : std::nullopt, next);
        rows.erase(there);
        rows[next.key()] = next;
      }
    }
  }

  const ChangeLog log_{"raw", "orders_changes", {"id", "code"}, kSnapshotBatch};
  std::string rows_;
  int64_t lsn_ = 0;
};

TEST_F(CompactionTest, ReplaysToTheSameRows) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    std::mt19937 random(seed);
    engine::run(*session_, "delete from \"raw\".orders_changes");
    std::map<std::string, Row> rows;
    for (int day = 0; day < kDays; ++day) {
      lsn_ = day * kDay;
      live(random, rows, 120);
      load();
    }
    std::vector<std::map<std::string, int>> whole;
    for (int day = 0; day < kDays; ++day) whole.push_back(replay(day));
    uint64_t shorter = 0;
    for (int day = 0; day < kDays; ++day) shorter += compact_day(day, seed % 2 == 0 ? 1 : 1'700'000);
    EXPECT_GT(shorter, 60u);
    for (int day = 0; day < kDays; ++day) EXPECT_EQ(replay(day), whole[static_cast<size_t>(day)]) << "day " << day;
    for (int day = 0; day < kDays; ++day) EXPECT_EQ(compact_day(day), 0u) << "a second time";
  }
}

TEST_F(CompactionTest, MakesOneChangeOfSeveral) {
  const Row one{1, "a", 10}, two{1, "a", 20}, three{1, "a", 30};
  add("insert", {}, one);
  add("update", one, two);
  load();
  EXPECT_EQ(compact_day(0), 1u);
  EXPECT_EQ(changes(), std::vector<std::string>{"insert 2 - 20"});
  add("update", two, three);
  add("update", three, one);
  add("delete", one, {});
  load();
  EXPECT_EQ(compact(*session_, log_, {3, kDay, 1}), 2u);
  EXPECT_EQ(changes(), (std::vector<std::string>{"insert 2 - 20", "delete 5 20 -"}));
  add("insert", {}, three);
  load();
  EXPECT_EQ(compact(*session_, log_, {3, kDay, 1}), 1u);
  EXPECT_EQ(changes(), (std::vector<std::string>{"insert 2 - 20", "update 6 20 30"}));
  add("delete", three, {});
  load();
  EXPECT_EQ(compact_day(0), 3u) << "it came and went";
  EXPECT_EQ(changes(), std::vector<std::string>{});
}

TEST_F(CompactionTest, LeavesWhatCameBeforeTheSnapshot) {
  const Row one{1, "a", 10}, two{1, "a", 20}, three{1, "a", 30};
  add("update", one, two, kSnapshotBatch);
  add("update", two, three);
  add("update", three, two);
  load();
  EXPECT_EQ(compact_day(0), 1u);
  EXPECT_EQ(changes(), (std::vector<std::string>{"update 1 10 20", "update 3 20 20"}));
}

}  // namespace
}  // namespace garland::ingest::postgres
