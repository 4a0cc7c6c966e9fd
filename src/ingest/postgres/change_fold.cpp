#include "ingest/postgres/change_fold.h"

#include <unordered_set>

namespace garland::ingest::postgres {
namespace {

void take_one(CurrentRow& row) {
  if (row.count > 0) --row.count;
}

}  // namespace

std::vector<RowNumber> ChangeFold::wanted(const std::vector<RowChange>& changes) const {
  std::vector<RowNumber> rows;
  std::unordered_set<std::string> seen;
  for (const RowChange& change : changes) {
    const RowNumber row = change.before != kNoRow ? change.before : change.after;
    if (row == kNoRow) continue;
    if (change.op != Op::kInsert) {
      if (seen.insert(key_of(row)).second) rows.push_back(row);
    } else if (!key_.keyless() && !change.faulty) {
      seen.insert(key_of(row));  // new in these changes, so that the warehouse has no such row
    }
  }
  return rows;
}

CurrentRow& ChangeFold::current(std::string key) {
  const auto [found, is_new] = by_key_.try_emplace(std::move(key), rows_.size());
  return is_new ? rows_.emplace_back() : rows_[found->second];
}

void ChangeFold::add_current(RowNumber row, bool stale) {
  CurrentRow& standing = current(key_of(row));
  ++standing.count;
  standing.stale = stale;
  standing.row = row;
}

Outcome ChangeFold::apply(const RowChange& change) {
  if (change.faulty) {
    if (change.after != kNoRow && change.op != Op::kInsert) spoil(change);
    return {};
  }
  switch (change.op) {
    case Op::kInsert:
      put(change, change.after);
      return {.after = change.after};
    case Op::kUpdate:
      return update(change);
    case Op::kDelete:
      return remove(change);
  }
  return {};
}

Outcome ChangeFold::pass(const RowChange& change) {
  RowNumber after = change.after;
  if (!change.faulty && after != kNoRow && !store_.is_whole(after)) {
    if (change.before == kNoRow || change.before_is_key) return {.unresolved = true};
    after = store_.complete(after, change.before);
  }
  return {.before = change.before, .after = after};
}

void ChangeFold::put(const RowChange& change, RowNumber row) {
  CurrentRow& now = current(key_of(row));
  now.count = key_.keyless() ? now.count + 1 : 1;
  now.stale = false;
  now.row = row;
  now.place = change.place;
}

Outcome ChangeFold::update(const RowChange& change) {
  const bool sent_whole = change.before != kNoRow && !change.before_is_key;
  CurrentRow& old = current(key_of(change.before != kNoRow ? change.before : change.after));
  const RowNumber known = old.count > 0 && !old.stale ? old.row : kNoRow;
  const RowNumber base = sent_whole ? change.before : known;
  RowNumber after = change.after;
  if (!store_.is_whole(after)) {
    if (base == kNoRow) {
      spoil(change);
      return {.unresolved = true};
    }
    after = store_.complete(after, base);
  }
  const RowNumber before = sent_whole ? change.before : old.count > 0 ? old.row : change.before;
  take_one(old);
  put(change, after);
  return {.before = before, .after = after};
}

Outcome ChangeFold::remove(const RowChange& change) {
  CurrentRow& row = current(key_of(change.before));
  const RowNumber before = change.before_is_key && row.count > 0 ? row.row : change.before;
  take_one(row);
  return {.before = before};
}

/// The new row was rejected: the old one stays, marked; under another key it is gone.
void ChangeFold::spoil(const RowChange& change) {
  const std::string new_key = key_of(change.after);
  const std::string old_key = change.before != kNoRow ? key_of(change.before) : new_key;
  CurrentRow& row = current(old_key);
  if (old_key != new_key) {
    take_one(row);
  } else if (row.count > 0) {
    row.stale = true;
    row.place = change.place;
  }
}

}  // namespace garland::ingest::postgres
