// How much disk each table takes, for people and for Prometheus.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "engine/engine.h"

namespace garland::cli {

/// Bytes by "schema.table", of the tables that have rows; in whole megabytes (guide page r_SVV_TABLE_INFO).
std::map<std::string, uint64_t> read_table_sizes(engine::Session& session);

/// The same as a metric, read anew once a minute at most. Thread-safe.
class TableSizeMetric {
 public:
  /// `engine` must outlive it.
  explicit TableSizeMetric(engine::Engine& engine) : engine_(engine) {}
  /// Prometheus' text format; as it was before where it cannot be read.
  std::string text();

 private:
  engine::Engine& engine_;
  std::mutex mutex_;
  std::string text_;
  int64_t read_ns_ = 0;
};

}  // namespace garland::cli
