#include "ingest/postgres/snapshot_ranges.h"

#include <fmt/format.h>

#include <algorithm>

namespace garland::ingest::postgres {
namespace {

using engine::Type;
using engine::TypeId;

constexpr Type kBig = Type::of(TypeId::kBigint);
constexpr Type kName = Type::varchar(kMaxIdentifierBytes);
constexpr size_t kShapeBytes = 32;

/// In their order, those that adjoin as one.
std::vector<PageRange> joined(std::vector<PageRange> ranges) {
  std::ranges::sort(ranges, {}, &PageRange::from);
  std::vector<PageRange> whole;
  for (const PageRange& range : ranges) {
    if (!whole.empty() && whole.back().to >= range.from) {
      whole.back().to = std::max(whole.back().to, range.to);
    } else {
      whole.push_back(range);
    }
  }
  return whole;
}

}  // namespace

std::vector<PageRange> missing_ranges(int64_t pages, int64_t step, std::vector<PageRange> done) {
  std::vector<PageRange> missing;
  const auto add = [&](int64_t from, int64_t to) {
    for (; from < to; from += step) missing.push_back({from, std::min(from + step, to)});
  };
  int64_t at = 0;
  for (const PageRange& range : joined(std::move(done))) {
    add(at, std::min(range.from, pages));
    at = range.to;
  }
  add(at, std::max<int64_t>(pages, 1));
  return missing;
}

std::string lies_in(std::vector<PageRange> ranges) {
  std::string condition;
  for (const PageRange& range : joined(std::move(ranges))) {
    condition +=
        fmt::format("{}ctid >= '({},0)' and ctid < '({},0)'", condition.empty() ? "" : " or ", range.from, range.to);
  }
  return condition.empty() ? "false" : "(" + condition + ")";
}

std::string lies_from(int64_t page) { return page == 0 ? "true" : fmt::format("ctid >= '({},0)'", page); }

const std::vector<TableColumn>& snapshot_range_columns() {
  static const std::vector<TableColumn> kColumns = {{"attempt", kBig, true},
                                                    {"source", kName, true},
                                                    {"source_table", Type::varchar(2 * kMaxIdentifierBytes + 1)},
                                                    {"source_oid", kBig},
                                                    {"status", Type::varchar(16), true},
                                                    {"from_page", kBig},
                                                    {"to_page", kBig},
                                                    {"shape", Type::varchar(kShapeBytes)},
                                                    {"position", Type::varchar(64)},
                                                    {"row_count", kBig},
                                                    {"rejected", kBig},
                                                    {"batch_id", kBig, true},
                                                    {"written_at", Type::of(TypeId::kTimestamp), true}};
  return kColumns;
}

std::optional<SnapshotState> read_snapshot_state(engine::Session& session, int64_t attempt) {
  const engine::ParameterValue number = std::to_string(attempt);
  const auto rows = engine::query_text(session,
                                       "select status, source_oid, from_page, to_page, shape, position, row_count, "
                                       "rejected, batch_id from ops.snapshot_ranges where attempt = $1 "
                                       "order by batch_id",
                                       {&number, 1});
  if (rows.empty()) return std::nullopt;
  SnapshotState state;
  for (const engine::TextRow& row : rows) {
    CopiedRange range{number_in<Oid>(row[1]),      {number_in(row[2]), number_in(row[3])},
                      row[4].value_or(""),         number_in<uint64_t>(row[6]),
                      number_in<uint64_t>(row[7]), number_in(row[8])};
    if (row[0] == "void") {
      std::erase_if(state.ranges, [&](const CopiedRange& each) {
        return each.table == range.table && each.pages.from >= range.pages.from && each.pages.to <= range.pages.to;
      });
      continue;
    }
    state.position = std::max(state.position, read_lsn(row[5].value_or("")).value_or(0));
    if (row[0] == "copied") state.ranges.push_back(std::move(range));
  }
  return state;
}

struct RangeLedger::Row {
  const SourceTable* table = nullptr;  // nullptr: all of them
  std::string status;
  CopiedRange range;
  std::optional<Lsn> position;
  int64_t started_us = 0;
};

void RangeLedger::write(engine::Session& session, const Row& row) const {
  const CopiedRange& range = row.range;
  const auto of_table = [&](std::string text) {
    return row.table ? engine::ParameterValue(std::move(text)) : std::nullopt;
  };
  const std::string place = row.table ? row.table->configured.text() : "*";
  write_batch(session,
              {range.batch_id, source_.name, raw_tables(source_), row.status,
               row.table ? fmt::format("{} pages {} to {}", place, range.pages.from, range.pages.to) : place,
               range.rows, range.rejected, row.started_us},
              clock_);
  const engine::ParameterValue values[] = {
      std::to_string(attempt_),
      source_.name,
      of_table(place),
      of_table(std::to_string(range.table)),
      row.status,
      of_table(std::to_string(range.pages.from)),
      of_table(std::to_string(range.pages.to)),
      range.shape,
      row.position ? engine::ParameterValue(lsn_text(*row.position)) : std::nullopt,
      std::to_string(range.rows),
      std::to_string(range.rejected),
      std::to_string(range.batch_id),
      moment_text(clock_.now_us())};
  insert_row(session, "ops.snapshot_ranges", snapshot_range_columns(), values);
}

void RangeLedger::copied(engine::Session& session, const SourceTable& table, const CopiedRange& range, Lsn position,
                         int64_t started_us) const {
  write(session, {&table, "copied", range, position, started_us});
}

void RangeLedger::set_void(engine::Session& session, const SourceTable& table, PageRange pages,
                           int64_t batch_id) const {
  write(session, {&table, "void", {table.oid, pages, "", 0, 0, batch_id}, std::nullopt, clock_.now_us()});
}

void RangeLedger::followed(engine::Session& session, int64_t batch_id, Lsn position, uint64_t rows,
                           int64_t started_us) const {
  write(session, {nullptr, "followed", {0, {}, "", rows, 0, batch_id}, position, started_us});
}

}  // namespace garland::ingest::postgres
