// Brings rows that were copied under one snapshot of the source to a later one, so that a snapshot that was killed goes
// on with the ranges it lacks under a new one.
//
// The source's log between both says which rows were touched, by their keys. They are deleted from what was copied and
// read again under the later snapshot, as far as they lie on copied pages now; those that lie elsewhere come with the
// ranges that are still to be read. A row that was not touched lies where it lay, so each row is there once. It does no
// harm to take a row as touched that was not, or to do it all again.
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "ingest/postgres/applier.h"
#include "ingest/postgres/snapshot_ranges.h"

namespace garland::ingest::postgres {

struct TouchedRows {
  std::unordered_set<std::string> keys;  // each as a list of literals in the source's SQL
  /// The table was truncated, or so many rows were touched that copying all of it anew is less work.
  bool all = false;
};

/// What transactions that the source committed from `from` on and before `to` touched in these tables, by their
/// numbers; reads the slot's stream without acknowledging anything. In memory are at most kMostTouched keys, of all
/// tables together. Throws 57014 when `stop` is set meanwhile.
std::map<Oid, TouchedRows> read_touched(const CaptureContext& context, SourceConnection& replication,
                                        const std::vector<const SourceTable*>& tables, Lsn from, Lsn to,
                                        const std::atomic<bool>& stop);
inline constexpr size_t kMostTouched = 1'000'000;

/// In the open transaction: exchanges the touched rows of `table`, whose target is where the ranges were copied to, for
/// those that `data`, which sees the source at `position`, finds on the pages of `ranges`. Gives how many it found;
/// nothing when one of them cannot be taken: then the transaction must be given up.
std::optional<uint64_t> exchange_touched(const CaptureContext& context, SourceConnection& data,
                                         const SourceTable& table, const TouchedRows& touched,
                                         const std::vector<PageRange>& ranges, Lsn position, const BatchContext& batch);

}  // namespace garland::ingest::postgres
