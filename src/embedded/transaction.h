// One session's transaction: DuckDB's, the catalog as it sees it, its locks. They begin and end together.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <vector>

#include "duck/connection.h"
#include "embedded/warehouse.h"

namespace garland::embedded {

/// Used by the session's thread. Idle until start(); start() takes DuckDB's snapshot and the catalog's at one moment.
/// Locks may be taken before, so that the snapshot comes after the wait.
class Transaction {
 public:
  /// `cancelled` throws when the statement was stopped; it is asked while waiting for locks, of which `waits` (may be
  /// null) is told.
  Transaction(Warehouse& warehouse, duck::Connection& connection, std::function<void()> cancelled,
              engine::WaitObserver* waits);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  LockOwner owner() const { return owner_; }
  bool started() const { return started_; }
  /// Another one after each commit or rollback.
  uint64_t number() const { return number_; }
  void start();
  /// Waits for the lock. Throws 40P01, 57014, and 40001 when the snapshot is older than the key's last change.
  /// `relation` is for messages.
  void lock(const LockKey& key, LockMode mode, const std::string& relation);

  /// As this transaction sees it: with its own changes; the latest committed one when it has not started.
  CatalogSnapshotPtr catalog() const;
  /// The session's temporary tables, in the schema temporary_schema().
  CatalogSnapshotPtr temporary() const { return temporary_; }
  std::string temporary_schema() const { return "pg_temp_" + std::to_string(owner_); }
  /// Writes the change to the stored catalog and makes it visible here; visible to all after commit. The transaction
  /// must be started.
  void change(const CatalogChange& change);

  /// Rows of the table that stood there were changed or deleted.
  void changed_rows(Oid table) { changed_rows_.insert(table); }
  bool has_changed_rows(Oid table) const { return changed_rows_.contains(table); }

  /// For the user log, once this is committed.
  void note(AccessRecord change) { noted_.push_back(std::move(change)); }

  /// Durable when it returns. On an error (DuckError) everything is rolled back.
  void commit();
  void rollback() noexcept;

 private:
  bool is_temporary(const CatalogChange& change) const;
  void publish();
  void forget();

  Warehouse& warehouse_;
  duck::Connection& connection_;
  std::function<void()> cancelled_;
  engine::WaitObserver* waits_;
  const LockOwner owner_;
  duck::Prepared begin_, touch_, commit_;  // prepared: DuckDB plans each text anew, which costs more than running it
  bool started_ = false;
  uint64_t number_ = 1;
  uint64_t snapshot_number_ = 0;
  CatalogSnapshotPtr catalog_;          // while started
  std::vector<CatalogChange> changes_;  // not those of temporary tables
  CatalogSnapshotPtr temporary_;
  CatalogSnapshotPtr committed_temporary_;
  std::map<LockKey, LockMode> held_;
  std::set<Oid> changed_rows_;
  std::vector<AccessRecord> noted_;
};

}  // namespace garland::embedded
