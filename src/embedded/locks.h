// Table locks: they serialise the writers of one table, because DuckDB lets an UPDATE and a DELETE of one row both
// commit. INSERT, COPY and load take kShared, UPDATE, DELETE and MERGE kExclusive, DDL and TRUNCATE kAccessExclusive;
// all until the end of the transaction. Readers take none: they read their snapshot. Names that a transaction makes,
// drops or renames are locked too.
#pragma once

#include <compare>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "semantics/catalog.h"

namespace garland::embedded {

enum class LockMode : uint8_t { kShared, kExclusive, kAccessExclusive };

/// A relation (by oid), or a name in a schema ("schema.name"; a schema itself: "name").
struct LockKey {
  semantics::Oid relation = 0;
  std::string name;
  friend auto operator<=>(const LockKey&, const LockKey&) = default;
};

/// Who holds locks: a session's number.
using LockOwner = uint64_t;

/// Thread-safe. Waiting requests are served in their order; a holder that asks for more goes first.
class LockTable {
 public:
  /// Waits until the lock is held. `cancelled` is asked under the table's mutex, at the start and after each wake();
  /// what it throws ends the wait. Throws 40P01 when waiting would close a circle. `before_wait` is called once, without
  /// the mutex, when the lock is not free.
  void acquire(LockOwner owner, const LockKey& key, LockMode mode, const std::function<void()>& cancelled,
               const std::function<void()>& before_wait = {});
  void release_all(LockOwner owner);
  /// Makes the owner's wait ask `cancelled` again.
  void wake(LockOwner owner);
  /// The owner waits, and what has been released so far does not let it go on.
  bool waits(LockOwner owner) const;
  /// Whether the owner holds the lock, or a stronger one.
  bool holds(LockOwner owner, const LockKey& key, LockMode mode) const;

 private:
  struct Request {
    LockOwner owner;
    const LockKey* key;
    LockMode mode;
  };
  struct Entry {
    std::map<LockOwner, LockMode> held;
    std::list<Request> queue;
  };
  bool grantable(const Entry& entry, std::list<Request>::const_iterator request) const;
  std::set<LockOwner> blockers(LockOwner owner) const;
  bool closes_circle(LockOwner owner) const;
  void wait_for(std::unique_lock<std::mutex>& lock, Entry& entry, std::list<Request>::iterator request,
                const std::function<void()>& cancelled, const std::function<void()>& before_wait);
  void forget_if_free(const LockKey& key);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<LockKey, Entry> entries_;
  std::map<LockOwner, std::list<Request>::iterator> waiting_;
};

/// When tables were last written by a committed transaction, in numbers that grow with commits. A transaction remembers
/// the number at its snapshot; a write to a table that changed later would build on rows it has not seen (40001,
/// Redshift's 1023). An INSERT elsewhere does not harm an INSERT, UPDATE or DELETE, but DDL would take its rows away
/// unseen. Thread-safe.
class CommitHistory {
 public:
  uint64_t current() const;
  /// The locks of a transaction that committed; after DuckDB's commit, before they are released.
  void record(const std::map<LockKey, LockMode>& held);
  /// The last commit that a write under this lock must have seen.
  uint64_t last_change(const LockKey& key, LockMode mode) const;

 private:
  struct Last {
    uint64_t shared = 0;     // INSERT, COPY, load
    uint64_t exclusive = 0;  // UPDATE, DELETE, MERGE, TRUNCATE, DDL
  };
  mutable std::mutex mutex_;
  uint64_t current_ = 0;
  std::map<LockKey, Last> last_;
};

}  // namespace garland::embedded
