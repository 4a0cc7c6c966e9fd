// Versions of what a project reads but does not build: how a run tells that raw data changed.
#pragma once

#include <optional>
#include <string>

#include "engine/engine.h"
#include "models/ops.h"

namespace garland::models {

/// A text that changes when the relation's rows do:
///   ops.clock                     the run's clock
///   tables with `_batch_id`       the latest batch and the number of rows (ingest replaces rows under a new batch)
///   other tables of `ops`         the number of rows: they are INSERT-only
/// Nothing for relations whose changes cannot be told, among them those that a run itself writes, and for missing ones.
std::optional<std::string> input_version(engine::Session& session, const RunClock& clock, const ModelName& name);

}  // namespace garland::models
