#include "ingest/postgres/capture.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "base/failpoint.h"
#include "base/log.h"
#include "ingest/postgres/applier.h"
#include "ingest/postgres/patience.h"
#include "ingest/postgres/replication_stream.h"
#include "ingest/postgres/snapshot.h"

namespace garland::ingest::postgres {
namespace {

constexpr int kReceiveMs = 50;                // how soon a stop is seen
constexpr int64_t kBatchNs = 400'000'000;     // a batch of a busy source ends after so long
constexpr int64_t kGatherFactor = 4;          // so a fifth of the time goes into what each batch costs
constexpr int64_t kReportNs = 1'000'000'000;  // the slot hears of us that often at least
constexpr int64_t kLookNs = 1'000'000'000;    // how often the source is asked how long its log is
constexpr int64_t kAskNs = 200'000'000;       // a quiet source is asked where it stands
constexpr int kDropTries = 100;
constexpr Lsn kHeartbeatBytes = 16u << 20;  // log of other tables that passes before the position is written

Error unfit(const PostgresSource& source, const std::string& what) {
  return Error(kObjectNotInPrerequisiteState, fmt::format("source \"{}\" {}", source.name, what)).in(source.place);
}

/// While it lives, the capture follows the stream.
class Following {
 public:
  explicit Following(CaptureHalt* halt) : halt_(halt) {
    if (halt_) halt_->follows(true);
  }
  Following(const Following&) = delete;
  Following& operator=(const Following&) = delete;
  ~Following() {
    if (halt_) halt_->follows(false);
  }

 private:
  CaptureHalt* const halt_;
};

/// One source's capture, over as many connections as it takes.
class Capture {
 public:
  Capture(engine::Session& session, const OpenSession& open_session, const PostgresSource& source, const Clock& clock,
          CaptureUntil until, const std::function<void(const CaptureProgress&)>& progress,
          const std::atomic<bool>& stop, Vault* vault, CaptureHalt* halt)
      : session_(session),
        open_session_(open_session),
        source_(source),
        clock_(clock),
        until_(until),
        progress_(progress),
        stop_(stop),
        vault_(holds_sensitive(source) ? vault : nullptr),
        halt_(halt),
        patience_(clock, until == CaptureUntil::kCaughtUp ? std::optional(source.retry_s) : std::nullopt, stop) {
    report_.source = source.name;
    if (vault_ || !holds_sensitive(source)) return;
    throw Error(kInternalError, fmt::format("source \"{}\" has sensitive columns and no vault", source.name));
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
        if (halt_ && done_) stand();
      } catch (const Error& error) {
        if (stop_ && error.state() == kQueryCanceled) break;
        progress_({.trouble = error.message()});
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
  /// The position where it is to stand still, if one was asked for, is the limit from now on.
  void heed_halt() {
    limit_ = halt_->wanted();
    if (limit_ && *limit_ < applied_) {
      halt_->pass(*limit_);
      limit_.reset();
    }
    target_ = limit_;
  }
  bool is_halt_changed() const { return halt_ && halt_->wanted() != limit_; }
  void stand() {
    halt_->stand(*limit_);
    done_ = false;
  }

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
    for (const SourceTable& table : tables) check_current_rows(session_, source_, table.configured, captured);
    prepare_publication(queries, source_, tables, captured);
    SourceConnection replication(source_, SourceConnection::Use::kReplication);
    CaptureContext context{session_,
                           source_,
                           queries,
                           types,
                           clock_,
                           identify(replication),
                           [this](const std::string& text) { note(text); },
                           vault_,
                           open_session_};
    if (!target_) target_ = context.identity.position;
    if (captured) {
      check_slot(context, *offset);
      for (const SourceTable& table : tables) complete_change_log(session_, source_, table);
      applied_ = offset->position;
    } else {
      snapshot(context, replication, tables, offset);
    }
    follow(context, replication, tables);
  }

  /// `prepared`: an earlier run was about to make the slot, so a slot of the name is ours.
  void snapshot(const CaptureContext& context, SourceConnection& replication, const std::vector<SourceTable>& tables,
                const std::optional<Offset>& prepared) {
    const auto slot = find_slot(context.queries, source_);
    if (slot && slot->active) throw slot_in_use(*slot);
    if (slot && !prepared) {
      throw unfit(source_, fmt::format("has a slot {} already, which this warehouse has never read", source_.slot))
          .hint(fmt::format("if no other Garland needs it: select pg_drop_replication_slot('{}'); else name another "
                            "one: slot = \"…\" at the source in garland.toml",
                            source_.slot));
    }
    SnapshotAttempt attempt;
    if (prepared) attempt = {prepared->batch_id, copied_state(context, *prepared)};
    if (!attempt.state) {
      if (slot) context.queries.query("select pg_drop_replication_slot($1)", {source_.slot});
      attempt.number = write_prepared(context);
    }
    copy_tables(context, replication, tables, attempt);
  }

  /// What an earlier run has copied, when the source is still the one it copied from.
  std::optional<SnapshotState> copied_state(const CaptureContext& context, const Offset& prepared) {
    auto state = read_snapshot_state(session_, prepared.batch_id);
    if (!state) return std::nullopt;
    Offset copied = prepared;
    copied.position = state->position;
    try {
      check_slot(context, copied);
      return state;
    } catch (const Error& error) {
      if (error.state() != kObjectNotInPrerequisiteState) throw;
      note(std::string(error.message()) + "; the snapshot begins anew");
      return std::nullopt;
    }
  }

  void copy_tables(const CaptureContext& context, SourceConnection& replication, const std::vector<SourceTable>& tables,
                   const SnapshotAttempt& attempt) {
    CaptureProgress shown;
    shown.snapshot = true;
    const SnapshotResult result =
        take_snapshot(context, replication, tables, attempt, stop_, [&](const SnapshotProgress& at) {
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

  /// Gives its batch_id.
  int64_t write_prepared(const CaptureContext& context) {
    engine::Transaction transaction(session_);
    BatchSummary summary{.status = "prepared", .started_us = clock_.now_us()};
    const int64_t id = next_batch_id(session_);
    write_offset(session_, source_, id, context.identity, summary, clock_);
    transaction.commit();
    return id;
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
    watch_log(context);
    if (halt_) heed_halt();
    const Following following(halt_);
    Applier applier(context, tables, applied_);
    if (limit_) applier.take_until(*limit_);
    ReplicationStream stream(replication, source_, applied_, clock_);
    patience_.worked();
    before_ = report_;
    sent_ = applied_;
    try {
      while (!done_ && !stop_ && !applier.drift() && !applier.past_limit() && !is_halt_changed()) {
        step(applier, stream);
        if (clock_.steady_ns() - looked_ns_ >= kLookNs) watch_log(context);
      }
      if (applier.past_limit()) {
        commit(applier, stream, *limit_);
        done_ = true;
      } else if (!applier.in_transaction() && !applier.drift() && !is_halt_changed()) {
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

  /// A slot keeps the source's log on its disk: people are told past the budget, and past the limit, where one is
  /// configured, the slot goes before the disk is full.
  void watch_log(const CaptureContext& context) {
    log_ = look_at_log(context.queries, source_);
    looked_ns_ = clock_.steady_ns();
    if (source_.drop_slot_past && log_.kept_bytes > *source_.drop_slot_past) {
      const std::string what =
          fmt::format("kept {} MB of its log for slot {}, past drop_slot_past", log_.kept_bytes >> 20, source_.slot);
      context.queries.query(
          "select pg_terminate_backend(active_pid) from pg_catalog.pg_replication_slots "
          "where slot_name = $1 and active",
          {source_.slot});
      drop_slot(context.queries);
      throw unfit(source_, what + ": the slot was dropped").hint(new_snapshot_hint(source_));
    }
    if (source_.wal_budget && log_.kept_bytes > *source_.wal_budget) {
      note(
          fmt::format("source \"{}\" keeps more of its log for slot {} than wal_budget says; see that its disk does "
                      "not fill up",
                      source_.name, source_.slot));
    }
  }

  /// Once nobody reads it.
  void drop_slot(SourceConnection& queries) const {
    for (int tries = 0;; ++tries) {
      try {
        queries.query("select pg_drop_replication_slot($1)", {source_.slot});
        return;
      } catch (const Error& error) {
        if (error.state() != kObjectInUse || tries == kDropTries) throw;
        std::this_thread::sleep_for(std::chrono::milliseconds(kReceiveMs));
      }
    }
  }

  void step(Applier& applier, ReplicationStream& stream) {
    const bool gathering = applier.has_changes() && !applier.in_transaction();
    const auto outer = stream.receive(gathering ? gathering_ms() : kReceiveMs);
    if (outer) take(*outer, applier, stream);
    if (applier.drift() || applier.past_limit()) return;
    if (!began_ns_ && applier.has_changes()) began_ns_ = clock_.steady_ns();
    if (!applier.in_transaction()) end_batch(applier, stream, !outer);
    tell(applier, stream, !outer);
  }

  /// How long the batch waits for more. Writing one costs the same for few changes as for some hundreds, so it gathers
  /// for several times as long as the last one took to write.
  int gathering_ms() const {
    const int64_t left = std::min(kGatherFactor * wrote_in_ns_, kBatchNs) - (clock_.steady_ns() - *began_ns_);
    return static_cast<int>(std::clamp<int64_t>(left / 1'000'000, 0, kReceiveMs));
  }

  void take(const Outer& outer, Applier& applier, ReplicationStream& stream) {
    if (const auto* data = std::get_if<LogData>(&outer)) {
      applier.receive(data->data, [&] { report(applier, stream, false); });
      sent_ = std::max(sent_, applier.received());
      return;
    }
    const Keepalive& keepalive = std::get<Keepalive>(outer);
    if (!applier.in_transaction()) sent_ = std::max(sent_, keepalive.log_end);
    if (keepalive.reply_now) answer(applier, stream);
  }

  /// A server that shuts down asks, and waits until all that it has sent is said to be durable here; so whatever it
  /// sent that concerns no captured table is made so.
  void answer(Applier& applier, ReplicationStream& stream) {
    if (applier.in_transaction()) return report(applier, stream, false);
    commit(applier, stream, std::max(applier.received(), sent_));
  }

  /// A batch ends when it is large enough, or the source has nothing more to say for now.
  void end_batch(Applier& applier, ReplicationStream& stream, bool quiet) {
    const bool caught_up = (until_ == CaptureUntil::kCaughtUp || limit_) && sent_ >= *target_;
    if (applier.has_changes()) {
      const bool gathered = quiet && gathering_ms() == 0;
      if (applier.full() || gathered || caught_up || clock_.steady_ns() - *began_ns_ >= kBatchNs)
        commit(applier, stream, std::max(applier.received(), sent_));
    } else if (sent_ >= applied_ + kHeartbeatBytes || (caught_up && sent_ > applied_)) {
      commit(applier, stream, sent_);
    }
    done_ = caught_up && !applier.has_changes();
  }

  void commit(Applier& applier, ReplicationStream& stream, Lsn position) {
    const int64_t begun = clock_.steady_ns();
    applier.commit(position);
    applied_ = applier.applied();
    if (began_ns_) wrote_in_ns_ = clock_.steady_ns() - begun;
    began_ns_.reset();
    drifts_ = 0;
    patience_.worked();
    failpoint(Failpoint::kCdcAcknowledge);
    report(applier, stream, false);
    failpoint(Failpoint::kCdcAcknowledged);
    show(applier);
  }

  void show(const Applier& applier) {
    const Lsn wanted = until_ == CaptureUntil::kCaughtUp ? *target_ : std::max(log_.end, sent_);
    const Lsn reached = applier.has_changes() ? applied_ : std::max(applied_, sent_);
    CaptureProgress shown;
    shown.changes = before_.changes + applier.counts().changes;
    shown.rejected = before_.rejected + applier.counts().rejected;
    shown.behind_bytes = wanted > reached ? wanted - reached : 0;
    shown.kept_bytes = log_.kept_bytes;
    shown.committed_us = applier.committed_us();
    progress_(shown);
    shown_ns_ = clock_.steady_ns();
  }

  void report(const Applier& applier, ReplicationStream& stream, bool reply_now) {
    stream.report(applier.applied(), reply_now);
    reported_ns_ = clock_.steady_ns();
  }

  void tell(const Applier& applier, ReplicationStream& stream, bool quiet) {
    const int64_t since = clock_.steady_ns() - reported_ns_;
    if (since >= kReportNs || (quiet && since >= kAskNs)) report(applier, stream, quiet);
    if (quiet && clock_.steady_ns() - shown_ns_ >= kReportNs) show(applier);
  }

  void add_counts(const AppliedCounts& counts) {
    report_.transactions = before_.transactions + counts.transactions;
    report_.changes = before_.changes + counts.changes;
    report_.rejected = before_.rejected + counts.rejected;
    report_.batches = before_.batches + counts.batches;
  }

  engine::Session& session_;
  const OpenSession& open_session_;
  const PostgresSource& source_;
  const Clock& clock_;
  const CaptureUntil until_;
  const std::function<void(const CaptureProgress&)>& progress_;
  const std::atomic<bool>& stop_;
  Vault* const vault_;       // null: the source has no sensitive columns
  CaptureHalt* const halt_;  // null: nobody asks it to stand still
  Patience patience_;
  int64_t reported_ns_ = 0, shown_ns_ = 0;
  std::optional<int64_t> began_ns_;  // when the batch's first change came
  int64_t wrote_in_ns_ = 0;          // how long the last batch took to write
  int64_t looked_ns_ = 0;
  LogState log_;               // as it was then
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

CaptureReport capture(engine::Session& session, const OpenSession& open_session, const PostgresSource& source,
                      const Clock& clock, CaptureUntil until,
                      const std::function<void(const CaptureProgress&)>& progress, const std::atomic<bool>& stop,
                      Vault* vault, CaptureHalt* halt) {
  return Capture(session, open_session, source, clock, until, progress, stop, vault, halt).run();
}

bool forget_position(engine::Session& session, const PostgresSource& source, const Clock& clock) {
  create_state_tables(session);
  const auto offset = read_offset(session, source.name);
  if (!offset) return false;
  engine::Transaction transaction(session);
  const BatchSummary summary{.status = "prepared", .position = offset->position, .started_us = clock.now_us()};
  write_offset(session, source, next_batch_id(session), {offset->system, offset->timeline, 0}, summary, clock);
  transaction.commit();
  return true;
}

CaptureReport capture_up_to(engine::Session& session, const PostgresSource& source, const Clock& clock, Lsn position,
                            const std::atomic<bool>& stop, Vault* vault) {
  const std::function<void(const CaptureProgress&)> nobody = [](const CaptureProgress&) {};
  const OpenSession no_more;
  Capture capture(session, no_more, source, clock, CaptureUntil::kCaughtUp, nobody, stop, vault, nullptr);
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
      for (const std::string& column : table.absent) {  // dropped, maybe: no error once its changes were captured
        spdlog::warn("table {} of source \"{}\" has no column \"{}\", which garland.toml classes",
                     table.configured.text(), source.name, column);
      }
      const std::vector<TableColumn> columns = raw_columns(table);
      if (table.configured.current_rows) add(source.raw_schema, table.configured.target, columns);
      add(source.raw_schema, table.configured.target + "_changes", change_columns(columns));
    }
  }
  if (sources.empty()) return relations;
  add("ops", "offsets", offset_columns());
  add("ops", "captured_tables", captured_table_columns());
  add("ops", "snapshot_ranges", snapshot_range_columns());
  return relations;
}

}  // namespace garland::ingest::postgres
