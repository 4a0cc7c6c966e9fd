// garland run: files → raw tables → models → tests → published marts → answers.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <thread>

#include "base/clock.h"
#include "cli/checked_project.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/run_screen.h"

namespace garland::cli {
namespace {

double seconds_since(int64_t begun_ns) { return static_cast<double>(system_clock().steady_ns() - begun_ns) / 1e9; }

uint64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

std::optional<std::string> as_of_text(const RunArguments& arguments, const CheckedProject& project) {
  return arguments.as_of ? arguments.as_of : project.file.as_of;
}

models::RunOptions run_options(const RunArguments& arguments, const CheckedProject& project) {
  models::RunOptions options;
  options.selector = arguments.select;
  options.full = arguments.full;
  options.shop_tz = project.file.time_zone;
  if (const auto as_of = as_of_text(arguments, project)) options.as_of_date = parse_as_of(*as_of);
  return options;
}

std::filesystem::path source_folder(const RunArguments& arguments, const CheckedProject& project) {
  std::filesystem::path folder = arguments.data ? std::filesystem::path(*arguments.data) : project.file.source_folder;
  if (!project.sources.empty() && !std::filesystem::is_directory(folder)) {
    throw Error(kUndefinedFile, fmt::format("there is no folder of source files at {}", folder.string()))
        .hint("name it: garland run --data DIR");
  }
  return folder;
}

/// Databases come first: what their files refer to is there then. False when it was stopped.
bool capture_databases(engine::Session& session, const CheckedProject& project, RunScreen& screen,
                       RunSummary& summary) {
  const std::atomic<bool>& stop = watch_interrupts();
  for (const ingest::postgres::PostgresSource& source : project.databases) {
    summary.captures.push_back(screen.show_capture(source, [&](const auto& progress) {
      return ingest::postgres::capture(session, source, system_clock(), ingest::postgres::CaptureUntil::kCaughtUp,
                                       progress, stop);
    }));
    if (stop) return false;
  }
  return true;
}

/// Files that are read side by side; more would wait for each other and for the disk.
constexpr unsigned kMostReaders = 4;

/// False when it was stopped.
bool load_sources(engine::Engine& engine, const engine::Login& login, const CheckedProject& project,
                  const std::filesystem::path& folder, RunScreen& screen, RunSummary& summary) {
  const std::atomic<bool>& stop = watch_interrupts();
  std::vector<std::unique_ptr<engine::Session>> owned;
  std::vector<engine::Session*> sessions;
  for (unsigned i = 0; i < std::clamp(std::thread::hardware_concurrency(), 1u, kMostReaders); ++i) {
    sessions.push_back(owned.emplace_back(engine.open_session(login)).get());
  }
  for (const ingest::FileSource& source : project.sources) {
    summary.loads.push_back(screen.show_load(source, [&](const auto& progress) {
      return ingest::load_files(sessions, source, folder, system_clock(), progress, stop);
    }));
    if (stop) return false;
  }
  return true;
}

}  // namespace

int run_command(const RunArguments& arguments) {
  const int64_t begun = system_clock().steady_ns();
  const CheckedProject project = check_whole_project(arguments.project);
  const models::RunOptions options = run_options(arguments, project);
  if (!arguments.select.empty()) models::select_models(project.models, arguments.select);
  const std::filesystem::path folder = source_folder(arguments, project);
  const std::atomic<bool>& stop = watch_interrupts();

  const auto engine = open_warehouse(project.file, folder);
  const engine::Login login = local_login("run");
  const auto session = engine->open_session(login);
  models::prepare_ops(*session);
  RunScreen screen(project, as_of_text(arguments, project).value_or("today"), arguments.json);
  RunSummary summary;
  if (!capture_databases(*session, project, screen, summary)) return kInterrupted;
  if (!load_sources(*engine, login, project, folder, screen, summary)) return kInterrupted;
  summary.load_seconds = seconds_since(begun);

  const int64_t models_begun = system_clock().steady_ns();
  summary.models = screen.show_models([&](const auto& progress) {
    return models::run_models(*engine, login, project.models, options, system_clock(), progress, stop);
  });
  summary.model_seconds = seconds_since(models_begun);
  screen.show_answers(*session);
  summary.seconds = seconds_since(begun);
  summary.peak_bytes = peak_memory_bytes();
  screen.show_end(summary);
  if (summary.models.interrupted) return kInterrupted;
  return summary.ok() ? kDone : kDataFailed;
}

}  // namespace garland::cli
