#include "cli/upkeep.h"

#include <functional>

#include "base/clock.h"
#include "base/log.h"
#include "ingest/postgres/change_log_upkeep.h"
#include "ingest/upkeep.h"

namespace garland::cli {
namespace {

void try_to(const std::string& what, const std::atomic<bool>& stop, const std::function<void()>& work) {
  if (stop) return;
  try {
    work();
  } catch (const std::exception& error) {
    if (!stop) spdlog::warn("upkeep of {}: {}", what, error.what());
  }
}

}  // namespace

void do_upkeep(engine::Engine& engine, const engine::Login& login,
               const std::vector<ingest::postgres::PostgresSource>& databases, const std::atomic<bool>& stop) {
  for (const ingest::postgres::PostgresSource& source : databases) {
    try_to(source.name, stop, [&] {
      const auto session = engine.open_session(login);
      for (const auto& log : ingest::postgres::keep_change_logs(*session, source, system_clock(), stop)) {
        log_event(spdlog::level::info, "change log kept",
                  {{"table", log.table},
                   {"kept_from", log.kept_from},
                   {"compacted_to", log.compacted_to},
                   {"removed_rows", static_cast<int64_t>(log.removed_rows)}});
      }
    });
  }
  try_to("state tables", stop, [&] { ingest::trim_state_tables(*engine.open_session(login), system_clock()); });
}

}  // namespace garland::cli
