// duck/: values go through DuckDB and come back unchanged, streams end or fail but never confuse the two, SQL reaches
// no other file.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <thread>

#include "duck/aggregate.h"
#include "duck/appender.h"
#include "duck/database.h"
#include "duck/function.h"
#include "engine/text.h"

namespace garland::duck {
namespace {

using engine::Type;
using engine::TypeId;

class DuckTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("garland-duck-" + std::to_string(getpid()) + "-" +
                                                        testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    database_ = std::make_unique<Database>(DatabaseOptions{2, 0, folder_ / "tmp"});
    database_->attach(folder_ / "w.duckdb");
    database_->lock_down();
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  static std::string text(const engine::Batch& batch, size_t column, size_t row) {
    std::string out;
    if (batch.columns[column].is_null(row)) return "NULL";
    engine::append_text(out, batch.columns[column], row);
    return out;
  }
  static std::string only_cell(Result result) {
    const engine::Batch* batch = result.fetch();
    return batch ? text(*batch, 0, 0) : "no row";
  }

  std::filesystem::path folder_;
  std::unique_ptr<Database> database_;
};

const std::vector<std::pair<Type, std::string>>& samples() {
  static const std::vector<std::pair<Type, std::string>> all = {
      {Type::of(TypeId::kBoolean), "t"},
      {Type::of(TypeId::kSmallint), "-32768"},
      {Type::of(TypeId::kInteger), "2147483647"},
      {Type::of(TypeId::kBigint), "-9223372036854775808"},
      {Type::decimal(4, 2), "-99.99"},
      {Type::decimal(9, 0), "999999999"},
      {Type::decimal(18, 4), "-12345678901234.5678"},
      {Type::decimal(38, 2), "-999999999999999999999999999999999999.99"},
      {Type::of(TypeId::kReal), "1.5"},
      {Type::of(TypeId::kDouble), "-0.25"},
      {Type::varchar(40), "short"},
      {Type::varchar(400), "a text that is longer than twelve bytes: žluťoučký kůň"},
      {Type::varbyte(10), "00ff10"},
      {Type::of(TypeId::kDate), "2011-12-09"},
      {Type::of(TypeId::kTime), "23:59:59.999999"},
      {Type::of(TypeId::kTimeTz), "10:00:00+02"},
      {Type::of(TypeId::kTimestamp), "2011-12-09 12:50:00.000001"},
      {Type::of(TypeId::kTimestampTz), "2011-12-09 12:50:00+00"},
      {Type::of(TypeId::kIntervalYearToMonth), "1-2"},
      {Type::of(TypeId::kSuper), "{\"a\":[1,2]}"},
  };
  return all;
}

engine::BatchBuilder sample_rows() {
  std::vector<Type> types;
  for (const auto& [type, value] : samples()) types.push_back(type);
  engine::BatchBuilder builder(types);
  for (size_t i = 0; i < types.size(); ++i) {
    EXPECT_FALSE(engine::read_field(samples()[i].second, types[i], builder, i)) << samples()[i].second;
  }
  builder.end_row();
  for (size_t i = 0; i < types.size(); ++i) builder.set_null(i);
  builder.end_row();
  return builder;
}

TEST_F(DuckTest, EveryTypeGoesThroughAppenderAndComesBack) {
  Connection connection = database_->connect();
  connection.query(
      "CREATE TABLE w.main.t1(c1 BOOLEAN, c2 SMALLINT, c3 INTEGER, c4 BIGINT, c5 DECIMAL(4,2), c6 DECIMAL(9,0), c7 "
      "DECIMAL(18,4), c8 DECIMAL(38,2), c9 FLOAT, c10 DOUBLE, c11 VARCHAR, c12 VARCHAR, c13 BLOB, c14 DATE, c15 TIME, "
      "c16 TIMETZ, c17 TIMESTAMP, c18 TIMESTAMPTZ, c19 INTERVAL, c20 VARCHAR)");
  engine::BatchBuilder rows = sample_rows();
  connection.query("BEGIN");
  {
    Appender appender(connection, "w", "t1", rows.types());
    for (int i = 0; i < 3; ++i) appender.append(rows.batch());
    appender.flush();
  }
  connection.query("COMMIT");
  Result result = connection.prepare("SELECT * FROM w.main.t1").stream();
  result.expect(rows.types());
  size_t seen = 0;
  while (const engine::Batch* batch = result.fetch()) {
    for (size_t row = 0; row < batch->rows; ++row, ++seen) {
      for (size_t i = 0; i < samples().size(); ++i) {
        EXPECT_EQ(text(*batch, i, row), seen % 2 == 0 ? text(rows.batch(), i, 0) : "NULL") << "column " << i;
      }
    }
  }
  EXPECT_EQ(seen, 6u);
}

TEST_F(DuckTest, EveryTypeBindsAsParameter) {
  Connection connection = database_->connect();
  engine::BatchBuilder rows = sample_rows();
  Prepared echo = connection.prepare("SELECT $1");
  for (size_t i = 0; i < samples().size(); ++i) {
    std::vector<Value> values;
    values.push_back(Value::of(rows.batch().columns[i], 0));
    Result result = echo.stream(values);
    result.expect(std::span(&rows.types()[i], 1));
    EXPECT_EQ(text(*result.fetch(), 0, 0), text(rows.batch(), i, 0)) << "type " << i;
    EXPECT_EQ(result.fetch(), nullptr);
  }
}

TEST_F(DuckTest, ListsBind) {
  Connection connection = database_->connect();
  std::vector<Value> elements;
  elements.push_back(Value::bigint(3));
  elements.push_back(Value::bigint(4));
  elements.push_back(Value::null());
  std::vector<Value> values;
  values.push_back(Value::list(Type::of(TypeId::kBigint), elements));
  EXPECT_EQ(only_cell(connection.prepare("SELECT list_contains($1, 4)").stream(values)), "t");
}

TEST_F(DuckTest, NumbersThatDoNotFitAreErrorsNotGarbage) {
  Connection connection = database_->connect();
  Result fits = connection.query("SELECT 5::HUGEINT");
  const std::vector<Type> bigint = {Type::of(TypeId::kBigint)};
  fits.expect(bigint);
  EXPECT_EQ(text(*fits.fetch(), 0, 0), "5");
  Result too_big = connection.query("SELECT 9223372036854775808::HUGEINT");
  too_big.expect(bigint);
  EXPECT_THROW(too_big.fetch(), DuckError);
  Result other = connection.query("SELECT 'x'");
  EXPECT_THROW(other.expect(bigint), DuckError);
}

TEST_F(DuckTest, ClosedStreamIsAnErrorNotAnEnd) {
  Connection connection = database_->connect();
  Result stream = connection.prepare("SELECT range FROM range(1000000)").stream();
  ASSERT_NE(stream.fetch(), nullptr);
  connection.query("SELECT 1");
  EXPECT_THROW(
      {
        while (stream.fetch() != nullptr) {
        }
      },
      DuckError);
}

TEST_F(DuckTest, UnflushedRowsOfADestroyedAppenderAreLost) {
  Connection connection = database_->connect();
  connection.query("CREATE TABLE w.main.t1(c1 INTEGER)");
  connection.query("BEGIN");
  {
    engine::BatchBuilder rows({Type::of(TypeId::kInteger)});
    rows.set<int32_t>(0, 1);
    rows.end_row();
    Appender appender(connection, "w", "t1", rows.types());
    appender.append(rows.batch());
  }
  connection.query("COMMIT");
  EXPECT_EQ(only_cell(connection.query("SELECT count(*) FROM w.main.t1")), "0");
}

TEST_F(DuckTest, InterruptStopsAStatementAndTheConnectionLives) {
  Connection connection = database_->connect();
  std::thread other([&] {
    // Interrupts again and again: one that comes before the statement starts does nothing.
    for (int i = 0; i < 400; ++i) {
      connection.interrupt();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  try {
    connection.query("SELECT sum(a.range * b.range % 7) FROM range(10000000) a, range(100000) b");
    ADD_FAILURE() << "not interrupted";
  } catch (const DuckError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInterrupted) << error.text();
  }
  other.join();
  EXPECT_EQ(only_cell(connection.query("SELECT 7")), "7");
}

TEST_F(DuckTest, SqlReachesNoOtherFileAndNoSetting) {
  Connection connection = database_->connect();
  const std::string other = (folder_ / "other.duckdb").string();
  for (const std::string& sql : {"ATTACH '" + other + "' AS o", std::string("COPY (SELECT 1) TO '/tmp/garland-x.csv'"),
                                 std::string("SELECT * FROM read_csv('/etc/passwd')"), std::string("LOAD httpfs"),
                                 std::string("SET enable_external_access = true"), std::string("SET threads = 1")}) {
    EXPECT_THROW(connection.query(sql), DuckError) << sql;
  }
  connection.query("CREATE TABLE w.main.t1 AS SELECT range AS c1 FROM range(300000)");
  connection.query("CHECKPOINT w");
  EXPECT_EQ(only_cell(connection.query("SELECT count(*) FROM w.main.t1")), "300000");
}

TEST_F(DuckTest, SpillsIntoItsOwnFolderWhenLockedDown) {
  database_.reset();
  database_ = std::make_unique<Database>(DatabaseOptions{2, 200 << 20, folder_ / "tmp"});
  database_->attach(folder_ / "w.duckdb");
  database_->lock_down();
  Connection connection = database_->connect();
  connection.query(
      "CREATE TABLE w.main.big AS SELECT range AS a, hash(range) AS b, repeat('x', 40) || range AS c FROM "
      "range(3000000)");
  EXPECT_EQ(only_cell(connection.query("SELECT count(*) FROM (SELECT * FROM w.main.big ORDER BY b, c OFFSET 1)")),
            "2999999");
}

ScalarFunction halve() {
  return {"garland_halve",
          {Type::of(TypeId::kBigint)},
          Type::decimal(38, 1),
          false,
          [](const engine::Batch& in, ResultWriter& out) {
            for (size_t row = 0; row < in.rows; ++row) {
              if (in.columns[0].is_null(row)) continue;
              const int64_t value = in.columns[0].values<int64_t>()[row];
              if (value < 0) throw std::runtime_error("garland: negative");
              out.set<__int128>(row, static_cast<__int128>(value) * 5);
            }
          }};
}

TEST_F(DuckTest, OwnFunctionsComputeAndFail) {
  Connection connection = database_->connect();
  register_functions(connection, {halve()});
  Connection other = database_->connect();
  EXPECT_EQ(only_cell(other.query("SELECT sum(garland_halve(range)) FROM range(5000)")), "6248750.0");
  EXPECT_EQ(only_cell(other.query("SELECT garland_halve(NULL::BIGINT)")), "NULL");
  try {
    other.query("SELECT garland_halve(range - 10) FROM range(5)");
    ADD_FAILURE() << "no error";
  } catch (const DuckError& error) {
    EXPECT_NE(error.text().find("garland: negative"), std::string::npos) << error.text();
  }
}

/// The sum of the values, and how many NULLs there were: "6/1". Raises for a negative value.
class SumAndNulls : public Aggregate {
 public:
  void add(const engine::Batch& arguments, size_t row) override {
    const engine::Column& column = arguments.columns[0];
    if (column.is_null(row)) {
      ++nulls_;
    } else if (column.values<int64_t>()[row] < 0) {
      throw std::runtime_error("garland: negative");
    } else {
      sum_ += column.values<int64_t>()[row];
    }
  }
  void merge(const Aggregate& other) override {
    const auto& source = static_cast<const SumAndNulls&>(other);
    sum_ += source.sum_;
    nulls_ += source.nulls_;
  }
  void finish(ResultWriter& out, size_t row) const override {
    if (sum_ == 0 && nulls_ == 0) return out.set_null(row);
    out.set_string(row, std::to_string(sum_) + "/" + std::to_string(nulls_));
  }

 private:
  int64_t sum_ = 0, nulls_ = 0;
};

TEST_F(DuckTest, OwnAggregatesGatherAndFail) {
  Connection connection = database_->connect();
  register_aggregate(connection, {"garland_sum", {Type::of(TypeId::kBigint)}, Type::varchar(40), [] {
                                    return std::make_unique<SumAndNulls>();
                                  }});
  Connection other = database_->connect();
  EXPECT_EQ(only_cell(other.query("SELECT garland_sum(range) FROM range(300000)")), "44999850000/0");
  EXPECT_EQ(only_cell(other.query("SELECT garland_sum(range) FROM range(0)")), "NULL");
  EXPECT_EQ(only_cell(other.query("SELECT garland_sum(nullif(range, 3)) FROM range(5)")), "7/1");
  EXPECT_EQ(only_cell(other.query("SELECT string_agg(s, ' ' ORDER BY s) FROM (SELECT garland_sum(nullif(range % 5, 4)) "
                                  "AS s FROM range(50000) GROUP BY range % 5)")),
            "0/10000 10000/0 20000/0 30000/0");
  try {
    other.query("SELECT garland_sum(range - 10) FROM range(5)");
    ADD_FAILURE() << "no error";
  } catch (const DuckError& error) {
    EXPECT_NE(error.text().find("garland: negative"), std::string::npos) << error.text();
  }
}

}  // namespace
}  // namespace garland::duck
