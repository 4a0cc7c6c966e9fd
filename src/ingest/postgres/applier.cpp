#include "ingest/postgres/applier.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/box.h"
#include "base/failpoint.h"

namespace garland::ingest::postgres {
namespace {

/// Of one table in memory; past it, they are written (in the batch's transaction).
constexpr size_t kPendingRows = 50'000;
constexpr size_t kPendingBytes = 16u << 20;
/// Of a batch; past it, the batch ends with the source's transaction.
constexpr uint64_t kBatchChanges = 100'000;

}  // namespace

struct Applier::Batch {
  explicit Batch(const CaptureContext& context)
      : transaction(context.session),
        id(next_batch_id(context.session)),
        started_us(context.clock.now_us()),
        rejects(context.session, context.source.name, "", id, started_us, context.vault) {
    if (context.vault) originals.emplace(*context.vault, context.session, id, started_us);
  }
  BatchContext context() { return {id, started_us, &rejects, originals ? &*originals : nullptr}; }

  engine::Transaction transaction;
  const int64_t id;
  const int64_t started_us;
  RejectWriter rejects;
  std::optional<VaultWriter> originals;
  uint64_t transactions = 0, changes = 0;
  std::optional<int64_t> committed_us;
};

Applier::Applier(const CaptureContext& context, const std::vector<SourceTable>& tables, Lsn applied)
    : context_(context), applied_(applied), received_(applied) {
  for (const SourceTable& table : tables) {
    writers_.push_back(
        std::make_unique<TableWriter>(context_.session, context_.source, table, context_.types, context_.vault));
  }
}

Applier::~Applier() = default;

Applier::Batch& Applier::batch() {
  if (!batch_) batch_ = std::make_unique<Batch>(context_);
  return *batch_;
}

bool Applier::full() const { return batch_ && batch_->changes >= kBatchChanges; }

void Applier::receive(std::string_view bytes, const std::function<void()>& working) {
  failpoint(Failpoint::kCdcReceived);
  working_ = &working;
  const Message message = decode(bytes, streaming_.has_value());
  if (const auto* start = std::get_if<StreamStart>(&message)) {
    streaming_ = start->xid;
  } else if (std::holds_alternative<StreamStop>(message)) {
    streaming_.reset();
  } else if (const auto* commit = std::get_if<StreamCommit>(&message)) {
    replay(*commit);
  } else if (const auto* abort = std::get_if<StreamAbort>(&message)) {
    spool_.abort(abort->xid, abort->subxid);
  } else if (streaming_) {
    spool(message, bytes);
  } else {
    dispatch(message);
  }
}

void Applier::spool(const Message& message, std::string_view bytes) {
  const Xid xid = std::visit(
      [](const auto& each) -> Xid {
        if constexpr (requires { each.xid; }) {
          return each.xid;
        } else {
          return 0;
        }
      },
      message);
  spool_.add(*streaming_, xid, bytes);
  failpoint(Failpoint::kCdcSpooled);
}

void Applier::replay(const StreamCommit& stream) {
  begin(stream.commit.lsn, stream.commit.committed_us);
  spool_.replay(stream.xid, [this](std::string_view bytes) { dispatch(decode(bytes, true)); });
  end(stream.commit);
}

void Applier::dispatch(const Message& message) {
  if (drift_) return;
  std::visit(overloaded{[&](const Begin& each) { begin(each.final_lsn, each.committed_us); },
                        [&](const Commit& each) { end(each); }, [&](const Relation& each) { relate(each); },
                        [&](const Insert& each) { change(each); }, [&](const Update& each) { change(each); },
                        [&](const Delete& each) { change(each); }, [&](const Truncate& each) { truncate(each); },
                        [](const auto&) {}},  // origins, type names, messages of other programs
             message);
}

void Applier::begin(Lsn lsn, int64_t committed_us) {
  OpenTransaction& open = open_.emplace();
  open.place.lsn = lsn;
  open.place.committed_us = committed_us;
  past_limit_ = past_limit_ || (limit_ && lsn >= *limit_);
  open.skipped = lsn < applied_ || past_limit_;
}

void Applier::end(const Commit& commit) {
  const bool skipped = !open_ || open_->skipped;
  open_.reset();
  received_ = std::max(received_, commit.end_lsn);
  if (skipped || !batch_) return;
  ++batch_->transactions;
  batch_->committed_us = commit.committed_us;
}

TableWriter* Applier::writer_of(Oid relation) {
  const auto found = by_oid_.find(relation);
  if (found != by_oid_.end()) return found->second;
  throw Error(kProtocolViolation,
              fmt::format("the source sent rows of table number {} before it said what it is", relation));
}

/// By number first: a table that was renamed goes on under the name it was configured with.
void Applier::relate(const Relation& relation) {
  TableWriter* writer = nullptr;
  for (const auto& each : writers_) {
    const SourceTable& table = each->table();
    const bool same_name = table.configured.schema == relation.schema && table.configured.name == relation.name;
    if (table.oid == relation.id) {
      writer = each.get();
      if (!same_name) {
        context_.notice(fmt::format("table {} is named {}.{} in the source now", table.configured.text(),
                                    relation.schema, relation.name));
      }
    } else if (same_name) {
      throw Error(kObjectNotInPrerequisiteState,
                  fmt::format("table {} is another one than when its snapshot was taken", table.configured.text()))
          .hint("take a new snapshot of the source");
    }
  }
  by_oid_[relation.id] = writer;
  if (!writer) return;
  for (const RelationColumn& column : relation.columns) context_.types.read(context_.queries, column.type);
  DriftPlan plan = writer->relate(relation, batch().context());
  for (const std::string& notice : plan.notices) context_.notice(notice);
  if (plan.changes_tables()) drift_ = {writer->table().configured, std::move(plan)};
}

template <class Change>
void Applier::change(const Change& change) {
  TableWriter* writer = writer_of(change.relation);
  if (!open_) throw Error(kProtocolViolation, "the source sent a change outside a transaction");
  ++open_->place.sequence;
  if (!writer || open_->skipped) return;
  Batch& into = batch();
  ++into.changes;
  writer->add(change, open_->place, into.context());
  failpoint(Failpoint::kCdcDecoded);
  if (writer->pending_rows() < kPendingRows && writer->pending_bytes() < kPendingBytes) return;
  writer->flush(into.context());
  if (into.rejects.full()) into.rejects.flush();
  if (into.originals && into.originals->full()) into.originals->flush();
  (*working_)();
}

void Applier::truncate(const Truncate& truncate) {
  for (const Oid relation : truncate.relations) {
    TableWriter* writer = writer_of(relation);
    if (!open_) throw Error(kProtocolViolation, "the source sent a change outside a transaction");
    ++open_->place.sequence;
    if (!writer || open_->skipped) continue;
    ++batch().changes;
    writer->truncate(open_->place, batch().context());
  }
}

void Applier::commit(Lsn position) {
  if (!batch_ && position <= applied_) return;
  Batch& ending = batch();
  BatchSummary summary{.status = "applied",
                       .position = position,
                       .transactions = ending.transactions,
                       .changes = ending.changes,
                       .committed_us = ending.committed_us,
                       .started_us = ending.started_us};
  for (const auto& writer : writers_) {
    writer->flush(ending.context());
    failpoint(Failpoint::kCdcAppended);
    summary.rejected += writer->take_rejected();
  }
  if (ending.originals) ending.originals->flush();
  ending.rejects.flush();
  write_offset(context_.session, context_.source, ending.id, context_.identity, summary, context_.clock);
  failpoint(Failpoint::kCdcCommit);
  ending.transaction.commit();
  failpoint(Failpoint::kCdcCommitted);
  if (ending.originals) ending.originals->committed();
  batch_.reset();
  applied_ = position;
  if (summary.committed_us) committed_us_ = summary.committed_us;
  ++counts_.batches;
  counts_.transactions += summary.transactions;
  counts_.changes += summary.changes;
  counts_.rejected += summary.rejected;
}

}  // namespace garland::ingest::postgres
