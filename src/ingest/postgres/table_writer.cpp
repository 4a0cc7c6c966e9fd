#include "ingest/postgres/table_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sql/printer.h"

namespace garland::ingest::postgres {
namespace {

constexpr std::string_view kOpNames[] = {"insert", "update", "delete"};

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
  raw_ = columns_in_warehouse(session_, raw_table(source_, table_.configured));
  std::erase_if(raw_, [](const TableColumn& column) { return is_own_column(column.name); });
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
  decoded.row = rows_.size() - 1;
  return decoded;
}

void TableWriter::reject(const ChangePlace& place, const RowFault& fault, std::string_view message,
                         const BatchContext& batch) {
  records::Refusal refusal;
  refusal.line = place.sequence;
  refusal.column = fault.column;
  refusal.state = fault.fault.state;
  refusal.reason =
      fault.column.empty() ? fault.fault.reason : fmt::format("column \"{}\": {}", fault.column, fault.fault.reason);
  refusal.record = message;
  batch.rejects->set_file(fmt::format("{} {}", table_.configured.text(), lsn_text(place.lsn)));
  batch.rejects->add(refusal);
  ++rejected_;
}

bool TableWriter::quarantined(const ChangePlace& place, std::string_view message, const BatchContext& batch) {
  if (quarantine_.empty()) return false;
  reject(place, {{kDatatypeMismatch, quarantine_}, ""}, message, batch);
  return true;
}

/// `after`: the decoded row of an insert or update.
void TableWriter::remember(RowChange change, const Decoded* after, std::string_view message,
                           const BatchContext& batch) {
  if (after) {
    change.after = after->row;
    if (after->fault) {
      reject(change.place, *after->fault, message, batch);
      change.faulty = true;
      if (!after->row) return;
    }
  }
  const bool may_be_unresolved = change.op == Op::kUpdate && rows_.has_unchanged();
  pending_.push_back({change, may_be_unresolved ? std::string(message) : std::string()});
}

void TableWriter::add(const Insert& insert, const ChangePlace& place, std::string_view message,
                      const BatchContext& batch) {
  if (quarantined(place, message, batch)) return;
  const Decoded after = decode(insert.after);
  remember({.op = Op::kInsert, .place = place}, &after, message, batch);
}

void TableWriter::add(const Update& update, const ChangePlace& place, std::string_view message,
                      const BatchContext& batch) {
  if (quarantined(place, message, batch)) return;
  RowChange change{.op = Op::kUpdate, .place = place, .before_is_key = update.before_is_key};
  if (update.before) {
    const Decoded before = decode(*update.before);
    change.before = before.row;
    change.before_is_key = change.before_is_key || before.fault.has_value();
    if (!before.row) return reject(place, *before.fault, message, batch);
  }
  const Decoded after = decode(update.after);
  remember(change, &after, message, batch);
}

void TableWriter::add(const Delete& deleted, const ChangePlace& place, std::string_view message,
                      const BatchContext& batch) {
  if (quarantined(place, message, batch)) return;
  const Decoded before = decode(deleted.before);
  if (!before.row) return reject(place, *before.fault, message, batch);
  RowChange change{.op = Op::kDelete, .place = place};
  change.before = before.row;
  change.before_is_key = deleted.before_is_key || before.fault.has_value();
  remember(change, nullptr, message, batch);
}

void TableWriter::truncate(const ChangePlace& place, const BatchContext& batch) {
  if (quarantined(place, "", batch)) return;
  flush(batch);
  engine::run(session_, "delete from " + raw_table(source_, table_.configured));
  next_log_row("truncate", place, batch).end_row();
  load_rows(session_, source_.raw_schema + "." + table_.configured.target + "_changes", change_columns(raw_), log_);
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

ChangeFold TableWriter::new_fold() const { return ChangeFold(column_names(raw_), key_); }

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
  if (pending_.empty()) return rows_.clear();
  fold(batch);
  rows_.clear();
  pending_.clear();
}

void TableWriter::fold(const BatchContext& batch) {
  const std::vector<RowImage> images = rows_.images(batch.originals);
  std::vector<RowChange> changes;
  for (const Pending& pending : pending_) changes.push_back(pending.change);
  ChangeFold fold = new_fold();
  const std::set<std::string> keys = fold.wanted(changes, images);
  if (!keys.empty()) {
    write_keys(keys);
    read_current(fold);
  }
  for (const Pending& pending : pending_) {
    const Outcome outcome = fold.apply(pending.change, images);
    if (outcome.unresolved) {
      reject(pending.change.place,
             {{kObjectNotInPrerequisiteState, "a large value is as before, but the row before was rejected"}, ""},
             pending.message, batch);
    } else if (!pending.change.faulty) {
      log_row(pending.change.op, pending.change.place, outcome, batch);
    }
  }
  if (!keys.empty()) delete_current();
  write_current(fold, batch);
  load_rows(session_, source_.raw_schema + "." + table_.configured.target + "_changes", change_columns(raw_), log_);
}

std::optional<RowFault> TableWriter::add_key(const Tuple& tuple) { return rows_.add(tuple, DecodedRows::Part::kKey); }

void TableWriter::delete_keys() {
  const ChangeFold fold = new_fold();
  std::set<std::string> keys;
  for (const RowImage& image : rows_.images(nullptr)) keys.insert(fold.key_of(image));
  rows_.clear();
  if (keys.empty()) return;
  write_keys(keys);
  delete_current();
}

/// Into the temporary table that the next statements join with.
void TableWriter::write_keys(const std::set<std::string>& keys) {
  const std::vector<TableColumn> columns = key_columns();
  std::string definitions;
  for (const TableColumn& column : columns) {
    definitions += fmt::format("{}{} {}", definitions.empty() ? "" : ", ", sql::quote_identifier(column.name),
                               to_string(column.type));
  }
  engine::run(session_, fmt::format("create temp table if not exists {} ({})", keys_table(), definitions));
  engine::run(session_, "delete from " + keys_table());
  std::deque<engine::BatchBuilder> rows;
  for (const std::string& key : keys) {
    engine::BatchBuilder& row = open_batch(rows, columns);
    if (table_.keyless) {
      row.set_string(0, key);
    } else {
      const RowImage image(key);
      const std::vector<Field> fields = image.fields();
      for (size_t i = 0; i < columns.size(); ++i) set_field(row, i, columns[i].type, fields[i]);
    }
    row.end_row();
  }
  load_rows(session_, "garland_keys_" + table_.configured.target, columns, rows);
}

/// The rows that stand in the warehouse under the keys.
void TableWriter::read_current(ChangeFold& fold) {
  const std::string raw = sql::quote_identifier(table_.configured.target);
  std::string names;
  for (const TableColumn& column : raw_) names += fmt::format("{}.{}, ", raw, sql::quote_identifier(column.name));
  const auto statement =
      session_.prepare(fmt::format("select {}{}.{} from {} join {} on {}", names, raw, kStale,
                                   raw_table(source_, table_.configured), keys_table(), same_key(raw, keys_table())));
  const auto cursor = statement->execute();
  while (const engine::Batch* found = cursor->fetch()) {
    for (size_t row = 0; row < found->rows; ++row) {
      RowImage image;
      for (size_t i = 0; i < raw_.size(); ++i) image.add(found->columns[i], row);
      fold.add_current(std::move(image), found->columns.back().values<uint8_t>()[row] != 0);
    }
  }
}

void TableWriter::delete_current() {
  const std::string table = raw_table(source_, table_.configured);
  engine::run(session_, fmt::format("delete from {} using {} where {}", table, keys_table(),
                                    same_key(sql::quote_identifier(table_.configured.target), keys_table())));
}

void TableWriter::set_current(engine::BatchBuilder& row, const CurrentRow& current, const std::string& key,
                              const BatchContext& batch) const {
  const std::vector<Field> fields = current.image.fields();
  for (size_t i = 0; i < raw_.size(); ++i) set_field(row, i, raw_[i].type, fields[i]);
  size_t next = raw_.size();
  if (table_.keyless) row.set_string(next++, key);
  row.set<uint8_t>(next++, current.stale);
  set_provenance(row, next, source_.name, position_text(current.place), batch);
  row.end_row();
}

void TableWriter::write_current(const ChangeFold& fold, const BatchContext& batch) {
  const std::vector<TableColumn> columns = with_own_columns(raw_, table_.keyless);
  std::deque<engine::BatchBuilder> rows;
  for (const auto& [key, current] : fold.rows()) {
    for (uint64_t copy = 0; copy < current.count; ++copy) {
      set_current(open_batch(rows, columns), current, key, batch);
    }
  }
  load_rows(session_, source_.raw_schema + "." + table_.configured.target, columns, rows);
}

engine::BatchBuilder& TableWriter::next_log_row(std::string_view op, const ChangePlace& place,
                                                const BatchContext& batch) {
  if (log_.empty() || log_.back().full()) log_.emplace_back(column_types(change_columns(raw_)));
  engine::BatchBuilder& row = log_.back();
  row.set_string(0, op);
  row.set<int64_t>(1, static_cast<int64_t>(place.lsn));
  row.set<int64_t>(2, static_cast<int64_t>(place.sequence));
  row.set<int64_t>(3, place.committed_us);
  set_provenance(row, 4 + 2 * raw_.size(), source_.name, position_text(place), batch);
  return row;
}

void TableWriter::log_row(Op op, const ChangePlace& place, const Outcome& outcome, const BatchContext& batch) {
  engine::BatchBuilder& row = next_log_row(kOpNames[static_cast<size_t>(op)], place, batch);
  size_t column = 4;
  for (const RowImage* image : {outcome.after, outcome.before}) {
    if (image) {
      const std::vector<Field> fields = image->fields();
      for (size_t i = 0; i < raw_.size(); ++i) set_field(row, column + i, raw_[i].type, fields[i]);
    }
    column += raw_.size();
  }
  row.end_row();
}

}  // namespace garland::ingest::postgres
