#include "cli/table_sizes.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/metric_label.h"
#include "cli/project.h"

namespace garland::cli {
namespace {

constexpr int64_t kEveryNs = 60'000'000'000;

}  // namespace

std::map<std::string, uint64_t> read_table_sizes(engine::Session& session) {
  std::map<std::string, uint64_t> sizes;
  for (const engine::TextRow& row :
       engine::query_text(session, "select \"schema\" || '.' || \"table\", size from svv_table_info")) {
    sizes[row[0].value_or("")] = std::stoull(row[1].value_or("0")) << 20;
  }
  return sizes;
}

std::string TableSizeMetric::text() {
  const std::lock_guard lock(mutex_);
  const int64_t now_ns = system_clock().steady_ns();
  if (!text_.empty() && now_ns - read_ns_ < kEveryNs) return text_;
  try {
    std::string text =
        "# HELP garland_table_bytes Of the table, on disk; in whole megabytes.\n# TYPE garland_table_bytes gauge\n";
    for (const auto& [table, bytes] : read_table_sizes(*engine_.open_session(local_login("metrics")))) {
      text += fmt::format("garland_table_bytes{{table=\"{}\"}} {}\n", metric_label(table), bytes);
    }
    text_ = std::move(text);
    read_ns_ = now_ns;
  } catch (const std::exception& error) {
    spdlog::warn("the tables' sizes cannot be read: {}", error.what());
  }
  return text_;
}

}  // namespace garland::cli
