#include "ingest/postgres/snapshot.h"

#include <fmt/format.h>

#include "base/failpoint.h"
#include "ingest/postgres/source_copy.h"

namespace garland::ingest::postgres {
namespace {

/// One table's rows into its raw table.
class TableCopy {
 public:
  TableCopy(const CaptureContext& context, const SourceTable& table, Lsn position, const BatchContext& batch)
      : context_(context),
        table_(table),
        batch_(batch),
        place_{position, 0, 0},
        position_(position_text(place_)),
        writer_(context.session, context.source, evolving(table), context.types),
        rows_(context.types) {
    engine::run(context.session, "delete from " + raw_table(context.source, table.configured));
    writer_.relate(relation_of(table), batch);
    rows_.set_columns(writer_.columns());
    std::vector<size_t> no_key;
    for (const RowColumn& column : writer_.columns()) names_.push_back(column.name);
    fold_ = std::make_unique<ChangeFold>(names_, no_key);
    for (const TableColumn& column : with_own_columns({}, table.keyless)) {
      names_.push_back(column.name);
      own_types_.push_back(column.type);
    }
  }

  uint64_t run(SourceConnection& data, const std::atomic<bool>& stop, const std::function<void(uint64_t)>& progress) {
    CopyReader reader(data, copy_sql(data, table_));
    while (const auto tuple = reader.next()) {
      add(*tuple, reader.message());
      if (rows_.size() < engine::kBatchRows) continue;
      write();
      progress(written_);
      if (stop) throw Error(kQueryCanceled, "the snapshot was stopped; the next run begins it anew");
    }
    write();
    if (load_) load_->finish();
    load_.reset();
    batch_.rejects->flush();
    progress(written_);
    return written_;
  }

 private:
  /// `message`: the bytes it was decoded from.
  void add(const Tuple& tuple, std::string_view message) {
    const auto fault = rows_.add(tuple, DecodedRows::Part::kWhole);
    if (!fault) return;
    ++place_.sequence;  // of the rejected rows: others have no number
    writer_.reject(place_, *fault, message, batch_);
    if (!batch_.rejects->full()) return;
    if (load_) load_->finish();
    load_.reset();
    batch_.rejects->flush();
  }

  /// The decoded rows with Garland's own columns behind them.
  void write() {
    if (rows_.size() == 0) return rows_.clear();
    if (!load_) load_ = context_.session.load(context_.source.raw_schema + "." + table_.configured.target, names_);
    engine::BatchBuilder own(own_types_);
    const std::vector<RowImage> images = table_.keyless ? rows_.images() : std::vector<RowImage>();
    for (size_t row = 0; row < rows_.size(); ++row) {
      size_t column = 0;
      if (table_.keyless) own.set_string(column++, fold_->key_of(images[row]));
      own.set<uint8_t>(column++, false);
      set_provenance(own, column, context_.source.name, position_, batch_);
      own.end_row();
    }
    engine::Batch whole = rows_.batch(0);
    const engine::Batch& behind = own.batch();
    whole.columns.insert(whole.columns.end(), behind.columns.begin(), behind.columns.end());
    load_->append(whole);
    written_ += whole.rows;
    rows_.clear();
  }

  const CaptureContext& context_;
  const SourceTable& table_;
  const BatchContext& batch_;
  ChangePlace place_;
  const std::string position_;
  TableWriter writer_;
  DecodedRows rows_;
  std::unique_ptr<ChangeFold> fold_;
  std::vector<std::string> names_;
  std::vector<engine::Type> own_types_;
  std::unique_ptr<engine::Load> load_;
  uint64_t written_ = 0;
};

/// The raw tables with the columns that the source has now; what they had before stays.
void prepare_raw_tables(const CaptureContext& context, const SourceTable& table) {
  create_raw_tables(context.session, context.source, table);
  const std::string raw = raw_table(context.source, table.configured);
  auto columns = columns_in_warehouse(context.session, raw);
  std::erase_if(columns, [](const TableColumn& column) { return is_own_column(column.name); });
  const DriftPlan plan = plan_drift(evolving(table), columns, relation_of(table), nullptr, context.types);
  if (!plan.quarantine.empty()) {
    throw Error(kDatatypeMismatch, plan.quarantine)
        .hint(fmt::format("drop table {}, {}; makes room for the columns as they are now", raw,
                          changes_table(context.source, table.configured)));
  }
  for (const std::string& notice : plan.notices) context.notice(notice);
  change_raw_tables(context.session, context.source, table.configured, plan);
}

/// How many rows the source thinks a table has; 0 when it does not know.
uint64_t estimate(SourceConnection& connection, const SourceTable& table) {
  const auto rows = connection.query("select greatest(reltuples, 0)::bigint from pg_catalog.pg_class where oid = $1",
                                     {std::to_string(table.oid)});
  return rows.empty() ? 0 : std::stoull(rows.front().front().value_or("0"));
}

}  // namespace

SnapshotResult take_snapshot(const CaptureContext& context, SourceConnection& replication,
                             const std::vector<SourceTable>& tables, const std::atomic<bool>& stop,
                             const std::function<void(const SnapshotProgress&)>& progress) {
  SnapshotProgress shown;
  shown.tables_total = tables.size();
  for (const SourceTable& table : tables) shown.expected += estimate(context.queries, table);

  for (const SourceTable& table : tables) prepare_raw_tables(context, table);

  const ExportedSnapshot snapshot = create_slot(replication, context.source.slot, SlotKind::kLasting);
  const auto data = connect_to(context.source, snapshot);
  engine::Transaction transaction(context.session);
  BatchSummary summary{.status = "snapshot", .position = snapshot.position, .started_us = context.clock.now_us()};
  const int64_t id = next_batch_id(context.session);
  RejectWriter rejects(context.session, context.source.name, "", id, summary.started_us, nullptr);
  const BatchContext batch{id, summary.started_us, &rejects};
  for (const SourceTable& table : tables) {
    shown.table = table.configured.text();
    const uint64_t before = summary.changes;
    TableCopy copy(context, table, snapshot.position, batch);
    const uint64_t rows = copy.run(*data, stop, [&](uint64_t written) {
      shown.rows = before + written;
      progress(shown);
    });
    summary.changes = before + rows;
    write_captured_table(context.session, context.source, table, id, snapshot.position, rows, context.clock);
    ++shown.tables_done;
    failpoint(Failpoint::kCdcAppended);
  }
  summary.rejected = rejects.count();
  rejects.flush();
  write_offset(context.session, context.source, id, context.identity, summary, context.clock);
  failpoint(Failpoint::kCdcCommit);
  transaction.commit();
  failpoint(Failpoint::kCdcCommitted);
  return {summary.changes, summary.rejected, snapshot.position};
}

}  // namespace garland::ingest::postgres
