#include "cli/checked_project.h"

#include <fmt/format.h>

#include "ingest/events/kafka_tables.h"
#include "ingest/events/webhook_tables.h"
#include "ingest/postgres/capture.h"
#include "models/planned_catalog.h"
#include "models/run.h"
#include "semantics/resolve.h"
#include "sql/parser.h"

namespace garland::cli {
namespace {

std::vector<semantics::Relation> known_relations(const CheckedProject& project) {
  std::vector<semantics::Relation> known = ingest::ingest_relations(project.sources.files);
  for (semantics::Relation& relation : ingest::postgres::capture_relations(project.sources.databases)) {
    known.push_back(std::move(relation));
  }
  for (semantics::Relation& relation : ingest::events::webhook_relations(project.sources.webhooks)) {
    known.push_back(std::move(relation));
  }
  for (semantics::Relation& relation : ingest::events::kafka_relations(project.sources.topics)) {
    known.push_back(std::move(relation));
  }
  for (semantics::Relation& relation : models::ops_relations()) known.push_back(std::move(relation));
  return known;
}

/// The answers are statements over what the project will have.
void check_answers(const CheckedProject& project, const std::vector<semantics::Relation>& known) {
  models::PlannedCatalog catalog(known);
  for (const auto& [name, relation] : project.relations) catalog.add(relation);
  models::ProjectErrors wrong;
  for (const Answer& answer : project.file.answers) {
    try {
      semantics::resolve(sql::parse_statement(answer.sql), catalog);
    } catch (const Error& error) {
      Error shown = error;
      const std::string where =
          error.position() ? fmt::format(", at character {} of its sql", *error.position() + 1) : "";
      shown.detail(fmt::format("in the answer \"{}\"{}", answer.title, where)).in({project.file.file.string(), 0, 0});
      wrong.errors.push_back(std::move(shown));
    }
  }
  if (!wrong.errors.empty()) throw wrong;
}

}  // namespace

CheckedProject check_whole_project(const std::filesystem::path& folder) {
  CheckedProject project;
  project.file = read_project_file(folder);
  project.sources = read_project_sources(project.file.file);
  project.sensitive = ingest::read_sensitive(project.file.file);
  const auto known = known_relations(project);
  project.models = models::read_project(folder, known);
  project.relations = models::check_project(project.models, known);
  check_answers(project, known);
  return project;
}

}  // namespace garland::cli
