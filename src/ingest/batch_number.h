// Numbers of batches (ops.batches): one row of numbers for all sources of a warehouse.
#pragma once

#include <cstdint>

#include "engine/engine.h"

namespace garland::ingest {

/// At least `id`, and in this process never the same twice: sources that load side by side do not see each other's
/// batches before they are committed, and one process owns a warehouse. Thread-safe.
int64_t take_batch_id(int64_t id);

/// Inside a transaction: the number for a new batch, past those of ops.batches.
int64_t next_batch_id(engine::Session& session);

}  // namespace garland::ingest
