// What `garland run` shows while it works and at its end: for people, or as JSON events.
#pragma once

#include <string>
#include <vector>

#include "cli/checked_project.h"
#include "cli/terminal.h"
#include "engine/engine.h"
#include "ingest/events/kafka.h"
#include "ingest/files/load.h"
#include "ingest/postgres/capture.h"
#include "models/run.h"

namespace garland::cli {

/// What a run did, for its last lines.
struct RunSummary {
  std::vector<ingest::postgres::CaptureReport> captures;
  std::vector<ingest::events::KafkaReport> topics;
  std::vector<ingest::LoadReport> loads;
  models::RunReport models;
  double load_seconds = 0, model_seconds = 0, seconds = 0;
  uint64_t peak_bytes = 0;  // resident memory of this process
  bool ok() const;
};

/// People: progress and summary on `err`, answers on `out`. JSON: all on `out`.
class RunScreen {
 public:
  RunScreen(const Terminal& terminal, const CheckedProject& project, const std::string& as_of, bool json);

  /// Loads every source with its progress.
  ingest::LoadReport show_load(
      const ingest::FileSource& source,
      const std::function<ingest::LoadReport(const std::function<void(const ingest::LoadProgress&)>&)>& load);
  /// Captures a database with its progress.
  ingest::postgres::CaptureReport show_capture(
      const ingest::postgres::PostgresSource& source,
      const std::function<ingest::postgres::CaptureReport(
          const std::function<void(const ingest::postgres::CaptureProgress&)>&)>& capture);
  /// Consumes a source's topics with its progress.
  ingest::events::KafkaReport show_topics(
      const ingest::events::KafkaSource& source,
      const std::function<
          ingest::events::KafkaReport(const std::function<void(const ingest::events::KafkaProgress&)>&)>& consume);
  /// Runs the models with their progress.
  models::RunReport show_models(
      const std::function<models::RunReport(const std::function<void(const models::Progress&)>&)>& run);
  /// The project's answers, or the heads of its marts where it asks no questions.
  void show_answers(engine::Session& session);
  void show_end(const RunSummary& summary);

 private:
  void show_answer(engine::Session& session, const Answer& answer, uint64_t shown);
  const Terminal terminal_;
  const CheckedProject& project_;
  bool json_;
};

}  // namespace garland::cli
