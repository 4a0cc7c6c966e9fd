// A warehouse on the embedded engine and a folder of files to load into it.
#pragma once

#include <fmt/format.h>

#include "ingest/files/load.h"
#include "ingest/warehouse_fixture.h"

namespace garland::ingest {

using engine::Type;
using engine::TypeId;

inline constexpr const char* kStateNames[] = {"loaded", "replaced", "unchanged", "duplicate", "refused"};

class FixedClock final : public Clock {
 public:
  int64_t now_us() const override { return 1'323'419'160'000'000; }  // 2011-12-09 08:26:00
  int64_t steady_ns() const override { return 0; }
};

inline FileSource orders() {
  FileSource source;
  source.name = "orders";
  source.path = "*.csv*";
  source.schema = "raw";
  source.table = "orders";
  source.columns = {{"id", Type::of(TypeId::kInteger), "id"}, {"item", Type::varchar(20), "Item"}};
  source.place = {"garland.toml", 4, 1};
  return source;
}

class LoadTest : public WarehouseTest {
 protected:
  LoadReport load(const FileSource& source = orders(), const std::function<void(const LoadProgress&)>& progress = {}) {
    engine::Session* const sessions[] = {session_.get()};  // one gives batches their numbers in order
    return load_files(sessions, source, data_.path(), clock_, progress, stop_);
  }
  /// "a.csv loaded 2 rows 0 rejected"
  Rows outcome(const LoadReport& report) {
    Rows out;
    for (const FileReport& file : report.files) {
      out.push_back(fmt::format("{} {} {}+{}{}{}", file.path, kStateNames[static_cast<int>(file.state)], file.rows,
                                file.rejected, file.reason.empty() ? "" : ": ", file.reason));
    }
    return out;
  }
  Rows rows() { return query("select id, item, _position from \"raw\".orders order by id, _position"); }
  Rows batches() {
    return query(
        "select batch_id - min(batch_id) over () + 1, path, status, row_count, rejected from ops.batches order by "
        "batch_id");
  }

  Folder data_;
  FixedClock clock_;
  std::atomic<bool> stop_{false};
};

}  // namespace garland::ingest
