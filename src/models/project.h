// A project's models: SQL files, one Redshift statement each, with annotations in their leading comment. Read, linked
// and checked here, without any engine; run.h runs them.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "semantics/catalog.h"
#include "sql/ast/statement.h"

namespace garland::models {

/// `schema.name` of a model or a raw table, lower case.
struct ModelName {
  std::string schema, name;
  std::string text() const { return schema + "." + name; }
  auto operator<=>(const ModelName&) const = default;
};

/// `@test not_null(a, b)`, `@test unique(a, b)`, `@test accepted(col: 'x', 'y')`, `@test references(col ->
/// schema.table.col)`.
struct TestSpec {
  enum class Kind { kNotNull, kUnique, kAccepted, kReferences, kQuery /* a file of tests/: its rows are failures */ };
  Kind kind;
  std::vector<std::string> columns;
  std::vector<std::string> values;      // accepted
  std::optional<ModelName> references;  // references
  std::string references_column;
  std::string query;  // kQuery: the statement's text
  std::string name;   // as shown: "not_null(order_id)", "tests/sales_reconcile.sql"
  FilePlace place;
};

/// `@encode(status bytedict, …)` and other annotations that change how a table is made.
struct Model {
  ModelName name;
  std::filesystem::path file;  // relative to the project
  std::string text;            // the file's text
  sql::Statement statement;    // create view | create table as, with references as written
  bool is_view = false;
  std::string description;  // the leading comment's prose
  std::vector<TestSpec> tests;
  std::map<std::string, std::string> encodings;
  std::vector<ModelName> references;  // other models and raw tables it reads, sorted
};

struct Project {
  std::filesystem::path folder;
  std::vector<Model> models;                                       // in topological order, ties by name
  std::vector<TestSpec> query_tests;                               // tests/*.sql with the models they read
  std::map<std::string, std::vector<ModelName>> query_test_reads;  // by TestSpec::name
};

/// Everything found wrong, each with file and line; more than one at a time, so that people mend a project in one go.
struct ProjectErrors {
  std::vector<Error> errors;
};

/// Reads `<folder>/{staging,core,marts,access,alerts}/**/*.sql` and `<folder>/tests/*.sql`, finds references by
/// parsing, checks: one statement a file, two models with one name, cycles (named file by file), missing references
/// (neither a model nor one of `known`, the raw and ops tables), wall-clock functions, unknown annotations. Throws
/// ProjectErrors.
Project read_project(const std::filesystem::path& folder, const std::vector<semantics::Relation>& known);

/// Resolves every model and test against planned relations (`known` first, then each model's own columns), without an
/// engine. Returns what each model's columns will be. Throws ProjectErrors.
std::map<ModelName, semantics::Relation> check_project(const Project& project,
                                                       const std::vector<semantics::Relation>& known);

/// `--select`: names, `schema.*`, `+name` (with all it reads), `name+` (with all that reads it), `+name+`; several
/// separated by blanks or commas. Throws Error(22023) for a name that selects nothing, with near names.
std::vector<size_t> select_models(const Project& project, std::string_view selector);

}  // namespace garland::models
