#include "ingest/postgres/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "base/failpoint.h"
#include "ingest/postgres/snapshot_follow.h"
#include "ingest/postgres/snapshot_twin.h"
#include "ingest/postgres/snapshot_workers.h"
#include "ingest/postgres/source_copy.h"
#include "ingest/postgres/source_shape.h"

namespace garland::ingest::postgres {
namespace {

/// Of a range: 32 MB at the source, a second's work or so.
constexpr int64_t kRangePages = 4096;
constexpr int64_t kFewestPages = 64;
constexpr unsigned kMostThreads = 4;  // unless garland.toml says so: the shop has other work

/// How many rows the source thinks a table has; 0 when it does not know.
uint64_t estimate(SourceConnection& connection, const SourceTable& table) {
  const auto rows = connection.query("select greatest(reltuples, 0)::bigint from pg_catalog.pg_class where oid = $1",
                                     {std::to_string(table.oid)});
  return rows.empty() ? 0 : std::stoull(rows.front().front().value_or("0"));
}

class Snapshot {
 public:
  Snapshot(const CaptureContext& context, SourceConnection& replication, const std::vector<SourceTable>& tables,
           const SnapshotAttempt& attempt, const std::atomic<bool>& stop,
           const std::function<void(const SnapshotProgress&)>& progress)
      : context_(context),
        replication_(replication),
        attempt_(attempt),
        stop_(stop),
        progress_(progress),
        ledger_(context.source, attempt.number, context.clock) {
    for (const SourceTable& table : tables) {
      if (table.configured.current_rows) {
        tables_.push_back({table, twin_of(table)});
      } else {
        logged_.push_back(table);
      }
    }
  }

  SnapshotResult run() {
    for (const Table& table : tables_) prepare_raw_tables(context_, table.source);
    for (const SourceTable& table : logged_) prepare_raw_tables(context_, table);
    look_at_source();
    if (attempt_.state) go_on(*attempt_.state);
    for (const Table& table : tables_) {
      if (table.copied.empty()) make_twin(context_, table.source);
    }
    copy();
    return publish();
  }

 private:
  struct Table {
    SourceTable source, twin;
    SourceShape shape;
    std::vector<CopiedRange> copied;
    bool replaces = false;  // a raw table that was there before

    std::vector<PageRange> pages() const {
      std::vector<PageRange> pages;
      for (const CopiedRange& range : copied) pages.push_back(range.pages);
      return pages;
    }
  };

  /// The snapshot, and the tables as it finds them; they stay so while its first connection is open.
  void look_at_source() {
    std::optional<SourceConnection> exporter;
    if (attempt_.state) {
      exporter.emplace(context_.source, SourceConnection::Use::kReplication);
      exported_ = create_slot(*exporter, passing_slot(context_.source, "_snapshot"), SlotKind::kTemporary);
    } else {
      exported_ = create_slot(replication_, context_.source.slot, SlotKind::kLasting);
    }
    const unsigned cores = std::clamp(std::thread::hardware_concurrency(), 1u, kMostThreads);
    const unsigned threads = context_.open_session ? context_.source.snapshot_threads.value_or(cores) : 1;
    while (workers_.size() < threads) workers_.push_back({nullptr, connect_to(context_.source, exported_), nullptr});
    for (Table& table : tables_) {
      keep_in_place(*workers_.front().data, table.source);
      table.shape = read_shape(*workers_.front().data, table.source);
      shown_.expected += estimate(context_.queries, table.source);
    }
    shown_.tables_total = tables_.size();
  }

  // ---- what an earlier run has copied

  void go_on(const SnapshotState& state) {
    for (Table& table : tables_) {
      std::ranges::copy_if(state.ranges, std::back_inserter(table.copied),
                           [&](const CopiedRange& range) { return range.table == table.source.oid; });
      if (table.copied.empty()) continue;
      const auto has_this_shape = [&](const CopiedRange& range) { return range.shape == table.shape.hash; };
      if (!table.shape.can_be_followed) {
        begin_anew(table, "its rows have no key");
      } else if (!std::ranges::all_of(table.copied, has_this_shape)) {
        begin_anew(table, "it was changed or rewritten meanwhile");
      } else {
        give_up_rejected(table);
      }
    }
    follow(state.position);
  }

  /// Nobody could tell which of the rejects are of rows that were touched since.
  void give_up_rejected(Table& table) {
    engine::Transaction transaction(context_.session);
    std::erase_if(table.copied, [&](const CopiedRange& range) {
      if (range.rejected == 0) return false;
      engine::run(context_.session, fmt::format("delete from {} where _batch_id = {}",
                                                raw_table(context_.source, table.twin.configured), range.batch_id));
      drop_rejects_of(range);
      ledger_.set_void(context_.session, table.source, range.pages, next_batch_id(context_.session));
      return true;
    });
    transaction.commit();
  }

  void begin_anew(Table& table, const std::string& why) {
    context_.notice(fmt::format("table {} is copied anew: {}", table.source.configured.text(), why));
    engine::Transaction transaction(context_.session);
    for (const CopiedRange& range : table.copied) drop_rejects_of(range);
    ledger_.set_void(context_.session, table.source, {0, kEndOfPages}, next_batch_id(context_.session));
    transaction.commit();
    table.copied.clear();
  }

  /// They come again with their rows.
  void drop_rejects_of(const CopiedRange& range) {
    if (range.rejected == 0) return;
    engine::run(context_.session, fmt::format("delete from ops.rejects where batch_id = {}", range.batch_id));
  }

  /// Brings what was copied at `position` to this snapshot's.
  void follow(Lsn position) {
    std::vector<const SourceTable*> copied;
    for (const Table& table : tables_) {
      if (!table.copied.empty()) copied.push_back(&table.source);
    }
    if (copied.empty()) return;
    auto touched = read_touched(context_, replication_, copied, position, exported_.position, stop_);
    for (Table& table : tables_) {
      if (!table.copied.empty() && touched[table.source.oid].all) begin_anew(table, "too many of its rows changed");
    }
    while (Table* const table = exchange(touched)) {
      begin_anew(*table, "a row that changed meanwhile cannot be taken");
    }
  }

  /// The table for which it cannot be done; nullptr: it is done for all.
  Table* exchange(const std::map<Oid, TouchedRows>& touched) {
    engine::Transaction transaction(context_.session);
    const int64_t started_us = context_.clock.now_us();
    const int64_t id = next_batch_id(context_.session);
    RejectWriter rejects(context_.session, context_.source.name, "", id, started_us, context_.vault);
    std::optional<VaultWriter> originals;
    if (context_.vault) originals.emplace(*context_.vault, context_.session, id, started_us);
    const BatchContext batch{id, started_us, &rejects, originals ? &*originals : nullptr};
    uint64_t rows = 0;
    for (Table& table : tables_) {
      if (table.copied.empty()) continue;
      const auto found = exchange_touched(context_, *workers_.front().data, table.twin, touched.at(table.source.oid),
                                          table.pages(), exported_.position, batch);
      if (!found) return &table;
      rows += *found;
    }
    ledger_.followed(context_.session, id, exported_.position, rows, started_us);
    failpoint(Failpoint::kCdcFollow);
    transaction.commit();
    if (originals) originals->committed();
    return nullptr;
  }

  // ---- what is missing

  std::vector<RangeTask> tasks() const {
    std::vector<RangeTask> tasks;
    for (const Table& table : tables_) {
      const int64_t step = std::max(kRangePages / table.shape.partitions, kFewestPages);
      for (const PageRange& pages : missing_ranges(table.shape.pages, step, table.pages())) {
        tasks.push_back({&table.twin, pages, pages.to >= table.shape.pages, table.shape.hash});
      }
    }
    return tasks;
  }

  void copy() {
    const std::vector<RangeTask> missing = tasks();
    workers_.resize(std::clamp<size_t>(missing.size(), 1, workers_.size()));
    for (SnapshotWorker& worker : workers_) {
      if (&worker != &workers_.front()) worker.owned = context_.open_session();
      worker.session = worker.owned ? worker.owned.get() : &context_.session;
    }
    uint64_t before = 0;
    for (const Table& table : tables_) {
      for (const CopiedRange& range : table.copied) before += range.rows, rejected_ += range.rejected;
    }
    SnapshotWorkers workers(context_, ledger_, exported_.position, stop_);
    if (!missing.empty())
      workers.run(workers_, missing, [&](uint64_t rows, const RangeTask& task) {
        shown_.rows = before + rows;
        shown_.table = task.table->configured.text();
        shown_.tables_done = static_cast<size_t>(
            std::ranges::find(tables_, task.table, [](const Table& table) { return &table.twin; }) - tables_.begin());
        progress_(shown_);
      });
    rejected_ += workers.rejected();
    workers_.clear();  // the source's transactions end
  }

  SnapshotResult publish() {
    engine::Session& session = context_.session;
    for (Table& table : tables_) table.replaces = has_raw_table(context_, table.source);
    engine::Transaction transaction(session);
    const auto offset = read_offset(session, context_.source.name);
    if (!offset || offset->batch_id != attempt_.number) {
      throw Error(
          kObjectNotInPrerequisiteState,
          fmt::format("a new snapshot of source \"{}\" was asked for while this one was taken", context_.source.name));
    }
    BatchSummary summary{.status = "snapshot", .position = exported_.position, .started_us = context_.clock.now_us()};
    const int64_t id = next_batch_id(session);
    const BatchContext batch{id, summary.started_us};
    for (const Table& table : tables_) {
      const uint64_t rows = publish_twin(context_, table.source, table.replaces, exported_.position, batch);
      write_captured_table(session, context_.source, table.source, id, exported_.position, rows, context_.clock);
      summary.changes += rows;
    }
    for (const SourceTable& table : logged_) {
      write_captured_table(session, context_.source, table, id, exported_.position, 0, context_.clock);
    }
    summary.rejected = rejected_;
    write_offset(session, context_.source, id, context_.identity, summary, context_.clock);
    failpoint(Failpoint::kCdcCommit);
    transaction.commit();
    failpoint(Failpoint::kCdcCommitted);
    return {summary.changes, summary.rejected, exported_.position};
  }

  const CaptureContext& context_;
  SourceConnection& replication_;
  const SnapshotAttempt& attempt_;
  const std::atomic<bool>& stop_;
  const std::function<void(const SnapshotProgress&)>& progress_;
  const RangeLedger ledger_;
  std::vector<Table> tables_;
  std::vector<SourceTable> logged_;  // of which only the changes are kept
  ExportedSnapshot exported_;
  std::vector<SnapshotWorker> workers_;
  SnapshotProgress shown_;
  uint64_t rejected_ = 0;
};

}  // namespace

SnapshotResult take_snapshot(const CaptureContext& context, SourceConnection& replication,
                             const std::vector<SourceTable>& tables, const SnapshotAttempt& attempt,
                             const std::atomic<bool>& stop,
                             const std::function<void(const SnapshotProgress&)>& progress) {
  return Snapshot(context, replication, tables, attempt, stop, progress).run();
}

}  // namespace garland::ingest::postgres
