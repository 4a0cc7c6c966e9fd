// What is done now and then so that the warehouse does not grow for ever (ingest/upkeep.h).
#pragma once

#include <atomic>
#include <vector>

#include "engine/engine.h"
#include "ingest/postgres/source.h"

namespace garland::cli {

/// Does what is due, once a day mostly; what was done is logged and in ops.upkeep. Failures are warnings: nothing is
/// lost by them, and the next time does it. Returns early when `stop` is set.
void do_upkeep(engine::Engine& engine, const engine::Login& login,
               const std::vector<ingest::postgres::PostgresSource>& databases, const std::atomic<bool>& stop);

}  // namespace garland::cli
