#include "models/run.h"

#include <fmt/format.h>

#include <set>

#include "base/failpoint.h"
#include "base/log.h"
#include "models/build.h"
#include "models/execute.h"
#include "models/inputs.h"
#include "models/publish.h"
#include "sql/printer.h"

namespace garland::models {
namespace {

class Run {
 public:
  Run(engine::Engine& engine, const engine::Login& login, const Project& project, const RunOptions& options,
      const Clock& clock, const std::function<void(const Progress&)>& progress, const std::atomic<bool>& stop)
      : engine_(engine),
        login_(login),
        project_(project),
        options_(options),
        clock_(clock),
        progress_(progress),
        stop_(stop),
        session_(engine.open_session(login)),
        ops_(*session_, clock) {}

  RunReport run() {
    std::set<size_t> selected = selection();
    begin();
    try {
      drop_leftovers(*session_, project_);
      if (options_.at_one_moment) return run_at_one_moment(selected);
      Plan plan = this->plan(selected, *session_);
      if (!plan.has_work()) return finish_unchanged(plan);
      Execution execution = execute(plan, std::nullopt);
      return finish(plan, execution);
    } catch (const Error& error) {
      note_failure(error);
      throw;
    }
  }

 private:
  std::set<size_t> selection() const {
    if (!options_.selector.empty()) {
      std::vector<size_t> chosen = select_models(project_, options_.selector);
      return {chosen.begin(), chosen.end()};
    }
    std::set<size_t> all;
    for (size_t i = 0; i < project_.models.size(); ++i) all.insert(i);
    return all;
  }

  /// An error ends the transaction, and with it all that was built: then it is begun anew, without that step.
  RunReport run_at_one_moment(const std::set<size_t>& selected) {
    KnownFaults known;
    const auto session = open_run_session();
    for (;;) {
      const size_t faults = known.size();
      engine::Transaction moment(*session);
      Plan plan = this->plan(selected, *session);
      if (!plan.has_work()) return finish_unchanged(plan);
      Execution execution = execute(plan, OneTransaction{*session, known});
      if (known.size() > faults) continue;
      moment.commit();
      return finish(plan, execution);
    }
  }

  // ---- before

  void begin() {
    prepare_ops(*session_);
    std::set<std::string> schemas;
    for (const Model& model : project_.models) schemas.insert(model.name.schema);
    for (const std::string& schema : schemas)
      engine::run(*session_, "create schema if not exists " + sql::quote_identifier(schema));
    session_->take_notices();
    run_clock_ = run_clock(*session_, options_, clock_);
    report_.run = ops_.next_run();
    ops_.add_run(run_row(1, "started", {}));
  }

  RunRow run_row(int step, std::string state, std::string message) const {
    return {report_.run, step, std::move(state), run_clock_, report_.cut, options_.selector, std::move(message)};
  }

  /// `reader`: who asks for the versions of what the project reads.
  Plan plan(const std::set<size_t>& selected, engine::Session& reader) {
    PlanInput input{project_, selected, options_.full, report_.run, {}, ops_.passed_tests(), {}};
    for (auto& [name, published] : ops_.published_models()) {
      if (relation_exists(*session_, name)) input.published.emplace(name, std::move(published));
    }
    input.input_version = [&](const ModelName& name) -> std::optional<std::string> {
      if (!relation_exists(*session_, name)) return std::nullopt;  // asked elsewhere: it may fail
      return input_version(reader, run_clock_, name);
    };
    Plan plan = make_plan(input);
    for (const PlannedModel& planned : plan.models) {
      if (!planned.is_node || planned.published || !relation_exists(*session_, planned.model->name)) continue;
      throw Error(kDuplicateTable, fmt::format("{} exists, but no run published it", planned.model->name.text()))
          .hint("Drop or rename it, or give the model another name.")
          .in({planned.model->file.generic_string(), 0, 0});
    }
    return plan;
  }

  // ---- building

  Execution execute(const Plan& plan, const std::optional<OneTransaction>& one_transaction) {
    std::vector<bool> selected_nodes;
    total_ = done_ = 0;
    for (const PlannedModel& planned : plan.models) total_ += planned.selected;
    for (const PlannedModel& planned : plan.models) {
      if (planned.selected && !planned.is_node) tell_unchanged(planned);
    }
    ExecuteOptions options{options_.threads,
                           [this] { return open_run_session(); },
                           one_transaction,
                           [&](Progress::Step step, size_t number, const ModelOutcome* outcome) {
                             done_ += step == Progress::Step::kFinished;
                             progress_({step, &project_.models[number], outcome, done_, total_});
                           },
                           clock_,
                           stop_};
    return execute_plan(plan, options);
  }

  std::unique_ptr<engine::Session> open_run_session() {
    auto session = engine_.open_session(login_);
    engine::run(*session, fmt::format("set garland.run to '{}'", report_.run));
    return session;
  }

  static ModelOutcome unchanged(const PlannedModel& planned) {
    ModelOutcome outcome;
    outcome.name = planned.model->name;
    outcome.state = ModelState::kUnchanged;
    outcome.rows = planned.published ? planned.published->rows : 0;
    return outcome;
  }

  void tell_unchanged(const PlannedModel& planned) {
    ModelOutcome outcome = unchanged(planned);
    ++done_;
    progress_({Progress::Step::kFinished, planned.model, &outcome, done_, total_});
  }

  // ---- after

  RunReport finish_unchanged(const Plan& plan) {
    total_ = done_ = 0;
    for (const PlannedModel& planned : plan.models) total_ += planned.selected;
    for (const PlannedModel& planned : plan.models) {
      if (!planned.selected) continue;
      tell_unchanged(planned);
      report_.models.push_back(unchanged(planned));
    }
    ops_.add_run(run_row(2, "unchanged", {}));
    return std::move(report_);
  }

  RunReport finish(const Plan& plan, Execution& execution) {
    report_.interrupted = stop_;
    std::vector<bool> withheld =
        report_.interrupted
            ? std::vector<bool>(plan.models.size(), true)
            : withhold_models(plan, execution, [&](size_t node) { return equals_published(plan, node); });
    if (report_.interrupted) mark_interrupted(execution);
    fill_report(plan, execution);
    note_what_went_wrong(plan, execution, withheld);
    publish(plan, execution, withheld);
    try {
      drop_leftovers(*session_, project_);
    } catch (const Error& error) {
      spdlog::warn("run {}: what it replaced is dropped by the next run: {}", report_.run, error.message());
    }
    return std::move(report_);
  }

  bool equals_published(const Plan& plan, size_t node) {
    const PlannedModel& planned = plan.models[node];
    if (planned.model->is_view || !planned.published || planned.published->is_view) return false;
    return same_rows(*session_, new_table(planned.model->name), planned.model->name);
  }

  static void mark_interrupted(Execution& execution) {
    for (ModelExecution& model : execution.models) {
      if (model.failed) continue;
      if (model.built) model.outcome.state = ModelState::kWithheld;
      if (model.outcome.withheld_because.empty()) model.outcome.withheld_because = "the run was interrupted";
    }
  }

  void fill_report(const Plan& plan, const Execution& execution) {
    auto count = [&](const TestOutcome& outcome) { ++(outcome.passed ? report_.tests_passed : report_.tests_failed); };
    for (size_t i = 0; i < plan.models.size(); ++i) {
      if (!plan.models[i].selected) continue;
      report_.models.push_back(plan.models[i].is_node ? execution.models[i].outcome : unchanged(plan.models[i]));
      for (const TestOutcome& outcome : report_.models.back().tests) count(outcome);
    }
    for (size_t i = 0; i < plan.query_tests.size(); ++i) {
      const TestExecution& test = execution.query_tests[i];
      if (!plan.query_tests[i].is_due || test.row.outcome.name.empty()) continue;
      report_.query_tests.push_back(test.row.outcome);
      if (test.ran) count(test.row.outcome);
    }
  }

  void note_what_went_wrong(const Plan& plan, const Execution& execution, const std::vector<bool>& withheld) {
    std::vector<TestRow> tests;
    for (const ModelExecution& model : execution.models)
      tests.insert(tests.end(), model.tests.begin(), model.tests.end());
    for (const TestExecution& test : execution.query_tests) {
      if (test.ran) tests.push_back(test.row);
    }
    engine::Transaction transaction(*session_);
    ops_.add_tests(report_.run, tests);
    ops_.add_models(report_.run, std::nullopt, unpublished_rows(plan, execution, withheld));
    transaction.commit();
  }

  void publish(const Plan& plan, const Execution& execution, const std::vector<bool>& withheld) {
    std::vector<Publication> publications = publications_of(plan, execution, withheld);
    if (!publications.empty() && !options_.at_one_moment) refuse_moving_inputs(plan);
    engine::Transaction transaction(*session_);
    std::optional<int64_t> cut;
    if (!publications.empty()) cut = ops_.next_cut();
    for (const std::string& statement : publish_statements(publications)) {
      engine::run(*session_, statement);
      failpoint(Failpoint::kPublish);
    }
    ops_.add_models(report_.run, cut, published_rows(plan, execution, withheld));
    RunRow row = run_row(2, final_state(cut.has_value()), summary());
    row.cut = cut;
    ops_.add_run(row);
    transaction.commit();
    report_.cut = cut;
  }

  void refuse_moving_inputs(const Plan& plan) {
    for (const auto& [name, version] : plan.inputs) {
      if (input_version(*session_, run_clock_, name) == version) continue;
      throw Error(kSerializationFailure,
                  fmt::format("{} changed while run {} read it; nothing was published", name.text(), report_.run))
          .hint("Run again.");
    }
  }

  std::string final_state(bool has_cut) const {
    if (report_.interrupted) return "interrupted";
    if (has_cut) return "published";
    return report_.ok() ? "unchanged" : "failed";
  }

  std::string summary() const {
    size_t failed = 0, withheld = 0;
    for (const ModelOutcome& model : report_.models) {
      failed += model.state == ModelState::kFailed;
      withheld += model.state == ModelState::kWithheld;
    }
    return fmt::format("{} models failed, {} withheld, {} tests passed, {} failed", failed, withheld,
                       report_.tests_passed, report_.tests_failed);
  }

  void note_failure(const Error& error) {
    try {
      ops_.add_run(run_row(2, "failed", error.message()));
    } catch (const Error& second) {
      spdlog::warn("run {}: its failure could not be noted: {}", report_.run, second.message());
    }
  }

  engine::Engine& engine_;
  const engine::Login& login_;
  const Project& project_;
  const RunOptions& options_;
  const Clock& clock_;
  const std::function<void(const Progress&)>& progress_;
  const std::atomic<bool>& stop_;
  std::unique_ptr<engine::Session> session_;
  OpsStore ops_;
  RunClock run_clock_;
  RunReport report_;
  size_t total_ = 0, done_ = 0;
};

}  // namespace

bool RunReport::ok() const {
  if (interrupted || tests_failed > 0) return false;
  for (const ModelOutcome& model : models) {
    if (model.state == ModelState::kFailed || model.state == ModelState::kWithheld) return false;
  }
  return true;
}

RunReport run_models(engine::Engine& engine, const engine::Login& login, const Project& project,
                     const RunOptions& options, const Clock& clock,
                     const std::function<void(const Progress&)>& progress, const std::atomic<bool>& stop) {
  return Run(engine, login, project, options, clock, progress, stop).run();
}

}  // namespace garland::models
