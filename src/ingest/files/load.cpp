#include "ingest/files/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>

#include "ingest/files/evolve.h"
#include "ingest/files/file_loader.h"
#include "ingest/files/tables.h"
#include "ingest/files/turns.h"

namespace garland::ingest {
namespace {

/// The raw table exists afterwards. A new one begins without deliveries, also where an older one was dropped.
void prepare_tables(engine::Session& session, const FileSource& source, const Clock& clock,
                    std::vector<std::string>& notices) {
  create_ops_tables(session);
  fit_to_configuration(session, source, notices);
  if (check_raw_table(session, source)) return;
  engine::Transaction transaction(session);
  create_raw_table(session, source);
  Ledger ledger(session, source);
  LedgerWriter(session, source, clock, ledger).begin_table();
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

/// Control files that the path names too are none of the source's files.
void leave_out_control_files(const FileContract& contract, std::vector<std::string>& files) {
  if (contract.control_file.empty()) return;
  std::set<std::string> control;
  for (const std::string& file : files) control.insert(control_path(contract, file));
  std::erase_if(files, [&](const std::string& file) { return control.contains(file); });
}

/// Several workers' way through a source's files.
class Loading {
 public:
  Loading(const FileSource& source, const FileRoots& roots, const Clock& clock,
          const std::function<void(const LoadProgress&)>& progress, const std::atomic<bool>& stop,
          std::vector<std::string> files, Ledger& ledger, Vault* vault, LoadReport& report)
      : source_(source),
        roots_(roots),
        clock_(clock),
        progress_(progress),
        files_(std::move(files)),
        ledger_(ledger),
        vault_(vault),
        report_(report),
        turns_(
            files_.size(), [this](size_t file) { return ledger_.latest(files_[file]) != nullptr; },
            [&stop] { return stop.load(); }) {
    seen_.files_total = files_.size();
  }

  /// One worker in each session, the first on this thread, with `store`; the others have stores of their own.
  void run(std::span<engine::Session* const> sessions, FileStore& store) {
    tell(0, {});
    running_.resize(sessions.size());
    std::vector<std::thread> others;
    for (size_t i = 1; i < sessions.size(); ++i)
      others.emplace_back([this, i, sessions] { work(i, *sessions[i], nullptr); });
    work(0, *sessions[0], &store);
    for (std::thread& other : others) other.join();
    if (failure_) std::rethrow_exception(failure_);
    report_.stopped = turns_.handed_out() < files_.size();
    seen_.file = nullptr;
    tell(0, {});
  }

 private:
  void work(size_t worker, engine::Session& session, FileStore* store) {
    try {
      const auto own = store ? nullptr : open_store(source_, roots_);
      FileLoader loader(session, source_, store ? *store : *own, clock_, ledger_, vault_,
                        [this, worker](const FileReport& file) { tell(worker, file); });
      while (const auto file = turns_.next()) load(worker, loader, *file);
    } catch (const Turns::Failed&) {  // another worker's failure, which is in failure_ already
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      turns_.fail();
    }
  }

  void load(size_t worker, FileLoader& loader, size_t file) {
    {
      const std::lock_guard lock(mutex_);
      seen_.file = &files_[file];
    }
    tell(worker, {});
    FileReport done = loader.load(files_[file], [&] { turns_.wait(file); });
    turns_.wait(file);
    {
      const std::lock_guard lock(mutex_);
      count(report_, done);
      if (!done.notice.empty()) report_.notices.push_back(fmt::format("{}: {}", done.path, done.notice));
      report_.files.push_back(std::move(done));
      running_[worker] = {};
      ++seen_.files_done;
    }
    turns_.finish(file);
  }

  void tell(size_t worker, const FileReport& file) {
    const std::lock_guard lock(mutex_);
    if (worker < running_.size()) running_[worker] = {file.rows, file.rejected, file.bytes};
    seen_.rows = report_.rows;
    seen_.rejected = report_.rejected;
    seen_.bytes = report_.bytes;
    for (const Read& read : running_) {
      seen_.rows += read.rows;
      seen_.rejected += read.rejected;
      seen_.bytes += read.bytes;
    }
    if (progress_) progress_(seen_);
  }

  struct Read {
    uint64_t rows = 0, rejected = 0, bytes = 0;
  };
  const FileSource& source_;
  const FileRoots& roots_;
  const Clock& clock_;
  const std::function<void(const LoadProgress&)>& progress_;
  const std::vector<std::string> files_;
  Ledger& ledger_;
  Vault* const vault_;
  LoadReport& report_;
  Turns turns_;
  std::mutex mutex_;  // over what follows, and report_
  LoadProgress seen_;
  std::vector<Read> running_;  // by worker: of the file it reads
  std::exception_ptr failure_;
};

}  // namespace

LoadReport load_files(std::span<engine::Session* const> sessions, const FileSource& source, const FileRoots& roots,
                      const Clock& clock, const std::function<void(const LoadProgress&)>& progress,
                      const std::atomic<bool>& stop, Vault* vault) {
  const int64_t began_ns = clock.steady_ns();
  LoadReport report;
  report.source = source.name;
  report.table = source.schema + "." + source.table;
  const auto store = open_store(source, roots);
  std::vector<std::string> files = store->find();
  leave_out_control_files(source.contract, files);
  engine::Session& first = *sessions.front();
  prepare_tables(first, source, clock, report.notices);
  const FileSource fitted = fit_to_headers(first, source, *store, files, report.notices);
  Ledger ledger(first, fitted);
  const size_t workers = std::clamp<size_t>(files.size(), 1, sessions.size());
  Loading(fitted, roots, clock, progress, stop, std::move(files), ledger, vault, report)
      .run(sessions.first(workers), *store);
  report.seconds = static_cast<double>(clock.steady_ns() - began_ns) / 1e9;
  return report;
}

}  // namespace garland::ingest
