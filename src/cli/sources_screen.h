// `garland sources status`: how each source of a project does.
#pragma once

#include "cli/flow.h"
#include "cli/project.h"
#include "cli/terminal.h"
#include "engine/engine.h"

namespace garland::cli {

/// One line a source, or one JSON object: from what the warehouse says of its batches and rejects, and from `flow`,
/// where `garland up` runs (nullptr: it does not). Asks no source.
void show_sources(const ProjectFile& project, engine::Session& session, const Flow* flow, const Terminal& terminal,
                  bool json);

}  // namespace garland::cli
