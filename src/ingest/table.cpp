#include "ingest/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "engine/text.h"
#include "semantics/plain_table.h"
#include "sql/printer.h"

namespace garland::ingest {
namespace {

using engine::TypeId;

std::string definition(const TableColumn& column) {
  return fmt::format("{} {}{}{}{}", sql::quote_identifier(column.name), to_string(column.type),
                     column.not_null ? " not null" : "", column.encoding.empty() ? "" : " encode ", column.encoding);
}

bool widens_number(const engine::Type& from, const engine::Type& to) {
  if (from.is_integer() && to.is_integer()) return from.id <= to.id;
  if (from.id == TypeId::kReal) return to.id == TypeId::kDouble;
  if (to.id != TypeId::kDecimal) return false;
  const int whole = to.precision - to.scale;
  if (from.id == TypeId::kDecimal) return whole >= from.precision - from.scale && to.scale >= from.scale;
  const int digits = from.id == TypeId::kSmallint ? 5 : from.id == TypeId::kInteger ? 10 : 19;
  return from.is_integer() && whole >= digits;
}

void alter(engine::Session& session, const std::string& table, const std::string& action) {
  engine::run(session, fmt::format("alter table {} {}", table, action));
}

}  // namespace

std::vector<std::string> column_names(const std::vector<TableColumn>& columns) {
  std::vector<std::string> names;
  for (const TableColumn& column : columns) names.push_back(column.name);
  return names;
}

std::vector<engine::Type> column_types(const std::vector<TableColumn>& columns) {
  std::vector<engine::Type> types;
  for (const TableColumn& column : columns) types.push_back(column.type);
  return types;
}

std::optional<std::vector<engine::ResultColumn>> columns_of(engine::Session& session, const std::string& table) {
  try {
    return session.prepare("select * from " + table)->columns();
  } catch (const Error& error) {
    if (error.state() == kUndefinedTable || error.state() == kInvalidSchemaName) return std::nullopt;
    throw;
  }
}

std::optional<std::string> column_difference(const std::string& table, const std::vector<engine::ResultColumn>& found,
                                             const std::vector<TableColumn>& wanted, const std::string& source) {
  for (const TableColumn& column : wanted) {
    const auto at = std::ranges::find(found, column.name, &engine::ResultColumn::name);
    if (at == found.end()) {
      return fmt::format("table {} has no column \"{}\", which source \"{}\" has", table, column.name, source);
    }
    if (at->type == column.type) continue;
    return fmt::format("column \"{}\" of table {} is {}, but {} in source \"{}\"", column.name, table,
                       to_string(at->type), to_string(column.type), source);
  }
  for (const engine::ResultColumn& column : found) {
    if (std::ranges::find(wanted, column.name, &TableColumn::name) != wanted.end()) continue;
    return fmt::format("table {} has a column \"{}\", which source \"{}\" has not", table, column.name, source);
  }
  return std::nullopt;
}

void create_table(engine::Session& session, const std::string& table, const std::vector<TableColumn>& columns) {
  std::string text;
  for (const TableColumn& column : columns) text += (text.empty() ? "" : ", ") + definition(column);
  engine::run(session, fmt::format("create table if not exists {} ({})", table, text));
}

semantics::Relation as_relation(const std::string& schema, const std::string& name,
                                const std::vector<TableColumn>& columns) {
  return semantics::plain_table(schema, name, columns);
}

std::unique_ptr<engine::Statement> prepare_insert(engine::Session& session, const std::string& table,
                                                  const std::vector<TableColumn>& columns) {
  std::string markers;
  for (size_t i = 1; i <= columns.size(); ++i) markers += fmt::format("{}${}", markers.empty() ? "" : ", ", i);
  return session.prepare(fmt::format("insert into {} ({}) values ({})", table, name_list(columns), markers),
                         column_types(columns));
}

void insert_row(engine::Session& session, const std::string& table, const std::vector<TableColumn>& columns,
                std::span<const engine::ParameterValue> values) {
  const auto cursor = prepare_insert(session, table, columns)->execute(values);
  while (cursor->fetch() != nullptr) {
  }
}

std::string name_list(const std::vector<TableColumn>& columns) {
  std::string names;
  for (const TableColumn& column : columns) {
    names += (names.empty() ? "" : ", ") + sql::quote_identifier(column.name);
  }
  return names;
}

engine::BatchBuilder& open_batch(std::deque<engine::BatchBuilder>& rows, const std::vector<TableColumn>& columns) {
  if (rows.empty() || rows.back().full()) rows.emplace_back(column_types(columns));
  return rows.back();
}

void load_rows(engine::Session& session, const std::string& table, const std::vector<TableColumn>& columns,
               std::deque<engine::BatchBuilder>& rows) {
  if (rows.empty()) return;
  const auto load = session.load(table, column_names(columns));
  for (engine::BatchBuilder& batch : rows) load->append(batch.batch());
  load->finish();
  rows.clear();
}

bool widens(const engine::Type& from, const engine::Type& to) {
  if (from == to) return true;
  if (from.is_numeric()) return to.is_numeric() && widens_number(from, to);
  if (from.id == TypeId::kVarchar || from.id == TypeId::kVarbyte) return from.id == to.id && from.length <= to.length;
  return false;
}

void widen_column(engine::Session& session, const std::string& table, const std::string& column,
                  const engine::Type& type) {
  const std::string name = sql::quote_identifier(column);
  const std::string wide = "_wide";
  const auto columns = session.prepare("select * from " + table)->columns();
  if (std::ranges::find(columns, wide, &engine::ResultColumn::name) !=
      columns.end()) {  // left by one that was interrupted
    alter(session, table, "drop column " + wide);
  }
  const auto is_wide = [&](const engine::ResultColumn& each) { return each.name == column && each.type == type; };
  if (std::ranges::any_of(columns, is_wide)) return;
  {
    engine::Transaction transaction(session);
    alter(session, table, fmt::format("add column {} {}", wide, to_string(type)));
    engine::run(session, fmt::format("update {} set {} = {}", table, wide, name));
    transaction.commit();
  }
  engine::Transaction transaction(session);
  alter(session, table, "drop column " + name);
  alter(session, table, fmt::format("rename column {} to {}", wide, name));
  transaction.commit();
}

std::string moment_text(int64_t micros) {
  const engine::Column column{engine::Type::of(engine::TypeId::kTimestamp), &micros, nullptr};
  std::string text;
  engine::append_text(text, column, 0);
  return text;
}

}  // namespace garland::ingest
