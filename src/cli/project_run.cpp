#include "cli/project_run.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <thread>

#include "base/clock.h"
#include "cli/exit_code.h"
#include "cli/run_screen.h"
#include "cli/upkeep.h"
#include "ingest/events/webhook_tables.h"

namespace garland::cli {
namespace {

double seconds_since(int64_t begun_ns) { return static_cast<double>(system_clock().steady_ns() - begun_ns) / 1e9; }

uint64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

std::filesystem::path source_folder(const RunArguments& arguments, const CheckedProject& project) {
  std::filesystem::path folder = arguments.data ? std::filesystem::path(*arguments.data) : project.file.source_folder;
  const bool wanted = !std::ranges::all_of(project.sources.files, ingest::is_in_bucket);
  if (wanted && !std::filesystem::is_directory(folder)) {
    throw Error(kUndefinedFile, fmt::format("there is no folder of source files at {}", folder.string()))
        .hint("name it: garland run --data DIR");
  }
  return folder;
}

/// Databases come first: what their files refer to is there then. False when it was stopped.
bool capture_databases(const ProjectRun& run, engine::Session& session, const ingest::postgres::OpenSession& more,
                       ingest::Vault* vault, RunScreen& screen, RunSummary& summary, const std::atomic<bool>& stop) {
  for (const ingest::postgres::PostgresSource& source : run.project.sources.databases) {
    summary.captures.push_back(screen.show_capture(source, [&](const auto& progress) {
      return ingest::postgres::capture(session, more, source, system_clock(), ingest::postgres::CaptureUntil::kCaughtUp,
                                       progress, stop, vault);
    }));
    if (stop) return false;
  }
  return true;
}

/// Files that are read side by side; more would wait for each other and for the disk.
constexpr unsigned kMostReaders = 4;

/// False when it was stopped.
bool load_sources(const ProjectRun& run, engine::Engine& engine, const engine::Login& login, ingest::Vault* vault,
                  RunScreen& screen, RunSummary& summary, const std::atomic<bool>& stop) {
  std::vector<std::unique_ptr<engine::Session>> owned;
  std::vector<engine::Session*> sessions;
  for (unsigned i = 0; i < std::clamp(std::thread::hardware_concurrency(), 1u, kMostReaders); ++i) {
    sessions.push_back(owned.emplace_back(engine.open_session(login)).get());
  }
  for (const ingest::events::WebhookSource& source : run.project.sources.webhooks) {
    ingest::events::provide_tables(*sessions.front(), source);  // which models read before the first event came
  }
  for (const ingest::events::KafkaSource& source : run.project.sources.topics) {
    summary.topics.push_back(screen.show_topics(source, [&](const auto& progress) {
      return ingest::events::consume(*sessions.front(), source, vault, system_clock(),
                                     ingest::events::ConsumeUntil::kCaughtUp, progress, stop);
    }));
    if (stop) return false;
  }
  const ingest::FileRoots roots(run.source_folder, run.project.file.s3);
  for (const ingest::FileSource& source : run.project.sources.files) {
    summary.loads.push_back(screen.show_load(source, [&](const auto& progress) {
      return ingest::load_files(sessions, source, roots, system_clock(), progress, stop, vault);
    }));
    if (stop) return false;
  }
  return true;
}

}  // namespace

std::unique_ptr<ingest::Vault> open_vault(const CheckedProject& project, engine::Session& session) {
  const auto is_sensitive = [](const auto& table) { return ingest::holds_sensitive(column_plans(table)); };
  if (std::ranges::none_of(project.sources.files, is_sensitive) &&
      std::ranges::none_of(project.sources.databases, ingest::postgres::holds_sensitive) &&
      std::ranges::none_of(project.sources.topics, is_sensitive, &ingest::events::KafkaSource::table)) {
    return nullptr;
  }
  return std::make_unique<ingest::Vault>(session, project.sensitive, warehouse_folder(project.file), system_clock());
}

models::RunOptions model_options(const ProjectFile& project, const std::optional<std::string>& as_of) {
  models::RunOptions options;
  options.shop_tz = project.time_zone;
  const auto& day = as_of ? as_of : project.as_of;
  if (day) options.as_of_date = parse_as_of(*day);
  return options;
}

ProjectRun plan_run(const RunArguments& arguments, bool models_only) {
  ProjectRun run{
      system_clock().steady_ns(), check_whole_project(arguments.project), {}, {}, {}, arguments.json, models_only};
  run.as_of = arguments.as_of.value_or(run.project.file.as_of.value_or("today"));
  run.options = model_options(run.project.file, arguments.as_of);
  run.options.selector = arguments.select;
  run.options.full = arguments.full;
  if (!arguments.select.empty()) models::select_models(run.project.models, arguments.select);
  if (!models_only) run.source_folder = source_folder(arguments, run.project);
  return run;
}

int run_project(const ProjectRun& run, engine::Engine& engine, const engine::Login& login, const Terminal& terminal,
                const std::atomic<bool>& stop) {
  const auto session = engine.open_session(login);
  models::prepare_ops(*session);
  RunScreen screen(terminal, run.project, run.as_of, run.json);
  RunSummary summary;
  if (!run.models_only) {
    const auto vault = open_vault(run.project, *session);
    const auto more = [&] { return engine.open_session(login); };
    if (!capture_databases(run, *session, more, vault.get(), screen, summary, stop)) return kInterrupted;
    if (!load_sources(run, engine, login, vault.get(), screen, summary, stop)) return kInterrupted;
  }
  summary.load_seconds = seconds_since(run.begun_ns);

  const int64_t models_begun = system_clock().steady_ns();
  models::RunOptions options = run.options;
  options.at_one_moment = run.models_only;
  summary.models = screen.show_models([&](const auto& progress) {
    return models::run_models(engine, login, run.project.models, options, system_clock(), progress, stop);
  });
  summary.model_seconds = seconds_since(models_begun);
  if (!run.models_only) do_upkeep(engine, login, run.project.sources.databases, stop);
  screen.show_answers(*session);
  summary.seconds = seconds_since(run.begun_ns);
  summary.peak_bytes = peak_memory_bytes();
  screen.show_end(summary);
  if (summary.models.interrupted) return kInterrupted;
  return summary.ok() ? kDone : kDataFailed;
}

}  // namespace garland::cli
