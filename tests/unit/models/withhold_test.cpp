// The rule is the design's ("Publishing models"); the property test compares the implementation with its definition.
#include "models/withhold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace garland::models {
namespace {

using testing::ElementsAre;

struct Case {
  std::vector<RunNode> nodes;
  std::vector<bool> equal;

  size_t core(std::vector<size_t> reads) { return add(std::move(reads), false); }
  size_t mart(std::vector<size_t> reads) { return add(std::move(reads), true); }
  Case& fail(size_t node) { return nodes[node].failed = true, *this; }
  Case& same(size_t node) { return equal[node] = true, *this; }

  std::vector<size_t> withheld() const {
    auto reasons = withhold(nodes, [&](size_t node) { return equal[node]; });
    std::vector<size_t> found;
    for (size_t i = 0; i < reasons.size(); ++i) {
      if (reasons[i]) found.push_back(i);
    }
    return found;
  }

 private:
  size_t add(std::vector<size_t> reads, bool is_mart) {
    RunNode node;
    node.built = true;
    node.is_mart = is_mart;
    node.reads = std::move(reads);
    nodes.push_back(node);
    equal.push_back(false);
    return nodes.size() - 1;
  }
};

TEST(Withhold, NothingFailed) {
  Case run;
  run.mart({run.core({})});
  EXPECT_THAT(run.withheld(), ElementsAre());
}

TEST(Withhold, WhatIsBuiltFromAFailedTable) {
  Case run;
  size_t a = run.core({}), b = run.core({a}), c = run.mart({b}), other = run.core({});
  (void)other;
  EXPECT_THAT(run.fail(a).withheld(), ElementsAre(a, b, c));
}

TEST(Withhold, AWithheldMartHoldsWhatItReadsAndTheOtherMartsThere) {
  Case run;
  size_t fact = run.core({}), dimension = run.core({}), failed = run.mart({fact}), second = run.mart({fact, dimension}),
         third = run.mart({dimension});
  EXPECT_THAT(run.fail(failed).withheld(), ElementsAre(fact, dimension, failed, second, third));
}

TEST(Withhold, AMartThatSharesNoTableIsPublished) {
  Case run;
  size_t fact = run.core({}), stock = run.core({}), failed = run.mart({fact}), free = run.mart({stock});
  (void)free;
  EXPECT_THAT(run.fail(failed).withheld(), ElementsAre(fact, failed));
}

TEST(Withhold, ATableThatIsNoMartIsHeldOnlyByWhatFailed) {
  Case run;
  size_t dimension = run.core({}), failed = run.mart({dimension}), fact = run.core({dimension});
  (void)fact;
  EXPECT_THAT(run.fail(failed).withheld(), ElementsAre(dimension, failed));
}

TEST(Withhold, AnEqualTableDoesNotSpread) {
  Case run;
  size_t fact = run.core({}), failed = run.mart({fact}), second = run.mart({fact});
  EXPECT_THAT(run.fail(failed).withheld(), ElementsAre(fact, failed, second));
  EXPECT_THAT(run.same(fact).withheld(), ElementsAre(fact, failed));
  Case tested;
  size_t source = tested.core({}), built = tested.core({source});
  (void)built;
  EXPECT_THAT(tested.fail(source).same(source).withheld(), ElementsAre(source));
  Case mart;
  size_t read = mart.core({}), shown = mart.mart({read});
  EXPECT_THAT(mart.fail(shown).same(shown).withheld(), ElementsAre(shown));
}

TEST(Withhold, WhatWasNotBuiltIsNeverEqual) {
  Case run;
  size_t fact = run.core({}), failed = run.mart({fact});
  run.nodes[failed].built = false;
  EXPECT_THAT(run.fail(failed).same(failed).withheld(), ElementsAre(fact, failed));
}

TEST(Withhold, ANewViewGoesWithWhatItReadsButHoldsNothing) {
  Case run;
  size_t fact = run.core({}), other = run.core({}), failed = run.mart({fact}), view = run.core({fact, other});
  run.nodes[view].is_new_view = true;
  EXPECT_THAT(run.fail(failed).withheld(), ElementsAre(fact, failed, view));
}

TEST(Withhold, EqualityIsAskedOnlyWhenItMatters) {
  Case run;
  size_t alone = run.core({}), free = run.core({});
  (void)free;
  run.fail(alone);
  auto reasons = withhold(run.nodes, [](size_t) -> bool { throw std::logic_error("asked"); });
  EXPECT_TRUE(reasons[alone].has_value());
}

/// The definition, by trying every set: the smallest one that holds what failed and what was built from it and is
/// closed.
uint32_t by_definition(const Case& run) {
  size_t count = run.nodes.size();
  auto spreads = [&](size_t node) { return !(run.nodes[node].built && run.equal[node]); };
  uint32_t from_failed = 0;
  for (size_t i = 0; i < count; ++i) from_failed |= static_cast<uint32_t>(run.nodes[i].failed) << i;
  for (size_t round = 0; round < count; ++round) {
    for (size_t i = 0; i < count; ++i) {
      for (size_t read : run.nodes[i].reads) {
        if ((from_failed >> read & 1) && spreads(read)) from_failed |= 1u << i;
      }
    }
  }
  auto closed = [&](uint32_t set) {
    if ((set & from_failed) != from_failed) return false;
    for (size_t i = 0; i < count; ++i) {
      for (size_t read : run.nodes[i].reads) {
        bool reader_held = set >> i & 1, read_held = set >> read & 1;
        if (reader_held && run.nodes[i].is_mart && spreads(i) && !read_held) return false;
        if (read_held && spreads(read) && (run.nodes[i].is_mart || run.nodes[i].is_new_view) && !reader_held)
          return false;
      }
    }
    return true;
  };
  uint32_t smallest = (1u << count) - 1;
  for (uint32_t set = 0; set < 1u << count; ++set) {
    if (closed(set)) smallest &= set;
  }
  EXPECT_TRUE(closed(smallest)) << "closed sets must be closed under intersection";
  return smallest;
}

TEST(Withhold, AgreesWithItsDefinitionOnRandomGraphs) {
  for (uint32_t seed = 1; seed <= 3000; ++seed) {
    std::mt19937 random(seed);
    auto chance = [&](unsigned percent) { return random() % 100 < percent; };
    Case run;
    size_t count = 1 + random() % 7;
    for (size_t i = 0; i < count; ++i) {
      std::vector<size_t> reads;
      for (size_t j = 0; j < i; ++j) {
        if (chance(35)) reads.push_back(j);
      }
      size_t node = chance(50) ? run.mart(reads) : run.core(reads);
      run.nodes[node].failed = chance(15);
      run.nodes[node].built = chance(80);
      run.nodes[node].is_new_view = chance(10);
      run.equal[node] = chance(25);
    }
    uint32_t found = 0;
    for (size_t node : run.withheld()) found |= 1u << node;
    ASSERT_EQ(found, by_definition(run)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace garland::models
