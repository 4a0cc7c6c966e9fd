// Builds a plan's models and runs their tests, side by side. Nothing is published here.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/ops.h"
#include "models/plan.h"
#include "models/run.h"

namespace garland::models {

/// What became of a model of the plan. Those that are neither node nor bridge keep the defaults.
struct ModelExecution {
  ModelOutcome outcome;
  std::vector<TestRow> tests;
  bool built = false;   // its new version exists
  bool failed = false;  // its SQL, one of its tests, or a test of tests/ that reads it
  bool blocks = false;  // what reads it cannot be built
};

struct TestExecution {
  bool ran = false;  // else `row.outcome.message` says why not
  TestRow row;
};

struct Execution {
  std::vector<ModelExecution> models;      // by the plan's numbers
  std::vector<TestExecution> query_tests;  // by the plan's numbers; those that are not due did not run
};

/// Steps (a model's build, a test) that ended the one transaction in earlier tries, and with what.
using KnownFaults = std::map<std::string, Error>;

/// In place of sessions of its own: a session in a transaction. An error ends that transaction and is added to `known`;
/// the plan is to be executed again then, and what is known fails at once.
struct OneTransaction {
  engine::Session& session;
  KnownFaults& known;
};

struct ExecuteOptions {
  int threads = 2;
  std::function<std::unique_ptr<engine::Session>()> open_session;  // a session of the run
  std::optional<OneTransaction> one_transaction;
  std::function<void(Progress::Step, size_t model, const ModelOutcome*)> progress;  // one call at a time
  const Clock& clock;
  const std::atomic<bool>& stop;
};

Execution execute_plan(const Plan& plan, const ExecuteOptions& options);

}  // namespace garland::models
