// Lands a source's files in its raw table, each exactly once.
//
// A file is known by its path (file_store.h) and by the XXH3-128 hash of its uncompressed bytes. Neither size nor time
// of change is trusted; only an object of S3 whose ETag is still that of the bytes that this process hashed is not
// fetched again.
//   same path, same hash                 unchanged: skipped
//   same path, other hash                its rows are replaced in one transaction
//   new path, hash of a file that stands a duplicate delivery: skipped and reported, unless the source allows them
//   a file gone                          its rows stay
// A file that changed while it was read is read again; after three times it is refused.
// Every raw row has _source, _position ("path:line", physical line from 1), _batch_id and _loaded_at (UTC).
//
// A file that breaks its source's contract (contract.h) is refused whole. The contract is looked at when the file is
// loaded, not again while it stands.
//
// Refused records go to ops.rejects in the file's transaction. When more than max_reject_share of a file's lines are
// refused, or the file as a whole is unreadable (damaged gzip or zstd data, a header that does not fit), nothing of it
// is loaded; what is wrong with it is written to ops.rejects and ops.batches in a transaction of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/files/config.h"
#include "ingest/files/file_store.h"
#include "ingest/sensitive/vault.h"

namespace garland::ingest {

enum class FileState { kLoaded, kReplaced, kUnchanged, kDuplicate, kRefused };

struct RefusedLine {
  uint64_t line;
  std::string reason;
};

struct FileReport {
  std::string path;  // as ops.batches has it
  FileState state = FileState::kUnchanged;
  uint64_t rows = 0;                        // loaded now
  uint64_t lines = 0;                       // physical lines read now
  uint64_t rejected = 0;                    // records refused now, also of a file refused whole
  uint64_t bytes = 0;                       // uncompressed, read now
  std::vector<RefusedLine> first_refusals;  // the first kShownRefusals
  std::string reason;                       // kRefused: why; kDuplicate: "the same content as 2011-12-09.csv.gz"
  std::string hint;                         // kRefused: how to mend it, maybe empty
  std::string notice;                       // kLoaded, kReplaced: how its header differs from the columns, maybe empty
};
inline constexpr size_t kShownRefusals = 5;

struct LoadReport {
  std::string source;
  std::string table;                                                             // schema.table
  std::vector<FileReport> files;                                                 // in order of their paths
  uint64_t loaded = 0, replaced = 0, unchanged = 0, duplicate = 0, refused = 0;  // files
  uint64_t rows = 0, rejected = 0, bytes = 0;
  std::vector<std::string> notices;  // for people: files' notices, columns that were added
  double seconds = 0;
  bool stopped = false;  // by the stop flag: files after the last one listed were not looked at
  /// Nothing was refused, neither a file nor a record.
  bool clean() const { return refused == 0 && rejected == 0; }
};

struct LoadProgress {
  uint64_t files_done = 0, files_total = 0;
  uint64_t rows = 0, rejected = 0, bytes = 0;  // so far
  const std::string* file = nullptr;           // being read
};

/// Loads what is new. Each session, which must be idle, reads one file at a time, beside the others where paths are
/// new; what becomes of the files is decided, and committed, in the order of their paths, as if one session did it all;
/// only the numbers of batches may come in another order.
/// Each file is a transaction. Throws for what concerns the source as a whole: a data folder or a bucket that is not
/// there (58P01) or cannot be reached (class 08, 42501), a raw table with other columns than the source's (42804), and
/// what the engine reports. `progress` is called about every 2,048 rows, on any of the threads but on one at a time.
/// `stop` set: the files being read are finished, then it returns. A source with sensitive columns needs the vault.
LoadReport load_files(std::span<engine::Session* const> sessions, const FileSource& source, const FileRoots& roots,
                      const Clock& clock, const std::function<void(const LoadProgress&)>& progress,
                      const std::atomic<bool>& stop, Vault* vault = nullptr);

}  // namespace garland::ingest
