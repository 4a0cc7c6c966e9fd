// What all sessions of an engine share: the one warehouse file of a data folder, its catalog, the locks.
#pragma once

#include <atomic>
#include <map>
#include <mutex>

#include "duck/database.h"
#include "embedded/activity.h"
#include "embedded/audit.h"
#include "embedded/durable_names.h"
#include "embedded/embedded.h"
#include "embedded/history.h"
#include "embedded/lock_file.h"
#include "embedded/locks.h"
#include "embedded/snapshot.h"

namespace garland::embedded {

/// Hands out identity values from memory; gaps are allowed, as in Redshift. Thread-safe.
class Identities {
 public:
  /// Makes the column's sequence known, if it is not yet: it goes on after `highest()`, the value farthest along that
  /// is stored.
  void prepare(Oid table, const semantics::ColumnDef& column, const std::function<std::optional<int64_t>()>& highest);
  struct Range {
    int64_t first;
    int64_t step;
  };
  /// The next `count` values of a column that prepare() made known. Throws 22003 when the sequence ends.
  Range take(Oid table, int16_t attnum, uint64_t count);
  void forget(Oid table);

 private:
  std::mutex mutex_;
  std::map<std::pair<Oid, int16_t>, Range> next_;
};

/// Thread-safe. Must outlive its sessions.
class Warehouse {
 public:
  /// Locks the folder, opens or makes the file, loads the catalog. Errors as embedded::open().
  explicit Warehouse(const Options& options);
  Warehouse(const Warehouse&) = delete;
  Warehouse& operator=(const Warehouse&) = delete;
  ~Warehouse();

  const Options& options() const { return options_; }
  duck::Database& database() { return *database_; }
  LockTable& locks() { return locks_; }
  CommitHistory& history() { return history_; }
  Watchdog& watchdog() { return watchdog_; }
  History& history_of_queries() { return history_of_queries_; }
  Audit& audit() { return *audit_; }
  Identities& identities() { return identities_; }
  /// Of the data folder: a commit is durable when they are.
  DurableNames& names() { return names_; }
  Oid next_oid() { return ++last_oid_; }
  LockOwner next_owner() { return ++last_owner_; }
  /// Held while a transaction takes DuckDB's snapshot and the catalog's, and while a commit changes both.
  std::mutex& gate() { return gate_; }
  /// The latest committed catalog.
  CatalogSnapshotPtr catalog() const;
  /// With the gate held.
  void publish(CatalogSnapshotPtr catalog);

 private:
  void open_file();

  Options options_;
  LockFile lock_file_;
  DurableNames names_;
  std::unique_ptr<duck::Database> database_;
  LockTable locks_;
  CommitHistory history_;
  History history_of_queries_;
  Identities identities_;
  std::atomic<Oid> last_oid_{0};
  std::atomic<LockOwner> last_owner_{0};
  std::mutex gate_;
  mutable std::mutex catalog_mutex_;
  CatalogSnapshotPtr catalog_;
  Watchdog watchdog_;
  std::unique_ptr<Audit> audit_;
};

}  // namespace garland::embedded
