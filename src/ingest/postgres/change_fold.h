// Folds a table's changes, in their order, into what they leave behind: the rows before and after each, and the rows
// that are there at the end. Pure: rows that stand in the warehouse are given to it.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "ingest/postgres/messages.h"
#include "ingest/postgres/row_image.h"

namespace garland::ingest::postgres {

enum class Op : uint8_t { kInsert, kUpdate, kDelete };

/// Where a change stands in the source's log.
struct ChangePlace {
  Lsn lsn = 0;               // of its commit
  uint64_t sequence = 0;     // within its transaction, from 1
  int64_t committed_us = 0;  // since 1970-01-01 UTC
};

struct RowChange {
  Op op = Op::kInsert;
  ChangePlace place;
  std::optional<size_t> before, after;  // numbers of images
  bool before_is_key = false;           // only its key columns are known
  bool faulty = false;                  // its row could not be read (only the key of `after` is known) and was rejected
};

/// What a change did. Points into the fold, valid until the next apply().
struct Outcome {
  const RowImage* before = nullptr;  // nullptr: there was none
  const RowImage* after = nullptr;
  /// The row after it is not known: an unchanged large value belongs to a version that was rejected.
  bool unresolved = false;
};

struct CurrentRow {
  uint64_t count = 0;  // more than 1 only without a key
  bool stale = false;  // a later version was rejected
  RowImage image;
  ChangePlace place;
};

class ChangeFold {
 public:
  /// `names` of the columns; `key`: the numbers of the key's, none where rows are told apart by all of their values.
  ChangeFold(std::vector<std::string> names, std::vector<size_t> key)
      : names_(std::move(names)), key_(std::move(key)) {}

  /// The text that tells the row from others: equal for equal keys, exactly.
  std::string key_of(const RowImage& image) const;
  bool keyless() const { return key_.empty(); }

  /// The keys whose rows must be given by add_current() before the changes are applied.
  std::set<std::string> wanted(const std::vector<RowChange>& changes, const std::vector<RowImage>& images) const;
  void add_current(RowImage image, bool stale);

  Outcome apply(const RowChange& change, const std::vector<RowImage>& images);

  /// What is there after the changes, among the rows that they touched.
  const std::unordered_map<std::string, CurrentRow>& rows() const { return rows_; }

 private:
  Outcome insert(const RowChange& change, const RowImage& after);
  Outcome update(const RowChange& change, const RowImage* before, const RowImage& after);
  Outcome remove(const RowChange& change, const RowImage& before);
  Outcome spoil(const RowChange& change, const std::string& old_key, const std::string& new_key);
  void take_one(CurrentRow& row);

  std::vector<std::string> names_;
  std::vector<size_t> key_;
  std::unordered_map<std::string, CurrentRow> rows_;
  RowImage before_, after_;  // of the last outcome
};

}  // namespace garland::ingest::postgres
