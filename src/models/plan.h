// What a run has to do: which models are stale, under which names this run's models read each other, which tests are
// due. A pure function of the project, what is published, and the versions of what the project reads.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "models/ops.h"
#include "models/project.h"
#include "models/test_sql.h"

namespace garland::models {

struct PlannedModel {
  const Model* model = nullptr;
  bool selected = false;
  bool is_node = false;    // belongs to the run: a table to build, or a view whose text or inputs changed
  bool is_bridge = false;  // a view outside the selection through which this run's models read each other
  bool is_broken_bridge =
      false;                  // … whose text has changed, so that its published text cannot be read under another name
  bool has_new_text = false;  // a view to create or replace
  bool stands_anew = false;   // read under its temporary name in this run
  std::string definition;     // hash of the statement, its encodings and tests
  std::string fingerprint;    // hash of the definition and the versions of what it reads
  std::optional<PublishedModel> published;
  std::vector<size_t> reads;        // models it names
  std::vector<size_t> reads_nodes;  // nodes it reads, directly or through views
  std::optional<Error> problem;     // why it cannot be built in this run
};

struct PlannedTest {
  const TestSpec* test = nullptr;
  std::string fingerprint;
  bool is_due = false;
  std::vector<size_t> reads, reads_nodes;
};

struct Plan {
  std::vector<PlannedModel> models;  // in the project's order
  std::vector<PlannedTest> query_tests;
  std::map<ModelName, std::string> inputs;  // versions of the raw tables that the project reads, where they have one
  std::map<ModelName, ModelName> anew;      // temporary names of this run
  /// Where a relation stands in this run.
  ModelName standing(const ModelName& name) const;
  bool has_work() const;
};

struct PlanInput {
  const Project& project;
  std::set<size_t> selected;
  bool full = false;
  int64_t run = 0;
  std::map<ModelName, PublishedModel> published;  // only what still exists
  std::map<std::string, std::string> passed_tests;
  /// The version of a relation that is no model (its rows' latest batch …); nothing when its changes cannot be told, so
  /// that what reads it is always stale.
  std::function<std::optional<std::string>(const ModelName&)> input_version;
};

Plan make_plan(const PlanInput& input);

}  // namespace garland::models
