#include "ingest/postgres/snapshot.h"

#include <fmt/format.h>

#include "base/failpoint.h"
#include "ingest/postgres/source_copy.h"
#include "semantics/similar.h"
#include "sql/printer.h"

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
        writer_(context.session, context.source, evolving(table), context.types, context.vault),
        rows_(context.types, context.vault) {
    keep_before();
    engine::run(context.session, "delete from " + raw_table(context.source, table.configured));
    writer_.relate(relation_of(table), batch);
    rows_.set_columns(writer_.columns(), table.configured.subject);
    names_ = column_names(writer_.raw_columns());
    key_.emplace(names_, std::vector<size_t>());
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
    make_room();
    log_vanished();
    progress(written_);
    return written_;
  }

 private:
  std::string before_table() const { return sql::quote_identifier("garland_before_" + table_.configured.target); }

  /// The rows of the last snapshot and its stream, of which some may have gone while nobody looked.
  void keep_before() {
    const std::string raw = raw_table(context_.source, table_.configured);
    if (engine::query_text(context_.session, fmt::format("select 1 from {} limit 1", raw)).empty()) return;
    engine::run(context_.session, fmt::format("create temp table {} as select * from {}", before_table(), raw));
    has_before_ = true;
  }

  /// What has gone gets a delete in the change log, whose moment nobody knows.
  void log_vanished() {
    if (!has_before_) return;
    const std::string before = before_table(), raw = sql::quote_identifier(table_.configured.target);
    std::string columns = "_op, _lsn, _sequence, _committed_at", values;
    for (const TableColumn& column : writer_.raw_columns()) {
      columns += ", " + sql::quote_identifier(std::string(kBeforePrefix) + column.name);
      values += fmt::format(", {}.{}", before, sql::quote_identifier(column.name));
    }
    engine::run(
        context_.session,
        fmt::format("insert into {} ({}, _source, _position, _batch_id, _loaded_at, _gap) "
                    "select 'delete', {}, row_number() over (order by {}._position), {}{}, {}, {}, {}, {}, true "
                    "from {} where not exists (select 1 from {} where {})",
                    changes_table(context_.source, table_.configured), columns, place_.lsn, before,
                    moment_literal(batch_.loaded_at_us), values, sql::quote_literal(context_.source.name),
                    sql::quote_literal(position_), batch_.id, moment_literal(batch_.loaded_at_us), before,
                    raw_table(context_.source, table_.configured), writer_.same_key(before, raw)));
    engine::run(context_.session, "drop table " + before);
  }

  static std::string moment_literal(int64_t micros) {
    return fmt::format("cast({} as timestamp)", sql::quote_literal(moment_text(micros)));
  }

  /// `message`: the bytes it was decoded from.
  void add(const Tuple& tuple, std::string_view message) {
    const auto fault = rows_.add(tuple, DecodedRows::Part::kWhole);
    if (!fault) return;
    ++place_.sequence;  // of the rejected rows: others have no number
    writer_.reject(place_, *fault, message, batch_);
    if (batch_.rejects->full()) make_room();
  }

  /// Writes the rejects and originals that wait in memory.
  void make_room() {
    if (load_) load_->finish();
    load_.reset();
    if (batch_.originals) batch_.originals->flush();
    batch_.rejects->flush();
  }

  /// The decoded rows with Garland's own columns behind them.
  void write() {
    if (rows_.size() == 0) return rows_.clear();
    if (!load_) load_ = context_.session.load(context_.source.raw_schema + "." + table_.configured.target, names_);
    engine::BatchBuilder own(own_types_);
    engine::Batch whole = rows_.batch(0, batch_.originals);
    for (size_t row = 0; row < whole.rows; ++row) {
      size_t column = 0;
      if (table_.keyless) own.set_string(column++, key_->of(whole.columns, row));
      own.set<uint8_t>(column++, false);
      set_provenance(own, column, context_.source.name, position_, batch_);
      own.end_row();
    }
    const engine::Batch& behind = own.batch();
    whole.columns.insert(whole.columns.end(), behind.columns.begin(), behind.columns.end());
    load_->append(whole);
    written_ += whole.rows;
    rows_.clear();
    if (batch_.originals && batch_.originals->full()) make_room();
  }

  const CaptureContext& context_;
  const SourceTable& table_;
  const BatchContext& batch_;
  ChangePlace place_;
  const std::string position_;
  TableWriter writer_;
  DecodedRows rows_;
  std::optional<RowKey> key_;  // of rows without a key
  std::vector<std::string> names_;
  std::vector<engine::Type> own_types_;
  std::unique_ptr<engine::Load> load_;
  uint64_t written_ = 0;
  bool has_before_ = false;
};

/// The raw tables with the columns that the source has now; what they had before stays.
void prepare_raw_tables(const CaptureContext& context, const SourceTable& table) {
  for (const std::string& column : table.absent) {
    std::vector<std::string_view> there;
    for (const CatalogColumn& each : table.columns) there.push_back(each.name);
    const auto near = semantics::similar_names(column, there);
    throw Error(kConfigFileError, fmt::format("table {} has no column \"{}\"", table.configured.text(), column))
        .in(table.configured.place)
        .hint(near.empty() ? "" : fmt::format("did you mean \"{}\"?", near.front()));
  }
  create_raw_tables(context.session, context.source, table);
  const std::string raw = raw_table(context.source, table.configured);
  const auto columns = source_columns_in_warehouse(context.session, context.source, table.configured);
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
  RejectWriter rejects(context.session, context.source.name, "", id, summary.started_us, context.vault);
  std::optional<VaultWriter> originals;
  if (context.vault) originals.emplace(*context.vault, context.session, id, summary.started_us);
  const BatchContext batch{id, summary.started_us, &rejects, originals ? &*originals : nullptr};
  for (const SourceTable& table : tables) {
    shown.table = table.configured.text();
    const uint64_t before = summary.changes;
    uint64_t rows = 0;
    if (table.configured.current_rows) {
      TableCopy copy(context, table, snapshot.position, batch);
      rows = copy.run(*data, stop, [&](uint64_t written) {
        shown.rows = before + written;
        progress(shown);
      });
    }
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
  if (originals) originals->committed();
  return {summary.changes, summary.rejected, snapshot.position};
}

}  // namespace garland::ingest::postgres
