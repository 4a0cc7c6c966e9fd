// The state of runs: tables of schema `ops`, INSERT-only.
//
//   ops.runs           step 1 when a run starts, step 2 when it ends; current = the latest step
//   ops.run_models     what became of each model in a run; a model's published version is its latest row in state
//   'published' ops.test_results   each test of each run ops.test_failures  sample rows of failed tests, as JSON
//   ops.clock          a view of one row: the clock of the run whose session reads it, else of the latest published run
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "models/project.h"
#include "models/run.h"

namespace garland::models {

/// The time a run stands at, as text that Redshift reads.
struct RunClock {
  std::string as_of_ts;    // the last microsecond of as_of_date in shop_tz, in UTC
  std::string as_of_date;  // YYYY-MM-DD
  std::string shop_tz;
};
/// Asks the engine, which knows time zones. Throws 22023 for a zone it does not know.
RunClock run_clock(engine::Session& session, const RunOptions& options, const Clock& clock);

/// Whether a relation of this name exists (42P01 and 3F000 say that it does not; any other error is about its inside).
bool relation_exists(engine::Session& session, const ModelName& name);

/// A model's published version.
struct PublishedModel {
  int64_t run;
  bool is_view;
  uint64_t rows;
  std::string definition, fingerprint;
};

/// A row of ops.run_models.
struct RunModelRow {
  ModelName model;
  bool is_view;
  std::string state;  // published, withheld, failed, skipped
  uint64_t rows;
  double seconds;
  std::string definition, fingerprint, reason;
};
/// A row of ops.test_results, and the failures that were kept.
struct TestRow {
  TestOutcome outcome;
  std::optional<ModelName> model;  // none for files of tests/
  std::string fingerprint;
  std::vector<std::string> samples;  // JSON objects
  std::optional<Error> error;        // its SQL failed
};

struct RunRow {
  int64_t run;
  int step;
  std::string state;  // started; published, unchanged, failed, interrupted
  RunClock clock;
  std::optional<int64_t> cut;
  std::string selector, message;
};

/// Reads and writes the tables for one run. Uses the session that it is given; the caller brings transactions.
class OpsStore {
 public:
  OpsStore(engine::Session& session, const Clock& clock) : session_(session), clock_(clock) {}

  int64_t next_run();
  int64_t next_cut();
  std::map<ModelName, PublishedModel> published_models();
  /// Fingerprints under which files of tests/ passed last, by the test's name; a test whose latest result failed is
  /// left out.
  std::map<std::string, std::string> passed_tests();
  void add_run(const RunRow& row);
  void add_models(int64_t run, std::optional<int64_t> cut, const std::vector<RunModelRow>& rows);
  void add_tests(int64_t run, const std::vector<TestRow>& rows);

 private:
  std::string now() const;
  engine::Session& session_;
  const Clock& clock_;
};

}  // namespace garland::models
