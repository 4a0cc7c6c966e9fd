// Copies ranges of pages side by side, each in a transaction of its own.
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "ingest/postgres/applier.h"
#include "ingest/postgres/snapshot_ranges.h"
#include "ingest/sensitive/shared_originals.h"

namespace garland::ingest::postgres {

/// A range that is to be copied.
struct RangeTask {
  const SourceTable* table = nullptr;  // its target is the twin
  PageRange pages;
  bool is_last = false;  // of the table: it has no end
  std::string shape;
};

/// What one of them works with, alone.
struct SnapshotWorker {
  engine::Session* session = nullptr;
  std::unique_ptr<SourceConnection> data;  // sees the source at the snapshot's position
  std::unique_ptr<engine::Session> owned;  // nullptr: the capture's own session
};

/// One thread for each worker.
class SnapshotWorkers {
 public:
  SnapshotWorkers(const CaptureContext& context, const RangeLedger& ledger, Lsn position,
                  const std::atomic<bool>& stop);

  /// Returns when all ranges are there. `look` is called on this thread some times a second, with the rows that have
  /// been read so far and a table that is being read. Throws what the first of the threads threw, once all have ended;
  /// 57014 when `stop` is set meanwhile.
  void run(std::vector<SnapshotWorker>& workers, const std::vector<RangeTask>& tasks,
           const std::function<void(uint64_t rows, const RangeTask& task)>& look);
  /// Of the ranges copied by run().
  uint64_t rejected() const { return rejected_; }

 private:
  void work(SnapshotWorker& worker, const std::vector<RangeTask>& tasks);
  void copy(SnapshotWorker& worker, const RangeTask& task);
  void count(uint64_t rows);

  const CaptureContext& context_;
  const RangeLedger& ledger_;
  const Lsn position_;
  const std::atomic<bool>& stop_;
  std::atomic<bool> halt_{false};
  std::atomic<uint64_t> rows_{0}, rejected_{0};
  std::optional<SharedOriginals> shared_;  // of several threads, where the source has sensitive columns
  std::mutex mutex_;
  std::condition_variable ended_;  // a thread has
  size_t next_ = 0, running_ = 0;  // guarded by mutex_, as is failure_
  std::exception_ptr failure_;
};

}  // namespace garland::ingest::postgres
