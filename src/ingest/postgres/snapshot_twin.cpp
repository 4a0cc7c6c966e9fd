#include "ingest/postgres/snapshot_twin.h"

#include <fmt/format.h>

#include "ingest/postgres/source_copy.h"
#include "semantics/similar.h"
#include "sql/printer.h"

namespace garland::ingest::postgres {
namespace {

void check_classed_columns(const SourceTable& table) {
  for (const std::string& column : table.absent) {
    std::vector<std::string_view> there;
    for (const CatalogColumn& each : table.columns) there.push_back(each.name);
    const auto near = semantics::similar_names(column, there);
    throw Error(kConfigFileError, fmt::format("table {} has no column \"{}\"", table.configured.text(), column))
        .in(table.configured.place)
        .hint(near.empty() ? "" : fmt::format("did you mean \"{}\"?", near.front()));
  }
}

std::string moment_literal(int64_t micros) {
  return fmt::format("cast({} as timestamp)", sql::quote_literal(moment_text(micros)));
}

/// The rows of the last snapshot and its stream, of which some have gone while nobody looked.
void log_vanished(const CaptureContext& context, const SourceTable& table, Lsn lsn, const BatchContext& batch) {
  const SourceTable twin = twin_of(table);
  TableWriter writer(context.session, context.source, evolving(twin), context.types, context.vault);
  writer.relate(relation_of(table), batch);
  const std::string raw = sql::quote_identifier(table.configured.target);
  std::string columns = "_op, _lsn, _sequence, _committed_at", values;
  for (const TableColumn& column : writer.raw_columns()) {
    columns += ", " + sql::quote_identifier(std::string(kBeforePrefix) + column.name);
    values += fmt::format(", {}.{}", raw, sql::quote_identifier(column.name));
  }
  engine::run(context.session,
              fmt::format("insert into {} ({}, _source, _position, _batch_id, _loaded_at, _gap) "
                          "select 'delete', {}, row_number() over (order by {}._position), {}{}, {}, {}, {}, {}, true "
                          "from {} where not exists (select 1 from {} where {})",
                          changes_table(context.source, table.configured), columns, lsn, raw,
                          moment_literal(batch.loaded_at_us), values, sql::quote_literal(context.source.name),
                          sql::quote_literal(position_text({lsn, 0, 0})), batch.id, moment_literal(batch.loaded_at_us),
                          raw_table(context.source, table.configured), raw_table(context.source, twin.configured),
                          writer.same_key(raw, sql::quote_identifier(twin.configured.target))));
}

void replace_rows(const CaptureContext& context, const std::string& raw, const std::string& twin) {
  const std::string names = name_list(columns_in_warehouse(context.session, twin));
  engine::run(context.session, "delete from " + raw);
  engine::run(context.session, fmt::format("insert into {} ({}) select {} from {}", raw, names, names, twin));
}

}  // namespace

SourceTable twin_of(SourceTable table) {
  table.configured.target += kTwinSuffix;
  return table;
}

void prepare_raw_tables(const CaptureContext& context, const SourceTable& table) {
  check_classed_columns(table);
  create_change_log(context.session, context.source, table);
  const std::string raw = raw_table(context.source, table.configured);
  if (table.configured.current_rows && !has_raw_table(context, table)) return;
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

void make_twin(const CaptureContext& context, const SourceTable& table) {
  const std::string raw = raw_table(context.source, table.configured);
  const std::string twin = raw_table(context.source, twin_of(table).configured);
  engine::run(context.session, "drop table if exists " + twin);
  context.session.take_notices();
  create_table(context.session, twin,
               has_raw_table(context, table) ? columns_in_warehouse(context.session, raw) : raw_columns(table));
}

bool has_raw_table(const CaptureContext& context, const SourceTable& table) {
  return columns_of(context.session, raw_table(context.source, table.configured)).has_value();
}

uint64_t publish_twin(const CaptureContext& context, const SourceTable& table, bool has_raw_table, Lsn position,
                      const BatchContext& batch) {
  const std::string raw = raw_table(context.source, table.configured);
  const std::string twin = raw_table(context.source, twin_of(table).configured);
  const auto rows = number_in<uint64_t>(engine::query_text(context.session, "select count(*) from " + twin)[0][0]);
  if (!has_raw_table) {
    engine::run(context.session,
                fmt::format("alter table {} rename to {}", twin, sql::quote_identifier(table.configured.target)));
    return rows;
  }
  log_vanished(context, table, position, batch);
  replace_rows(context, raw, twin);
  engine::run(context.session, "drop table " + twin);
  return rows;
}

}  // namespace garland::ingest::postgres
