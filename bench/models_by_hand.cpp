// bench_models_by_hand PROJECT DATA_FOLDER: runs the queries of a project's tables, translated, as plain CREATE TABLE
// AS in the warehouse's own file: no tests, no publishing, no catalog, one after the other. Prints the seconds of each
// and their sum in the last line. The project must have been run before: the statements read its published tables.
#include <chrono>
#include <cstdio>
#include <exception>

#include "embedded/context.h"
#include "embedded/translate.h"
#include "ingest/files/config.h"
#include "models/project.h"
#include "models/run.h"
#include "semantics/resolve.h"

namespace {

using namespace garland;

embedded::Plan plan_of(embedded::Context& context, const models::Model& model) {
  embedded::Plan plan;
  plan.ast.node = *std::get<sql::CreateTableAs>(model.statement.node).query;
  plan.catalog = context.catalog();
  plan.bound = semantics::resolve(plan.ast, *plan.catalog);
  return plan;
}

double run_table(embedded::Context& context, const models::Model& model, size_t number) {
  const embedded::Plan plan = plan_of(context, model);
  const auto translation =
      embedded::translate_query(std::get<semantics::BoundQuery>(plan.bound.node), embedded::Context::names(plan),
                                static_cast<int32_t>(plan.bound.parameters.size() + plan.bound.session_values.size()));
  const std::string table = "w.main.by_hand_" + std::to_string(number);
  const auto values = context.values(translation, plan, {});
  const auto begun = std::chrono::steady_clock::now();
  context.connection.prepare("CREATE TABLE " + table + " AS " + translation.sql).run(values);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begun;
  context.connection.query("DROP TABLE " + table);
  return seconds.count();
}

int run(const char* project_folder, const char* data_folder) {
  const auto sources = ingest::read_sources(std::filesystem::path(project_folder) / "garland.toml");
  auto known = ingest::ingest_relations(sources);
  for (auto& relation : models::ops_relations()) known.push_back(std::move(relation));
  const models::Project project = models::read_project(project_folder, known);
  embedded::Options options;
  options.data_folder = data_folder;
  embedded::Warehouse warehouse(options);
  embedded::Context context(warehouse, {"admin", "dev", "bench"});
  double sum = 0;
  for (size_t i = 0; i < project.models.size(); ++i) {
    const models::Model& model = project.models[i];
    if (model.is_view) continue;
    const double seconds = run_table(context, model, i);
    std::printf("%.6f %s\n", seconds, model.name.text().c_str());
    sum += seconds;
  }
  std::printf("%.6f sum\n", sum);
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  return argc == 3 ? run(argv[1], argv[2]) : 2;
} catch (const models::ProjectErrors& errors) {
  std::fprintf(stderr, "bench_models_by_hand: %s\n", errors.errors.front().what());
  return 1;
} catch (const Error& error) {
  std::fprintf(stderr, "bench_models_by_hand: %s (%s)\n", error.what(), error.detail().c_str());
  return 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_models_by_hand: %s\n", error.what());
  return 1;
}
