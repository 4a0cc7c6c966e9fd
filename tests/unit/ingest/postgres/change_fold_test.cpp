// Changes folded into rows: against a plain model of the source's table, for random histories.
#include "ingest/postgres/change_fold.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace garland::ingest::postgres {
namespace {

const std::vector<std::string> kNames = {"id", "note"};
const std::vector<engine::Type> kTypes = {engine::Type::varchar(10), engine::Type::varchar(100)};

/// A fold over rows of two texts.
class Fold {
 public:
  explicit Fold(std::vector<size_t> key) : key_(kNames, std::move(key)) {}

  RowNumber row(const std::string& key, const std::optional<std::string>& text) {
    engine::BatchBuilder builder(kTypes);
    builder.set_string(0, key);
    if (text) builder.set_string(1, *text);
    builder.end_row();
    store.append(builder.batch());
    return store.size() - 1;
  }
  RowNumber row_as_before(const std::string& key) {
    const RowNumber made = row(key, {});
    store.leave_out(made, 1);
    return made;
  }
  std::string text_of(RowNumber row) const {
    if (row == kNoRow) return "none";
    return field(row, 0) + "|" + field(row, 1);
  }
  std::string field(RowNumber row, size_t column) const {
    return std::string(value_bytes(store.columns()[column], row).value_or("NULL"));
  }
  const CurrentRow& current(const std::string& text) const {
    for (const CurrentRow& each : fold.rows()) {
      if (each.row != kNoRow && text_of(each.row) == text) return each;
    }
    throw std::out_of_range(text);
  }

  RowStore store{kTypes};
  RowKey key_;
  ChangeFold fold{store, key_};
};

RowChange change(Op op, RowNumber before, RowNumber after, bool before_is_key = true) {
  RowChange made;
  made.op = op;
  made.before = before;
  made.after = after;
  made.before_is_key = before_is_key;
  return made;
}

TEST(ChangeFold, AnUpdateShowsTheRowThatStoodInTheWarehouse) {
  Fold rows({0});
  const std::vector<RowChange> changes = {change(Op::kUpdate, kNoRow, rows.row("1", "new"))};
  EXPECT_EQ(rows.fold.wanted(changes), std::vector<RowNumber>{changes[0].after});
  rows.fold.add_current(rows.row("1", "old"), false);
  const Outcome outcome = rows.fold.apply(changes[0]);
  EXPECT_EQ(rows.text_of(outcome.before), "1|old");
  EXPECT_EQ(rows.text_of(outcome.after), "1|new");
}

TEST(ChangeFold, RowsThatAreNewAreNotSoughtInTheWarehouse) {
  Fold rows({0});
  std::vector<RowChange> changes = {
      change(Op::kInsert, kNoRow, rows.row("1", "a")), change(Op::kUpdate, kNoRow, rows.row("1", "b")),
      change(Op::kDelete, rows.row("2", {}), kNoRow), change(Op::kInsert, kNoRow, rows.row("2", "c"))};
  EXPECT_EQ(rows.fold.wanted(changes), std::vector<RowNumber>{changes[2].before});
  changes[0].faulty = true;  // it went to the rejects
  EXPECT_EQ(rows.fold.wanted(changes), (std::vector<RowNumber>{changes[1].after, changes[2].before}));
}

TEST(ChangeFold, LeftOutValuesComeFromTheRowBefore) {
  Fold rows({0});
  rows.fold.apply(change(Op::kInsert, kNoRow, rows.row("1", "large")));
  EXPECT_EQ(rows.text_of(rows.fold.apply(change(Op::kUpdate, kNoRow, rows.row_as_before("1"))).after), "1|large");
  // The key changes too.
  const RowNumber old_key = rows.row("1", {});
  const Outcome moved = rows.fold.apply(change(Op::kUpdate, old_key, rows.row_as_before("2")));
  EXPECT_EQ(rows.text_of(moved.before), "1|large");
  EXPECT_EQ(rows.text_of(moved.after), "2|large");
  EXPECT_EQ(rows.current("1|large").count, 0u);
}

TEST(ChangeFold, ALeftOutValueOfARejectedVersionIsNotGuessed) {
  Fold rows({0});
  rows.fold.add_current(rows.row("1", "old"), false);
  RowChange rejected = change(Op::kUpdate, kNoRow, rows.row("1", {}));
  rejected.faulty = true;
  rows.fold.apply(rejected);
  EXPECT_TRUE(rows.current("1|old").stale);
  EXPECT_TRUE(rows.fold.apply(change(Op::kUpdate, kNoRow, rows.row_as_before("1"))).unresolved);
  EXPECT_FALSE(rows.fold.apply(change(Op::kUpdate, kNoRow, rows.row("1", "whole"))).unresolved);
  EXPECT_FALSE(rows.current("1|whole").stale);
}

TEST(ChangeFold, WithoutAKeyEqualRowsAreCounted) {
  Fold rows({});
  for (int i = 0; i < 3; ++i) rows.fold.apply(change(Op::kInsert, kNoRow, rows.row("1", "a"), false));
  rows.fold.apply(change(Op::kDelete, rows.row("1", "a"), kNoRow, false));
  const RowNumber before = rows.row("1", "a");
  rows.fold.apply(change(Op::kUpdate, before, rows.row("1", "b"), false));
  EXPECT_EQ(rows.current("1|a").count, 1u);
  EXPECT_EQ(rows.current("1|b").count, 1u);
}

TEST(RowKey, WithoutAKeyARowKeepsItsHashWhenAnEmptyColumnComes) {
  Fold rows({});
  const RowNumber a = rows.row("1", "a"), b = rows.row("1", "b");
  std::vector<engine::Column> wider(rows.store.columns().begin(), rows.store.columns().end());
  const uint64_t none = 0;
  wider.push_back({engine::Type::varchar(1), wider[0].data, &none});
  const RowKey key(kNames, {}), wider_key({"id", "note", "extra"}, {});
  EXPECT_EQ(key.of(rows.store.columns(), a), wider_key.of(wider, a));
  EXPECT_NE(key.of(rows.store.columns(), a), key.of(rows.store.columns(), b));
}

TEST(RowStore, RowsAndTheirNullsSurviveAnyBatches) {
  RowStore store(kTypes);
  std::vector<std::string> expected;
  for (int batch = 0; batch < 5; ++batch) {
    engine::BatchBuilder builder(kTypes);
    for (int i = 0; i < 77; ++i) {
      const std::string key = std::to_string(expected.size());
      builder.set_string(0, key);
      if (i % 3 != 0) builder.set_string(1, "a text that is longer than sixteen bytes " + key);
      builder.end_row();
      expected.push_back(i % 3 != 0 ? "a text that is longer than sixteen bytes " + key : "NULL");
    }
    store.append(builder.batch());
  }
  std::vector<RowNumber> chosen;
  for (RowNumber row = 0; row < store.size(); row += 2) chosen.push_back(row);
  chosen.push_back(kNoRow);
  RowChoice choice;
  const engine::Column notes = choice.take(store.columns()[1], chosen);
  for (size_t i = 0; i < chosen.size(); ++i) {
    const std::string wanted = chosen[i] == kNoRow ? "NULL" : expected[chosen[i]];
    EXPECT_EQ(value_bytes(notes, i).value_or("NULL"), wanted);
  }
}

/// One piece of a random history: inserts, updates (also of keys) and deletes, and what is expected of each.
struct Piece {
  std::vector<RowChange> changes;
  std::vector<std::string> expected_before;
};

Piece random_piece(Fold& rows, std::map<std::string, std::string>& source, std::mt19937& random) {
  Piece piece;
  for (unsigned i = random() % 12; i > 0; --i) {
    const std::string key = std::to_string(random() % 6), other = std::to_string(random() % 6);
    const std::string text = std::to_string(random());
    piece.expected_before.push_back(source.contains(key) ? key + "|" + source[key] : "none");
    if (!source.contains(key)) {
      piece.changes.push_back(change(Op::kInsert, kNoRow, rows.row(key, text)));
      source[key] = text;
    } else if (random() % 3 == 0) {
      piece.changes.push_back(change(Op::kDelete, rows.row(key, {}), kNoRow));
      source.erase(key);
    } else if (!source.contains(other)) {
      const RowNumber before = rows.row(key, {});
      piece.changes.push_back(change(Op::kUpdate, before, rows.row_as_before(other)));
      source[other] = source[key];
      source.erase(key);
    } else {
      piece.changes.push_back(change(Op::kUpdate, kNoRow, rows.row(key, text)));
      source[key] = text;
    }
  }
  return piece;
}

TEST(ChangeFold, AnyHistoryInAnyPiecesLeavesTheSourcesTable) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    std::map<std::string, std::string> source, warehouse;
    for (int piece = 0; piece < 5; ++piece) {
      Fold rows({0});
      const Piece history = random_piece(rows, source, random);
      std::set<std::string> wanted;
      for (const RowNumber row : rows.fold.wanted(history.changes)) wanted.insert(rows.field(row, 0));
      for (const auto& [key, text] : warehouse) {
        if (wanted.contains(key)) rows.fold.add_current(rows.row(key, text), false);
      }
      for (size_t i = 0; i < history.changes.size(); ++i) {
        EXPECT_EQ(rows.text_of(rows.fold.apply(history.changes[i]).before), history.expected_before[i]);
      }
      std::erase_if(warehouse, [&](const auto& each) { return wanted.contains(each.first); });
      for (const CurrentRow& current : rows.fold.rows()) {
        if (current.count == 0) continue;
        const std::string key = rows.field(current.row, 0);
        EXPECT_FALSE(warehouse.contains(key));
        warehouse[key] = rows.field(current.row, 1);
      }
      EXPECT_EQ(warehouse, source);
    }
  }
}

}  // namespace
}  // namespace garland::ingest::postgres
