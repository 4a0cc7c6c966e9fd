// Numbers of batches. Captures, files and events of one process load at the same time, each in a transaction of its own
// that does not see the others' batches.
#pragma once

#include <cstdint>

#include "engine/engine.h"

namespace garland::ingest {

/// Inside a transaction: a number for a new batch, past every committed one and never the same twice in this process,
/// which is the only one that writes to its warehouse. ops.batches must be there. Thread-safe.
int64_t next_batch_id(engine::Session& session);

}  // namespace garland::ingest
