#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/build_sql.h"
#include "models/graph.h"
#include "models/planned_catalog.h"
#include "models/run.h"
#include "models/test_sql.h"
#include "semantics/resolve.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::models {
namespace {

using semantics::Relation;

semantics::ColumnDef planned_column(const semantics::OutputColumn& column, size_t number) {
  semantics::ColumnDef planned;
  planned.attnum = static_cast<int16_t>(number + 1);
  planned.name = column.name;
  planned.type = column.type;
  planned.may_have_trailing_blanks = column.may_have_trailing_blanks;
  return planned;
}

class Checker {
 public:
  Checker(const Project& project, const std::vector<Relation>& known) : project_(project), catalog_(with_ops(known)) {
    for (const Model& model : project.models) catalog_.add_schema(model.name.schema);
  }

  std::map<ModelName, Relation> check() {
    for (const Model& model : project_.models) check_model(model);
    for (const Model& model : project_.models) {
      if (planned_.count(model.name)) check_tests(model);
    }
    for (const TestSpec& test : project_.query_tests) {
      if (readable(project_.query_test_reads.at(test.name))) check_query_test(test);
    }
    sort_by_place(errors_);
    if (!errors_.empty()) throw ProjectErrors{std::move(errors_)};
    return std::move(planned_);
  }

 private:
  static std::vector<Relation> with_ops(std::vector<Relation> known) {
    for (Relation& relation : ops_relations()) {
      bool there = std::any_of(known.begin(), known.end(), [&](const Relation& r) {
        return r.schema == relation.schema && r.name == relation.name;
      });
      if (!there) known.push_back(std::move(relation));
    }
    return known;
  }

  /// What reads a model that does not resolve is not checked: one mistake, one message.
  bool readable(const std::vector<ModelName>& names) const {
    return std::all_of(names.begin(), names.end(),
                       [&](const ModelName& name) { return catalog_.find_relation(name.schema, name.name); });
  }

  void check_model(const Model& model) {
    if (!readable(model.references)) return;
    try {
      Relation relation = model.is_view ? planned_view(model) : planned_table(model);
      relation.schema = model.name.schema;
      relation.name = model.name.name;
      catalog_.add(relation);
      planned_.emplace(model.name, std::move(relation));
    } catch (const Error& error) {
      errors_.push_back(located(error, model.file.generic_string(), model.text));
    }
  }

  Relation planned_view(const Model& model) {
    const auto& view = std::get<sql::CreateView>(model.statement.node);
    Relation relation;
    relation.kind = semantics::RelationKind::kLateBindingView;
    relation.columns = query_columns(*view.query);
    if (view.columns.size() > relation.columns.size()) {
      throw Error(kSyntaxError, "CREATE VIEW specifies more column names than columns")
          .at(view.columns[relation.columns.size()].span.begin);
    }
    for (size_t i = 0; i < view.columns.size(); ++i) relation.columns[i].name = view.columns[i].text;
    std::set<std::string> names;
    for (const semantics::ColumnDef& column : relation.columns) {
      if (names.insert(column.name).second) continue;
      throw Error(kDuplicateColumn, fmt::format("column \"{}\" specified more than once", column.name))
          .at(view.query->span.begin);
    }
    return relation;
  }

  Relation planned_table(const Model& model) {
    sql::Statement statement = model.statement;
    auto& table = std::get<sql::CreateTableAs>(statement.node);
    if (table.name.parts.size() == 1)
      table.name.parts.insert(table.name.parts.begin(), sql::Name{model.name.schema, {}});
    semantics::BoundStatement bound = semantics::resolve(statement, catalog_);
    Relation relation = std::get<semantics::BoundCreateTableAs>(bound.node).table;
    if (!model.encodings.empty()) check_encodings(model, relation);
    return relation;
  }

  void check_encodings(const Model& model, const Relation& relation) {
    std::vector<engine::ResultColumn> columns;
    for (const semantics::ColumnDef& column : relation.columns) columns.push_back({column.name, column.type});
    try {
      semantics::resolve(sql::parse_statement(create_encoded_table(model, columns)), catalog_);
    } catch (const Error& error) {
      throw Error(error.state(), error.message())
          .hint(error.hint())
          .detail(error.detail())
          .in({model.file.generic_string(), 1, 1});
    }
  }

  std::vector<semantics::ColumnDef> query_columns(const sql::Query& query) {
    sql::Statement statement;
    statement.node = query;
    std::vector<semantics::ColumnDef> columns;
    for (const semantics::OutputColumn& column : semantics::resolve(statement, catalog_).columns) {
      columns.push_back(planned_column(column, columns.size()));
    }
    return columns;
  }

  void check_tests(const Model& model) {
    for (const TestSpec& test : model.tests) {
      if (test.references && !catalog_.find_relation(test.references->schema, test.references->name)) continue;
      try {
        std::string text = failing_rows(test, model.name, [](const ModelName& name) { return name; });
        semantics::resolve(sql::parse_statement(text), catalog_);
      } catch (const Error& error) {
        errors_.push_back(Error(error.state(), fmt::format("test {}: {}", test.name, error.message()))
                              .hint(error.hint())
                              .detail(error.detail())
                              .in(test.place));
      }
    }
  }

  void check_query_test(const TestSpec& test) {
    try {
      semantics::resolve(sql::parse_statement(test.query), catalog_);
    } catch (const Error& error) {
      errors_.push_back(located(error, test.place.file, test.query));
    }
  }

  const Project& project_;
  PlannedCatalog catalog_;
  std::map<ModelName, Relation> planned_;
  std::vector<Error> errors_;
};

}  // namespace

std::map<ModelName, Relation> check_project(const Project& project, const std::vector<Relation>& known) {
  return Checker(project, known).check();
}

}  // namespace garland::models
