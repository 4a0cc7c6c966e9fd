#include "ingest/postgres/table_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "ingest/postgres/row_text.h"
#include "sql/printer.h"

namespace garland::ingest::postgres {
namespace {

constexpr std::string_view kOpNames[] = {"insert", "update", "delete"};

constexpr size_t kLogHeadColumns = 4;  // what a change log has before the rows (source_table.h)

template <class Row, class Take>
void in_batches(std::span<const Row> rows, const Take& take) {
  for (size_t at = 0; at < rows.size(); at += engine::kBatchRows) {
    take(rows.subspan(at, std::min(engine::kBatchRows, rows.size() - at)));
  }
}

void append_columns(engine::Batch& to, const engine::Batch& from) {
  to.rows = from.rows;
  to.columns.insert(to.columns.end(), from.columns.begin(), from.columns.end());
}

}  // namespace

std::string position_text(const ChangePlace& place) {
  return fmt::format("{}#{}", lsn_text(place.lsn), place.sequence);
}

void set_provenance(engine::BatchBuilder& row, size_t first, const std::string& source, const std::string& position,
                    const BatchContext& batch) {
  row.set_string(first, source);
  row.set_string(first + 1, position);
  row.set<int64_t>(first + 2, batch.id);
  row.set<int64_t>(first + 3, batch.loaded_at_us);
}

TableWriter::TableWriter(engine::Session& session, const PostgresSource& source, SourceTable table,
                         const SourceTypes& types, const Vault* vault)
    : session_(session), source_(source), table_(std::move(table)), types_(types), rows_(types, vault) {
  raw_ = source_columns_in_warehouse(session_, source_, table_.configured);
  std::vector<std::string> sent;
  for (const CatalogColumn& column : table_.columns) sent.push_back(column.target);
  check_tokens(table_, raw_, sent);
  engine::run(session_, "drop table if exists " + keys_table());  // an earlier stream's, maybe of other types
}

void TableWriter::use_columns(std::vector<RowColumn> columns) {
  std::set<std::string> keys;
  for (const RowColumn& column : columns) {
    if (column.key) keys.insert(column.name);
  }
  rows_.set_columns(std::move(columns), table_.configured.subject);
  raw_ = rows_.stored();
  key_.clear();
  for (size_t i = 0; i < raw_.size(); ++i) {
    if (keys.contains(raw_[i].name)) key_.push_back(i);
  }
  row_key_ = RowKey(column_names(raw_), key_);
}

DriftPlan TableWriter::relate(const Relation& relation, const BatchContext& batch) {
  Relation related = relation;
  related.xid = 0;
  if (previous_ == related) return {};
  flush(batch);
  DriftPlan plan = plan_drift(table_, raw_, related, previous_ ? &*previous_ : nullptr, types_);
  if (plan.changes_tables()) return plan;
  previous_ = std::move(related);
  quarantine_ = plan.quarantine;
  if (quarantine_.empty()) use_columns(plan.columns);
  return plan;
}

// ---- what arrives

TableWriter::Decoded TableWriter::decode(const Tuple& tuple) {
  Decoded decoded;
  decoded.fault = rows_.add(tuple, DecodedRows::Part::kWhole);
  if (decoded.fault && (table_.keyless || rows_.add(tuple, DecodedRows::Part::kKey))) return decoded;
  decoded.row = static_cast<RowNumber>(rows_.size() - 1);
  return decoded;
}

void TableWriter::reject(const ChangePlace& place, const RowFault& fault, const Tuple& row, const BatchContext& batch) {
  reject_text(place, fault, row_text(row, *previous_, types_), batch);
}

void TableWriter::reject_text(const ChangePlace& place, const RowFault& fault, std::string row,
                              const BatchContext& batch) {
  records::Refusal refusal;
  refusal.line = place.sequence;
  refusal.column = fault.column;
  refusal.state = fault.fault.state;
  refusal.reason =
      fault.column.empty() ? fault.fault.reason : fmt::format("column \"{}\": {}", fault.column, fault.fault.reason);
  refusal.record = std::move(row);
  batch.rejects->set_file(fmt::format("{} {}", table_.configured.text(), lsn_text(place.lsn)));
  batch.rejects->add(refusal);
  ++rejected_;
}

bool TableWriter::quarantined(const ChangePlace& place, const Tuple& row, const BatchContext& batch) {
  if (quarantine_.empty()) return false;
  reject(place, {{kDatatypeMismatch, quarantine_}, ""}, row, batch);
  return true;
}

/// The row after an insert or update; false: not even its key could be read, the change is given up.
bool TableWriter::remember_after(RowChange& change, const Tuple& after, const BatchContext& batch) {
  const Decoded decoded = decode(after);
  change.after = decoded.row;
  change.faulty = decoded.fault.has_value();
  if (change.faulty) reject(change.place, *decoded.fault, after, batch);
  return decoded.row != kNoRow;
}

void TableWriter::add(const Insert& insert, const ChangePlace& place, const BatchContext& batch) {
  if (quarantined(place, insert.after, batch)) return;
  RowChange change{.op = Op::kInsert, .place = place};
  if (remember_after(change, insert.after, batch)) pending_.push_back(change);
}

void TableWriter::add(const Update& update, const ChangePlace& place, const BatchContext& batch) {
  if (quarantined(place, update.after, batch)) return;
  RowChange change{.op = Op::kUpdate, .place = place, .before_is_key = update.before_is_key};
  if (update.before) {
    const Decoded before = decode(*update.before);
    change.before = before.row;
    change.before_is_key = change.before_is_key || before.fault.has_value();
    if (before.row == kNoRow) return reject(place, *before.fault, *update.before, batch);
  }
  if (remember_after(change, update.after, batch)) pending_.push_back(change);
}

void TableWriter::add(const Delete& deleted, const ChangePlace& place, const BatchContext& batch) {
  if (quarantined(place, deleted.before, batch)) return;
  const Decoded before = decode(deleted.before);
  if (before.row == kNoRow) return reject(place, *before.fault, deleted.before, batch);
  RowChange change{.op = Op::kDelete, .place = place};
  change.before = before.row;
  change.before_is_key = deleted.before_is_key || before.fault.has_value();
  pending_.push_back(change);
}

void TableWriter::truncate(const ChangePlace& place, const BatchContext& batch) {
  if (quarantined(place, {}, batch)) return;
  flush(batch);
  if (has_current()) engine::run(session_, "delete from " + raw_table(source_, table_.configured));
  const LogRow row{.op = "truncate", .place = place};
  write_log(RowStore(column_types(raw_)), {&row, 1}, batch);
}

uint64_t TableWriter::take_rejected() { return std::exchange(rejected_, 0); }

// ---- what is written

std::string TableWriter::keys_table() const {
  return sql::quote_identifier("garland_keys_" + table_.configured.target);
}

std::vector<TableColumn> TableWriter::key_columns() const {
  if (key_.empty()) return {{std::string(kRowKey), engine::Type::varchar(32), true}};
  std::vector<TableColumn> columns;
  for (const size_t number : key_) columns.push_back(raw_[number]);
  return columns;
}

/// Texts that differ in trailing blanks are equal in SQL, but not in the source.
std::string TableWriter::same_key(const std::string& one, const std::string& other) const {
  std::string condition;
  for (const TableColumn& column : key_columns()) {
    const std::string name = sql::quote_identifier(column.name);
    condition += fmt::format("{}{}.{} = {}.{}", condition.empty() ? "" : " and ", one, name, other, name);
    if (!column.type.is_string()) continue;
    condition += fmt::format(" and octet_length({}.{}) = octet_length({}.{})", one, name, other, name);
  }
  return condition;
}

void TableWriter::flush(const BatchContext& batch) {
  if (!pending_.empty()) fold(batch);
  rows_.clear();
  pending_.clear();
}

void TableWriter::fold(const BatchContext& batch) {
  RowStore store(column_types(raw_));
  rows_.copy_to(store, batch.originals);
  ChangeFold fold(store, row_key_);
  const std::vector<RowNumber> wanted = has_current() ? fold.wanted(pending_) : std::vector<RowNumber>();
  if (!wanted.empty()) {
    read_current(store, fold, wanted);
    delete_current();
  }
  const std::vector<LogRow> log = apply(store, fold, batch);
  if (has_current()) write_current(store, fold, batch);
  write_log(store, log, batch);
}

std::vector<TableWriter::LogRow> TableWriter::apply(const RowStore& store, ChangeFold& fold,
                                                    const BatchContext& batch) {
  std::vector<LogRow> log;
  log.reserve(pending_.size());
  for (const RowChange& change : pending_) {
    const Outcome outcome = has_current() ? fold.apply(change) : fold.pass(change);
    if (outcome.unresolved) {
      const std::string why = has_current() ? "but the row before was rejected"
                                            : "and without current rows only REPLICA IDENTITY FULL says what it is";
      reject_text(change.place, {{kObjectNotInPrerequisiteState, "a large value is as before, " + why}, ""},
                  row_text(raw_, store.columns(), change.after), batch);
    } else if (!change.faulty) {
      log.push_back({kOpNames[static_cast<size_t>(change.op)], change.place, outcome.before, outcome.after});
    }
  }
  return log;
}

std::optional<RowFault> TableWriter::add_key(const Tuple& tuple) { return rows_.add(tuple, DecodedRows::Part::kKey); }

void TableWriter::delete_keys() {
  RowStore store(column_types(raw_));
  rows_.copy_to(store, nullptr);
  rows_.clear();
  if (store.size() == 0) return;
  std::vector<RowNumber> rows(store.size());
  std::iota(rows.begin(), rows.end(), RowNumber{0});
  load_keys(store, rows);
  delete_current();
}

/// The keys of rows into the temporary table that the next statements join with.
void TableWriter::load_keys(const RowStore& store, std::span<const RowNumber> rows) {
  const std::vector<TableColumn> columns = key_columns();
  std::string definitions;
  for (const TableColumn& column : columns) {
    definitions += fmt::format("{}{} {}", definitions.empty() ? "" : ", ", sql::quote_identifier(column.name),
                               to_string(column.type));
  }
  engine::run(session_, fmt::format("create temp table if not exists {} ({})", keys_table(), definitions));
  engine::run(session_, "delete from " + keys_table());
  const auto load = session_.load("garland_keys_" + table_.configured.target, column_names(columns));
  engine::BatchBuilder hashes(column_types(columns));
  RowChoice choice;
  in_batches(rows, [&](std::span<const RowNumber> part) {
    engine::Batch batch{.columns = {}, .rows = part.size()};
    choice.reset();
    hashes.clear();
    for (const size_t number : key_) batch.columns.push_back(choice.take(store.columns()[number], part));
    if (table_.keyless) {
      for (const RowNumber row : part) {
        hashes.set_string(0, row_key_.of(store.columns(), row));
        hashes.end_row();
      }
      batch = hashes.batch();
    }
    load->append(batch);
  });
  load->finish();
}

/// The rows that stand in the warehouse under the keys of these.
void TableWriter::read_current(RowStore& store, ChangeFold& fold, std::span<const RowNumber> wanted) {
  load_keys(store, wanted);
  const std::string raw = sql::quote_identifier(table_.configured.target);
  std::string names;
  for (const TableColumn& column : raw_) names += fmt::format("{}.{}, ", raw, sql::quote_identifier(column.name));
  const auto statement =
      session_.prepare(fmt::format("select {}{}.{} from {} join {} on {}", names, raw, kStale,
                                   raw_table(source_, table_.configured), keys_table(), same_key(raw, keys_table())));
  const auto cursor = statement->execute();
  while (const engine::Batch* found = cursor->fetch()) {
    const RowNumber first = store.size();
    store.append(*found);
    for (size_t row = 0; row < found->rows; ++row) {
      fold.add_current(first + static_cast<RowNumber>(row), found->columns.back().values<uint8_t>()[row] != 0);
    }
  }
}

void TableWriter::delete_current() {
  const std::string table = raw_table(source_, table_.configured);
  engine::run(session_, fmt::format("delete from {} using {} where {}", table, keys_table(),
                                    same_key(sql::quote_identifier(table_.configured.target), keys_table())));
}

void TableWriter::write_current(const RowStore& store, const ChangeFold& fold, const BatchContext& batch) {
  const std::vector<TableColumn> columns = with_own_columns(raw_, table_.keyless);
  std::vector<engine::Type> types = column_types(columns);
  engine::BatchBuilder own({types.begin() + static_cast<ptrdiff_t>(raw_.size()), types.end()});
  std::vector<RowNumber> rows;
  RowChoice choice;
  std::unique_ptr<engine::Load> load;
  const auto write = [&] {
    if (rows.empty()) return;
    if (!load) load = session_.load(source_.raw_schema + "." + table_.configured.target, column_names(columns));
    engine::Batch whole;
    choice.reset();
    for (const engine::Column& column : store.columns()) whole.columns.push_back(choice.take(column, rows));
    append_columns(whole, own.batch());
    load->append(whole);
    own.clear();
    rows.clear();
  };
  for (const CurrentRow& current : fold.rows()) {
    for (uint64_t copy = 0; copy < current.count; ++copy) {
      size_t column = 0;
      rows.push_back(current.row);
      if (table_.keyless) own.set_string(column++, row_key_.of(store.columns(), current.row));
      own.set<uint8_t>(column++, current.stale);
      set_provenance(own, column, source_.name, position_text(current.place), batch);
      own.end_row();
      if (own.full()) write();
    }
  }
  write();
  if (load) load->finish();
}

void TableWriter::write_log(const RowStore& store, std::span<const LogRow> rows, const BatchContext& batch) {
  if (rows.empty()) return;
  const std::vector<TableColumn> columns = change_columns(raw_);
  const std::vector<engine::Type> types = column_types(columns);
  engine::BatchBuilder head({types.begin(), types.begin() + kLogHeadColumns});
  engine::BatchBuilder tail({types.begin() + static_cast<ptrdiff_t>(kLogHeadColumns + 2 * raw_.size()), types.end()});
  std::vector<RowNumber> after, before;
  RowChoice choice;
  const auto load =
      session_.load(source_.raw_schema + "." + table_.configured.target + "_changes", column_names(columns));
  in_batches(rows, [&](std::span<const LogRow> part) {
    for (const LogRow& row : part) {
      head.set_borrowed(0, row.op);
      head.set<int64_t>(1, static_cast<int64_t>(row.place.lsn));
      head.set<int64_t>(2, static_cast<int64_t>(row.place.sequence));
      head.set<int64_t>(3, row.place.committed_us);
      head.end_row();
      set_provenance(tail, 0, source_.name, position_text(row.place), batch);
      tail.end_row();
      after.push_back(row.after);
      before.push_back(row.before);
    }
    engine::Batch whole = head.batch();
    choice.reset();
    for (const engine::Column& column : store.columns()) whole.columns.push_back(choice.take(column, after));
    for (const engine::Column& column : store.columns()) whole.columns.push_back(choice.take(column, before));
    append_columns(whole, tail.batch());
    load->append(whole);
    head.clear();
    tail.clear();
    after.clear();
    before.clear();
  });
  load->finish();
}

}  // namespace garland::ingest::postgres
