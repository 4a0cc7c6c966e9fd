#include "ingest/files/load.h"

#include "ingest/files/file_loader.h"
#include "ingest/files/tables.h"

namespace garland::ingest {
namespace {

/// The raw table exists afterwards. A new one begins without deliveries, also where an older one was dropped.
void prepare_tables(engine::Session& session, const FileSource& source, const Clock& clock) {
  create_ops_tables(session);
  if (check_raw_table(session, source)) return;
  engine::Transaction transaction(session);
  create_raw_table(session, source);
  Ledger(session, source, clock).begin_table();
  transaction.commit();
}

void count(LoadReport& report, const FileReport& file) {
  switch (file.state) {
    case FileState::kLoaded:
      ++report.loaded;
      break;
    case FileState::kReplaced:
      ++report.replaced;
      break;
    case FileState::kUnchanged:
      ++report.unchanged;
      break;
    case FileState::kDuplicate:
      ++report.duplicate;
      break;
    case FileState::kRefused:
      ++report.refused;
      break;
  }
  report.rows += file.rows;
  report.rejected += file.rejected;
  report.bytes += file.bytes;
}

}  // namespace

LoadReport load_files(engine::Session& session, const FileSource& source, const std::filesystem::path& data_folder,
                      const Clock& clock, const std::function<void(const LoadProgress&)>& progress,
                      const std::atomic<bool>& stop) {
  const int64_t began_ns = clock.steady_ns();
  LoadReport report;
  report.source = source.name;
  report.table = source.schema + "." + source.table;
  const std::vector<std::string> files = find_files(data_folder, source.path);
  prepare_tables(session, source, clock);
  LoadProgress seen;
  seen.files_total = files.size();
  const auto tell = [&](const FileReport& file) {
    seen.rows = report.rows + file.rows;
    seen.rejected = report.rejected + file.rejected;
    seen.bytes = report.bytes + file.bytes;
    if (progress) progress(seen);
  };
  FileLoader loader(session, source, data_folder, clock, tell);
  for (const std::string& path : files) {
    report.stopped = stop.load();
    if (report.stopped) break;
    seen.file = &path;
    tell({});
    report.files.push_back(loader.load(path));
    count(report, report.files.back());
    ++seen.files_done;
  }
  seen.file = nullptr;
  tell({});
  report.seconds = static_cast<double>(clock.steady_ns() - began_ns) / 1e9;
  return report;
}

}  // namespace garland::ingest
