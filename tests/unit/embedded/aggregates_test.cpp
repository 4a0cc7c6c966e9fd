// Aggregates and window functions over tables, and what must not raise: branches not taken, rows that filters took
// away.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "embedded/emission.h"

namespace garland::embedded {
namespace {

using namespace testing;

// ---- aggregates, over tables

class Tables : public ::testing::Test {
 protected:
  void SetUp() override {
    engine().connection().query(
        "CREATE OR REPLACE TEMP TABLE t (g INTEGER, i INTEGER, b BIGINT, d DECIMAL(12,2), x DOUBLE, s VARCHAR)");
    engine().connection().query(
        "INSERT INTO t VALUES (1, 1, 9223372036854775807, 10.01, 1.5, 'a'), (1, 2, 1, 10.02, 2.5, 'b  '), (1, NULL, "
        "NULL, NULL, NULL, NULL), "
        "(2, -7, 5, -0.05, 1e308, 'b'), (2, 0, 6, 0.04, 1e308, 'c')");
  }
  static Engine& engine() { return engine_under_test(); }

  /// `SELECT <aggregate> FROM t [GROUP BY g]`, ordered by g.
  std::string aggregate(std::string_view name, const Expressions& operands, bool distinct = false,
                        std::string_view rest = "WHERE g = 1", std::string_view order = "") {
    AggregateCall call;
    call.distinct = distinct;
    call.within_group = order;
    return run(name, operands, call, rest);
  }

  std::string run(std::string_view name, const Expressions& operands, AggregateCall call, std::string_view rest) {
    const semantics::FunctionMatch found = match(name, operands);
    std::vector<Argument> arguments;
    for (const Expression& operand : operands) arguments.push_back(operand.argument());
    if (call.ordered) arguments.resize(1);
    call.function = found.canonical;
    call.arguments = arguments;
    std::string sql;
    emit_aggregate(sql, call, found.result);
    return engine().rows("SELECT " + sql + " FROM t " + std::string(rest), found.result);
  }

  Expression i = column("i", kInteger), b = column("b", kBigint), d = column("d", Type::decimal(12, 2)),
             x = column("x", kDouble), s = column("s", kText);
};

TEST_F(Tables, Sum) {
  EXPECT_EQ(aggregate("sum", {i}), "3");
  EXPECT_EQ(aggregate("sum", {b}), "22003 bigint out of range");
  EXPECT_EQ(aggregate("sum", {d}, false, "GROUP BY g ORDER BY g"), "20.03 | -0.01");
  EXPECT_EQ(aggregate("sum", {x}, false, "WHERE g = 2"), "22003 floating-point overflow");
  EXPECT_EQ(aggregate("sum", {x}), "4");
  EXPECT_EQ(aggregate("sum", {i}, false, "WHERE false"), "null");
  const Expression wide =
      column("CAST('50000000000000000000000000000000000000' AS DECIMAL(38,0))", Type::decimal(38, 0));
  EXPECT_EQ(aggregate("sum", {wide}), "22003 numeric overflow: more than 38 digits");
}

TEST_F(Tables, Average) {
  EXPECT_EQ(aggregate("avg", {i}, false, "GROUP BY g ORDER BY g"), "1 | -3");
  EXPECT_EQ(aggregate("avg", {d}, false, "GROUP BY g ORDER BY g"), "10.01 | 0.00");
  EXPECT_EQ(aggregate("avg", {x}), "2");
  EXPECT_EQ(aggregate("avg", {d}, false, "WHERE i IS NULL"), "null");
}

TEST_F(Tables, Count) {
  EXPECT_EQ(aggregate("count", {}), "3");
  EXPECT_EQ(aggregate("count", {i}), "2");
  EXPECT_EQ(aggregate("count", {s}, true, ""), "3");
}

TEST_F(Tables, Statistics) {
  EXPECT_EQ(aggregate("stddev", {i}, false, "WHERE g = 1").substr(0, 9), "0.7071067");
  EXPECT_EQ(aggregate("var_pop", {i}), "0.25");
  EXPECT_EQ(aggregate("median", {i}), "1.5");
  EXPECT_EQ(aggregate("median", {x}), "2");
  EXPECT_EQ(aggregate("bit_or", {i}), "3");
  EXPECT_EQ(aggregate("max", {d}, false, ""), "10.02");
}

TEST_F(Tables, Percentiles) {
  AggregateCall call;
  call.ordered = i.argument();
  EXPECT_EQ(run("percentile_disc", {constant("0.25", kDouble), i}, call, ""), "-7");
  call.descending = true;
  EXPECT_EQ(run("percentile_disc", {constant("0.25", kDouble), i}, call, ""), "2");
  EXPECT_EQ(run("percentile_cont", {constant("0.25", kDouble), i}, call, ""), "1.2");
  EXPECT_THROW(run("percentile_cont", {constant("1.5", kDouble), i}, call, ""), Error);
}

TEST_F(Tables, List) {
  EXPECT_EQ(aggregate("listagg", {s, text("; ")}, false, "", "s DESC NULLS LAST"), "c; b  ; b; a");
  EXPECT_EQ(aggregate("listagg", {s}, false, "WHERE s IS NULL"), "null");
  const Expression long_text = column("repeat('x', 40000)", Type::varchar(40000));
  EXPECT_EQ(aggregate("listagg", {long_text}), "22001 Result size exceeds LISTAGG limit");
}

TEST_F(Tables, Windows) {
  AggregateCall call;
  call.over = " OVER (PARTITION BY g ORDER BY i NULLS LAST)";
  EXPECT_EQ(run("row_number", {}, call, "ORDER BY g, i NULLS LAST"), "1 | 2 | 3 | 1 | 2");
  EXPECT_EQ(run("lag", {i, constant("1", kBigint), integer(99)}, call, "ORDER BY g, i NULLS LAST"),
            "99 | 1 | 2 | 99 | -7");
  EXPECT_EQ(run("avg", {d}, call, "ORDER BY g, i NULLS LAST"), "10.01 | 10.01 | 10.01 | -0.05 | 0.00");
  EXPECT_EQ(run("sum", {i}, call, "ORDER BY g, i NULLS LAST"), "1 | 3 | 3 | -7 | -7");
  call.over = " OVER (PARTITION BY g)";
  EXPECT_EQ(run("ratio_to_report", {i}, call, "WHERE g = 2 ORDER BY i"), "1 | -0");
  call.ignore_nulls = true;
  call.over = " OVER (PARTITION BY g ORDER BY i NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)";
  EXPECT_EQ(run("first_value", {i}, call, "WHERE g = 1 ORDER BY i NULLS FIRST"), "1 | 1 | 1");
}

// ---- what is not taken raises nothing

TEST_F(Tables, BranchesNotTakenRaiseNothing) {
  const auto guarded = [](const std::string& guard, const Expression& risky) {
    return "CASE WHEN " + guard + " THEN " + risky.sql + " END";
  };
  const Expression ratio = op("/", {integer(10), i});
  EXPECT_EQ(engine().rows("SELECT " + guarded("i <> 0", ratio) + " FROM t ORDER BY g, i", kInteger),
            "10 | 5 | null | -1 | null");
  // Written twice, as a common subexpression.
  EXPECT_EQ(
      engine().rows("SELECT " + guarded("i <> 0", ratio) + " + " + guarded("i <> 0", ratio) + " FROM t ORDER BY g, i",
                    kInteger),
      "20 | 10 | null | -2 | null");
  const Expression number = cast(s, kInteger);
  EXPECT_EQ(engine().rows("SELECT " + guarded("s < 'A'", number) + " FROM t WHERE g = 2", kInteger), "null | null");
  std::string raising = "CASE WHEN 1 = 0 THEN ";
  emit_raise(raising, kInvalidParameterValue, "never", kInteger);
  EXPECT_EQ(engine().rows("SELECT " + raising + " ELSE 5 END", kInteger), "5");
}

// Filters, constant folding, dictionaries: rows that a filter takes away must not raise.
TEST_F(Tables, FilteredRowsRaiseNothing) {
  duck::Connection& connection = engine().connection();
  connection.query(
      "CREATE OR REPLACE TEMP TABLE many AS SELECT CASE WHEN r % 100 = 0 THEN 'none' ELSE CAST(r % 10 AS VARCHAR) END "
      "AS s, r % 7 AS n FROM range(200000) AS q(r)");
  const Expression text_column = column("s", kText), number = column("CAST(n AS INTEGER)", kInteger);
  EXPECT_EQ(
      engine().rows("SELECT sum(" + cast(text_column, kBigint).sql + ")::BIGINT FROM many WHERE s <> 'none'", kBigint),
      "900000");
  EXPECT_EQ(engine().rows("SELECT sum(v)::BIGINT FROM (SELECT " + cast(text_column, kBigint).sql +
                              " AS v FROM many WHERE s <> 'none') WHERE v > 8",
                          kBigint),
            "180000");
  EXPECT_EQ(engine()
                .rows("SELECT count(*) FROM many WHERE n <> 0 AND " +
                          op(">", {op("/", {integer(10), number}), integer(1)}).sql,
                      kBigint)
                .substr(0, 4),
            "1428");
}

// Strings that are stored with a dictionary: DuckDB would run a function that cannot fail over the whole dictionary.
TEST(StoredStrings, FilteredRowsRaiseNothing) {
  const auto file = std::filesystem::temp_directory_path() / ("garland-functions-" + std::to_string(getpid()) + ".db");
  std::filesystem::remove(file);
  {
    duck::Database database({.threads = 1, .memory_limit_bytes = 0, .temp_folder = {}});
    duck::Connection connection = database.connect();
    install_functions(connection);
    database.attach(file);
    connection.query(
        "CREATE TABLE w.main.t AS SELECT CASE WHEN r % 100 = 0 THEN 'none' ELSE CAST(r % 10 AS VARCHAR) END AS s "
        "FROM range(300000) AS q(r)");
    connection.query("CHECKPOINT w");
    const std::string number = cast(column("s", kText), kBigint).sql;
    duck::Result result =
        connection.query("SELECT CAST(sum(" + number + ") AS BIGINT) FROM w.main.t WHERE s <> 'none'");
    EXPECT_EQ(result.fetch()->columns[0].values<int64_t>()[0], 1350000);
    EXPECT_THROW(connection.query("SELECT sum(" + number + ") FROM w.main.t"), duck::DuckError);
  }
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace garland::embedded
