// Failpoints: places where a test makes the process die, fail or wait, to see that nothing is lost or doubled
// (tests/crash). None is set unless the environment says so, before anything else runs:
//
//   GARLAND_FAILPOINTS=cdc.committed=kill@3,checkpoint=kill:2,publish=error,cdc.received=sleep:50@7
//
//   kill      SIGKILL at once; kill:MS that much later, while the work goes on
//   error     throws 58030
//   sleep:MS  waits, and says so on stderr when it begins
//
// `@n`: at the n-th time that the process passes the point, otherwise at the first. `error` and `sleep` act once.
#pragma once

#include <atomic>
#include <string_view>

namespace garland {

enum class Failpoint {
  kCdcReceived,      // a message of the source has arrived
  kCdcDecoded,       // one of its changes is in memory as a row
  kCdcSpooled,       // a change of a transaction that is not committed yet is put aside
  kCdcAppended,      // changes of one table are in the warehouse's transaction, others are not
  kCdcRange,         // a range of a snapshot has been committed, others have not
  kCdcFollow,        // what a snapshot has copied stands at a later position, in a transaction that is open
  kCdcCommit,        // the batch or snapshot is whole, its commit is next
  kCdcCommitted,     // the warehouse has it, nobody knows
  kCdcAcknowledge,   // the slot is about to hear of it
  kCdcAcknowledged,  // the slot has been told
  kCheckpoint,       // the warehouse's log is about to go into its file
  kVaultWrite,       // originals are about to be written
  kPublish,          // some of a run's tables have their new names, in a transaction that is open
};

/// What GARLAND_FAILPOINTS says; nullptr: nothing. Called once, while the process has one thread. Throws 22023 for a
/// name or an action that there is not.
void set_failpoints(const char* text);

namespace internal {
inline std::atomic<bool> failpoints_set{false};
void pass(Failpoint point);
}  // namespace internal

/// One load when none is set. From any thread; throws only what `error` asks for.
inline void failpoint(Failpoint point) {
  if (internal::failpoints_set.load(std::memory_order_relaxed)) internal::pass(point);
}

}  // namespace garland
