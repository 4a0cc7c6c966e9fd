#include "cli/warehouse_metrics.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/metric_label.h"
#include "cli/project.h"

namespace garland::cli {
namespace {

constexpr int64_t kEveryNs = 60'000'000'000;

std::string family(const char* name, const char* help) {
  return fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", name, help);
}

std::string sizes_text(engine::Session& session) {
  std::string text = family("garland_table_bytes", "Of the table, on disk; in whole megabytes.");
  for (const auto& [table, bytes] : read_table_sizes(session)) {
    text += fmt::format("garland_table_bytes{{table=\"{}\"}} {}\n", metric_label(table), bytes);
  }
  return text;
}

/// Of each source's last comparison. Tables that could not be compared have no figure.
std::string reconciliations_text(engine::Session& session) {
  // Asked first, since a statement that fails is a line of the log.
  const bool is_there =
      !engine::query_text(session,
                          "select 1 from svv_tables where table_schema = 'ops' and table_name = 'reconciliations'")
           .empty();
  std::vector<engine::TextRow> rows;
  if (is_there) {
    rows =
        engine::query_text(session,
                           "select r.source, r.source_table, r.differing_rows, r.status, "
                           "cast(extract(epoch from r.reconciled_at) as bigint) from ops.reconciliations r join "
                           "(select source, max(reconciled_at) as newest from ops.reconciliations group by source) l "
                           "on l.source = r.source and l.newest = r.reconciled_at order by 1, 2");
  }
  std::string differing =
      family("garland_reconcile_differing_rows", "Rows that differed when they were compared last.");
  std::string moments = family("garland_reconcile_timestamp_seconds", "When the source was compared last.");
  std::string last;
  for (const engine::TextRow& row : rows) {
    const std::string source = metric_label(row[0].value_or(""));
    if (row[3] != "not compared") {
      differing += fmt::format("garland_reconcile_differing_rows{{source=\"{}\",table=\"{}\"}} {}\n", source,
                               metric_label(row[1].value_or("")), row[2].value_or("0"));
    }
    if (last != source) {
      moments += fmt::format("garland_reconcile_timestamp_seconds{{source=\"{}\"}} {}\n", source, row[4].value_or("0"));
    }
    last = source;
  }
  return differing + moments;
}

}  // namespace

std::map<std::string, uint64_t> read_table_sizes(engine::Session& session) {
  std::map<std::string, uint64_t> sizes;
  for (const engine::TextRow& row :
       engine::query_text(session, "select \"schema\" || '.' || \"table\", size from svv_table_info")) {
    sizes[row[0].value_or("")] = std::stoull(row[1].value_or("0")) << 20;
  }
  return sizes;
}

std::string WarehouseMetrics::text() {
  const std::lock_guard lock(mutex_);
  const int64_t now_ns = system_clock().steady_ns();
  if (!text_.empty() && now_ns - read_ns_ < kEveryNs) return text_;
  try {
    const auto session = engine_.open_session(local_login("metrics"));
    text_ = sizes_text(*session) + reconciliations_text(*session);
    read_ns_ = now_ns;
  } catch (const std::exception& error) {
    spdlog::warn("the warehouse's metrics cannot be read: {}", error.what());
  }
  return text_;
}

}  // namespace garland::cli
