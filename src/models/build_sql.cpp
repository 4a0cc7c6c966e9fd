#include "models/build_sql.h"

#include <fmt/format.h>

#include "models/near_names.h"
#include "models/rewrite.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::models {

ModelName new_table(const ModelName& name) { return {name.schema, name.name + "__new"}; }
ModelName old_table(const ModelName& name) { return {name.schema, name.name + "__old"}; }
ModelName new_view(const ModelName& name) { return {name.schema, name.name + "__newview"}; }
std::string quoted(const ModelName& name) {
  return sql::quote_identifier(name.schema) + "." + sql::quote_identifier(name.name);
}

namespace {

sql::QualifiedName qualified(const ModelName& name) { return {{{name.schema, {}}, {name.name, {}}}, {}}; }

sql::Statement rewritten(const Model& model, const Standing& standing) {
  sql::Statement statement = model.statement;
  rewrite_relations(statement, standing);
  return statement;
}

std::vector<std::string> column_names(const sql::CreateTableAs& table,
                                      const std::vector<engine::ResultColumn>& columns) {
  std::vector<std::string> names;
  for (const engine::ResultColumn& column : columns) names.push_back(column.name);
  for (size_t i = 0; i < table.columns.size() && i < names.size(); ++i) names[i] = table.columns[i].text;
  return names;
}

void check_encoded_columns(const Model& model, const std::vector<std::string>& names) {
  for (const auto& [column, encoding] : model.encodings) {
    if (std::find(names.begin(), names.end(), column) != names.end()) continue;
    auto near = near_names(column, names, 1);
    Error error(kUndefinedColumn,
                fmt::format("@encode names column \"{}\", which {} does not have", column, model.name.text()));
    if (!near.empty()) error.hint(fmt::format("did you mean \"{}\"?", near[0]));
    throw error;
  }
}

std::string dropped(std::string_view what, const std::vector<ModelName>& names) {
  std::string list;
  for (const ModelName& name : names) list += (list.empty() ? "" : ", ") + quoted(name);
  return list.empty() ? "" : fmt::format("drop {} if exists {}", what, list);
}

}  // namespace

std::string model_query(const Model& model, const Standing& standing) {
  sql::Statement statement = rewritten(model, standing);
  if (auto* view = std::get_if<sql::CreateView>(&statement.node)) return sql::print(*view->query);
  return sql::print(*std::get<sql::CreateTableAs>(statement.node).query);
}

std::string create_table_as(const Model& model, const Standing& standing) {
  sql::Statement statement = rewritten(model, standing);
  std::get<sql::CreateTableAs>(statement.node).name = qualified(new_table(model.name));
  return sql::print(statement);
}

std::string create_encoded_table(const Model& model, const std::vector<engine::ResultColumn>& columns) {
  const auto& written = std::get<sql::CreateTableAs>(model.statement.node);
  std::vector<std::string> names = column_names(written, columns);
  check_encoded_columns(model, names);
  std::string definitions;
  for (size_t i = 0; i < names.size(); ++i) {
    definitions +=
        fmt::format("{}{} {}", i ? ", " : "", sql::quote_identifier(names[i]), engine::to_string(columns[i].type));
    auto encoding = model.encodings.find(names[i]);
    if (encoding != model.encodings.end()) definitions += " encode " + encoding->second;
  }
  sql::Statement statement =
      sql::parse_statement(fmt::format("create table {} ({})", quoted(new_table(model.name)), definitions));
  std::get<sql::CreateTable>(statement.node).attributes = written.attributes;
  return sql::print(statement);
}

std::string fill_encoded_table(const Model& model, const Standing& standing) {
  return fmt::format("insert into {} {}", quoted(new_table(model.name)), model_query(model, standing));
}

std::string create_view(const Model& model, const ModelName& name, const Standing& standing) {
  sql::Statement statement = rewritten(model, standing);
  auto& view = std::get<sql::CreateView>(statement.node);
  view.name = qualified(name);
  view.or_replace = true;
  view.late_binding = true;
  return sql::print(statement);
}

std::vector<std::string> publish_statements(const std::vector<Publication>& publications) {
  std::vector<std::string> statements;
  auto rename = [&](const ModelName& from, const ModelName& to) {
    statements.push_back(fmt::format("alter table {} rename to {}", quoted(from), sql::quote_identifier(to.name)));
  };
  for (const auto& [model, before] : publications) {
    if (before == Published::kTable) rename(model->name, old_table(model->name));
    if (before == Published::kView && !model->is_view)
      statements.push_back(fmt::format("drop view {}", quoted(model->name)));
    if (!model->is_view) rename(new_table(model->name), model->name);
  }
  for (const auto& [model, before] : publications) {
    if (model->is_view)
      statements.push_back(create_view(*model, model->name, [](const ModelName& name) { return name; }));
  }
  return statements;
}

std::string drop_tables(const std::vector<ModelName>& names) { return dropped("table", names); }
std::string drop_views(const std::vector<ModelName>& names) { return dropped("view", names); }

std::string count_differences(const ModelName& a, const ModelName& b,
                              const std::vector<engine::ResultColumn>& columns) {
  std::string list, ordinals;
  for (size_t i = 0; i < columns.size(); ++i) {
    list += (i ? ", " : "") + sql::quote_identifier(columns[i].name);
    ordinals += (i ? ", " : "") + std::to_string(i + 1);
  }
  return fmt::format(
      "select count(*) from (select {0} from (select {0}, 1 as garland_side from {1} union all select {0}, -1 as "
      "garland_side from {2}) as both_sides "
      "group by {3} having sum(garland_side) <> 0) as differences",
      list, quoted(a), quoted(b), ordinals);
}

}  // namespace garland::models
