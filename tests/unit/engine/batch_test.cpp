#include "engine/batch.h"

#include <gtest/gtest.h>

#include <string>

namespace garland::engine {
namespace {

std::vector<Type> two_types() { return {Type::of(TypeId::kInteger), Type::varchar(65535)}; }

TEST(BatchBuilder, ColumnsThatWereNotSetAreNull) {
  BatchBuilder builder(two_types());
  builder.set<int32_t>(0, 7);
  builder.end_row();
  builder.set_string(1, "x");
  builder.end_row();
  const Batch& batch = builder.batch();
  ASSERT_EQ(batch.rows, 2u);
  EXPECT_FALSE(batch.columns[0].is_null(0));
  EXPECT_TRUE(batch.columns[0].is_null(1));
  EXPECT_TRUE(batch.columns[1].is_null(0));
  EXPECT_EQ(batch.columns[1].values<std::string_view>()[1], "x");
}

TEST(BatchBuilder, ADroppedRowLeavesNoTrace) {
  BatchBuilder builder(two_types());
  builder.set<int32_t>(0, 1);
  builder.drop_row();
  builder.end_row();
  EXPECT_EQ(builder.batch().rows, 1u);
  EXPECT_TRUE(builder.batch().columns[0].is_null(0));
}

TEST(BatchBuilder, WithoutNullsThereIsNoValidity) {
  for (const size_t rows : {size_t{1}, size_t{63}, size_t{64}, size_t{65}, kBatchRows}) {
    BatchBuilder builder({Type::of(TypeId::kInteger)});
    for (size_t i = 0; i < rows; ++i) {
      builder.set<int32_t>(0, static_cast<int32_t>(i));
      builder.end_row();
    }
    EXPECT_EQ(builder.full(), rows == kBatchRows);
    const Column& column = builder.batch().columns[0];
    EXPECT_EQ(column.validity, nullptr) << rows;
    EXPECT_EQ(column.values<int32_t>()[rows - 1], static_cast<int32_t>(rows - 1));
  }
}

TEST(BatchBuilder, StringsStayWhereTheyAreWhileTheBatchGrowsAndMoves) {
  BatchBuilder builder({Type::varchar(65535)});
  std::vector<std::string> expected;
  for (size_t i = 0; i < kBatchRows; ++i) {
    expected.push_back(std::string(i % 700, static_cast<char>('a' + i % 26)));
    builder.set_string(0, expected.back());
    builder.end_row();
  }
  builder.batch();
  BatchBuilder moved = std::move(builder);
  const Batch& batch = moved.batch();
  for (size_t i = 0; i < kBatchRows; ++i) {
    ASSERT_EQ(batch.columns[0].values<std::string_view>()[i], expected[i]);
  }
}

TEST(BatchBuilder, ClearForgetsRowsAndNulls) {
  BatchBuilder builder(two_types());
  builder.set<int32_t>(0, 1);
  builder.set_string(1, std::string(3u << 20, 'x'));
  builder.end_row();
  builder.clear();
  EXPECT_EQ(builder.rows(), 0u);
  builder.set_string(1, "again");
  builder.end_row();
  EXPECT_TRUE(builder.batch().columns[0].is_null(0));
  EXPECT_EQ(builder.batch().columns[1].values<std::string_view>()[0], "again");
}

}  // namespace
}  // namespace garland::engine
