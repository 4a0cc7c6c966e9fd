#include "cli/flow.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.h"
#include "base/log.h"
#include "cli/metric_label.h"
#include "cli/project_run.h"
#include "cli/upkeep.h"
#include "ingest/events/kafka.h"
#include "ingest/files/load.h"
#include "ingest/postgres/capture.h"
#include "ingest/postgres/reconcile.h"

namespace garland::cli {
namespace {

constexpr int64_t kTryAgainS = 30;
constexpr int64_t kTryProjectS = 2;
constexpr int64_t kUpkeepS = 3600;
constexpr int64_t kReconcileAgainS = 600;  // after one that failed
constexpr int64_t kLookS = 1;              // whether a comparison is due
constexpr int64_t kUsPerSecond = 1'000'000;
constexpr double kRateSeconds = 2;  // the shortest time that a rate is taken over

engine::Login flow_login() { return local_login("up"); }

double seconds(int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e9; }

}  // namespace

/// Turns what a source says of itself into its state.
class Flow::Progress {
 public:
  Progress(Flow& flow, size_t number) : flow_(flow), number_(number), rate_from_ns_(system_clock().steady_ns()) {}

  /// All that was taken and rejected since the source began this time.
  void taken(uint64_t taken, uint64_t rejected, const std::function<void(SourceState&)>& more) {
    const int64_t now = system_clock().steady_ns();
    const uint64_t since = taken - std::min(seen_, taken);
    rated_ += since;
    const double elapsed = seconds(now - rate_from_ns_);
    flow_.set(number_, [&](SourceState& state) {
      state.taken += since;
      state.rejected += rejected - std::min(rejected_, rejected);
      if (elapsed >= kRateSeconds) state.rate = static_cast<double>(rated_) / elapsed;
      more(state);
      if (since > 0) ++flow_.arrived_;
    });
    if (elapsed >= kRateSeconds) rate_from_ns_ = now, rated_ = 0;
    seen_ = taken;
    rejected_ = rejected;
  }

 private:
  Flow& flow_;
  const size_t number_;
  int64_t rate_from_ns_;
  uint64_t seen_ = 0, rejected_ = 0, rated_ = 0;
};

Flow::Flow(engine::Engine& engine, FlowOptions options, std::mutex& writing)
    : engine_(engine), options_(std::move(options)), writing_(writing), main_([this] { work(); }) {}

Flow::~Flow() {
  if (!main_.joinable()) return;
  interrupt();
  main_.join();
}

void Flow::wait_for_end() { main_.join(); }

void Flow::interrupt() {
  const std::lock_guard lock(mutex_);
  if (stop_) engine_.stop();
  stop_ = true;
  changed_.notify_all();
}

/// False when everything is to stop.
bool Flow::wait(int64_t seconds) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(seconds), [&] { return stop_.load(); });
  return !stop_;
}

void Flow::set(size_t number, const std::function<void(SourceState&)>& change) {
  const std::lock_guard lock(mutex_);
  SourceState& state = sources_[number];
  const std::string before = state.text;
  change(state);
  if (state.healthy) state.hint.clear();
  if (state.text != before) {
    log_event(state.healthy ? spdlog::level::info : spdlog::level::warn, "source",
              {{"source", state.name}, {"state", state.text}, {"hint", state.hint}});
  }
  changed_.notify_all();
}

std::vector<SourceState> Flow::sources() const {
  const std::lock_guard lock(mutex_);
  return sources_;
}

// ---- the threads

void Flow::work() {
  if (!prepare()) return;
  start_sources();
  run_models();
  for (std::thread& thread : threads_) thread.join();
}

/// The columns of captured tables are the source's to say, so a source that is away is waited for; keys that are not
/// there, likewise. False when everything is to stop.
bool Flow::prepare() {
  std::string said;
  while (!stop_) {
    try {
      project_ = check_whole_project(options_.project);
      vault_ = open_vault(*project_, *engine_.open_session(flow_login()));
      file_roots_.emplace(options_.source_folder, project_->file.s3);
      return true;
    } catch (const std::exception& error) {
      if (said != error.what()) spdlog::warn("the project waits: {}", error.what());
      said = error.what();
    }
    wait(kTryProjectS);
  }
  return false;
}

void Flow::start_sources() {
  const std::lock_guard lock(mutex_);
  for (const auto& source : project_->sources.databases) {
    sources_.push_back({.name = source.name, .kind = "postgres"});
    halts_[source.name] = std::make_unique<ingest::postgres::CaptureHalt>();
  }
  for (const auto& source : project_->sources.files) sources_.push_back({.name = source.name, .kind = "files"});
  const size_t first_topic = sources_.size();
  for (const auto& source : project_->sources.topics) sources_.push_back({.name = source.name(), .kind = "kafka"});
  for (size_t i = 0; i < project_->sources.topics.size(); ++i) {
    const size_t number = first_topic + i;
    threads_.emplace_back(
        [this, i, number] { keep_trying(number, [&] { consume(number, project_->sources.topics[i]); }); });
  }
  for (size_t i = 0; i < project_->sources.databases.size(); ++i) {
    threads_.emplace_back([this, i] { keep_trying(i, [&] { capture(i, project_->sources.databases[i]); }); });
    if (!project_->sources.databases[i].reconcile_every_s) continue;
    threads_.emplace_back([this, i] { reconcile_regularly(i, project_->sources.databases[i]); });
  }
  if (!project_->sources.files.empty()) threads_.emplace_back([this] { watch_files(); });
  threads_.emplace_back([this] { keep_small(); });
}

/// Models do not wait for it.
void Flow::show_stopped(size_t number, const std::exception& error) {
  if (stop_) return;
  const auto* known = dynamic_cast<const Error*>(&error);
  set(number, [&](SourceState& state) {
    state.text = fmt::format("stopped: {}", error.what());
    state.hint = known ? known->hint() : "";
    state.healthy = false;
    state.caught_up = true;
    state.rate = 0;
  });
}

/// `flow` returns when everything is to stop.
void Flow::keep_trying(size_t number, const std::function<void()>& flow) {
  while (!stop_) {
    try {
      flow();
      return;
    } catch (const Error& error) {
      if (error.state() == kSerializationFailure) continue;  // upkeep deleted rows meanwhile: from the last batch again
      show_stopped(number, error);
    } catch (const std::exception& error) {
      show_stopped(number, error);
    }
    wait(kTryAgainS);
  }
}

void Flow::keep_small() {
  do {
    do_upkeep(engine_, flow_login(), project_->sources.databases, stop_);
  } while (!stop_ && wait(kUpkeepS));
}

void Flow::capture(size_t number, const ingest::postgres::PostgresSource& source) {
  const auto session = engine_.open_session(flow_login());
  Progress progress(*this, number);
  const auto show = [&](const ingest::postgres::CaptureProgress& at) {
    if (!at.trouble.empty()) {
      set(number, [&](SourceState& state) {
        state.text = "away: " + at.trouble;
        state.healthy = false;
      });
      return;
    }
    if (at.snapshot) {
      const uint64_t share = at.expected > 0 ? std::min<uint64_t>(at.rows * 100 / at.expected, 99) : 0;
      set(number, [&](SourceState& state) {
        state.text = fmt::format("copying, {} %", share);
        state.healthy = true;
      });
      return;
    }
    progress.taken(at.changes, at.rejected, [&](SourceState& state) {
      const bool over = source.wal_budget && at.kept_bytes > *source.wal_budget;
      state.text = over ? "streaming, past its wal_budget" : "streaming";
      state.healthy = state.caught_up = true;
      state.kept_bytes = at.kept_bytes;
      state.lag_bytes = at.behind_bytes;
      const bool behind = at.behind_bytes > 0 && at.committed_us;
      state.lag_s = behind ? std::max(0.0, static_cast<double>(system_clock().now_us() - *at.committed_us) / 1e6) : 0.0;
    });
  };
  ingest::postgres::capture(
      *session, [this] { return engine_.open_session(flow_login()); }, source, system_clock(),
      ingest::postgres::CaptureUntil::kStopped, show, stop_, vault_.get(), &halt_of(source.name));
}

ingest::postgres::CaptureHalt& Flow::halt_of(const std::string& database) const {
  const std::lock_guard lock(mutex_);
  const auto found = halts_.find(database);
  if (found != halts_.end()) return *found->second;
  throw Error(kObjectNotInPrerequisiteState, fmt::format("source \"{}\" has not begun", database))
      .hint("garland sources status");
}

/// While the source streams; one that is away is waited for.
void Flow::reconcile_regularly(size_t number, const ingest::postgres::PostgresSource& source) {
  const int64_t every_us = *source.reconcile_every_s * kUsPerSecond;
  int64_t due_us = 0;
  do {
    const SourceState state = sources()[number];
    if (!state.healthy || !state.caught_up || system_clock().now_us() < due_us) continue;
    try {
      const auto last = ingest::postgres::last_reconciled_us(*engine_.open_session(flow_login()), source);
      due_us = last.value_or(0) + every_us;
      if (system_clock().now_us() < due_us) continue;
      reconcile(source);
    } catch (const std::exception& error) {
      if (stop_) return;
      spdlog::warn("source \"{}\" cannot be compared: {}", source.name, error.what());
      due_us = system_clock().now_us() + kReconcileAgainS * kUsPerSecond;
    }
  } while (wait(kLookS));
}

void Flow::reconcile(const ingest::postgres::PostgresSource& source) {
  const auto session = engine_.open_session(flow_login());
  const auto result =
      ingest::postgres::reconcile(*session, source, system_clock(), stop_, vault_.get(), &halt_of(source.name));
  for (const auto& table : result.tables) {
    log_event(table.equal() ? spdlog::level::info : spdlog::level::warn, "reconciled",
              {{"source", source.name},
               {"table", table.source_table},
               {"position", result.position},
               {"differing_rows", static_cast<int64_t>(table.differing)},
               {"not_compared", table.reason}});
  }
}

void Flow::consume(size_t number, const ingest::events::KafkaSource& source) {
  const auto session = engine_.open_session(flow_login());
  Progress progress(*this, number);
  const auto show = [&](const ingest::events::KafkaProgress& at) {
    progress.taken(at.messages, 0, [&](SourceState& state) {
      state.text = "streaming";
      state.healthy = true;
      state.caught_up = state.caught_up || at.behind == 0;
    });
  };
  ingest::events::consume(*session, source, vault_.get(), system_clock(), ingest::events::ConsumeUntil::kStopped, show,
                          stop_);
}

/// One thread for all folders: what one of them brings is there before the next is looked at, as in `garland run`.
void Flow::watch_files() {
  const size_t first = project_->sources.databases.size();
  do {
    for (size_t i = 0; i < project_->sources.files.size() && !stop_; ++i) {
      try {
        load(first + i, project_->sources.files[i]);
      } catch (const std::exception& error) {
        show_stopped(first + i, error);
      }
    }
  } while (!stop_ && wait(options_.look_every_s));
}

void Flow::load(size_t number, const ingest::FileSource& source) {
  const auto session = engine_.open_session(flow_login());
  engine::Session* sessions[] = {session.get()};
  const ingest::LoadReport report =
      ingest::load_files(sessions, source, *file_roots_, system_clock(), [](const auto&) {}, stop_, vault_.get());
  Progress progress(*this, number);
  progress.taken(report.rows, report.rejected, [&](SourceState& state) {
    state.text = report.refused > 0 ? fmt::format("idle, {} files refused", report.refused) : "idle";
    state.healthy = true;
    state.caught_up = true;
  });
}

// ---- models

/// Under mutex_.
bool Flow::models_are_due() const {
  const bool ready = std::ranges::all_of(sources_, &SourceState::caught_up);
  return ready && (runs_ == 0 || arrived_ != modelled_);
}

void Flow::run_models() {
  if (project_->models.models.empty()) return;
  do {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stop_ || models_are_due(); });
      if (stop_) return;
      modelled_ = arrived_;
    }
    run_models_once();
  } while (wait(options_.models_every_s));
}

void Flow::run_models_once() {
  const std::lock_guard writing(writing_);
  const int64_t begun = system_clock().steady_ns();
  bool ok = false;
  try {
    models::RunOptions options = model_options(project_->file, options_.as_of);
    options.at_one_moment = true;
    const models::RunReport report =
        models::run_models(engine_, flow_login(), project_->models, options, system_clock(), [](const auto&) {}, stop_);
    ok = report.ok();
    if (report.interrupted) return;
    log_event(ok ? spdlog::level::info : spdlog::level::warn, "models",
              {{"run", report.run},
               {"cut", report.cut.value_or(0)},
               {"tests_failed", static_cast<int64_t>(report.tests_failed)},
               {"seconds", seconds(system_clock().steady_ns() - begun)}});
  } catch (const std::exception& error) {
    if (!stop_) spdlog::error("the models' run failed: {}", error.what());
  }
  const std::lock_guard lock(mutex_);
  ++runs_;
  failed_runs_ += !ok;
  last_run_seconds_ = seconds(system_clock().steady_ns() - begun);
}

// ---- what others see

std::string Flow::metrics() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  const auto family = [&](const char* name, const char* type, const char* help, const auto& value) {
    text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
    for (const SourceState& source : sources_) {
      if (const std::optional<double> shown = value(source)) {
        text += fmt::format("{}{{source=\"{}\"}} {}\n", name, metric_label(source.name), *shown);
      }
    }
  };
  using Shown = std::optional<double>;
  family("garland_source_up", "gauge", "1: the source flows in; 0: it is away or stopped.",
         [](const SourceState& each) -> Shown { return each.healthy ? 1 : 0; });
  family("garland_source_lag_bytes", "gauge", "Of the source's log, what is not in the warehouse.",
         [](const SourceState& each) -> Shown {
           return each.lag_bytes ? Shown(static_cast<double>(*each.lag_bytes)) : Shown();
         });
  family("garland_source_kept_bytes", "gauge", "Of its log, what the source keeps on its disk for us.",
         [](const SourceState& each) -> Shown {
           return each.kept_bytes ? Shown(static_cast<double>(*each.kept_bytes)) : Shown();
         });
  family("garland_source_lag_seconds", "gauge", "How long ago the source committed what comes next.",
         [](const SourceState& each) { return each.lag_s; });
  family("garland_source_taken_total", "counter", "Rows or changes taken.",
         [](const SourceState& each) -> Shown { return static_cast<double>(each.taken); });
  family("garland_source_rejected_total", "counter", "Rows or changes in ops.rejects.",
         [](const SourceState& each) -> Shown { return static_cast<double>(each.rejected); });
  text += fmt::format(
      "# HELP garland_model_runs_total Runs of the models.\n# TYPE garland_model_runs_total counter\n"
      "garland_model_runs_total{{result=\"ok\"}} {}\ngarland_model_runs_total{{result=\"failed\"}} {}\n"
      "# HELP garland_model_run_seconds How long the last one took.\n# TYPE garland_model_run_seconds gauge\n"
      "garland_model_run_seconds {}\n",
      runs_ - failed_runs_, failed_runs_, last_run_seconds_);
  return text;
}

}  // namespace garland::cli
