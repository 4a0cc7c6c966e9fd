// `garland run` itself: files → raw tables → models → tests → published marts → answers, by whichever process owns the
// warehouse.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "cli/checked_project.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "engine/engine.h"
#include "ingest/sensitive/vault.h"
#include "models/run.h"

namespace garland::cli {

/// A run that the project allows.
struct ProjectRun {
  int64_t begun_ns;  // steady
  CheckedProject project;
  models::RunOptions options;
  std::filesystem::path source_folder;
  std::string as_of;  // for people
  bool json;
  /// The sources flow in by themselves meanwhile (`garland up`): they are not read, and models see them at one moment.
  bool models_only;
};

/// For all of the project's sources; nullptr where no column is sensitive.
std::unique_ptr<ingest::Vault> open_vault(const CheckedProject& project, engine::Session& session);

/// What the models of a project are run with. `as_of`: the day they see as today; none: the project's, else today.
models::RunOptions model_options(const ProjectFile& project, const std::optional<std::string>& as_of);

/// Reads and resolves the whole project; touches nothing. Throws what is wrong with it or with the arguments.
ProjectRun plan_run(const RunArguments& arguments, bool models_only = false);

/// Does the run as `login` and shows it; returns the exit code. One run of a warehouse at a time: the caller sees to
/// it. `stop` set: it ends after its step, as models/run.h and ingest/files/load.h say. Throws what ends the run as a
/// whole.
int run_project(const ProjectRun& run, engine::Engine& engine, const engine::Login& login, const Terminal& terminal,
                const std::atomic<bool>& stop);

}  // namespace garland::cli
