// Changes folded into rows: against a plain model of the source's table, for random histories.
#include "ingest/postgres/change_fold.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace garland::ingest::postgres {
namespace {

Field value(const std::string& text) { return {FieldState::kValue, text}; }

RowImage row(const std::string& key, const std::string& text) {
  RowImage image;
  image.add(value(key));
  image.add(value(text));
  return image;
}

RowImage row_as_before(const std::string& key) {
  RowImage image;
  image.add(value(key));
  image.add(Field{FieldState::kUnchanged, {}});
  return image;
}

RowImage key_only(const std::string& key) {
  RowImage image;
  image.add(value(key));
  image.add(Field{});
  return image;
}

std::string text_of(const RowImage* image) {
  if (!image) return "none";
  std::string text;
  for (const Field& field : image->fields()) {
    text += text.empty() ? "" : "|";
    text += field.state == FieldState::kValue ? std::string(field.bytes) : "NULL";
  }
  return text;
}

ChangeFold keyed() { return ChangeFold({"id", "note"}, {0}); }
ChangeFold without_key() { return ChangeFold({"id", "note"}, {}); }

RowChange change(Op op, std::optional<size_t> before, std::optional<size_t> after, bool before_is_key = true) {
  RowChange made;
  made.op = op;
  made.before = before;
  made.after = after;
  made.before_is_key = before_is_key;
  return made;
}

TEST(ChangeFold, AnUpdateShowsTheRowThatStoodInTheWarehouse) {
  ChangeFold fold = keyed();
  const std::vector<RowImage> images = {row("1", "new")};
  const std::vector<RowChange> changes = {change(Op::kUpdate, {}, 0)};
  EXPECT_EQ(fold.wanted(changes, images), (std::set<std::string>{fold.key_of(images[0])}));
  fold.add_current(row("1", "old"), false);
  const Outcome outcome = fold.apply(changes[0], images);
  EXPECT_EQ(text_of(outcome.before), "1|old");
  EXPECT_EQ(text_of(outcome.after), "1|new");
}

TEST(ChangeFold, LeftOutValuesComeFromTheRowBefore) {
  ChangeFold fold = keyed();
  const std::vector<RowImage> images = {row("1", "large"), row_as_before("1"), row_as_before("2"), key_only("1")};
  fold.apply(change(Op::kInsert, {}, 0), images);
  EXPECT_EQ(text_of(fold.apply(change(Op::kUpdate, {}, 1), images).after), "1|large");
  // The key changes too.
  const Outcome moved = fold.apply(change(Op::kUpdate, 3, 2), images);
  EXPECT_EQ(text_of(moved.before), "1|large");
  EXPECT_EQ(text_of(moved.after), "2|large");
  EXPECT_EQ(fold.rows().at(fold.key_of(images[0])).count, 0u);
}

TEST(ChangeFold, ALeftOutValueOfARejectedVersionIsNotGuessed) {
  ChangeFold fold = keyed();
  const std::vector<RowImage> images = {key_only("1"), row_as_before("1"), row("1", "whole")};
  fold.add_current(row("1", "old"), false);
  RowChange rejected = change(Op::kUpdate, {}, 0);
  rejected.faulty = true;
  fold.apply(rejected, images);
  const CurrentRow& current = fold.rows().at(fold.key_of(images[0]));
  EXPECT_TRUE(current.stale);
  EXPECT_EQ(text_of(&current.image), "1|old");
  EXPECT_TRUE(fold.apply(change(Op::kUpdate, {}, 1), images).unresolved);
  EXPECT_FALSE(fold.apply(change(Op::kUpdate, {}, 2), images).unresolved);
  EXPECT_FALSE(current.stale);
}

TEST(ChangeFold, WithoutAKeyEqualRowsAreCounted) {
  ChangeFold fold = without_key();
  const std::vector<RowImage> images = {row("1", "a"), row("1", "b")};
  for (int i = 0; i < 3; ++i) fold.apply(change(Op::kInsert, {}, 0, false), images);
  fold.apply(change(Op::kDelete, 0, {}, false), images);
  fold.apply(change(Op::kUpdate, 0, 1, false), images);
  EXPECT_EQ(fold.rows().at(fold.key_of(images[0])).count, 1u);
  EXPECT_EQ(fold.rows().at(fold.key_of(images[1])).count, 1u);
}

TEST(ChangeFold, WithoutAKeyARowKeepsItsHashWhenAnEmptyColumnComes) {
  RowImage wider = row("1", "a");
  wider.add(Field{});
  EXPECT_EQ(without_key().key_of(row("1", "a")), ChangeFold({"id", "note", "extra"}, {}).key_of(wider));
  EXPECT_NE(without_key().key_of(row("1", "a")), without_key().key_of(row("1", "b")));
}

/// Random inserts, updates (also of keys) and deletes, cut into flushes at random places.
TEST(ChangeFold, AnyHistoryInAnyPiecesLeavesTheSourcesTable) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    std::map<std::string, std::string> source, warehouse;
    for (int piece = 0; piece < 5; ++piece) {
      ChangeFold fold = keyed();
      std::vector<RowImage> images;
      std::vector<RowChange> changes;
      std::vector<std::string> expected_before;
      for (unsigned i = random() % 12; i > 0; --i) {
        const std::string key = std::to_string(random() % 6), other = std::to_string(random() % 6);
        const std::string text = std::to_string(random());
        if (!source.contains(key)) {
          images.push_back(row(key, text));
          changes.push_back(change(Op::kInsert, {}, images.size() - 1));
          expected_before.push_back("none");
          source[key] = text;
        } else if (random() % 3 == 0) {
          images.push_back(key_only(key));
          changes.push_back(change(Op::kDelete, images.size() - 1, {}));
          expected_before.push_back(key + "|" + source[key]);
          source.erase(key);
        } else if (!source.contains(other)) {
          images.push_back(key_only(key));
          images.push_back(row_as_before(other));
          changes.push_back(change(Op::kUpdate, images.size() - 2, images.size() - 1));
          expected_before.push_back(key + "|" + source[key]);
          source[other] = source[key];
          source.erase(key);
        } else {
          images.push_back(row(key, text));
          changes.push_back(change(Op::kUpdate, {}, images.size() - 1));
          expected_before.push_back(key + "|" + source[key]);
          source[key] = text;
        }
      }
      const std::set<std::string> wanted = fold.wanted(changes, images);
      for (const auto& [key, text] : warehouse) {
        if (wanted.contains(fold.key_of(row(key, text)))) fold.add_current(row(key, text), false);
      }
      for (size_t i = 0; i < changes.size(); ++i) {
        EXPECT_EQ(text_of(fold.apply(changes[i], images).before), expected_before[i]);
      }
      std::erase_if(warehouse,
                    [&](const auto& each) { return wanted.contains(fold.key_of(row(each.first, each.second))); });
      for (const auto& [key, current] : fold.rows()) {
        if (current.count == 0) continue;
        const std::vector<Field> fields = current.image.fields();
        EXPECT_FALSE(warehouse.contains(std::string(fields[0].bytes)));
        warehouse[std::string(fields[0].bytes)] = fields[1].bytes;
      }
      EXPECT_EQ(warehouse, source);
    }
  }
}

}  // namespace
}  // namespace garland::ingest::postgres
