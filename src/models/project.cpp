#include "models/project.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>

#include "base/limits.h"
#include "models/annotations.h"
#include "models/graph.h"
#include "models/run.h"
#include "semantics/functions.h"
#include "semantics/resolve.h"
#include "sql/parser.h"

namespace garland::models {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 5> kFolders{"staging", "core", "marts", "access", "alerts"};
/// A table is built as `name__new`, its view as `name__newview`: both must fit an identifier.
constexpr size_t kMaxModelNameBytes = kMaxIdentifierBytes - std::string_view("__newview").size();

struct SourceFile {
  fs::path path;  // relative to the project
  std::string schema;
  std::string text;
};

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  if (!in) throw Error(kIoError, fmt::format("cannot read \"{}\"", path.generic_string()));
  return out.str();
}

std::vector<SourceFile> sql_files(const fs::path& project, const std::string& folder) {
  std::vector<SourceFile> files;
  if (!fs::is_directory(project / folder)) return files;
  try {
    for (const auto& entry : fs::recursive_directory_iterator(project / folder)) {
      if (!entry.is_regular_file() || entry.path().extension() != ".sql") continue;
      files.push_back({fs::relative(entry.path(), project), folder, read_text(entry.path())});
    }
  } catch (const fs::filesystem_error& error) {
    throw Error(kIoError, fmt::format("cannot read folder \"{}\": {}", folder, error.code().message()));
  }
  std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

/// Reads files one by one and collects what is wrong with each.
class ProjectReader {
 public:
  explicit ProjectReader(const fs::path& folder) { project_.folder = folder; }

  Project read(const std::vector<semantics::Relation>& known) {
    for (const char* folder : kFolders) {
      for (const SourceFile& file : sql_files(project_.folder, folder)) guarded(file, [&] { read_model(file); });
    }
    for (const SourceFile& file : sql_files(project_.folder, "tests")) guarded(file, [&] { read_query_test(file); });
    std::set<ModelName> names;
    for (const semantics::Relation& relation : known) names.insert({relation.schema, relation.name});
    for (const semantics::Relation& relation : ops_relations()) names.insert({relation.schema, relation.name});
    link_models(project_.models, tests_, {names.begin(), names.end()}, broken_, errors_);
    sort_by_place(errors_);
    if (!errors_.empty()) throw ProjectErrors{std::move(errors_)};
    for (QueryTestFile& test : tests_) {
      project_.query_test_reads[test.spec.name] = std::move(test.reads);
      project_.query_tests.push_back(std::move(test.spec));
    }
    return std::move(project_);
  }

 private:
  template <class Read>
  void guarded(const SourceFile& file, Read read) {
    size_t before = errors_.size();
    try {
      read();
    } catch (const Error& error) {
      errors_.push_back(located(error, file.path.generic_string(), file.text));
    }
    if (errors_.size() > before) broken_.push_back({file.schema, file.path.stem().string()});
  }

  sql::Statement only_statement(const SourceFile& file) {
    std::vector<sql::Span> spans = sql::split_statements(file.text);
    if (spans.empty()) throw Error(kSyntaxError, "the file holds no statement").at(0);
    if (spans.size() > 1) {
      throw Error(kSyntaxError, "a file holds one statement; here a second one begins")
          .at(spans[1].begin)
          .hint("Give it a file of its own.");
    }
    return sql::parse_statement(file.text);
  }

  void refuse_wall_clock(const SourceFile& file, const sql::Statement& statement) {
    for (const semantics::CalledFunction& call : semantics::called_functions(statement)) {
      if (!semantics::reads_clock(call.name)) continue;
      errors_.push_back(Error(kInvalidObjectDefinition,
                              fmt::format("{} is not a function of the data: a run could not be repeated", call.name))
                            .hint("Read as_of_date, as_of_ts and shop_tz from ops.clock instead.")
                            .at(call.span.begin)
                            .in(place_at(file.path.generic_string(), file.text, call.span.begin)));
    }
  }

  void read_model(const SourceFile& file) {
    Model model;
    model.file = file.path;
    model.text = file.text;
    Annotations notes = read_annotations(file.text, file.path.generic_string(), errors_);
    model.description = std::move(notes.description);
    model.tests = std::move(notes.tests);
    model.encodings = std::move(notes.encodings);
    model.statement = only_statement(file);
    const sql::QualifiedName& written = written_name(model);
    model.name = checked_name(file, written);
    if (model.is_view && !model.encodings.empty()) {
      errors_.push_back(
          Error(kInvalidTableDefinition, "a view stores nothing: @encode is for tables").in(notes.encode_place));
    }
    refuse_wall_clock(file, model.statement);
    model.references = references_of(model.statement, file.path.generic_string(), file.text, errors_);
    project_.models.push_back(std::move(model));
  }

  static const sql::QualifiedName& written_name(Model& model) {
    if (const auto* view = std::get_if<sql::CreateView>(&model.statement.node)) {
      model.is_view = true;
      return view->name;
    }
    const auto* table = std::get_if<sql::CreateTableAs>(&model.statement.node);
    if (!table || table->temporary) {
      throw Error(kSyntaxError, "a model is one `create view … as` or `create table … as`")
          .at(model.statement.span.begin);
    }
    return table->name;
  }

  static ModelName checked_name(const SourceFile& file, const sql::QualifiedName& written) {
    if (written.parts.size() > 2) {
      throw Error(kInvalidName, "a model's name is schema.name, without a database").at(written.span.begin);
    }
    ModelName name{written.parts.size() == 2 ? written.parts[0].text : file.schema, written.last().text};
    if (name.name != file.path.stem().string()) {
      throw Error(kInvalidName,
                  fmt::format("the model is named \"{}\" but its file {}", name.name, file.path.filename().string()))
          .hint(fmt::format("Rename the file to {}.sql, or the model to {}.", name.name, file.path.stem().string()))
          .at(written.span.begin);
    }
    if (name.schema == "raw" || name.schema == "information_schema" || name.schema.starts_with("pg_")) {
      throw Error(kInvalidSchemaName, fmt::format("models do not write to schema \"{}\"", name.schema))
          .at(written.span.begin);
    }
    if (name.name.size() > kMaxModelNameBytes) {
      throw Error(kInvalidName, fmt::format("a model's name has at most {} bytes", kMaxModelNameBytes))
          .at(written.span.begin);
    }
    if (name.name.ends_with("__new") || name.name.ends_with("__old") || name.name.ends_with("__newview")) {
      throw Error(kInvalidName, "names that end with __new, __old or __newview are for runs").at(written.span.begin);
    }
    return name;
  }

  void read_query_test(const SourceFile& file) {
    QueryTestFile test;
    Annotations notes = read_annotations(file.text, file.path.generic_string(), errors_);
    if (!notes.tests.empty() || !notes.encodings.empty()) {
      errors_.push_back(Error(kSyntaxError, "a file of tests/ is a test itself: annotations are for models")
                            .in(notes.tests.empty() ? notes.encode_place : notes.tests[0].place));
    }
    test.statement = only_statement(file);
    if (!std::holds_alternative<sql::Query>(test.statement.node)) {
      throw Error(kSyntaxError, "a test is one query: its rows are failures").at(test.statement.span.begin);
    }
    test.spec.kind = TestSpec::Kind::kQuery;
    test.spec.query = file.text;
    test.spec.name = file.path.generic_string();
    test.spec.place = place_at(file.path.generic_string(), file.text, test.statement.span.begin);
    refuse_wall_clock(file, test.statement);
    test.reads = references_of(test.statement, file.path.generic_string(), file.text, errors_);
    tests_.push_back(std::move(test));
  }

  Project project_;
  std::vector<QueryTestFile> tests_;
  std::vector<ModelName> broken_;
  std::vector<Error> errors_;
};

}  // namespace

Project read_project(const fs::path& folder, const std::vector<semantics::Relation>& known) {
  return ProjectReader(folder).read(known);
}

}  // namespace garland::models
