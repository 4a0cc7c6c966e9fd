// What `garland up` keeps going beside the endpoint: every source flows in on a thread of its own, and the models
// follow what arrives, each run at one moment of the warehouse.
//
// A source that is away is tried again by ingest itself; one that wants somebody to act (a slot that was lost, a wrong
// password) is shown as stopped and tried again twice a minute. The others go on.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cli/checked_project.h"
#include "endpoint/stoppable_engine.h"
#include "engine/engine.h"
#include "ingest/files/file_store.h"
#include "ingest/postgres/capture_halt.h"
#include "ingest/sensitive/vault.h"
#include "models/run.h"

namespace garland::cli {

/// How a source does at this moment.
struct SourceState {
  std::string name;
  std::string kind;                    // postgres, files, kafka
  std::string text = "starting";       // for people: "streaming", "idle", "away: …", "stopped: …"
  std::string hint;                    // what to do about it; empty: nothing
  bool healthy = true;                 // neither away nor stopped
  bool caught_up = false;              // has taken all that was there when it began, or cannot: models may begin
  std::optional<uint64_t> lag_bytes;   // of the source's log that is not in the warehouse
  std::optional<uint64_t> kept_bytes;  // of its log, on the source's disk for us
  std::optional<double> lag_s;         // how long ago the source committed what comes next
  uint64_t taken = 0, rejected = 0;    // rows or changes since this process began
  double rate = 0;                     // taken a second, lately
};

struct FlowOptions {
  std::filesystem::path project, source_folder;
  std::optional<std::string> as_of;  // as in RunArguments
  int64_t models_every_s = 10;       // from a run's end to the next one's begin, at least
  int64_t look_every_s = 10;         // at folders of files
};

/// Thread-safe. Must outlive nothing but its own threads.
class Flow {
 public:
  /// Begins at once. `engine` must outlive it. `writing`: held while models run, by whoever runs them.
  Flow(engine::Engine& engine, FlowOptions options, std::mutex& writing);
  /// Interrupts it, if nobody did, and waits for its end.
  ~Flow();
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;

  /// As a press of Ctrl-C: the first asks everything to stop after its step, another one ends its statements.
  void interrupt();
  /// Once, after interrupt().
  void wait_for_end();
  std::vector<SourceState> sources() const;
  /// Where the capture of a database can be asked to stand still. Throws 55000 before the sources have begun.
  ingest::postgres::CaptureHalt& halt_of(const std::string& database) const;
  /// For GET /metrics (Prometheus' text format).
  std::string metrics() const;

 private:
  class Progress;
  void work();
  bool prepare();
  void start_sources();
  void show_stopped(size_t number, const std::exception& error);
  void keep_trying(size_t number, const std::function<void()>& flow);
  void capture(size_t number, const ingest::postgres::PostgresSource& source);
  void consume(size_t number, const ingest::events::KafkaSource& source);
  void watch_files();
  void keep_small();
  void reconcile_regularly(size_t number, const ingest::postgres::PostgresSource& source);
  void reconcile(const ingest::postgres::PostgresSource& source);
  void load(size_t number, const ingest::FileSource& source);
  void run_models();
  void run_models_once();
  bool wait(int64_t seconds);
  void set(size_t number, const std::function<void(SourceState&)>& change);
  bool models_are_due() const;

  endpoint::StoppableEngine engine_;
  const FlowOptions options_;
  std::mutex& writing_;
  std::atomic<bool> stop_{false};
  std::optional<CheckedProject> project_;        // written before the threads that read it begin
  std::unique_ptr<ingest::Vault> vault_;         // likewise
  std::optional<ingest::FileRoots> file_roots_;  // likewise; what is known of objects stays from look to look
  mutable std::mutex mutex_;                     // guards what follows
  std::condition_variable changed_;
  std::vector<SourceState> sources_;
  std::map<std::string, std::unique_ptr<ingest::postgres::CaptureHalt>> halts_;  // of databases, from the beginning on
  uint64_t arrived_ = 0, modelled_ = 0;  // batches that brought something; those before the last run began
  uint64_t runs_ = 0, failed_runs_ = 0;
  double last_run_seconds_ = 0;
  std::vector<std::thread> threads_;
  std::thread main_;
};

}  // namespace garland::cli
