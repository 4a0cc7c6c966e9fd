// What the warehouse itself says of its state: how much disk its tables take, how the last comparisons with their
// sources came out.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "engine/engine.h"

namespace garland::cli {

/// Bytes by "schema.table", of the tables that have rows; in whole megabytes (guide page r_SVV_TABLE_INFO).
std::map<std::string, uint64_t> read_table_sizes(engine::Session& session);

/// For GET /metrics, read anew once a minute at most. Thread-safe.
class WarehouseMetrics {
 public:
  /// `engine` must outlive it.
  explicit WarehouseMetrics(engine::Engine& engine) : engine_(engine) {}
  /// Prometheus' text format; as it was before where it cannot be read.
  std::string text();

 private:
  engine::Engine& engine_;
  std::mutex mutex_;
  std::string text_;
  int64_t read_ns_ = 0;
};

}  // namespace garland::cli
