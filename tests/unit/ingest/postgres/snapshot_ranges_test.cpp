// Ranges of pages: what is missing, and what stands in the source's SQL.
#include "ingest/postgres/snapshot_ranges.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace garland::ingest::postgres {
namespace {

using Ranges = std::vector<PageRange>;

TEST(SnapshotRanges, ATableIsCutInPieces) {
  EXPECT_EQ(missing_ranges(10, 4, {}), (Ranges{{0, 4}, {4, 8}, {8, 10}}));
  EXPECT_EQ(missing_ranges(4, 4, {}), (Ranges{{0, 4}}));
  EXPECT_EQ(missing_ranges(0, 4, {}), (Ranges{{0, 1}}));  // an empty table is looked at, too
}

TEST(SnapshotRanges, WhatIsThereIsLeftOut) {
  EXPECT_EQ(missing_ranges(10, 4, {{8, 10}, {0, 4}}), (Ranges{{4, 8}}));
  EXPECT_EQ(missing_ranges(20, 4, {{0, 4}, {8, 10}}), (Ranges{{4, 8}, {10, 14}, {14, 18}, {18, 20}}));
  EXPECT_EQ(missing_ranges(10, 4, {{0, 10}}), Ranges{});
  EXPECT_EQ(missing_ranges(6, 4, {{4, 10}}), (Ranges{{0, 4}}));  // its end was cut off since
  EXPECT_EQ(missing_ranges(0, 4, {{0, 1}}), Ranges{});
}

TEST(SnapshotRanges, EveryPageIsInOneRange) {
  const unsigned seed = std::random_device()();
  std::mt19937 dice(seed);
  for (int round = 0; round < 200; ++round) {
    const int64_t pages = dice() % 100 + 1;
    Ranges done;
    for (const PageRange& range : missing_ranges(pages, dice() % 9 + 1, {})) {
      if (dice() % 2) done.push_back(range);
    }
    std::ranges::shuffle(done, dice);
    Ranges all = missing_ranges(pages + dice() % 20, dice() % 9 + 1, done);
    all.insert(all.end(), done.begin(), done.end());
    std::vector<int> seen(static_cast<size_t>(pages), 0);
    for (const PageRange& range : all) {
      for (int64_t page = range.from; page < std::min(range.to, pages); ++page) ++seen[static_cast<size_t>(page)];
    }
    EXPECT_EQ(std::ranges::count(seen, 1), pages) << "seed " << seed;
  }
}

TEST(SnapshotRanges, AdjoiningRangesAreOneCondition) {
  EXPECT_EQ(lies_in({{4, 8}, {0, 4}, {12, 16}}),
            "(ctid >= '(0,0)' and ctid < '(8,0)' or ctid >= '(12,0)' and ctid < '(16,0)')");
  EXPECT_EQ(lies_in({}), "false");
  EXPECT_EQ(lies_from(0), "true");
  EXPECT_EQ(lies_from(8), "ctid >= '(8,0)'");
}

}  // namespace
}  // namespace garland::ingest::postgres
