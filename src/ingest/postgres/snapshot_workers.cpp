#include "ingest/postgres/snapshot_workers.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/failpoint.h"
#include "ingest/postgres/range_copy.h"

namespace garland::ingest::postgres {
namespace {

constexpr std::chrono::milliseconds kLook{100};

}  // namespace

SnapshotWorkers::SnapshotWorkers(const CaptureContext& context, const RangeLedger& ledger, Lsn position,
                                 const std::atomic<bool>& stop)
    : context_(context), ledger_(ledger), position_(position), stop_(stop) {}

void SnapshotWorkers::run(std::vector<SnapshotWorker>& workers, const std::vector<RangeTask>& tasks,
                          const std::function<void(uint64_t, const RangeTask&)>& look) {
  if (context_.vault && workers.size() > 1) shared_.emplace(*context_.vault, context_.open_session(), context_.clock);
  running_ = workers.size();
  {
    std::vector<std::jthread> threads;
    for (SnapshotWorker& worker : workers) threads.emplace_back([&] { work(worker, tasks); });
    try {
      std::unique_lock lock(mutex_);
      while (running_ > 0) {
        ended_.wait_for(lock, kLook);
        const size_t at = std::clamp<size_t>(next_, 1, tasks.size()) - 1;
        lock.unlock();
        look(rows_, tasks[at]);
        lock.lock();
      }
    } catch (...) {  // whatever look() throws: goes on to the caller, once the workers have ended
      halt_ = true;
      throw;
    }
  }
  if (failure_) std::rethrow_exception(failure_);
}

void SnapshotWorkers::work(SnapshotWorker& worker, const std::vector<RangeTask>& tasks) {
  const auto next = [&]() -> const RangeTask* {
    const std::lock_guard lock(mutex_);
    return next_ < tasks.size() ? &tasks[next_++] : nullptr;
  };
  try {
    while (const RangeTask* task = next()) copy(worker, *task);
  } catch (...) {  // kept for run(), which throws the first one; later ones only follow from it
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
    halt_ = true;
  }
  const std::lock_guard lock(mutex_);
  --running_;
  ended_.notify_all();
}

void SnapshotWorkers::count(uint64_t rows) {
  rows_ += rows;
  if (stop_) throw Error(kQueryCanceled, "the snapshot was stopped; the next run goes on with it");
  if (halt_) throw Error(kQueryCanceled, "another part of the snapshot failed");
}

void SnapshotWorkers::copy(SnapshotWorker& worker, const RangeTask& task) {
  count(0);
  engine::Session& session = *worker.session;
  engine::Transaction transaction(session);
  const int64_t started_us = context_.clock.now_us();
  const int64_t id = next_batch_id(session);
  RejectWriter rejects(session, context_.source.name, "", id, started_us, context_.vault);
  std::optional<VaultWriter> own;
  if (context_.vault && !shared_) own.emplace(*context_.vault, session, id, started_us);
  OriginalWriter* const originals = shared_ ? static_cast<OriginalWriter*>(&*shared_) : own ? &*own : nullptr;
  const BatchContext batch{id, started_us, &rejects, originals};
  const std::string condition = task.is_last ? lies_from(task.pages.from) : lies_in({task.pages});
  const uint64_t rows =
      RangeCopy(context_, session, *task.table, position_, batch)
          .run(*worker.data, copy_sql(*worker.data, *task.table, condition), [&](uint64_t more) { count(more); });
  failpoint(Failpoint::kCdcAppended);
  ledger_.copied(session, *task.table, {task.table->oid, task.pages, task.shape, rows, rejects.count(), id}, position_,
                 started_us);
  transaction.commit();
  if (originals) originals->committed();
  rejected_ += rejects.count();
  failpoint(Failpoint::kCdcRange);
}

}  // namespace garland::ingest::postgres
