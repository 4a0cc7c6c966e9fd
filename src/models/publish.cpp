#include "models/publish.h"

#include <fmt/format.h>

#include "models/withhold.h"

namespace garland::models {
namespace {

bool is_mart(const Model& model) {
  return model.name.schema == "marts" || (model.file.begin() != model.file.end() && *model.file.begin() == "marts");
}

/// The plan's nodes by their numbers there.
std::vector<size_t> nodes_of(const Plan& plan) {
  std::vector<size_t> nodes;
  for (size_t i = 0; i < plan.models.size(); ++i) {
    if (plan.models[i].is_node) nodes.push_back(i);
  }
  return nodes;
}

void tell_why(ModelOutcome& outcome, const Withheld& withheld, const ModelOutcome& other) {
  if (outcome.state == ModelState::kFailed) return;
  outcome.state = ModelState::kWithheld;
  if (!outcome.withheld_because.empty()) return;
  std::string name = other.name.text();
  if (withheld.why == Withheld::Why::kReadBy) {
    outcome.withheld_because = fmt::format("{} reads it and is withheld", name);
  } else {
    outcome.withheld_because =
        fmt::format("reads {}, which {}", name, other.state == ModelState::kFailed ? "failed" : "is withheld");
  }
}

std::string reason_of(const ModelOutcome& outcome) {
  return outcome.error ? outcome.error->message() : outcome.withheld_because;
}

std::string state_text(ModelState state) {
  if (state == ModelState::kFailed) return "failed";
  return state == ModelState::kSkipped ? "skipped" : "withheld";
}

RunModelRow row_of(const PlannedModel& planned, const ModelExecution& execution, std::string state) {
  const ModelOutcome& outcome = execution.outcome;
  return {planned.model->name, planned.model->is_view, std::move(state),    outcome.rows,
          outcome.seconds,     planned.definition,     planned.fingerprint, reason_of(outcome)};
}

}  // namespace

std::vector<bool> withhold_models(const Plan& plan, Execution& execution, const std::function<bool(size_t)>& equal) {
  std::vector<size_t> nodes = nodes_of(plan);
  std::map<size_t, size_t> numbers;
  for (size_t i = 0; i < nodes.size(); ++i) numbers[nodes[i]] = i;
  std::vector<RunNode> graph;
  for (size_t node : nodes) {
    const PlannedModel& planned = plan.models[node];
    const ModelExecution& model = execution.models[node];
    RunNode& added = graph.emplace_back();
    added.failed = model.failed;
    added.built = model.built && !planned.model->is_view;
    added.is_mart = is_mart(*planned.model);
    added.is_new_view = planned.has_new_text;
    for (size_t read : planned.reads_nodes) added.reads.push_back(numbers.at(read));
  }
  auto reasons = withhold(graph, [&](size_t node) { return equal(nodes[node]); });
  std::vector<bool> withheld(plan.models.size(), false);
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (!reasons[i]) continue;
    withheld[nodes[i]] = true;
    tell_why(execution.models[nodes[i]].outcome, *reasons[i], execution.models[nodes[reasons[i]->other]].outcome);
  }
  return withheld;
}

std::vector<Publication> publications_of(const Plan& plan, const Execution& execution,
                                         const std::vector<bool>& withheld) {
  std::vector<Publication> publications;
  for (size_t node : nodes_of(plan)) {
    const PlannedModel& planned = plan.models[node];
    if (withheld[node] || !execution.models[node].built || (planned.model->is_view && !planned.has_new_text)) continue;
    Published before = Published::kNothing;
    if (planned.published) before = planned.published->is_view ? Published::kView : Published::kTable;
    publications.push_back({planned.model, before});
  }
  return publications;
}

std::vector<RunModelRow> published_rows(const Plan& plan, const Execution& execution,
                                        const std::vector<bool>& withheld) {
  std::vector<RunModelRow> rows;
  for (size_t node : nodes_of(plan)) {
    if (!withheld[node] && execution.models[node].built)
      rows.push_back(row_of(plan.models[node], execution.models[node], "published"));
  }
  return rows;
}

std::vector<RunModelRow> unpublished_rows(const Plan& plan, const Execution& execution,
                                          const std::vector<bool>& withheld) {
  std::vector<RunModelRow> rows;
  for (size_t node : nodes_of(plan)) {
    if (!withheld[node] && execution.models[node].built) continue;
    rows.push_back(row_of(plan.models[node], execution.models[node], state_text(execution.models[node].outcome.state)));
  }
  return rows;
}

void drop_leftovers(engine::Session& session, const Project& project) {
  std::vector<ModelName> tables, views;
  for (const Model& model : project.models) {
    tables.push_back(new_table(model.name));
    tables.push_back(old_table(model.name));
    views.push_back(new_view(model.name));
  }
  if (tables.empty()) return;
  engine::run(session, drop_views(views));
  engine::run(session, drop_tables(tables));
  session.take_notices();
}

}  // namespace garland::models
