#include "ingest/postgres/snapshot_follow.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/box.h"
#include "ingest/postgres/range_copy.h"
#include "ingest/postgres/replication_stream.h"

namespace garland::ingest::postgres {
namespace {

constexpr int kReceiveMs = 50;              // how soon a stop is seen
constexpr int64_t kReportNs = 200'000'000;  // the source is asked where it stands
constexpr size_t kKeysAtOnce = 1000;        // of a statement for the source

/// Notes the keys that the stream's messages name.
class KeyReader {
 public:
  KeyReader(SourceConnection& quoting, const std::vector<const SourceTable*>& tables, Lsn to)
      : quoting_(quoting), tables_(tables), to_(to) {
    for (const SourceTable* table : tables) touched_[table->oid];
  }

  void receive(std::string_view bytes) {
    std::visit(
        overloaded{
            [&](const Begin& each) { begin(each); }, [&](const Commit& each) { end(each); },
            [&](const Relation& each) { relate(each); }, [&](const Insert& each) { note(each.relation, each.after); },
            [&](const Update& each) { note(each); }, [&](const Delete& each) { note(each.relation, each.before); },
            [&](const Truncate& each) { std::ranges::for_each(each.relations, [&](Oid o) { give_up(o); }); },
            [](const auto&) {}},
        decode(bytes, false));
  }
  void sent(Lsn position) {
    if (!in_transaction_) reached_ = std::max(reached_, position);
  }
  bool done() const { return reached_ >= to_; }
  std::map<Oid, TouchedRows> take() { return std::move(touched_); }

 private:
  void begin(const Begin& begin) {
    in_transaction_ = true;
    if (begin.final_lsn >= to_) reached_ = to_;
  }
  void end(const Commit& commit) {
    in_transaction_ = false;
    sent(commit.end_lsn);
  }

  /// Where the key's columns stand in the rows that follow.
  void relate(const Relation& relation) {
    const auto table = std::ranges::find(tables_, relation.id, &SourceTable::oid);
    std::vector<size_t>& places = places_[relation.id];
    places.clear();
    if (table == tables_.end()) return;
    for (const CatalogColumn& column : (*table)->columns) {
      if (!column.key) continue;
      const auto found = std::ranges::find(relation.columns, column.name, &RelationColumn::name);
      if (found == relation.columns.end()) return give_up(relation.id);
      places.push_back(static_cast<size_t>(found - relation.columns.begin()));
    }
  }

  void note(const Update& update) {
    if (update.before) note(update.relation, *update.before);
    note(update.relation, update.after);
  }

  void note(Oid relation, const Tuple& row) {
    const auto found = touched_.find(relation);
    if (found == touched_.end() || found->second.all) return;
    std::string key;
    for (const size_t place : places_[relation]) {
      const Value& value = row.at(place);
      if (value.kind != ValueKind::kText) return give_up(relation);  // a key is neither NULL nor left out
      key += (key.empty() ? "" : ", ") + quoting_.literal(std::string(value.bytes));
    }
    if (!found->second.keys.insert(std::move(key)).second) return;
    if (++held_ > kMostTouched) give_up(relation);
  }

  void give_up(Oid relation) {
    const auto found = touched_.find(relation);
    if (found == touched_.end()) return;
    held_ -= found->second.keys.size();
    found->second = {.keys = {}, .all = true};
  }

  SourceConnection& quoting_;
  const std::vector<const SourceTable*>& tables_;
  const Lsn to_;
  Lsn reached_ = 0;
  bool in_transaction_ = false;
  std::map<Oid, TouchedRows> touched_;
  std::map<Oid, std::vector<size_t>> places_;
  size_t held_ = 0;
};

/// A table's key in statements for the source.
class KeySql {
 public:
  KeySql(SourceConnection& data, const SourceTable& table) : data_(data), table_(table) {
    for (const CatalogColumn& column : table.columns) {
      if (!column.key) continue;
      const auto type = data.query(
          "select format_type(atttypid, atttypmod) from pg_catalog.pg_attribute where attrelid = $1 and attname = $2",
          {std::to_string(table.oid), column.name});
      types_ += (types_.empty() ? "" : ", ") + ("NULL::" + type.at(0).at(0).value_or("text"));
      names_ += (names_.empty() ? "" : ", ") + data.identifier(column.name);
    }
  }

  /// The keys themselves as binary values, in rows of the table's shape.
  std::string keys(const std::string& list) const {
    std::string columns, first;
    for (const CatalogColumn& column : table_.columns) {
      const std::string name = data_.identifier(column.name);
      columns += (columns.empty() ? "" : ", ") + (column.key ? name : "NULL::text");
      if (column.key && first.empty()) first = name;
    }
    return fmt::format("COPY (SELECT {} FROM ({}) AS keys ({}) WHERE {} IS NOT NULL) TO STDOUT (FORMAT binary)",
                       columns, values(list), names_, first);
  }
  /// The rows with these keys on these pages.
  std::string rows(const std::string& list, const std::vector<PageRange>& ranges) const {
    return copy_sql(data_, table_, fmt::format("({}) IN ({}) AND {}", names_, values(list), lies_in(ranges)));
  }

 private:
  /// The row of NULLs, which is no key, gives the list its types.
  std::string values(const std::string& list) const { return fmt::format("VALUES ({}){}", types_, list); }

  SourceConnection& data_;
  const SourceTable& table_;
  std::string types_, names_;
};

}  // namespace

std::map<Oid, TouchedRows> read_touched(const CaptureContext& context, SourceConnection& replication,
                                        const std::vector<const SourceTable*>& tables, Lsn from, Lsn to,
                                        const std::atomic<bool>& stop) {
  KeyReader keys(context.queries, tables, to);
  ReplicationStream stream(replication, context.source, from, context.clock, StreamForm::kTexts);
  int64_t reported_ns = 0;
  while (!keys.done()) {
    if (stop) throw Error(kQueryCanceled, "the snapshot was stopped; the next run goes on with it");
    const auto outer = stream.receive(kReceiveMs);
    if (outer) {
      if (const auto* data = std::get_if<LogData>(&*outer)) keys.receive(data->data);
      if (const auto* alive = std::get_if<Keepalive>(&*outer)) keys.sent(alive->log_end);
    }
    if (context.clock.steady_ns() - reported_ns < kReportNs) continue;
    stream.report(from, true);
    reported_ns = context.clock.steady_ns();
  }
  stream.finish();
  return keys.take();
}

std::optional<uint64_t> exchange_touched(const CaptureContext& context, SourceConnection& data,
                                         const SourceTable& table, const TouchedRows& touched,
                                         const std::vector<PageRange>& ranges, Lsn position,
                                         const BatchContext& batch) {
  RangeCopy copy(context, context.session, table, position, batch);
  const KeySql sql(data, table);
  const uint64_t rejected = batch.rejects->count();
  uint64_t rows = 0;
  for (auto key = touched.keys.begin(); key != touched.keys.end();) {
    std::string list;
    for (size_t i = 0; i < kKeysAtOnce && key != touched.keys.end(); ++i, ++key) list += ", (" + *key + ")";
    bool readable = true;
    CopyReader keys(data, sql.keys(list));
    while (const Tuple* tuple = keys.next()) readable = !copy.writer().add_key(*tuple) && readable;
    if (!readable) return std::nullopt;
    copy.writer().delete_keys();
    rows += copy.run(data, sql.rows(list, ranges), [](uint64_t) {});
    if (batch.rejects->count() > rejected) return std::nullopt;
  }
  return rows;
}

}  // namespace garland::ingest::postgres
