// garland check: everything parsed and resolved, nothing touched.
#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/checked_project.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/table.h"
#include "cli/terminal.h"

namespace garland::cli {
namespace {

size_t test_count(const models::Project& project) {
  size_t tests = project.query_tests.size();
  for (const models::Model& model : project.models) tests += model.tests.size();
  return tests;
}

void print_models(const CheckedProject& project) {
  std::vector<std::vector<std::string>> rows = {{"model", "kind", "columns", "tests", "reads"}};
  for (const models::Model& model : project.models.models) {
    const auto relation = project.relations.find(model.name);
    const size_t columns = relation == project.relations.end() ? 0 : relation->second.columns.size();
    std::string reads;
    for (const models::ModelName& name : model.references) reads += (reads.empty() ? "" : ", ") + name.text();
    rows.push_back({model.name.text(), model.is_view ? "view" : "table", std::to_string(columns),
                    std::to_string(model.tests.size()), reads});
  }
  fmt::print("{}", text_table(rows, {false, false, true, true, false}, 2));
}

void print_json(const CheckedProject& project) {
  for (const models::Model& model : project.models.models) {
    nlohmann::ordered_json object = {{"event", "model"},
                                     {"name", model.name.text()},
                                     {"kind", model.is_view ? "view" : "table"},
                                     {"file", model.file.string()},
                                     {"description", model.description}};
    object["columns"] = nlohmann::ordered_json::array();
    if (const auto relation = project.relations.find(model.name); relation != project.relations.end()) {
      for (const semantics::ColumnDef& column : relation->second.columns) {
        object["columns"].push_back({{"name", column.name}, {"type", engine::to_string(column.type)}});
      }
    }
    object["reads"] = nlohmann::ordered_json::array();
    for (const models::ModelName& name : model.references) object["reads"].push_back(name.text());
    object["tests"] = nlohmann::ordered_json::array();
    for (const models::TestSpec& test : model.tests) object["tests"].push_back(test.name);
    fmt::print("{}\n", object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
}

}  // namespace

int check_command(const CheckArguments& arguments) {
  const CheckedProject project = check_whole_project(arguments.project);
  if (arguments.json) {
    print_json(project);
    return kDone;
  }
  fmt::print("{} · {} sources, {} models, {} tests, {} answers\n\n", project.file.name, project.sources.size(),
             project.models.models.size(), test_count(project.models), project.file.answers.size());
  print_models(project);
  fmt::print("\n{} nothing is wrong\n", styled(own_terminal().out, Style::kGreen, "✓"));
  return kDone;
}

}  // namespace garland::cli
