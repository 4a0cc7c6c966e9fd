#include "ingest/postgres/compaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ingest/postgres/raw_tables.h"
#include "ingest/upkeep.h"
#include "sql/printer.h"

namespace garland::ingest::postgres {
namespace {

/// The log is locked while a piece is written.
constexpr uint64_t kPieceChanges = 500'000;

constexpr const char* kMembers = "garland_log_members";
constexpr const char* kKept = "garland_log_kept";

std::string before_name(const std::string& column) {
  return sql::quote_identifier(std::string(kBeforePrefix) + column);
}

/// The statements of one piece.
class Compaction {
 public:
  Compaction(engine::Session& session, const ChangeLog& log, const LogStretch& stretch, uint64_t pieces)
      : session_(session),
        log_(log),
        pieces_(pieces),
        table_(sql::quote_identifier(log.schema) + "." + sql::quote_identifier(log.table)),
        range_(fmt::format("_batch_id > {} and _lsn >= {} and _lsn < {}", log.snapshot_batch_id, stretch.from,
                           stretch.to)),
        columns_(columns_in_warehouse(session, table_)) {}

  uint64_t run(uint64_t piece) {
    uint64_t shorter = 0;
    write_between_others(session_, [&] {
      for (const char* const table : {kMembers, kKept})
        engine::run(session_, fmt::format("drop table if exists {}", table));
      engine::run(session_, members_sql(piece));
      const uint64_t members =
          number_in<uint64_t>(engine::query_text(session_, fmt::format("select count(*) from {}", kMembers))[0][0]);
      shorter = members;
      if (members > 0) shorter -= replace();
      for (const char* const table : {kKept, kMembers})
        engine::run(session_, fmt::format("drop table if exists {}", table));
    });
    return shorter;
  }

 private:
  bool is_text(const std::string& column) const {
    return std::ranges::any_of(columns_,
                               [&](const auto& each) { return each.name == column && each.type.is_string(); });
  }

  /// The key's columns, and the lengths of texts: those that differ in trailing blanks are equal in SQL, but not in the
  /// source. `name_of` gives a column's name in the log.
  template <class NameOf>
  std::string key_of(const NameOf& name_of) const {
    std::string text;
    for (size_t i = 0; i < log_.key.size(); ++i) {
      text += fmt::format(", {} as key_{}", name_of(log_.key[i]), i);
      if (is_text(log_.key[i])) text += fmt::format(", octet_length({}) as length_{}", name_of(log_.key[i]), i);
    }
    return text;
  }

  /// What tells a row's changes from other rows', within what no TRUNCATE parts.
  std::string partition() const {
    std::string text = "truncates";
    for (size_t i = 0; i < log_.key.size(); ++i) {
      text += fmt::format(", key_{}", i);
      if (is_text(log_.key[i])) text += fmt::format(", length_{}", i);
    }
    return text;
  }

  std::string key_changes() const {
    std::string differs, known;
    for (const std::string& column : log_.key) {
      const std::string now = sql::quote_identifier(column), before = before_name(column);
      differs += fmt::format("{}{} <> {}", differs.empty() ? "" : " or ", now, before);
      if (is_text(column)) differs += fmt::format(" or octet_length({}) <> octet_length({})", now, before);
      known += fmt::format("{} is not null and ", before);
    }
    return fmt::format("_op = 'update' and {}({})", known, differs);
  }

  std::string in_piece(uint64_t piece) const {
    if (pieces_ == 1) return "true";
    std::string hash = "fnv_hash(key_0)";
    for (size_t i = 1; i < log_.key.size(); ++i) hash = fmt::format("fnv_hash(key_{}, {})", i, hash);
    return fmt::format("mod(mod({}, {}) + {}, {}) = {}", hash, pieces_, pieces_, pieces_, piece);
  }

  /// All changes of rows that have several, each with the first of its row. A change of a key counts as one of either
  /// row, which both stay as they are.
  std::string members_sql(uint64_t piece) const {
    const std::string before = key_of(before_name);
    const auto either = [](const std::string& column) {
      return fmt::format("case when _op = 'delete' then {} else {} end", before_name(column),
                         sql::quote_identifier(column));
    };
    const std::string first = fmt::format(
        "over (partition by {} order by _lsn, _sequence rows between unbounded preceding and unbounded following)",
        partition());
    return fmt::format(
        "create temp table {0} as with placed as (select *, sum(case when _op = 'truncate' then 1 else 0 end) over "
        "(order by _lsn, _sequence rows unbounded preceding) as truncates from {1} where {2}), "
        "changes as (select _lsn, _sequence, _op, truncates, case when {3} or coalesce(_gap, false) then 1 else 0 end "
        "as stays, case when {4} is null then 0 else 1 end as has_before{5} from placed where _op <> 'truncate' "
        "union all select _lsn, _sequence, _op, truncates, 1, 1{6} from placed where {3}), "
        "numbered as (select _lsn, _sequence, _op, row_number() over (partition by {7} order by _lsn, _sequence) as "
        "number, count(*) over (partition by {7}) as total, max(stays) over (partition by {7}) as stay, "
        "first_value(_lsn) {8} as first_lsn, first_value(_sequence) {8} as first_sequence, "
        "first_value(_op) {8} as first_op, first_value(has_before) {8} as first_has_before from changes where {9}) "
        "select _lsn, _sequence, _op, number, total, first_lsn, first_sequence, first_op, first_has_before "
        "from numbered where total > 1 and stay = 0",
        kMembers, table_, range_, key_changes(), before_name(log_.key.front()), key_of(either), before, partition(),
        first, in_piece(piece));
  }

  /// The source's columns have one before them; nothing else has.
  std::set<std::string> before_columns() const {
    std::set<std::string> before;
    for (const auto& column : columns_) {
      const std::string name = std::string(kBeforePrefix) + column.name;
      if (std::ranges::any_of(columns_, [&](const auto& each) { return each.name == name; })) before.insert(name);
    }
    return before;
  }

  /// The changes that take the members' place. The first of them may not know its row before (it was rejected); a
  /// delete that closes them knows its key at least.
  std::string kept_sql() const {
    const std::set<std::string> before = before_columns();
    std::string values;
    for (const auto& column : columns_) {
      const std::string name = sql::quote_identifier(column.name);
      if (!values.empty()) values += ", ";
      if (column.name == "_op") {
        values += "case when m.first_op = 'insert' then 'insert' when m._op = 'delete' then 'delete' else 'update' end";
      } else {
        values += (before.contains(column.name) ? "f." : "l.") + name;
      }
      values += " as " + name;
    }
    return fmt::format(
        "create temp table {0} as select {1} from {2} m join {3} l on l._lsn = m._lsn and l._sequence = m._sequence "
        "join {3} f on f._lsn = case when m._op = 'delete' and m.first_has_before = 0 then m._lsn else m.first_lsn end "
        "and f._sequence = case when m._op = 'delete' and m.first_has_before = 0 then m._sequence else "
        "m.first_sequence end where m.number = m.total and not (m.first_op = 'insert' and m._op = 'delete') "
        "and l._batch_id > {4} and f._batch_id > {4}",
        kKept, values, kMembers, table_, log_.snapshot_batch_id);
  }

  /// Returns the rows that take the members' place.
  uint64_t replace() {
    engine::run(session_, kept_sql());
    const std::string log = sql::quote_identifier(log_.table);
    engine::run(session_, fmt::format("delete from {} using {} m where {}._batch_id > {} and {}._lsn = m._lsn and "
                                      "{}._sequence = m._sequence",
                                      table_, kMembers, log, log_.snapshot_batch_id, log, log));
    const std::string names = name_list(columns_);
    return engine::run(session_, fmt::format("insert into {} ({}) select {} from {}", table_, names, names, kKept));
  }

  engine::Session& session_;
  const ChangeLog& log_;
  const uint64_t pieces_;
  const std::string table_, range_;
  const std::vector<TableColumn> columns_;
};

}  // namespace

uint64_t compact(engine::Session& session, const ChangeLog& log, const LogStretch& stretch) {
  const uint64_t pieces = stretch.changes / kPieceChanges + 1;
  Compaction compaction(session, log, stretch, pieces);
  uint64_t shorter = 0;
  for (uint64_t piece = 0; piece < pieces; ++piece) shorter += compaction.run(piece);
  return shorter;
}

}  // namespace garland::ingest::postgres
