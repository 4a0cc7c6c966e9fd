// `garland sources`: how each source of a project does, and a new snapshot for one.
#pragma once

#include "cli/commands.h"
#include "cli/flow.h"
#include "cli/project.h"
#include "cli/terminal.h"
#include "engine/engine.h"

namespace garland::cli {

/// Status: one line a source, or one JSON object, from what the warehouse says of its batches and rejects, and from
/// `flow`, where `garland up` runs (nullptr: it does not); asks no source. Resnapshot: capture.h, forget_position().
/// Returns the exit code. Throws 42704 for a source that garland.toml does not
/// have, 55000 for one that has no snapshots.
int sources_action(const SourcesArguments& arguments, engine::Session& session, const Flow* flow,
                   const Terminal& terminal);

}  // namespace garland::cli
