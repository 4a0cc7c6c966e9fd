#include "ingest/events/event_table.h"

#include <fmt/format.h>

#include <set>

#include "ingest/files/tables.h"
#include "ingest/toml_columns.h"
#include "sql/printer.h"

namespace garland::ingest::events {
namespace {

JsonColumn read_column(const TomlReader& reader, const toml::node& node, const SensitiveSettings& settings) {
  const toml::table* table = node.as_table();
  if (!table) throw reader.error(node, "a column must be a table: { name = \"…\", type = \"…\" }");
  reader.allow_keys(*table, "a column", {"name", "type", "path", "required", "pii", "country", "country_from"});
  JsonColumn column;
  column.name = read_column_name(reader, *table);
  column.type = read_column_type(reader, *table, column.name);
  column.path = read_json_path(reader, *table);
  column.required = reader.value<bool>(*table, "required", "true or false").value_or(false);
  column.sensitive = read_class(reader, *table, column.name, settings);
  if (column.sensitive)
    check_class_type(reader.place(table->get("pii")->source()), column.name, column.sensitive->pii, column.type);
  return column;
}

}  // namespace

EventTable read_event_table(const TomlReader& reader, const toml::table& source, const SensitiveSettings& settings,
                            std::vector<TableColumn> own_columns) {
  EventTable table;
  table.place = reader.place(source.source());
  table.own_columns = std::move(own_columns);
  table.source = reader.needed_text(source, "[[source]]", "name");
  RawTableName raw = read_raw_table_name(reader, source, table.source);
  table.schema = std::move(raw.schema);
  table.table = std::move(raw.table);
  read_json_shape(reader, source, table);
  const toml::array* columns = reader.array(source, "columns");
  std::set<std::string> names = {table.rest};
  if (columns) {
    for (const toml::node& node : *columns) {
      table.columns.push_back(read_column(reader, node, settings));
      const std::string& name = table.columns.back().name;
      if (!names.insert(name).second) throw reader.error(node, fmt::format("column \"{}\" stands here twice", name));
    }
  }
  if (table.columns.empty() && table.rest.empty()) {
    throw reader.error(source, fmt::format("source \"{}\" needs \"columns\" or \"rest\"", table.source));
  }
  const toml::node& place = columns ? static_cast<const toml::node&>(*columns) : source;
  table.subject = check_columns(reader.place(place.source()), column_plans(table), reader.text(source, "subject"));
  if (raw_columns(table).size() > kMaxColumns) {
    throw reader.error(place, fmt::format("{} columns; a table has at most {}", table.columns.size(), kMaxColumns));
  }
  return table;
}

std::vector<TableColumn> raw_columns(const EventTable& table) {
  std::vector<TableColumn> columns;
  for (const ColumnPlan& plan : column_plans(table)) {
    for (const StoredColumn& stored : stored_columns(plan)) columns.push_back({stored.name, stored.type, false});
  }
  columns.insert(columns.end(), table.own_columns.begin(), table.own_columns.end());
  columns.insert(columns.end(), provenance_columns().begin(), provenance_columns().end());
  return columns;
}

std::string raw_table(const EventTable& table) {
  return sql::quote_identifier(table.schema) + "." + sql::quote_identifier(table.table);
}

void provide_raw_table(engine::Session& session, const EventTable& table) {
  const std::string quoted = raw_table(table);
  const auto found = columns_of(session, quoted);
  if (!found) {
    engine::run(session, "create schema if not exists " + sql::quote_identifier(table.schema));
    create_table(session, quoted, raw_columns(table));
    return;
  }
  const std::string name = table.schema + "." + table.table;
  const auto difference = column_difference(name, *found, raw_columns(table), table.source);
  if (!difference) return;
  throw Error(kDatatypeMismatch, *difference)
      .in(table.place)
      .hint(fmt::format("change the source's columns back, give it another table, or alter {} to fit", name));
}

}  // namespace garland::ingest::events
