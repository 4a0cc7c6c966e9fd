#include "models/plan.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "models/build_sql.h"
#include "sql/printer.h"

namespace garland::models {
namespace {

std::string hash_of(const std::string& text) {
  XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

/// Parts are told apart by their lengths, so that no two lists give one text.
void add_part(std::string& text, const std::string& part) { text += fmt::format("{}:{}", part.size(), part); }

std::string definition_of(const Model& model) {
  std::string text;
  add_part(text, sql::print(model.statement));
  for (const auto& [column, encoding] : model.encodings) add_part(text, column + " " + encoding);
  for (const TestSpec& test : model.tests) add_part(text, test.name);
  return hash_of(text);
}

class Planner {
 public:
  explicit Planner(const PlanInput& input) : input_(input), plan_() {}

  Plan make() {
    const std::vector<Model>& models = input_.project.models;
    for (size_t i = 0; i < models.size(); ++i) numbers_[models[i].name] = i;
    for (size_t i = 0; i < models.size(); ++i) plan_.models.push_back(planned(models[i], i));
    for (const TestSpec& test : input_.project.query_tests) plan_.query_tests.push_back(planned_test(test));
    return std::move(plan_);
  }

 private:
  PlannedModel planned(const Model& model, size_t number) {
    PlannedModel planned;
    planned.model = &model;
    planned.selected = input_.selected.count(number) > 0;
    planned.definition = definition_of(model);
    auto published = input_.published.find(model.name);
    if (published != input_.published.end()) planned.published = published->second;
    planned.reads = models_among(model.references);
    bool same_text = planned.published && planned.published->definition == planned.definition;
    bool reads_published = model.is_view && !planned.selected && planned.published;
    planned.fingerprint =
        fingerprint(reads_published ? planned.published->definition : planned.definition, model.references);
    bool same_inputs = planned.published && planned.published->fingerprint == planned.fingerprint;
    planned.is_node = planned.selected && (input_.full || !same_inputs);
    planned.has_new_text = model.is_view && planned.is_node && (input_.full || !same_text);
    stand(planned, same_text);
    planned.reads_nodes = nodes_through_views(planned.reads);
    if (planned.is_node) planned.problem = problem_of(planned);
    return planned;
  }

  void stand(PlannedModel& planned, bool same_text) {
    bool reads_anew = false, reads_broken = false;
    for (size_t read : planned.reads) {
      reads_anew |= plan_.models[read].stands_anew;
      reads_broken |= plan_.models[read].is_broken_bridge;
    }
    const Model& model = *planned.model;
    if (!model.is_view) {
      planned.stands_anew = planned.is_node;
    } else {
      planned.is_broken_bridge = !planned.selected && planned.published && ((reads_anew && !same_text) || reads_broken);
      planned.is_bridge = !planned.selected && reads_anew && same_text && !reads_broken;
      planned.stands_anew = planned.has_new_text || ((planned.is_node || planned.is_bridge) && reads_anew);
    }
    if (planned.stands_anew) plan_.anew[model.name] = model.is_view ? new_view(model.name) : new_table(model.name);
  }

  PlannedTest planned_test(const TestSpec& test) {
    const std::vector<ModelName>& names = input_.project.query_test_reads.at(test.name);
    PlannedTest planned;
    planned.test = &test;
    planned.fingerprint = fingerprint(hash_of(test.query), names);
    planned.reads = models_among(names);
    planned.reads_nodes = nodes_through_views(planned.reads);
    bool is_selected = planned.reads.empty();
    for (size_t read : planned.reads) is_selected |= plan_.models[read].selected;
    auto passed = input_.passed_tests.find(test.name);
    bool is_known = passed != input_.passed_tests.end() && passed->second == planned.fingerprint;
    planned.is_due = is_selected && (input_.full || !is_known);
    return planned;
  }

  std::vector<size_t> models_among(const std::vector<ModelName>& names) const {
    std::vector<size_t> found;
    for (const ModelName& name : names) {
      auto number = numbers_.find(name);
      if (number != numbers_.end()) found.push_back(number->second);
    }
    return found;
  }

  std::string fingerprint(const std::string& definition, const std::vector<ModelName>& references) {
    std::string text;
    add_part(text, definition);
    for (const ModelName& name : references) {
      add_part(text, name.text());
      add_part(text, version(name));
    }
    return hash_of(text);
  }

  std::string this_run() const { return fmt::format("run {}", input_.run); }

  std::string version(const ModelName& name) {
    auto number = numbers_.find(name);
    if (number == numbers_.end()) return raw_version(name);
    const PlannedModel& model = plan_.models[number->second];
    if (model.model->is_view) return model.fingerprint;
    if (model.is_node) return this_run();
    return model.published ? fmt::format("run {}", model.published->run) : "none";
  }

  std::string raw_version(const ModelName& name) {
    auto [entry, added] = raw_versions_.emplace(name, std::nullopt);
    if (added) entry->second = input_.input_version(name);
    if (entry->second) plan_.inputs[name] = *entry->second;
    return entry->second.value_or(this_run());
  }

  std::vector<size_t> nodes_through_views(const std::vector<size_t>& reads) const {
    std::set<size_t> nodes, seen;
    std::vector<size_t> open = reads;
    while (!open.empty()) {
      size_t at = open.back();
      open.pop_back();
      if (!seen.insert(at).second) continue;
      const PlannedModel& model = plan_.models[at];
      if (model.is_node) nodes.insert(at);
      if (model.model->is_view) open.insert(open.end(), model.reads.begin(), model.reads.end());
    }
    return {nodes.begin(), nodes.end()};
  }

  std::optional<Error> problem_of(const PlannedModel& planned) const {
    for (size_t read : planned.reads) {
      const PlannedModel& input = plan_.models[read];
      std::string name = input.model->name.text();
      if (!input.published && !input.is_node) {
        return Error(kUndefinedTable, fmt::format("{} is not built yet and not selected", name))
            .hint(fmt::format("Select it too: --select +{}", planned.model->name.text()))
            .in({planned.model->file.generic_string(), 0, 0});
      }
      if (input.is_broken_bridge) {
        return Error(kObjectNotInPrerequisiteState,
                     fmt::format("the view {} (or one that it reads) has a new text that is not selected", name))
            .hint(fmt::format("Select it too: --select +{}", planned.model->name.text()))
            .in({planned.model->file.generic_string(), 0, 0});
      }
    }
    return std::nullopt;
  }

  const PlanInput& input_;
  Plan plan_;
  std::map<ModelName, size_t> numbers_;
  std::map<ModelName, std::optional<std::string>> raw_versions_;
};

}  // namespace

ModelName Plan::standing(const ModelName& name) const {
  auto found = anew.find(name);
  return found == anew.end() ? name : found->second;
}

bool Plan::has_work() const {
  for (const PlannedModel& planned : models) {
    if (planned.is_node) return true;
  }
  for (const PlannedTest& test : query_tests) {
    if (test.is_due) return true;
  }
  return false;
}

Plan make_plan(const PlanInput& input) { return Planner(input).make(); }

}  // namespace garland::models
