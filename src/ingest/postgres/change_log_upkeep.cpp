#include "ingest/postgres/change_log_upkeep.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "ingest/postgres/compaction.h"
#include "ingest/postgres/raw_tables.h"
#include "ingest/upkeep.h"
#include "sql/printer.h"

namespace garland::ingest::postgres {
namespace {

constexpr uint64_t kDeletedAtOnce = 500'000;  // about; a day at least

struct Day {
  std::string text;
  int64_t first = 0;  // the lowest _lsn
  uint64_t changes = 0;
};

std::string moment(const std::string& day) { return fmt::format("cast('{}' as timestamp)", day); }

/// One table's log.
class LogUpkeep {
 public:
  LogUpkeep(engine::Session& session, const PostgresSource& source, const CapturedTable& table, const Clock& clock,
            const std::atomic<bool>& stop)
      : session_(session), table_(table), clock_(clock), stop_(stop), log_(changes_table(source, table)) {
    done_.table = source.raw_schema + "." + table.target + "_changes";
    schema_ = source.raw_schema;
    if (const auto last = read_upkeep(session, done_.table)) last_ = *last;
    count_days_to(clock.now_us());
  }

  void count_days_to(int64_t now_us) {
    const auto days_ago = [&](int64_t days) { return day_text(now_us - days * kUsPerDay); };
    if (table_.keep_days) keep_from_ = days_ago(*table_.keep_days);
    if (table_.compact_after_days) compact_to_ = days_ago(*table_.compact_after_days);
  }

  bool keep_is_due() const { return keep_from_ > last_.kept_from.value_or(""); }
  bool compaction_is_due(int64_t snapshot_batch_id) const {
    const bool same = last_.snapshot_batch_id == snapshot_batch_id;
    return compact_to_ > (same ? last_.compacted_to.value_or("") : "");
  }

  void keep() {
    uint64_t gathered = 0;
    const auto days = days_where(fmt::format("_committed_at < {}", moment(keep_from_)));
    for (size_t i = 0; i < days.size(); ++i) {
      gathered += days[i].changes;
      const bool last = i + 1 == days.size();
      if (!last && gathered < kDeletedAtOnce) continue;
      const std::string before = last ? keep_from_ : days[i + 1].text;
      write_between_others(session_, [&] {
        engine::run(session_, fmt::format("delete from {} where _committed_at < {}", log_, moment(before)));
      });
      done_.removed_rows += gathered;
      gathered = 0;
      stop_if_asked();
    }
    done_.kept_from = keep_from_;
  }

  /// `key`: the columns of the table's key in the raw table; none: it is left as it is.
  void compact_by(const std::vector<std::string>& key, int64_t snapshot_batch_id) {
    const std::string columns = fmt::format("{}", fmt::join(key, ", "));
    const bool same = last_.snapshot_batch_id == snapshot_batch_id;
    if (same && last_.key_columns.value_or(columns) != columns) {
      throw Error(kObjectNotInPrerequisiteState, fmt::format("table {} has another key than when its snapshot was "
                                                             "taken",
                                                             table_.text()))
          .hint("take a new snapshot of the source");
    }
    const ChangeLog log{schema_, table_.target + "_changes", key, snapshot_batch_id};
    std::string where = fmt::format("_batch_id > {}", snapshot_batch_id);
    if (same && last_.compacted_to) where += fmt::format(" and _committed_at >= {}", moment(*last_.compacted_to));
    if (!key.empty()) {
      for (const LogStretch& stretch : stretches(days_where(where))) {
        done_.removed_rows += compact(session_, log, stretch);
        stop_if_asked();
      }
    }
    done_.compacted_to = compact_to_;
    last_.snapshot_batch_id = snapshot_batch_id;
    last_.key_columns = columns;
  }

  /// Writes down what was done.
  KeptChangeLog finish() {
    UpkeepRow row = last_;
    row.table = done_.table;
    if (!done_.kept_from.empty()) row.kept_from = done_.kept_from;
    if (!done_.compacted_to.empty()) row.compacted_to = done_.compacted_to;
    row.removed_rows = done_.removed_rows;
    write_upkeep(session_, row, clock_);
    return done_;
  }

 private:
  std::vector<Day> days_where(const std::string& condition) {
    std::vector<Day> days;
    for (const engine::TextRow& row : engine::query_text(
             session_, fmt::format("select cast(_committed_at as date), min(_lsn), count(*) from {} where {} "
                                   "group by 1 order by 1",
                                   log_, condition))) {
      days.push_back({row[0].value_or(""), number_in(row[1]), number_in<uint64_t>(row[2])});
    }
    return days;
  }

  /// Of the days that are to be compacted: each begins at the first position of its day or a later one.
  std::vector<LogStretch> stretches(const std::vector<Day>& days) const {
    std::vector<LogStretch> found;
    int64_t to = std::numeric_limits<int64_t>::max();
    for (auto day = days.rbegin(); day != days.rend(); ++day) {
      const int64_t from = std::min(day->first, to);
      if (day->text < compact_to_ && from < to) found.push_back({from, to, day->changes});
      to = from;
    }
    std::ranges::reverse(found);
    return found;
  }

  void stop_if_asked() const {
    if (stop_) throw Error(kQueryCanceled, "the upkeep was stopped");
  }

  engine::Session& session_;
  const CapturedTable& table_;
  const Clock& clock_;
  const std::atomic<bool>& stop_;
  const std::string log_;
  std::string schema_;
  std::string keep_from_, compact_to_;  // today's; empty: neither is configured
  UpkeepRow last_;
  KeptChangeLog done_;
};

/// The source's present snapshot; nothing where it has none, or one is being taken.
std::optional<int64_t> snapshot_batch(engine::Session& session, const PostgresSource& source) {
  if (!columns_of(session, "ops.offsets") || !columns_of(session, "ops.captured_tables")) return std::nullopt;
  const auto offset = read_offset(session, source.name);
  if (!offset || offset->status == "prepared") return std::nullopt;
  const engine::ParameterValue name = source.name;
  const auto rows =
      engine::query_text(session, "select max(batch_id) from ops.captured_tables where source = $1", {&name, 1});
  return rows[0][0] ? std::optional(number_in(rows[0][0])) : std::nullopt;
}

std::vector<std::string> key_of(const SourceTable& table) {
  std::vector<std::string> key;
  for (const CatalogColumn& column : table.columns) {
    if (column.key && !table.keyless) key.push_back(column.target);
  }
  return key;
}

/// What the source says when something is due by our clock.
struct AtSource {
  explicit AtSource(const PostgresSource& from)
      : source(from),
        connection(from, SourceConnection::Use::kQueries),
        now_us(number_in(connection.query("select (extract(epoch from now()) * 1000000)::bigint").at(0).at(0))) {}

  /// Asked for when a log is compacted only: old changes go also of a table that the source has dropped.
  const std::vector<SourceTable>& tables() {
    SourceTypes types;
    if (described.empty()) described = describe_tables(connection, source, types);
    return described;
  }

  const PostgresSource& source;
  SourceConnection connection;
  const int64_t now_us;
  std::vector<SourceTable> described;
};

}  // namespace

std::vector<KeptChangeLog> keep_change_logs(engine::Session& session, const PostgresSource& source, const Clock& clock,
                                            const std::atomic<bool>& stop) {
  std::vector<KeptChangeLog> done;
  const auto has_policy = [](const CapturedTable& table) { return table.keep_days || table.compact_after_days; };
  if (std::ranges::none_of(source.tables, has_policy)) return done;
  const auto snapshot = snapshot_batch(session, source);
  if (!snapshot) return done;
  std::optional<AtSource> at_source;
  for (const CapturedTable& table : source.tables) {
    if (!columns_of(session, changes_table(source, table))) continue;  // new in garland.toml
    LogUpkeep log(session, source, table, clock, stop);
    if (!log.keep_is_due() && !log.compaction_is_due(*snapshot)) continue;
    if (!at_source) at_source.emplace(source);
    log.count_days_to(std::min(clock.now_us(), at_source->now_us));
    const bool keeps = log.keep_is_due(), compacts = log.compaction_is_due(*snapshot);
    if (keeps) log.keep();
    if (compacts) {
      const auto number = static_cast<size_t>(&table - source.tables.data());
      log.compact_by(key_of(at_source->tables()[number]), *snapshot);
    }
    if (keeps || compacts) done.push_back(log.finish());
  }
  return done;
}

}  // namespace garland::ingest::postgres
