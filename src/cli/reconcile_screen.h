// `garland reconcile`: what a comparison of captured databases with the warehouse found.
#pragma once

#include <atomic>

#include "cli/commands.h"
#include "cli/flow.h"
#include "cli/terminal.h"
#include "engine/engine.h"

namespace garland::cli {

/// Compares the database that is named, or all, and shows the result, one block or some JSON objects each; returns the
/// exit code. `flow`: what `garland up` keeps going, whose captures stand still for a moment; nullptr: nothing, and
/// what the databases have committed is captured first. Throws what reconcile() throws, 42704 for a database that
/// garland.toml does not have.
int reconcile_action(const ReconcileArguments& arguments, engine::Session& session, const Flow* flow,
                     const Terminal& terminal, const std::atomic<bool>& stop);

}  // namespace garland::cli
