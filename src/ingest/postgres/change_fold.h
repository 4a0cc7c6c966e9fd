// Folds a table's changes, in their order, into what they leave behind: the rows before and after each, and the rows
// that are there at the end. Rows are numbers of a store; those that stand in the warehouse are put there for it.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "ingest/postgres/messages.h"
#include "ingest/postgres/row_key.h"
#include "ingest/postgres/row_store.h"

namespace garland::ingest::postgres {

enum class Op : uint8_t { kInsert, kUpdate, kDelete };

/// Where a change stands in the source's log.
struct ChangePlace {
  Lsn lsn = 0;               // of its commit
  uint64_t sequence = 0;     // within its transaction, from 1
  int64_t committed_us = 0;  // since 1970-01-01 UTC
};

/// A change of a row: an insert, update or delete.
struct RowChange {
  Op op = Op::kInsert;
  ChangePlace place;
  RowNumber before = kNoRow, after = kNoRow;
  bool before_is_key = false;  // only its key columns are known
  bool faulty = false;         // its row could not be read (only the key of `after` is known) and was rejected
};

/// What a change did.
struct Outcome {
  RowNumber before = kNoRow, after = kNoRow;
  /// The row after it is not known: an unchanged large value belongs to a version that was rejected.
  bool unresolved = false;
};

struct CurrentRow {
  uint64_t count = 0;  // more than 1 only without a key
  bool stale = false;  // a later version was rejected
  RowNumber row = kNoRow;
  ChangePlace place;
};

class ChangeFold {
 public:
  /// Both must outlive it. Rows are added to `store` where a change leaves values out.
  ChangeFold(RowStore& store, const RowKey& key) : store_(store), key_(key) {}

  /// Rows whose keys' rows must be given by add_current() before the changes are applied, each key once.
  std::vector<RowNumber> wanted(const std::vector<RowChange>& changes) const;
  void add_current(RowNumber row, bool stale);

  Outcome apply(const RowChange& change);
  /// What the change says by itself, whatever stands in the warehouse; nothing is remembered.
  Outcome pass(const RowChange& change);

  /// What is there after the changes, among the rows that they touched, in the order in which they did.
  const std::vector<CurrentRow>& rows() const { return rows_; }

 private:
  std::string key_of(RowNumber row) const { return key_.of(store_.columns(), row); }
  CurrentRow& current(std::string key);
  void put(const RowChange& change, RowNumber row);
  Outcome update(const RowChange& change);
  Outcome remove(const RowChange& change);
  void spoil(const RowChange& change);

  RowStore& store_;
  const RowKey& key_;
  std::vector<CurrentRow> rows_;
  std::unordered_map<std::string, size_t> by_key_;  // their numbers in rows_
};

}  // namespace garland::ingest::postgres
