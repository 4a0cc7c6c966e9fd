// Sketches of random sets: their error, their merging, their text. A failure prints its seed; GARLAND_SEED=<n> replays
// it.
#include "engine/sketch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "base/error.h"

namespace garland::engine {
namespace {

uint64_t first_seed() {
  const char* given = std::getenv("GARLAND_SEED");
  return given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

SketchEntry entry_of(uint64_t value) { return sketch_entry({reinterpret_cast<const char*>(&value), sizeof value}); }

/// `count` values that are distinct: a walk with an odd step.
Sketch sketch_of(uint64_t seed, uint64_t count) {
  Sketch sketch;
  for (uint64_t i = 0; i < count; ++i) sketch.add(entry_of(seed + i * 0x9E3779B97F4A7C15ull));
  return sketch;
}

std::string text_of(const Sketch& sketch) {
  std::string text;
  append_sketch(text, sketch.stored());
  return text;
}

// hyperloglog-functions-usage-notes prints this sketch (of BIGINT 1, 2, 5, 6).
TEST(Sketch, PrintsAsTheGuide) {
  Sketch sketch;
  for (const uint64_t value : {1, 2, 5, 6}) sketch.add(entry_of(value));
  EXPECT_EQ(text_of(sketch),
            R"({"version":1,"logm":15,"sparse":{"indices":[15099259,33107846,37891580,50065963],"values":[2,3,2,1]}})");
}

// Values of more than one block of the hash; the index and value of MurmurHash3_x64_128(text, 9001).
TEST(Sketch, HashesTextsOfAnyLength) {
  EXPECT_EQ(sketch_entry("foo"), 40242751u << 6 | 2);
  std::string text;
  std::vector<SketchEntry> entries;
  for (int i = 0; i < 40; ++i) {
    entries.push_back(sketch_entry(text));
    text += static_cast<char>('a' + i % 26);
  }
  std::ranges::sort(entries);
  EXPECT_EQ(std::ranges::adjacent_find(entries), entries.end());
}

// The root of the mean squared error over 30 sets; 1.04 / sqrt(2^15) is 0.57 %, sparse sketches are nearly exact.
TEST(Sketch, ErrorIsWithinTheDocumentedOne) {
  const uint64_t seed = first_seed();
  SCOPED_TRACE("GARLAND_SEED=" + std::to_string(seed));
  for (const uint64_t count : {10, 1'000, 6'000, 10'000, 30'000, 100'000, 1'000'000}) {
    double squares = 0;
    constexpr int kSets = 30;
    for (uint64_t i = 0; i < kSets; ++i) {
      const auto estimate = static_cast<double>(sketch_of(seed + i * 7'919, count).cardinality());
      squares += std::pow(estimate / static_cast<double>(count) - 1, 2);
    }
    const double error = std::sqrt(squares / kSets);
    RecordProperty("error_of_" + std::to_string(count), std::to_string(error));
    EXPECT_LE(error, count == 10 ? 0 : count <= 6'000 ? 0.0005 : 0.008) << count;
  }
}

TEST(Sketch, MergingEqualsBuildingAtOnce) {
  const uint64_t seed = first_seed();
  SCOPED_TRACE("GARLAND_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 60; ++round) {
    const uint64_t count = random() % (round % 2 == 0 ? 8'000 : 40'000), parts = 1 + random() % 5;
    Sketch whole, merged, from_stored, both;
    std::vector<Sketch> pieces(parts);
    for (uint64_t i = 0; i < count; ++i) {
      const SketchEntry entry = entry_of(random());
      whole.add(entry);
      pieces[random() % parts].add(entry);
      if (random() % 3 == 0) pieces[random() % parts].add(entry);
    }
    for (const Sketch& piece : pieces) {
      merged.merge(piece);
      from_stored.merge(piece.stored());
    }
    ASSERT_EQ(merged.stored(), whole.stored());
    ASSERT_EQ(from_stored.stored(), whole.stored());
    ASSERT_EQ(sketch_cardinality(whole.stored()), whole.cardinality());
    ASSERT_EQ(read_sketch(text_of(whole)), whole.stored());
    ASSERT_LE(whole.stored().size(), 24'580u);  // r_HLLSKTECH_type
    ASSERT_EQ(text_of(whole).starts_with('{'), !whole.is_dense());
  }
}

// As large as the dense form: 6,144 entries of 4 bytes (hyperloglog-overview).
TEST(Sketch, BecomesDenseWhenAsLarge) {
  Sketch sketch;
  for (uint32_t index = 0; index < 6'143; ++index) sketch.add(index << 6 | 1);
  EXPECT_FALSE(sketch.is_dense());
  EXPECT_EQ(sketch.stored().size(), 4u + 6'143 * 4);
  sketch.add(1u << 20 | 1);
  sketch.add(6'143u << 6 | 5);
  EXPECT_TRUE(sketch.is_dense());
  const std::string text = text_of(sketch);
  EXPECT_EQ(text.size(), 32'768u);
  EXPECT_EQ(text.substr(6'141, 4), "BBFA");
}

TEST(Sketch, RefusesWhatIsNone) {
  EXPECT_TRUE(read_sketch(R"( { "sparse" : {"values":[63] , "indices" :[67108863]}, "logm":15 } )"));
  for (const std::string_view text :
       {"", "{", "{}", R"({"logm":15})", R"({"logm":15,"sparse":{}})", R"({"logm":15,"sparse":{"indices":[]}})",
        R"({"logm":15,"sparse":{"indices":[1],"values":[0]}})", R"({"logm":15,"sparse":{"indices":[1],"values":[64]}})",
        R"({"logm":15,"sparse":{"indices":[67108864],"values":[1]}})",
        R"({"logm":15,"sparse":{"indices":[1],"values":[1]}} x)",
        R"({"logm":15,"sparse":{"indices":[-1],"values":[1]}})",
        R"({"version":2,"logm":15,"sparse":{"indices":[1],"values":[1]}})",
        R"({"logm":16,"sparse":{"indices":[1],"values":[1]}})", R"({"logm":15,"sparse":{"indices":[1],"values":[1]},})",
        R"({"logm":15,"dense":"AAAA"})", "AAAA"}) {
    EXPECT_FALSE(read_sketch(text)) << text;
  }
  std::string dense(32'768, 'A');
  EXPECT_EQ(sketch_cardinality(*read_sketch(dense)), 0);
  dense[7] = '=';
  EXPECT_FALSE(read_sketch(dense));
  EXPECT_THROW(sketch_cardinality("no sketch"), Error);
  EXPECT_THROW(Sketch().merge(Sketch().stored() + "abc"), Error);
}

}  // namespace
}  // namespace garland::engine
