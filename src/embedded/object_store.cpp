#include "embedded/object_store.h"

#include <algorithm>
#include <charconv>

#include "base/box.h"
#include "base/error.h"
#include "embedded/row_appender.h"
#include "embedded/system_tables.h"
#include "embedded/translate.h"

namespace garland::embedded {

namespace {

// A row is (kind, oid, number, name, body, more):
//   layout      relation, sort style, "", "auto"|"", "backup"|""    one
//   constraint  relation, place, name, kind, "1 2 > oid: 1 2"
//   view        relation, 0, "", "auto"|"", "incremental"|""        one
//   stale       view                                                 any number: a refresh deletes them
//   comment     object, part, "", text
//   quota       schema, megabytes
//   function    oid, volatility, name, body, "schema\n" and a line for each type, the returned one first
//   database    oid, connection limit, name, "owner\nisolation", "cs"|"ci"
struct Row {
  std::string kind;
  Oid oid = 0;
  int64_t number = 0;
  std::string name, body, more;
};

std::string table() { return "w.main.t" + std::to_string(kGarlandDetail); }

void insert(duck::Connection& connection, const std::vector<Row>& rows) {
  RowAppender out(connection, system_table(kGarlandDetail));
  for (const Row& row : rows) {
    out.text(row.kind).number(row.oid).number(row.number).text(row.name).text(row.body).text(row.more).end_row();
  }
  out.finish();
}

void erase(duck::Connection& connection, Oid oid, const std::string& condition) {
  connection.query("DELETE FROM " + table() + " WHERE c2 = " + std::to_string(oid) + " AND " + condition);
}

std::string numbers(const std::vector<int16_t>& list) {
  std::string text;
  for (const int16_t number : list) text += (text.empty() ? "" : " ") + std::to_string(number);
  return text;
}

std::vector<int16_t> read_numbers(std::string_view text) {
  std::vector<int16_t> list;
  while (!text.empty()) {
    int16_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) break;
    list.push_back(number);
    text.remove_prefix(std::min<size_t>(static_cast<size_t>(end - text.data()) + 1, text.size()));
  }
  return list;
}

std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> parts;
  for (size_t end = 0; end != std::string_view::npos;) {
    end = text.find('\n');
    parts.emplace_back(text.substr(0, end));
    if (end != std::string_view::npos) text.remove_prefix(end + 1);
  }
  return parts;
}

std::string stored_type(const engine::Type& type) {
  return std::to_string(engine::oid(type)) + " " + std::to_string(engine::typmod(type));
}

engine::Type read_type(const std::string& text) {
  const size_t blank = text.find(' ');
  return engine::type_of(static_cast<uint32_t>(std::stoul(text.substr(0, blank))),
                         static_cast<int32_t>(std::stol(text.substr(blank + 1))));
}

Row constraint_row(Oid relation, int64_t place, const Constraint& constraint) {
  std::string more = numbers(constraint.columns);
  if (constraint.referenced != 0) {
    more += "\n" + std::to_string(constraint.referenced) + "\n" + numbers(constraint.referenced_columns);
  }
  return {"constraint", relation, place, constraint.name, std::to_string(static_cast<int>(constraint.kind)), more};
}

Constraint read_constraint(const Row& row) {
  Constraint constraint;
  constraint.name = row.name;
  constraint.kind = static_cast<sql::ConstraintKind>(std::stoi(row.body));
  const std::vector<std::string> parts = lines(row.more);
  constraint.columns = read_numbers(parts[0]);
  if (parts.size() > 2) {
    constraint.referenced = static_cast<Oid>(std::stoul(parts[1]));
    constraint.referenced_columns = read_numbers(parts[2]);
  }
  return constraint;
}

void store(duck::Connection& connection, const PutDetail& put) {
  const RelationDetail& detail = put.detail;
  erase(connection, put.relation, "c1 IN ('layout', 'constraint', 'view')");
  std::vector<Row> rows{{"layout", put.relation, static_cast<int>(detail.sort_style), "",
                         detail.encode_auto ? "auto" : "", detail.backup ? "backup" : ""}};
  for (size_t i = 0; i < detail.constraints.size(); ++i) {
    rows.push_back(constraint_row(put.relation, static_cast<int64_t>(i), detail.constraints[i]));
  }
  if (detail.view) {
    rows.push_back({"view", put.relation, 0, "", detail.view->auto_refresh ? "auto" : "",
                    detail.view->incremental ? "incremental" : ""});
    if (!detail.view->stale) erase(connection, put.relation, "c1 = 'stale'");
  }
  insert(connection, rows);
}

void store(duck::Connection& connection, const MarkStale& marked) { insert(connection, {{"stale", marked.view}}); }

void store(duck::Connection& connection, const PutComment& comment) {
  erase(connection, comment.key.object, "c1 = 'comment' AND c3 = " + std::to_string(comment.key.part));
  if (comment.text) insert(connection, {{"comment", comment.key.object, comment.key.part, "", *comment.text}});
}

void store(duck::Connection& connection, const PutQuota& quota) {
  erase(connection, quota.schema, "c1 = 'quota'");
  if (quota.megabytes) insert(connection, {{"quota", quota.schema, *quota.megabytes}});
}

void store(duck::Connection& connection, const PutFunction& put) {
  const semantics::Function& function = put.function;
  erase(connection, function.oid, "c1 = 'function'");
  std::string more = function.schema + "\n" + stored_type(function.returns);
  for (const engine::Type& type : function.arguments) more += "\n" + stored_type(type);
  insert(connection, {{"function", function.oid, function.volatility, function.name, function.body, more}});
}

void store(duck::Connection& connection, const RemoveFunction& removed) {
  erase(connection, removed.oid, "c1 = 'function'");
}

void store(duck::Connection& connection, const PutDatabase& put) {
  const Database& database = put.database;
  erase(connection, database.oid, "c1 = 'database'");
  insert(connection, {{"database", database.oid, database.connection_limit, database.name,
                       database.owner + "\n" + database.isolation, database.case_sensitive ? "cs" : "ci"}});
}

void store(duck::Connection& connection, const RemoveDatabase& removed) {
  erase(connection, removed.oid, "c1 = 'database'");
}

void store(duck::Connection& connection, const ForgetObject& object) {
  erase(connection, object.oid, "c1 NOT IN ('function', 'database')");
}

std::vector<Row> load_rows(duck::Connection& connection) {
  std::vector<Row> rows;
  duck::Result result = connection.query("SELECT * FROM " + table() + " ORDER BY c2, c1, c3");
  std::vector<engine::Type> types;
  for (const auto& column : system_table(kGarlandDetail).columns) types.push_back(column.type);
  result.expect(types);
  while (const engine::Batch* batch = result.fetch()) {
    const auto text = [&](size_t column, size_t row) {
      return std::string(batch->columns[column].values<std::string_view>()[row]);
    };
    for (size_t i = 0; i < batch->rows; ++i) {
      rows.push_back({text(0, i), static_cast<Oid>(batch->columns[1].values<int64_t>()[i]),
                      batch->columns[2].values<int64_t>()[i], text(3, i), text(4, i), text(5, i)});
    }
  }
  return rows;
}

semantics::Function read_function(const Row& row) {
  semantics::Function function;
  function.oid = row.oid;
  function.name = row.name;
  function.body = row.body;
  function.volatility = static_cast<char>(row.number);
  const std::vector<std::string> parts = lines(row.more);
  function.schema = parts[0];
  function.returns = read_type(parts[1]);
  for (size_t i = 2; i < parts.size(); ++i) function.arguments.push_back(read_type(parts[i]));
  return function;
}

Database read_database(const Row& row) {
  const std::vector<std::string> parts = lines(row.body);
  return {row.oid, row.name, parts[0], static_cast<int32_t>(row.number), row.more == "cs", parts[1]};
}

}  // namespace

void create_objects(duck::Connection& connection) {
  std::string columns;
  for (const auto& column : system_table(kGarlandDetail).columns) {
    columns += (columns.empty() ? "c" : ", c") + std::to_string(column.attnum) + " " + duck_type(column.type);
  }
  connection.query("CREATE TABLE IF NOT EXISTS " + table() + "(" + columns + ")");
}

std::vector<ObjectChange> load_objects(duck::Connection& connection) {
  std::vector<ObjectChange> changes;
  std::map<Oid, RelationDetail> details;
  for (const Row& row : load_rows(connection)) {
    if (row.kind == "layout") {
      RelationDetail& detail = details[row.oid];
      detail.sort_style = static_cast<sql::SortStyle>(row.number);
      detail.encode_auto = row.body == "auto";
      detail.backup = row.more == "backup";
    } else if (row.kind == "constraint") {
      details[row.oid].constraints.push_back(read_constraint(row));
    } else if (row.kind == "view") {
      auto& view = details[row.oid].view;
      const bool stale = view && view->stale;
      view = MaterializedView{row.body == "auto", row.more == "incremental", stale};
    } else if (row.kind == "stale") {
      auto& view = details[row.oid].view;
      if (!view) view.emplace();
      view->stale = true;
    } else if (row.kind == "comment") {
      changes.emplace_back(PutComment{{row.oid, static_cast<int32_t>(row.number)}, row.body});
    } else if (row.kind == "quota") {
      changes.emplace_back(PutQuota{row.oid, row.number});
    } else if (row.kind == "function") {
      changes.emplace_back(PutFunction{read_function(row)});
    } else if (row.kind == "database") {
      changes.emplace_back(PutDatabase{read_database(row)});
    }
  }
  for (auto& [oid, detail] : details) changes.emplace_back(PutDetail{oid, std::move(detail)});
  return changes;
}

void store_objects(duck::Connection& connection, const ObjectChange& change) {
  std::visit([&](const auto& each) { store(connection, each); }, change);
}

void store_schema_rename(duck::Connection& connection, std::string_view from, std::string_view to) {
  std::vector<duck::Value> values;
  values.push_back(duck::Value::text(std::string(from) + "\n"));
  values.push_back(duck::Value::text(std::string(to) + "\n"));
  connection
      .prepare("UPDATE " + table() +
               " SET c6 = $2 || substr(c6, length($1) + 1) WHERE c1 = 'function' AND starts_with(c6, $1)")
      .run(values);
}

}  // namespace garland::embedded
