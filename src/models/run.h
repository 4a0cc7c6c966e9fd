// Runs a project's models on an engine and publishes what passed its tests: all tables of a run in one transaction, at
// one cut. See design.md, "Publishing models".
#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "models/project.h"

namespace garland::models {

struct RunOptions {
  std::string selector;               // empty: everything
  bool full = false;                  // build also what is not stale
  std::optional<int32_t> as_of_date;  // days since 1970-01-01; default: the latest business date of the data is NOT
                                      // guessed: today in shop_tz
  std::string shop_tz = "UTC";
  int threads = 2;  // sessions that build side by side
  /// Everything is built and tested in one transaction, so that all of it sees the raw tables at one moment while
  /// sources go on writing them; nothing is built side by side then.
  bool at_one_moment = false;
};

enum class ModelState { kBuilt, kUnchanged, kView, kWithheld, kFailed, kSkipped };
struct TestOutcome {
  std::string name;
  bool passed = false;
  uint64_t failures = 0;
  std::string message;
};
struct ModelOutcome {
  ModelName name;
  ModelState state = ModelState::kSkipped;
  uint64_t rows = 0;
  double seconds = 0;
  std::optional<Error> error;    // kFailed
  std::string withheld_because;  // kWithheld: "test unique(…) found 2 rows", "reads core.x, which is withheld"
  std::vector<TestOutcome> tests;
};
struct RunReport {
  int64_t run = 0;                   // ops.runs
  std::optional<int64_t> cut;        // none when nothing was published
  std::vector<ModelOutcome> models;  // in the project's order
  std::vector<TestOutcome> query_tests;
  uint64_t tests_passed = 0,
           tests_failed = 0;  // a test that could not run (it reads a model that failed) counts in neither
  bool interrupted = false;   // by `stop`: nothing was published
  bool ok() const;
};

/// One event a step of each selected model; unchanged models finish at once. An outcome may still change: what a later
/// test or model withholds is known at the end only. Called from the run's threads, one at a time.
struct Progress {
  enum class Step { kStarted, kFinished } step;
  const Model* model;
  const ModelOutcome* outcome;
  size_t done, total;
};

/// One run at a time: the caller sees to it. The login owns the project's schemas and `ops`. Throws for what ends the
/// whole run (a selector that selects nothing, a zone that is unknown, a name that something else occupies, the
/// engine's own failures), after noting it in ops.runs; errors of single models stand in the report. 40001 when raw
/// tables changed while the run read them, unless it stands at one moment. `stop` set: models that run are finished,
/// nothing is published, and the report says so.
RunReport run_models(engine::Engine& engine, const engine::Login& login, const Project& project,
                     const RunOptions& options, const Clock& clock,
                     const std::function<void(const Progress&)>& progress, const std::atomic<bool>& stop);

/// Creates ops.runs, ops.run_models, ops.test_results, ops.test_failures and the view ops.clock where they are missing.
void prepare_ops(engine::Session& session);
/// The relations of `ops` and what they look like, for checks without an engine.
std::vector<semantics::Relation> ops_relations();

}  // namespace garland::models
