#include "ingest/postgres/reconcile.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "engine/text.h"
#include "ingest/files/ledger.h"
#include "ingest/postgres/capture.h"
#include "ingest/postgres/decoded_rows.h"
#include "ingest/postgres/drift.h"
#include "ingest/postgres/raw_tables.h"
#include "ingest/postgres/row_key.h"
#include "ingest/postgres/source_copy.h"
#include "sql/printer.h"

namespace garland::ingest::postgres {
namespace {

using engine::Type;
using engine::TypeId;

constexpr size_t kBuckets = 4096;
constexpr size_t kBucketsLookedInto = 64;  // of those that differ: their rows are kept in memory
constexpr size_t kShownDifferences = 20;
constexpr size_t kShownKeyBytes = 200;
constexpr size_t kNoteBytes = 4096;
constexpr int kMeetings = 10;  // a busy capture may be past the position when it is asked

/// Sums, so that rows may come in any order and equal rows count.
struct Sums {
  std::vector<uint64_t> of_bucket = std::vector<uint64_t>(kBuckets, 0);
  uint64_t rows = 0;
};

uint64_t hash_of(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

/// A row of a bucket that differs.
struct Suspect {
  uint64_t source_sum = 0, warehouse_sum = 0;
  uint64_t source_rows = 0, warehouse_rows = 0;
  std::string shown;

  bool differs() const { return source_rows != warehouse_rows || source_sum != warehouse_sum; }
  RowDifference difference() const {
    if (warehouse_rows < source_rows) return {RowDifference::Kind::kMissing, shown};
    if (warehouse_rows > source_rows) return {RowDifference::Kind::kSurplus, shown};
    return {RowDifference::Kind::kOther, shown};
  }
};

/// One table on both sides.
class TableComparison {
 public:
  TableComparison(engine::Session& session, const PostgresSource& source, SourceConnection& data,
                  const SourceTable& table, const SourceTypes& types, const Vault* vault, const std::atomic<bool>& stop)
      : session_(session), source_(source), data_(data), table_(table), stop_(stop), rows_(types, vault) {
    result_.source_table = table.configured.text();
    result_.raw_table = source.raw_schema + "." + table.configured.target;
  }

  ReconciledTable run(const SourceTypes& types) {
    if (!choose_columns(types)) return result_;
    Sums source, warehouse;
    read_source([&](const engine::Batch& batch) { add(batch, source); });
    read_warehouse([&](const engine::Batch& batch) { add(batch, warehouse); });
    result_.source_rows = source.rows + result_.unreadable;
    result_.warehouse_rows = warehouse.rows;
    std::set<size_t> differing;
    for (size_t bucket = 0; bucket < kBuckets; ++bucket) {
      if (source.of_bucket[bucket] == warehouse.of_bucket[bucket]) continue;
      if (differing.size() == kBucketsLookedInto) {
        result_.more = true;
        break;
      }
      differing.insert(bucket);
    }
    if (!differing.empty()) look_into(differing);
    return result_;
  }

 private:
  using Each = std::function<void(const engine::Batch&)>;

  /// False: nothing can be compared.
  bool choose_columns(const SourceTypes& types) {
    const auto stored = source_columns_in_warehouse(session_, source_, table_.configured);
    const DriftPlan plan = plan_drift(table_, stored, relation_of(table_), nullptr, types);
    result_.reason = plan.quarantine;
    if (!result_.reason.empty()) return false;
    const auto is_kept = [&](const StoredColumn& column) {
      return std::ranges::any_of(
          stored, [&](const TableColumn& each) { return each.name == column.name && each.type == column.type; });
    };
    std::vector<RowColumn> columns;
    std::ranges::copy_if(plan.columns, std::back_inserter(columns), [&](const RowColumn& column) {
      return column.index >= 0 && std::ranges::all_of(stored_columns(column.plan()), is_kept);
    });
    rows_.set_columns(columns, table_.configured.subject);
    for (size_t i = 0; i < rows_.stored().size(); ++i) {
      const auto made_of = std::ranges::find(columns, rows_.stored()[i].name, &RowColumn::name);
      if (made_of != columns.end() && made_of->key) key_.push_back(i);
    }
    for (const CatalogColumn& column : table_.columns) {
      if (std::ranges::find(columns, column.target, &RowColumn::name) != columns.end()) continue;
      result_.not_compared.push_back(column.name);
    }
    const auto keys = static_cast<size_t>(std::ranges::count(table_.columns, true, &CatalogColumn::key));
    if (table_.keyless || key_.size() < keys) key_.clear();  // then rows are told apart by all that can be compared
    if (columns.empty()) result_.reason = "none of its columns can be compared";
    return !columns.empty();
  }

  void read_source(const Each& each) {
    result_.unreadable = 0;
    CopyReader reader(data_, copy_sql(data_, table_));
    const auto give = [&] {
      if (rows_.size() > 0) each(rows_.batch(0, nullptr));
      rows_.clear();
      stop_if_asked();
    };
    while (const Tuple* tuple = reader.next()) {
      if (rows_.add(*tuple, DecodedRows::Part::kWhole)) ++result_.unreadable;
      if (rows_.size() == engine::kBatchRows) give();
    }
    give();
  }

  void read_warehouse(const Each& each) {
    // A stale row's present version is among the unreadable ones.
    const auto statement = session_.prepare(fmt::format("select {} from {} where not {}", name_list(rows_.stored()),
                                                        raw_table(source_, table_.configured), kStale));
    const auto cursor = statement->execute();
    while (const engine::Batch* batch = cursor->fetch()) {
      each(*batch);
      stop_if_asked();
    }
  }

  void stop_if_asked() const {
    if (stop_) throw Error(kQueryCanceled, "the comparison was stopped");
  }

  static std::string whole(const engine::Batch& batch, size_t row) {
    std::string bytes;
    for (const engine::Column& column : batch.columns) append_value(bytes, column, row);
    return bytes;
  }

  std::string key_of(const engine::Batch& batch, size_t row) const {
    if (key_.empty()) return whole(batch, row);
    std::string bytes;
    for (const size_t number : key_) append_value(bytes, batch.columns[number], row);
    return bytes;
  }

  void add(const engine::Batch& batch, Sums& sums) const {
    for (size_t row = 0; row < batch.rows; ++row) {
      sums.of_bucket[hash_of(key_of(batch, row)) % kBuckets] += hash_of(whole(batch, row));
    }
    sums.rows += batch.rows;
  }

  std::string shown_key(const engine::Batch& batch, size_t row) const {
    std::string text;
    for (size_t i = 0; i < rows_.stored().size(); ++i) {
      if (!key_.empty() && std::ranges::find(key_, i) == key_.end()) continue;
      text += (text.empty() ? "" : ", ") + rows_.stored()[i].name + " ";
      if (batch.columns[i].is_null(row)) {
        text += "NULL";
      } else {
        engine::append_text(text, batch.columns[i], row);
      }
    }
    return cut_text(text, kShownKeyBytes);
  }

  void look_into(const std::set<size_t>& buckets) {
    std::map<std::string, Suspect> suspects;
    const auto note = [&](const engine::Batch& batch, uint64_t Suspect::* sum, uint64_t Suspect::* rows) {
      for (size_t row = 0; row < batch.rows; ++row) {
        const std::string key = key_of(batch, row);
        if (!buckets.contains(hash_of(key) % kBuckets)) continue;
        Suspect& suspect = suspects[key];
        if (suspect.shown.empty()) suspect.shown = shown_key(batch, row);
        suspect.*sum += hash_of(whole(batch, row));
        ++(suspect.*rows);
      }
    };
    read_source([&](const engine::Batch& batch) { note(batch, &Suspect::source_sum, &Suspect::source_rows); });
    read_warehouse([&](const engine::Batch& batch) { note(batch, &Suspect::warehouse_sum, &Suspect::warehouse_rows); });
    for (const auto& [key, suspect] : suspects) {
      if (!suspect.differs()) continue;
      ++result_.differing;
      if (result_.differences.size() < kShownDifferences) result_.differences.push_back(suspect.difference());
    }
  }

  engine::Session& session_;
  const PostgresSource& source_;
  SourceConnection& data_;
  const SourceTable& table_;
  const std::atomic<bool>& stop_;
  DecodedRows rows_;         // of the source, in the columns that are compared
  std::vector<size_t> key_;  // numbers of the key's columns among them; none: rows are their own keys
  ReconciledTable result_;
};

std::string note_of(const ReconciledTable& table) {
  if (!table.reason.empty()) return table.reason;
  std::vector<std::string> keys;
  for (const RowDifference& each : table.differences) keys.push_back(each.key);
  return fmt::format("{}", fmt::join(keys, "; "));
}

void write_result(engine::Session& session, const Reconciliation& result, const Clock& clock) {
  const auto& columns = reconciliation_columns();
  create_table(session, "ops.reconciliations", columns);
  const std::string now = moment_text(clock.now_us());
  engine::Transaction transaction(session);
  for (const ReconciledTable& table : result.tables) {
    const std::string status = !table.reason.empty() ? "not compared" : table.equal() ? "equal" : "differs";
    const engine::ParameterValue values[] = {result.source,
                                             table.source_table,
                                             result.position,
                                             status,
                                             std::to_string(table.source_rows),
                                             std::to_string(table.warehouse_rows),
                                             std::to_string(table.unreadable),
                                             std::to_string(table.differing),
                                             fmt::format("{}", fmt::join(table.not_compared, ", ")),
                                             cut_text(note_of(table), kNoteBytes),
                                             now};
    insert_row(session, "ops.reconciliations", columns, values);
  }
  transaction.commit();
}

void check_captured(engine::Session& session, const PostgresSource& source) {
  create_state_tables(session);
  const auto offset = read_offset(session, source.name);
  if (offset && offset->status != "prepared") return;
  throw Error(kObjectNotInPrerequisiteState, fmt::format("source \"{}\" has not been captured yet", source.name))
      .hint("garland run")
      .in(source.place);
}

/// The source as it was at one position, for as long as this lives.
class SourceMoment {
 public:
  explicit SourceMoment(const PostgresSource& source) {
    SourceConnection replication(source, SourceConnection::Use::kReplication);
    const ExportedSnapshot snapshot =
        create_slot(replication, passing_slot(source, "_reconcile"), SlotKind::kTemporary);
    position_ = snapshot.position;
    data_ = connect_to(source, snapshot);
  }
  Lsn position() const { return position_; }
  SourceConnection& data() const { return *data_; }

 private:
  Lsn position_ = 0;
  std::unique_ptr<SourceConnection> data_;
};

/// Begins a transaction of the warehouse that has the source as it was at the moment returned.
SourceMoment meet(engine::Session& session, const PostgresSource& source, const std::atomic<bool>& stop,
                  CaptureHalt& live, std::optional<engine::Transaction>& transaction) {
  for (int tries = 0; tries < kMeetings; ++tries) {
    SourceMoment there(source);
    const auto begin = [&] {
      transaction.emplace(session);
      engine::query_text(session, "select 1 from ops.offsets limit 1");  // which takes the snapshot
    };
    if (live.stand_at(source, there.position(), begin, stop)) return there;
  }
  throw Error(
      kObjectNotInPrerequisiteState,
      fmt::format("source \"{}\" commits so often that its capture was past the position each time", source.name))
      .hint("try it again when it is less busy");
}

}  // namespace

bool Reconciliation::equal() const { return std::ranges::all_of(tables, &ReconciledTable::equal); }

const std::vector<TableColumn>& reconciliation_columns() {
  constexpr Type kBig = Type::of(TypeId::kBigint);
  static const std::vector<TableColumn> kColumns = {
      {"source", Type::varchar(kMaxIdentifierBytes), true},
      {"source_table", Type::varchar(2 * kMaxIdentifierBytes + 1), true},
      {"position", Type::varchar(64), true},
      {"status", Type::varchar(16), true},  // equal, differs, not compared
      {"source_rows", kBig},
      {"warehouse_rows", kBig},
      {"unreadable_rows", kBig},
      {"differing_rows", kBig},  // at least
      {"not_compared", Type::varchar(kMaxVarcharBytes)},
      {"note", Type::varchar(kNoteBytes)},  // the first keys that differ, or why it was not compared
      {"reconciled_at", Type::of(TypeId::kTimestamp), true}};
  return kColumns;
}

std::optional<int64_t> last_reconciled_us(engine::Session& session, const PostgresSource& source) {
  if (!columns_of(session, "ops.reconciliations")) return std::nullopt;
  const engine::ParameterValue name = source.name;
  const auto rows = engine::query_text(session,
                                       "select cast(extract(epoch from max(reconciled_at)) as bigint) from "
                                       "ops.reconciliations where source = $1",
                                       {&name, 1});
  return rows[0][0] ? std::optional(number_in(rows[0][0]) * 1'000'000) : std::nullopt;
}

Reconciliation reconcile(engine::Session& session, const PostgresSource& source, const Clock& clock,
                         const std::atomic<bool>& stop, Vault* vault, CaptureHalt* live) {
  check_captured(session, source);
  SourceConnection queries(source, SourceConnection::Use::kQueries);
  SourceTypes types;
  const std::vector<SourceTable> tables = describe_tables(queries, source, types);
  std::optional<engine::Transaction> moment;
  const SourceMoment there = live ? meet(session, source, stop, *live, moment) : SourceMoment(source);
  if (!live && capture_up_to(session, source, clock, there.position(), stop, vault).stopped)
    throw Error(kQueryCanceled, "the comparison was stopped");
  if (!holds_sensitive(source)) vault = nullptr;
  Reconciliation result{source.name, lsn_text(there.position()), {}};
  for (const SourceTable& table : tables) {
    if (!table.configured.current_rows) continue;
    result.tables.push_back(TableComparison(session, source, there.data(), table, types, vault, stop).run(types));
  }
  moment.reset();
  write_result(session, result, clock);
  return result;
}

}  // namespace garland::ingest::postgres
