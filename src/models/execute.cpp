#include "models/execute.h"

#include <fmt/format.h>

#include <mutex>

#include "models/build.h"
#include "models/task_run.h"

namespace garland::models {
namespace {

constexpr size_t kNoTask = SIZE_MAX;

std::string test_message(const TestOutcome& outcome) {
  return fmt::format("test {} {}", outcome.name, outcome.message);
}

class Executor {
 public:
  Executor(const Plan& plan, const ExecuteOptions& options)
      : plan_(plan), options_(options), task_of_(plan.models.size(), kNoTask) {
    for (const PlannedModel& planned : plan.models) numbers_[planned.model->name] = numbers_.size();
    execution_.models.resize(plan.models.size());
    execution_.query_tests.resize(plan.query_tests.size());
    for (size_t i = 0; i < plan.models.size(); ++i) execution_.models[i].outcome.name = plan.models[i].model->name;
    add_models();
    add_late_tests();
    add_query_tests();
  }

  Execution run() {
    std::vector<bool> ran = options_.one_transaction
                                ? run_tasks_in_turn(tasks_, options_.one_transaction->session, options_.stop)
                                : run_tasks(tasks_, options_.threads, options_.open_session, options_.stop);
    for (size_t i = 0; i < plan_.models.size(); ++i) {
      if (task_of_[i] != kNoTask && !ran[task_of_[i]]) execution_.models[i].outcome.state = ModelState::kSkipped;
    }
    return std::move(execution_);
  }

 private:
  // ---- which tasks there are

  void add_models() {
    for (size_t i = 0; i < plan_.models.size(); ++i) {
      const PlannedModel& planned = plan_.models[i];
      if (!planned.is_node && !planned.is_bridge) continue;
      std::vector<size_t> after = tasks_of(planned.reads);
      task_of_[i] = tasks_.size();
      tasks_.push_back({std::move(after), [this, i](engine::Session& session) { run_model(session, i); }});
    }
  }

  /// Tests that read another model of the run which is not built before theirs.
  void add_late_tests() {
    for (size_t i = 0; i < plan_.models.size(); ++i) {
      if (!plan_.models[i].is_node) continue;
      for (const TestSpec& test : plan_.models[i].model->tests) {
        std::optional<size_t> target = late_target(test, i);
        if (!target) continue;
        tasks_.push_back(
            {{task_of_[i], task_of_[*target]},
             [this, i, &test, other = *target](engine::Session& session) { run_late_test(session, i, test, other); }});
      }
    }
  }

  void add_query_tests() {
    for (size_t i = 0; i < plan_.query_tests.size(); ++i) {
      if (!plan_.query_tests[i].is_due) continue;
      tasks_.push_back(
          {tasks_of(plan_.query_tests[i].reads), [this, i](engine::Session& session) { run_query_test(session, i); }});
    }
  }

  std::vector<size_t> tasks_of(const std::vector<size_t>& models) const {
    std::vector<size_t> tasks;
    for (size_t model : models) {
      if (task_of_[model] != kNoTask) tasks.push_back(task_of_[model]);
    }
    return tasks;
  }

  std::optional<size_t> late_target(const TestSpec& test, size_t owner) const {
    if (!test.references) return std::nullopt;
    auto target = numbers_.find(*test.references);
    if (target == numbers_.end() || target->second == owner || task_of_[target->second] == kNoTask) return std::nullopt;
    return stands_before(target->second, owner) ? std::nullopt : std::optional(target->second);
  }

  bool stands_before(size_t wanted, size_t model) const {
    std::vector<bool> seen(plan_.models.size(), false);
    std::vector<size_t> open{model};
    while (!open.empty()) {
      size_t at = open.back();
      open.pop_back();
      if (seen[at]) continue;
      seen[at] = true;
      if (at == wanted) return true;
      open.insert(open.end(), plan_.models[at].reads.begin(), plan_.models[at].reads.end());
    }
    return false;
  }

  // ---- errors in one transaction

  /// The error that the step ended the transaction with before.
  const Error* known_fault(const std::string& step) const {
    if (!options_.one_transaction) return nullptr;
    const auto found = options_.one_transaction->known.find(step);
    return found == options_.one_transaction->known.end() ? nullptr : &found->second;
  }

  bool has_failed_transaction() const {
    return options_.one_transaction &&
           options_.one_transaction->session.transaction_status() == engine::TransactionStatus::kFailed;
  }

  /// Later errors of a transaction that has failed say nothing of their steps.
  void note_fault(const std::string& step, const Error& error) {
    if (has_failed_transaction() && error.state() != kInFailedSqlTransaction) {
      options_.one_transaction->known.emplace(step, error);
    }
  }

  TestRow attempt_test(engine::Session& session, const TestSpec& test, const ModelName& model,
                       const Standing& standing) {
    const std::string step = fmt::format("{} of {}", test.name, model.text());
    if (const Error* known = known_fault(step)) return failed_test(test, model, *known);
    TestRow row = run_test(session, test, model, standing);
    if (row.error) note_fault(step, *row.error);
    return row;
  }

  // ---- what they do

  Standing standing() const {
    return [this](const ModelName& name) { return plan_.standing(name); };
  }

  void run_model(engine::Session& session, size_t number) {
    const PlannedModel& planned = plan_.models[number];
    ModelExecution& execution = execution_.models[number];
    tell(Progress::Step::kStarted, number);
    int64_t begin = options_.clock.steady_ns();
    try {
      if (planned.problem) throw *planned.problem;
      if (const Error* known = known_fault(planned.model->name.text())) throw *known;
      if (!blocked(planned, execution)) build(session, planned, execution);
    } catch (const Error& error) {
      note_fault(planned.model->name.text(), error);
      fail(execution, error);
    } catch (const std::bad_alloc&) {
      fail(execution, Error(kOutOfMemory, "out of memory"));
    }
    execution.outcome.seconds = static_cast<double>(options_.clock.steady_ns() - begin) / 1e9;
    tell(Progress::Step::kFinished, number);
  }

  static void fail(ModelExecution& execution, const Error& error) {
    execution.outcome.state = ModelState::kFailed;
    execution.outcome.error = error;
    execution.failed = execution.blocks = true;
  }

  bool blocked(const PlannedModel& planned, ModelExecution& execution) const {
    for (size_t read : planned.reads) {
      const ModelExecution& input = execution_.models[read];
      if (!input.blocks) continue;
      execution.outcome.state = ModelState::kWithheld;
      execution.outcome.withheld_because =
          fmt::format("reads {}, which {}", input.outcome.name.text(),
                      input.outcome.state == ModelState::kFailed ? "failed" : "is withheld");
      execution.blocks = true;
      execution.failed = !plan_.models[read].is_node;
      return true;
    }
    return false;
  }

  void build(engine::Session& session, const PlannedModel& planned, ModelExecution& execution) {
    const Model& model = *planned.model;
    if (!model.is_view) {
      execution.outcome.rows = build_table(session, model, standing());
    } else if (planned.stands_anew) {
      build_view(session, model, standing());
    }
    execution.built = true;
    execution.outcome.state = model.is_view ? ModelState::kView : ModelState::kBuilt;
    if (!planned.is_node) return;
    size_t owner = numbers_.at(model.name);
    for (const TestSpec& test : model.tests) {
      if (!late_target(test, owner)) record(execution, attempt_test(session, test, model.name, standing()));
    }
    bool is_same = execution.failed && !model.is_view && planned.published && !planned.published->is_view &&
                   same_rows(session, plan_.standing(model.name), model.name);
    execution.blocks = execution.failed && !is_same;
  }

  void run_late_test(engine::Session& session, size_t owner, const TestSpec& test, size_t target) {
    ModelExecution& execution = execution_.models[owner];
    if (!execution.built || execution.blocks) return;
    const PlannedModel& other = plan_.models[target];
    bool reads_published = execution_.models[target].blocks;
    TestRow row;
    if (reads_published && !other.published) {
      row.model = plan_.models[owner].model->name;
      row.outcome = {test.name, false, 0, fmt::format("could not run: {} is not built", other.model->name.text())};
    } else {
      row = attempt_test(session, test, plan_.models[owner].model->name, [&](const ModelName& name) {
        return reads_published && name == other.model->name ? name : plan_.standing(name);
      });
    }
    std::lock_guard lock(mutex_);
    record(execution, std::move(row));
  }

  static void record(ModelExecution& execution, TestRow row) {
    if (!row.outcome.passed) {
      if (!execution.failed) execution.outcome.withheld_because = test_message(row.outcome);
      execution.outcome.state = ModelState::kWithheld;
      execution.failed = true;
    }
    execution.outcome.tests.push_back(row.outcome);
    execution.tests.push_back(std::move(row));
  }

  void run_query_test(engine::Session& session, size_t number) {
    const PlannedTest& planned = plan_.query_tests[number];
    TestExecution& test = execution_.query_tests[number];
    test.row.outcome.name = planned.test->name;
    for (size_t read : planned.reads) {
      const ModelExecution& input = execution_.models[read];
      if (!input.blocks) continue;
      test.row.outcome.message = fmt::format("not run: reads {}, which {}", input.outcome.name.text(),
                                             input.outcome.state == ModelState::kFailed ? "failed" : "is withheld");
      return;
    }
    test.row = attempt_test(session, *planned.test, {}, standing());
    test.row.fingerprint = planned.fingerprint;
    test.ran = true;
    if (!test.row.outcome.passed) fail_what_it_reads(planned, test.row.outcome);
  }

  /// The tables; views only when there are no tables, since a view stores nothing that could be withheld.
  void fail_what_it_reads(const PlannedTest& planned, const TestOutcome& outcome) {
    std::lock_guard lock(mutex_);
    bool has_tables = false;
    for (size_t node : planned.reads_nodes) has_tables |= !plan_.models[node].model->is_view;
    for (size_t node : planned.reads_nodes) {
      if (has_tables && plan_.models[node].model->is_view) continue;
      ModelExecution& execution = execution_.models[node];
      if (!execution.failed) execution.outcome.withheld_because = test_message(outcome);
      if (execution.outcome.state != ModelState::kFailed) execution.outcome.state = ModelState::kWithheld;
      execution.failed = true;
    }
  }

  void tell(Progress::Step step, size_t number) {
    if (!plan_.models[number].is_node) return;
    std::lock_guard lock(mutex_);
    options_.progress(step, number, step == Progress::Step::kFinished ? &execution_.models[number].outcome : nullptr);
  }

  const Plan& plan_;
  const ExecuteOptions& options_;
  std::map<ModelName, size_t> numbers_;
  std::vector<size_t> task_of_;
  std::vector<Task> tasks_;
  Execution execution_;
  std::mutex mutex_;
};

}  // namespace

Execution execute_plan(const Plan& plan, const ExecuteOptions& options) { return Executor(plan, options).run(); }

}  // namespace garland::models
