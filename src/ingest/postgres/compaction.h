// Makes successive changes of a row, in a stretch of a change log, one change: the row before the first of them, the
// row after the last, at the last one's position. Whoever replays the log gets the same rows at the stretch's end.
//
// What becomes of a row's changes: insert … delete → nothing; insert … → insert; … delete → delete; else update (a row
// that was deleted and inserted again was changed). Changes on both sides of a TRUNCATE stay apart. A row whose key
// changes in the stretch, or whose delete was never seen (`_gap`), keeps all its changes there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace garland::ingest::postgres {

/// A change log whose rows have a key, from a snapshot on: its keys are of one kind and its positions grow.
struct ChangeLog {
  std::string schema, table;     // not quoted
  std::vector<std::string> key;  // columns
  int64_t snapshot_batch_id = 0;
};

/// Changes with positions from `from` up to and without `to`.
struct LogStretch {
  int64_t from = 0, to = 0;  // _lsn
  uint64_t changes = 0;      // about how many
};

/// In transactions of its own, each of about as many changes as are written in a second, and again where others' writes
/// came between. Returns by how many rows the log is shorter. Done twice, the second time does nothing. Throws what the
/// engine throws.
uint64_t compact(engine::Session& session, const ChangeLog& log, const LogStretch& stretch);

}  // namespace garland::ingest::postgres
