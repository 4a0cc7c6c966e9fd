#include "ingest/postgres/capture.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/failpoint.h"
#include "base/log.h"
#include "ingest/postgres/applier.h"
#include "ingest/postgres/patience.h"
#include "ingest/postgres/replication_stream.h"
#include "ingest/postgres/snapshot.h"

namespace garland::ingest::postgres {
namespace {

constexpr int kReceiveMs = 50;                // how soon a stop is seen
constexpr int64_t kBatchNs = 500'000'000;     // a batch of a busy source ends after so long
constexpr int64_t kReportNs = 1'000'000'000;  // the slot hears of us that often at least
constexpr int64_t kAskNs = 200'000'000;       // a quiet source is asked where it stands
constexpr Lsn kHeartbeatBytes = 16u << 20;    // log of other tables that passes before the position is written

Error unfit(const PostgresSource& source, const std::string& what) {
  return Error(kObjectNotInPrerequisiteState, fmt::format("source \"{}\" {}", source.name, what)).in(source.place);
}

/// One source's capture, over as many connections as it takes.
class Capture {
 public:
  Capture(engine::Session& session, const PostgresSource& source, const Clock& clock, CaptureUntil until,
          const std::function<void(const CaptureProgress&)>& progress, const std::atomic<bool>& stop)
      : session_(session),
        source_(source),
        clock_(clock),
        until_(until),
        progress_(progress),
        stop_(stop),
        patience_(clock, until == CaptureUntil::kCaughtUp ? std::optional(source.retry_s) : std::nullopt, stop) {
    report_.source = source.name;
  }

  /// Nothing that the source committed at `limit` or later.
  void take_until(Lsn limit) { target_ = limit_ = limit; }

  CaptureReport run() {
    const int64_t begun = clock_.steady_ns();
    create_state_tables(session_);
    while (!done_ && !stop_) {
      try {
        connect_and_follow();
        if (drift_) change_tables();
      } catch (const Error& error) {
        if (stop_ && error.state() == kQueryCanceled) break;
        patience_.pause(error);
      }
    }
    report_.stopped = !done_;
    report_.reconnects = patience_.pauses();
    report_.position = lsn_text(applied_);
    report_.seconds = static_cast<double>(clock_.steady_ns() - begun) / 1e9;
    return report_;
  }

 private:
  void change_tables() {
    if (++drifts_ > kMaxColumns) {  // each adds or widens a column
      throw Error(kInternalError, fmt::format("table {} keeps changing", drift_->table.text()));
    }
    change_raw_tables(session_, source_, drift_->table, drift_->plan);
    drift_.reset();
  }

  void note(const std::string& text) {
    if (std::ranges::find(report_.notices, text) != report_.notices.end()) return;
    spdlog::info("{}", text);
    report_.notices.push_back(text);
  }

  void connect_and_follow() {
    SourceConnection queries(source_, SourceConnection::Use::kQueries);
    for (const std::string& warning : check_server(queries, source_)) note(warning);
    SourceTypes types;
    const std::vector<SourceTable> tables = describe_tables(queries, source_, types);
    const auto offset = read_offset(session_, source_.name);
    const bool captured = offset && offset->status != "prepared";
    if (captured) check_tables(tables);
    prepare_publication(queries, source_, tables, captured);
    SourceConnection replication(source_, SourceConnection::Use::kReplication);
    CaptureContext context{session_,
                           source_,
                           queries,
                           types,
                           clock_,
                           identify(replication),
                           [this](const std::string& text) { note(text); }};
    if (!target_) target_ = context.identity.position;
    if (captured) {
      check_slot(context, *offset);
      applied_ = offset->position;
    } else {
      snapshot(context, replication, tables, offset.has_value());
    }
    follow(context, replication, tables);
  }

  /// `prepared`: an earlier run was about to make the slot, so a slot of the name is ours, and of no use any more.
  void snapshot(const CaptureContext& context, SourceConnection& replication, const std::vector<SourceTable>& tables,
                bool prepared) {
    const auto slot = find_slot(context.queries, source_);
    if (slot && slot->active) throw slot_in_use(*slot);
    if (slot && !prepared) {
      throw unfit(source_, fmt::format("has a slot {} already, which this warehouse has never read", source_.slot))
          .hint(fmt::format("if no other Garland needs it: select pg_drop_replication_slot('{}'); else name another "
                            "one: slot = \"…\" at the source in garland.toml",
                            source_.slot));
    }
    if (slot) context.queries.query("select pg_drop_replication_slot($1)", {source_.slot});
    if (!prepared) write_prepared(context);
    CaptureProgress shown;
    shown.snapshot = true;
    const SnapshotResult result = take_snapshot(context, replication, tables, stop_, [&](const SnapshotProgress& at) {
      shown.table = at.table;
      shown.rows = at.rows;
      shown.expected = at.expected;
      patience_.worked();
      progress_(shown);
    });
    report_.snapshot = true;
    report_.snapshot_rows += result.rows;
    report_.rejected += result.rejected;
    applied_ = result.position;
    patience_.worked();
  }

  void write_prepared(const CaptureContext& context) {
    engine::Transaction transaction(session_);
    BatchSummary summary{.status = "prepared", .started_us = clock_.now_us()};
    write_offset(session_, source_, next_batch_id(session_), context.identity, summary, clock_);
    transaction.commit();
  }

  Error slot_in_use(const SlotState& slot) const {
    return Error(kObjectInUse, fmt::format("slot {} of source \"{}\" is read by another process (pid {} of the source)",
                                           source_.slot, source_.name, slot.active_pid))
        .in(source_.place)
        .hint("one Garland reads a slot; give this one a slot of its own: slot = \"…\" at the source in garland.toml");
  }

  /// The source is the one we know, and has kept all that the warehouse lacks.
  void check_slot(const CaptureContext& context, const Offset& offset) const {
    const SourceIdentity& now = context.identity;
    if (now.system != offset.system || now.timeline != offset.timeline) {
      throw unfit(source_, fmt::format("is another database cluster than before (system {} timeline {}, before {} "
                                       "timeline {}): it was restored or failed over",
                                       now.system, now.timeline, offset.system, offset.timeline))
          .hint(new_snapshot_hint(source_));
    }
    if (now.position < offset.position) {
      throw unfit(source_, fmt::format("went back: its log ends at {}, the warehouse has it up to {}",
                                       lsn_text(now.position), lsn_text(offset.position)))
          .hint(new_snapshot_hint(source_));
    }
    const auto slot = find_slot(context.queries, source_);
    if (!slot) {
      throw unfit(source_, fmt::format("has no slot {} any more: changes since {} are lost", source_.slot,
                                       lsn_text(offset.position)))
          .hint(new_snapshot_hint(source_));
    }
    if (slot->active) throw slot_in_use(*slot);
    if (slot->lost) {
      throw unfit(source_,
                  fmt::format("has thrown away the log that slot {} needs (max_slot_wal_keep_size)", source_.slot))
          .hint(new_snapshot_hint(source_));
    }
    if (slot->confirmed > offset.position) {
      throw unfit(source_, fmt::format("has moved slot {} to {}, past {} where the warehouse stands: changes between "
                                       "are lost",
                                       source_.slot, lsn_text(slot->confirmed), lsn_text(offset.position)))
          .hint(new_snapshot_hint(source_));
    }
  }

  void check_tables(const std::vector<SourceTable>& tables) const {
    const std::vector<Oid> captured = read_captured_tables(session_, source_.name);
    for (const SourceTable& table : tables) {
      if (std::ranges::find(captured, table.oid) != captured.end()) continue;
      throw unfit(source_, fmt::format("has a table {} of which no snapshot was taken: it is new in garland.toml, or "
                                       "was created anew",
                                       table.configured.text()))
          .hint(new_snapshot_hint(source_));
    }
  }

  void follow(const CaptureContext& context, SourceConnection& replication, const std::vector<SourceTable>& tables) {
    Applier applier(context, tables, applied_);
    if (limit_) applier.take_until(*limit_);
    ReplicationStream stream(replication, source_, applied_, clock_);
    patience_.worked();
    before_ = report_;
    sent_ = applied_;
    try {
      while (!done_ && !stop_ && !applier.drift() && !applier.past_limit()) step(applier, stream);
      if (applier.past_limit()) {
        commit(applier, stream, *limit_);
        done_ = true;
      } else if (!applier.in_transaction() && !applier.drift()) {
        commit(applier, stream, applier.received());
      }
    } catch (const Error&) {
      add_counts(applier.counts());
      throw;
    }
    add_counts(applier.counts());
    stream.finish();
    drift_ = applier.drift();
  }

  void step(Applier& applier, ReplicationStream& stream) {
    // With whole transactions at hand it does not wait for more: what arrives while they are written is the next batch.
    const bool waiting = applier.has_changes() && !applier.in_transaction();
    const auto outer = stream.receive(waiting ? 0 : kReceiveMs);
    if (outer) take(*outer, applier, stream);
    if (applier.drift() || applier.past_limit()) return;
    if (!applier.in_transaction()) end_batch(applier, stream, !outer);
    tell(applier, stream, !outer);
  }

  void take(const Outer& outer, Applier& applier, ReplicationStream& stream) {
    if (const auto* data = std::get_if<LogData>(&outer)) {
      applier.receive(data->data, [&] { report(applier, stream, false); });
      sent_ = std::max(sent_, applier.received());
      return;
    }
    const Keepalive& keepalive = std::get<Keepalive>(outer);
    if (!applier.in_transaction()) sent_ = std::max(sent_, keepalive.log_end);
    if (keepalive.reply_now) report(applier, stream, false);
  }

  /// A batch ends when it is large enough, or the source has nothing more to say for now.
  void end_batch(Applier& applier, ReplicationStream& stream, bool quiet) {
    const bool caught_up = until_ == CaptureUntil::kCaughtUp && sent_ >= *target_;
    if (applier.has_changes()) {
      if (applier.full() || quiet || caught_up || clock_.steady_ns() - committed_ns_ >= kBatchNs)
        commit(applier, stream, std::max(applier.received(), sent_));
    } else if (sent_ >= applied_ + kHeartbeatBytes || (caught_up && sent_ > applied_)) {
      commit(applier, stream, sent_);
    }
    done_ = caught_up && !applier.has_changes();
  }

  void commit(Applier& applier, ReplicationStream& stream, Lsn position) {
    applier.commit(position);
    applied_ = applier.applied();
    committed_ns_ = clock_.steady_ns();
    drifts_ = 0;
    patience_.worked();
    failpoint(Failpoint::kCdcAcknowledge);
    report(applier, stream, false);
    failpoint(Failpoint::kCdcAcknowledged);
    CaptureProgress shown;
    shown.changes = before_.changes + applier.counts().changes;
    shown.behind_bytes = *target_ > applied_ ? *target_ - applied_ : 0;
    progress_(shown);
  }

  void report(const Applier& applier, ReplicationStream& stream, bool reply_now) {
    stream.report(applier.applied(), reply_now);
    reported_ns_ = clock_.steady_ns();
  }

  void tell(const Applier& applier, ReplicationStream& stream, bool quiet) {
    const int64_t since = clock_.steady_ns() - reported_ns_;
    if (since >= kReportNs || (quiet && since >= kAskNs)) report(applier, stream, quiet);
  }

  void add_counts(const AppliedCounts& counts) {
    report_.transactions = before_.transactions + counts.transactions;
    report_.changes = before_.changes + counts.changes;
    report_.rejected = before_.rejected + counts.rejected;
    report_.batches = before_.batches + counts.batches;
  }

  engine::Session& session_;
  const PostgresSource& source_;
  const Clock& clock_;
  const CaptureUntil until_;
  const std::function<void(const CaptureProgress&)>& progress_;
  const std::atomic<bool>& stop_;
  Patience patience_;
  int64_t reported_ns_ = 0, committed_ns_ = 0;
  std::optional<Lsn> limit_;   // where to stop, without the transaction there
  std::optional<Lsn> target_;  // where the source's log ended when this began
  Lsn applied_ = 0;            // the warehouse has all up to here
  Lsn sent_ = 0;               // the source has sent all up to here
  bool done_ = false;
  std::optional<Applier::TableDrift> drift_;  // to be carried out before the stream goes on
  size_t drifts_ = 0;                         // since the last batch
  CaptureReport report_, before_;             // before_: when the stream was opened
};

/// As they are now; a source that is away is waited for.
std::vector<SourceTable> tables_of(const PostgresSource& source) {
  const std::atomic<bool> stop{false};
  Patience patience(system_clock(), source.retry_s, stop);
  while (true) {
    try {
      SourceConnection connection(source, SourceConnection::Use::kQueries);
      SourceTypes types;
      return describe_tables(connection, source, types);
    } catch (const Error& error) {
      patience.pause(error);
    }
  }
}

}  // namespace

CaptureReport capture(engine::Session& session, const PostgresSource& source, const Clock& clock, CaptureUntil until,
                      const std::function<void(const CaptureProgress&)>& progress, const std::atomic<bool>& stop) {
  return Capture(session, source, clock, until, progress, stop).run();
}

CaptureReport capture_up_to(engine::Session& session, const PostgresSource& source, const Clock& clock, Lsn position,
                            const std::atomic<bool>& stop) {
  const std::function<void(const CaptureProgress&)> nobody = [](const CaptureProgress&) {};
  Capture capture(session, source, clock, CaptureUntil::kCaughtUp, nobody, stop);
  capture.take_until(position);
  return capture.run();
}

std::vector<semantics::Relation> capture_relations(const std::vector<PostgresSource>& sources) {
  std::vector<semantics::Relation> relations;
  const auto add = [&](const std::string& schema, const std::string& name, const std::vector<TableColumn>& columns) {
    relations.push_back(as_relation(schema, name, columns));
  };
  for (const PostgresSource& source : sources) {
    for (const SourceTable& table : tables_of(source)) {
      const std::vector<TableColumn> columns = raw_columns(table);
      add(source.raw_schema, table.configured.target, columns);
      add(source.raw_schema, table.configured.target + "_changes", change_columns(columns));
    }
  }
  if (sources.empty()) return relations;
  add("ops", "offsets", offset_columns());
  add("ops", "captured_tables", captured_table_columns());
  return relations;
}

}  // namespace garland::ingest::postgres
