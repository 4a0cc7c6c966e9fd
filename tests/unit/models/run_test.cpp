// Runs on the embedded engine: what is built, published, withheld, and what readers see meanwhile.
#include "models/run.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "embedded/embedded.h"
#include "models/ops.h"
#include "models/temporary_project.h"

namespace garland::models {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SetClock : public Clock {
 public:
  int64_t now_us() const override { return now; }
  int64_t steady_ns() const override { return system_clock().steady_ns(); }
  int64_t now = 1'323'433'800'000'000;  // 2011-12-09 12:30:00 UTC
};

/// Each with tables built side by side, and all at one moment.
class RunTest : public testing::TestWithParam<bool> {
 protected:
  RunTest() {
    std::filesystem::create_directories(files_.folder() / "data");
    open();
    sql("create schema \"raw\"");
    sql("create table \"raw\".orders (id integer, status varchar(16), amount decimal(12,2), ordered_on date, _batch_id "
        "bigint)");
    load(1, "1, 'paid', 10.00, '2011-12-01'");
    load(1, "2, 'sent', 20.50, '2011-12-02'");
    files_
        .write("staging/orders.sql",
               "create view staging.orders as select id, status, amount, ordered_on from \"raw\".orders")
        .write("core/fact.sql",
               "-- Orders.\n-- @test unique(id), not_null(id, amount)\n-- @test accepted(status: 'paid', 'sent')\n"
               "-- @test references(status -> core.states.status)\n-- @encode(status bytedict)\n"
               "create table core.fact distkey (id) sortkey (ordered_on) as select * from staging.orders")
        .write("core/states.sql", "create table core.states as select distinct status from staging.orders")
        .write("marts/by_day.sql",
               "-- @test unique(ordered_on)\n"
               "create table marts.by_day as select fact.ordered_on, sum(core.fact.amount) as amount from core.fact "
               "group by fact.ordered_on")
        .write("marts/by_state.sql",
               "create table marts.by_state as select status, count(*) as orders from core.fact join core.states using "
               "(status) group by status")
        .write("marts/states.sql", "create table marts.states as select count(*) as states from core.states")
        .write("tests/amounts.sql",
               "select f.amount, d.amount from (select sum(amount) as amount from core.fact) as f "
               "cross join (select sum(amount) as amount from marts.by_day) as d where f.amount <> d.amount");
  }

  void open() {
    reader_.reset();
    engine_.reset();
    embedded::Options options;
    options.data_folder = files_.folder() / "data";
    options.threads = 2;
    engine_ = embedded::open(options);
    reader_ = engine_->open_session({"admin", "dev", "test"});
  }

  void sql(const std::string& text) { engine::run(*reader_, text); }
  void load(int batch, const std::string& row) {
    sql(fmt::format("insert into \"raw\".orders values ({}, {})", row, batch));
  }

  std::string value(const std::string& query) {
    auto rows = engine::query_text(*reader_, query);
    return rows.empty() ? "(no row)" : rows[0][0].value_or("(null)");
  }
  std::vector<std::string> column(const std::string& query) {
    std::vector<std::string> values;
    for (const engine::TextRow& row : engine::query_text(*reader_, query)) values.push_back(row[0].value_or("(null)"));
    return values;
  }

  RunReport run(RunOptions options = {}) {
    Project project = read_project(files_.folder(), raw_relations());
    project_ = project;
    options.at_one_moment = GetParam();
    return run_models(
        *engine_, {"admin", "dev", "test"}, project_, options, clock_,
        [&](const Progress& progress) {
          progress_.push_back(progress);
          if (on_progress_) on_progress_(progress);
        },
        stop_);
  }
  RunReport run_selected(const char* selector) {
    RunOptions options;
    options.selector = selector;
    return run(options);
  }

  static std::vector<std::string> states(const RunReport& report) {
    std::vector<std::string> texts;
    for (const ModelOutcome& model : report.models) {
      static const char* const kNames[]{"built", "unchanged", "view", "withheld", "failed", "skipped"};
      std::string text = model.name.name + " " + kNames[static_cast<int>(model.state)];
      if (model.state == ModelState::kWithheld) text += ": " + model.withheld_because;
      if (model.error) text += ": " + model.error->message();
      texts.push_back(text);
    }
    return texts;
  }

  /// Of the model `schema.name`.
  static const ModelOutcome& outcome(const RunReport& report, const std::string& name) {
    for (const ModelOutcome& model : report.models) {
      if (model.name.text() == name) return model;
    }
    throw std::out_of_range(name);
  }
  static std::string why(const RunReport& report, const std::string& name) {
    return outcome(report, name).withheld_because;
  }

  static void expect_ok(const RunReport& report) {
    EXPECT_TRUE(report.ok());
    for (const ModelOutcome& model : report.models) {
      if (model.error) ADD_FAILURE() << model.name.text() << ": " << model.error->message();
      for (const TestOutcome& test : model.tests) EXPECT_TRUE(test.passed) << test.name << " " << test.message;
    }
    for (const TestOutcome& test : report.query_tests) EXPECT_TRUE(test.passed) << test.name << " " << test.message;
  }

  TemporaryProject files_;
  Project project_;
  SetClock clock_;
  std::atomic<bool> stop_ = false;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<engine::Session> reader_;
  std::vector<Progress> progress_;
  std::function<void(const Progress&)> on_progress_;
};

TEST_P(RunTest, TheFirstRunPublishesAll) {
  RunReport report = run();
  expect_ok(report);
  EXPECT_THAT(states(report), ElementsAre("orders view", "fact built", "states built", "by_day built", "by_state built",
                                          "states built"));
  EXPECT_EQ(report.run, 1);
  EXPECT_EQ(report.cut, 1);
  EXPECT_EQ(report.models[1].rows, 2u);
  EXPECT_EQ(report.tests_passed, 6u);
  EXPECT_EQ(report.query_tests.size(), 1u);
  EXPECT_EQ(value("select sum(amount) from marts.by_day"), "30.50");
  EXPECT_EQ(value("select count(*) from staging.orders"), "2");
  EXPECT_THAT(column("select state from ops.runs order by step"), ElementsAre("started", "published"));
  EXPECT_THAT(
      column("select model from ops.run_models where state = 'published' and cut = 1 order by model"),
      ElementsAre("core.fact", "core.states", "marts.by_day", "marts.by_state", "marts.states", "staging.orders"));
  EXPECT_EQ(progress_.size(), 12u);
  EXPECT_EQ(progress_.back().done, 6u);
  EXPECT_EQ(progress_.back().total, 6u);
}

TEST_P(RunTest, AgainNothingIsStale) {
  run();
  RunReport again = run();
  expect_ok(again);
  EXPECT_EQ(again.run, 2);
  EXPECT_FALSE(again.cut.has_value());
  EXPECT_THAT(states(again), ElementsAre("orders unchanged", "fact unchanged", "states unchanged", "by_day unchanged",
                                         "by_state unchanged", "states unchanged"));
  EXPECT_EQ(again.models[1].rows, 2u);
  EXPECT_EQ(value("select state from ops.runs where run_id = 2 and step = 2"), "unchanged");
}

TEST_P(RunTest, AfterARestartNothingIsStale) {
  run();
  open();
  EXPECT_FALSE(run().cut.has_value());
  EXPECT_EQ(value("select sum(amount) from marts.by_day"), "30.50");
}

TEST_P(RunTest, NewRowsRebuildWhatReadsThem) {
  run();
  load(2, "3, 'paid', 1.25, '2011-12-02'");
  RunReport report = run();
  expect_ok(report);
  EXPECT_EQ(report.cut, 2);
  EXPECT_EQ(value("select sum(amount) from marts.by_day"), "31.75");
  EXPECT_THAT(column("select amount from marts.by_day order by ordered_on"), ElementsAre("10.00", "21.75"));
}

TEST_P(RunTest, NothingOfARunIsLeftBehind) {
  run();
  load(2, "3, 'lost', 1.25, '2011-12-02'");
  run();
  for (const char* name :
       {"core.fact__new", "core.fact__old", "marts.by_day__new", "marts.by_day__old", "staging.orders__newview"}) {
    EXPECT_THROW(reader_->prepare(std::string("select * from ") + name), Error) << name;
  }
}

TEST_P(RunTest, LeftoversOfAKilledRunAreDropped) {
  run();
  sql("create table core.fact__new as select 1 as half");
  sql("create table core.fact__old as select 1 as half");
  sql("create view staging.orders__newview as select 1 as half with no schema binding");
  load(2, "3, 'paid', 1.25, '2011-12-02'");
  expect_ok(run());
  EXPECT_EQ(value("select count(*) from core.fact"), "3");
  EXPECT_THROW(reader_->prepare("select * from core.fact__old"), Error);
}

TEST_P(RunTest, LeftoversAreDroppedAlsoWhenNothingIsStale) {
  run();
  sql("create table core.fact__old as select 1 as half");
  EXPECT_FALSE(run().cut.has_value());
  EXPECT_THROW(reader_->prepare("select * from core.fact__old"), Error);
}

TEST_P(RunTest, AFailedTestWithholdsWhatTheDesignSays) {
  run();
  load(2, "2, 'sent', 1.00, '2011-12-03'");
  RunReport report = run();
  EXPECT_FALSE(report.ok());
  EXPECT_THAT(states(report), ElementsAre("orders view", "fact withheld: test unique(id) found 1 row",
                                          "states withheld: marts.by_state reads it and is withheld",
                                          "by_day withheld: reads core.fact, which is withheld",
                                          "by_state withheld: reads core.fact, which is withheld", "states built"))
      << "core.states is equal to its published version, so it does not hold marts.states";
  EXPECT_EQ(report.tests_failed, 1u);
  EXPECT_EQ(report.query_tests.at(0).message, "not run: reads core.fact, which is withheld");
  EXPECT_EQ(value("select count(*) from core.fact"), "2") << "the published version stands";
  EXPECT_EQ(value("select count(*) from staging.orders"), "3");
  EXPECT_EQ(value("select row_json from ops.test_failures where run_id = 2"), "{\"id\": 2, \"copies\": 2}");
  EXPECT_EQ(value("select reason from ops.run_models where run_id = 2 and model = 'core.fact'"),
            "test unique(id) found 1 row");
  sql("delete from \"raw\".orders where _batch_id = 2");
  load(3, "3, 'sent', 1.00, '2011-12-03'");
  expect_ok(run());
  EXPECT_EQ(value("select count(*) from core.fact"), "3");
}

TEST_P(RunTest, AWithheldMartHoldsItsTablesAndTheOtherMartsThere) {
  run();
  files_.write("marts/by_day.sql",
               "create table marts.by_day as select cast(status as integer) as broken from core.fact");
  load(2, "3, 'paid', 1.00, '2011-12-03'");
  RunReport report = run();
  EXPECT_EQ(why(report, "core.fact"), "marts.by_day reads it and is withheld");
  const ModelOutcome& failed = outcome(report, "marts.by_day");
  EXPECT_EQ(failed.state, ModelState::kFailed);
  ASSERT_TRUE(failed.error && failed.error->place());
  EXPECT_EQ(failed.error->place()->file, "marts/by_day.sql");
  EXPECT_EQ(why(report, "marts.by_state"), "reads core.fact, which is withheld");
  EXPECT_EQ(outcome(report, "marts.states").state, ModelState::kBuilt);
  EXPECT_EQ(value("select count(*) from core.fact"), "2");
  EXPECT_EQ(value("select sum(amount) from marts.by_day"), "30.50");
}

TEST_P(RunTest, AModelThatFailsAtFirstLeavesTheRestPublished) {
  files_.write("marts/bad.sql",
               "create table marts.bad as select cast(status as integer) as broken from staging.orders");
  RunReport report = run();
  EXPECT_FALSE(report.ok());
  EXPECT_TRUE(report.cut.has_value());
  EXPECT_EQ(outcome(report, "marts.bad").state, ModelState::kFailed);
  EXPECT_THROW(reader_->prepare("select * from marts.bad"), Error);
  EXPECT_EQ(value("select sum(amount) from marts.by_day"), "30.50");
}

TEST_P(RunTest, AQueryTestWithholdsTheTablesItReads) {
  files_.write("tests/few.sql", "select count(*) as n from marts.states having count(*) > 0");
  RunReport report = run();
  EXPECT_EQ(why(report, "marts.states"), "test tests/few.sql found 1 row");
  EXPECT_EQ(why(report, "core.states"), "marts.states reads it and is withheld");
  EXPECT_EQ(why(report, "marts.by_state"), "reads core.states, which is withheld");
  EXPECT_EQ(why(report, "core.fact"), "marts.by_state reads it and is withheld");
  EXPECT_EQ(why(report, "marts.by_day"), "reads core.fact, which is withheld");
  EXPECT_THAT(column("select model from ops.run_models where state = 'published'"), ElementsAre("staging.orders"));
}

TEST_P(RunTest, ReferencesAreTestedAgainstTheNewVersion) {
  run();
  load(2, "3, 'lost', 1.00, '2011-12-03'");
  files_.write("core/states.sql",
               "create table core.states as select distinct status from staging.orders where status <> 'lost'");
  RunReport report = run();
  auto found = states(report);
  EXPECT_EQ(found[1], "fact withheld: test accepted(status: 'paid', 'sent') found 1 row");
  std::vector<std::string> failed;
  for (const TestOutcome& test : report.models[1].tests) {
    if (!test.passed) failed.push_back(test.name);
  }
  EXPECT_THAT(failed, ElementsAre("accepted(status: 'paid', 'sent')"));
}

TEST_P(RunTest, ReferencesToAModelBuiltBesideIt) {
  files_.write("core/states.sql",
               "create table core.states as select distinct status from staging.orders where status <> 'sent'");
  RunReport report = run();
  EXPECT_EQ(states(report)[1], "fact withheld: test references(status -> core.states.status) found 1 row");
  EXPECT_EQ(value("select row_json from ops.test_failures"),
            "{\"id\": 2, \"status\": \"sent\", \"amount\": 20.50, \"ordered_on\": \"2011-12-02\"}");
}

TEST_P(RunTest, ASelectionBuildsOnlyThat) {
  run();
  load(2, "3, 'paid', 1.00, '2011-12-03'");
  RunReport report = run_selected("core.states+");
  expect_ok(report);
  EXPECT_THAT(states(report), ElementsAre("states built", "by_state built", "states built"));
  EXPECT_EQ(value("select count(*) from core.fact"), "2");
  RunReport rest = run();
  EXPECT_EQ(rest.models[1].state, ModelState::kBuilt);
  EXPECT_EQ(value("select count(*) from core.fact"), "3");
}

TEST_P(RunTest, FullBuildsWhatIsNotStale) {
  run();
  RunOptions options;
  options.full = true;
  RunReport report = run(options);
  expect_ok(report);
  EXPECT_EQ(report.cut, 2);
  EXPECT_THAT(states(report), ElementsAre("orders view", "fact built", "states built", "by_day built", "by_state built",
                                          "states built"));
}

TEST_P(RunTest, TheClockIsTheRunsOwn) {
  files_.write("marts/today.sql", "create table marts.today as select as_of_date, as_of_ts, shop_tz from ops.clock");
  RunOptions options;
  options.shop_tz = "America/New_York";
  options.as_of_date = 15'300;  // 2011-11-22
  expect_ok(run(options));
  EXPECT_EQ(value("select as_of_date from marts.today"), "2011-11-22");
  EXPECT_EQ(value("select shop_tz from marts.today"), "America/New_York");
  EXPECT_EQ(value("select as_of_ts from marts.today"), "2011-11-23 04:59:59.999999+00");
  EXPECT_EQ(value("select as_of_date from ops.clock"), "2011-11-22") << "outside a run: the latest published one's";
  options.as_of_date = 15'301;
  RunReport next = run(options);
  EXPECT_EQ(value("select as_of_date from marts.today"), "2011-11-23");
  EXPECT_EQ(value("select count(*) from ops.clock"), "1");
  size_t built = 0;
  for (const ModelOutcome& model : next.models) built += model.state == ModelState::kBuilt;
  EXPECT_EQ(built, 1u) << "only what reads the clock is stale";
}

TEST_P(RunTest, TheDefaultDayIsTodayInTheShop) {
  files_.write("marts/today.sql", "create table marts.today as select as_of_date from ops.clock");
  clock_.now = 1'323'400'000'000'000;  // 2011-12-09 03:06 UTC: still the 8th in New York
  RunOptions options;
  options.shop_tz = "America/New_York";
  expect_ok(run(options));
  EXPECT_EQ(value("select as_of_date from marts.today"), "2011-12-08");
}

TEST_P(RunTest, AnUnknownZoneIsRefused) {
  RunOptions options;
  options.shop_tz = "Europe/Atlantis";
  EXPECT_THROW(run(options), Error);
}

TEST_P(RunTest, BeforeTheFirstPublicationTheClockIsOneUnknownRow) {
  prepare_ops(*reader_);
  EXPECT_THAT(column("select as_of_date from ops.clock"), ElementsAre("(null)"));
  prepare_ops(*reader_);
}

TEST_P(RunTest, ATableThatNoRunPublishedIsNotReplaced) {
  sql("create schema core");
  sql("create table core.fact as select 1 as mine");
  try {
    run();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "core.fact exists, but no run published it");
  }
  EXPECT_EQ(value("select mine from core.fact"), "1");
  EXPECT_EQ(value("select state from ops.runs where step = 2"), "failed");
}

TEST_P(RunTest, ADroppedTableIsBuiltAgain) {
  run();
  sql("drop table marts.by_day");
  RunReport report = run();
  expect_ok(report);
  EXPECT_EQ(outcome(report, "marts.by_day").state, ModelState::kBuilt);
  EXPECT_EQ(value("select sum(amount) from marts.by_day"), "30.50");
}

TEST_P(RunTest, ATableBecomesAViewAndBack) {
  run();
  files_.write("core/states.sql", "create view core.states as select distinct status from staging.orders");
  expect_ok(run());
  load(2, "3, 'paid', 1.25, '2011-12-02'");
  EXPECT_EQ(value("select count(*) from core.states"), "2");
  files_.write("core/states.sql", "create table core.states as select distinct status from staging.orders");
  expect_ok(run());
  EXPECT_EQ(value("select states from marts.states"), "2");
}

TEST_P(RunTest, ViewsOverRebuiltTablesAreReadAnewInTheRun) {
  files_.write("core/v.sql", "create view core.v as select core.fact.id from core.fact")
      .write("marts/w.sql", "create table marts.w as select count(id) as n from core.v");
  run();
  load(2, "3, 'paid', 1.25, '2011-12-02'");
  expect_ok(run());
  EXPECT_EQ(value("select n from marts.w"), "3");
  EXPECT_EQ(value("select count(*) from core.v"), "3");
}

TEST_P(RunTest, StopPublishesNothing) {
  stop_ = true;
  RunReport report = run();
  EXPECT_TRUE(report.interrupted);
  EXPECT_FALSE(report.ok());
  EXPECT_FALSE(report.cut.has_value());
  EXPECT_EQ(states(report)[1], "fact skipped");
  EXPECT_EQ(value("select state from ops.runs where step = 2"), "interrupted");
  EXPECT_THROW(reader_->prepare("select * from core.fact"), Error);
  stop_ = false;
  expect_ok(run());
}

TEST_P(RunTest, ReadersNeverSeeTwoCutsAtOnce) {
  run();
  std::atomic<bool> done = false;
  std::atomic<int> reads = 0;
  std::thread reading([&] {
    auto session = engine_->open_session({"admin", "dev", "reader"});
    while (!done) {
      auto row = engine::query_text(
                     *session, "select (select sum(amount) from core.fact), (select sum(amount) from marts.by_day)")
                     .at(0);
      EXPECT_EQ(row[0], row[1]);
      ++reads;
    }
  });
  for (int batch = 2; batch < 8; ++batch) {
    load(batch, fmt::format("{}, 'paid', {}.00, '2011-12-0{}'", batch + 1, batch, batch));
    expect_ok(run());
  }
  done = true;
  reading.join();
  EXPECT_GT(reads, 0);
  EXPECT_EQ(value("select count(*) from core.fact"), "8");
}

/// Does something once, while the run works.
std::function<void(const Progress&)> once(std::function<void()> action) {
  return [action = std::move(action), done = false](const Progress& progress) mutable {
    if (done || progress.step != Progress::Step::kFinished) return;
    done = true;
    action();
  };
}

TEST_P(RunTest, APublicationThatFailsHalfwayLeavesEverythingAsItWas) {
  run();
  load(2, "3, 'paid', 1.00, '2011-12-03'");
  on_progress_ = once([&] { sql("create table marts.states__old as select 1 as in_the_way"); });
  EXPECT_THROW(run(), Error);
  on_progress_ = {};
  EXPECT_EQ(value("select count(*) from core.fact"), "2");
  EXPECT_EQ(value("select sum(amount) from marts.by_day"), "30.50");
  EXPECT_THAT(column("select state from ops.runs where run_id = 2 order by step"), ElementsAre("started", "failed"));
  EXPECT_EQ(value("select count(*) from ops.run_models where run_id = 2 and state = 'published'"), "0");
  RunReport next = run();
  expect_ok(next);
  EXPECT_EQ(next.cut, 2);
  EXPECT_EQ(value("select count(*) from core.fact"), "3");
}

TEST_P(RunTest, RowsThatArriveMeanwhileAreNotPublishedByHalves) {
  run();
  load(2, "3, 'paid', 1.00, '2011-12-03'");
  on_progress_ = once([&] { load(3, "4, 'paid', 1.00, '2011-12-04'"); });
  if (GetParam()) {
    expect_ok(run());
    EXPECT_EQ(value("select count(*) from core.fact"), "3");
    EXPECT_EQ(value("select sum(amount) from marts.by_day"), "31.50");
  } else {
    try {
      run();
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.state(), kSerializationFailure);
      EXPECT_EQ(error.message(), "raw.orders changed while run 2 read it; nothing was published");
    }
    EXPECT_EQ(value("select count(*) from core.fact"), "2");
  }
  on_progress_ = {};
  expect_ok(run());
  EXPECT_EQ(value("select count(*) from core.fact"), "4");
}

TEST_P(RunTest, TwoThatFailLeaveTheRestPublished) {
  files_
      .write("marts/states.sql",
             "create table marts.states as select 1 / (count(*) - count(*)) as states from core.states")
      .write("marts/broken.sql", "create table marts.broken as select cast(status as integer) as number from core.fact")
      .write("tests/cast.sql", "select 1 as one from core.states where cast(status as date) is null");
  const RunReport report = run();
  EXPECT_EQ(outcome(report, "marts.states").error.value().message(), "division by zero");
  EXPECT_EQ(outcome(report, "marts.broken").state, ModelState::kFailed);
  ASSERT_EQ(report.query_tests.size(), 2u);
  EXPECT_EQ(value("select count(*) from ops.run_models where state = 'failed'"), "2");
}

TEST_P(RunTest, ANewTestOfWhatIsPublishedWithholdsNothing) {
  run();
  files_.write("tests/dear.sql", "select * from core.fact where amount > 20");
  RunReport report = run();
  EXPECT_FALSE(report.ok());
  EXPECT_FALSE(report.cut.has_value());
  EXPECT_EQ(report.query_tests.size(), 1u);
  EXPECT_EQ(report.query_tests[0].message, "found 1 row");
  EXPECT_EQ(outcome(report, "core.fact").state, ModelState::kUnchanged);
  EXPECT_EQ(value("select state from ops.runs where run_id = 2 and step = 2"), "failed");
  EXPECT_EQ(run().tests_failed, 1u) << "it fails until it is mended";
  files_.write("tests/dear.sql", "select * from core.fact where amount > 21");
  EXPECT_TRUE(run().ok());
  EXPECT_EQ(run().query_tests.size(), 0u) << "it passed, and nothing has changed since";
}

TEST_P(RunTest, AFailedTestOfAViewWithholdsWhatIsBuiltFromIt) {
  run();
  files_.write("staging/orders.sql",
               "-- @test accepted(status: 'paid', 'sent')\n"
               "create view staging.orders as select id, status, amount, ordered_on from \"raw\".orders");
  load(2, "3, 'lost', 1.00, '2011-12-03'");
  RunReport report = run();
  EXPECT_EQ(why(report, "staging.orders"), "test accepted(status: 'paid', 'sent') found 1 row");
  EXPECT_EQ(why(report, "core.fact"), "reads staging.orders, which is withheld");
  EXPECT_EQ(why(report, "core.states"), "reads staging.orders, which is withheld");
  EXPECT_FALSE(report.cut.has_value());
  EXPECT_EQ(value("select count(*) from core.fact"), "2");
}

TEST_P(RunTest, ASelectionReadsItselfThroughAViewThatIsNotSelected) {
  files_.write("core/v.sql", "create view core.v as select id from core.fact")
      .write("marts/w.sql", "create table marts.w as select count(*) as n from core.v");
  run();
  load(2, "3, 'paid', 1.25, '2011-12-02'");
  RunReport report = run_selected("core.fact marts.w marts.by_day");
  expect_ok(report);
  EXPECT_EQ(value("select n from marts.w"), "3");
  EXPECT_THROW(reader_->prepare("select * from core.v__newview"), Error);
  EXPECT_EQ(value("select sum(orders) from marts.by_state"), "2");
}

TEST_P(RunTest, ATestThatASelectionBreaksWithholdsIt) {
  run();
  load(2, "3, 'paid', 1.25, '2011-12-02'");
  RunReport report = run_selected("core.fact");
  EXPECT_EQ(why(report, "core.fact"), "test tests/amounts.sql found 1 row") << "marts.by_day would disagree with it";
  EXPECT_EQ(value("select count(*) from core.fact"), "2");
}

TEST_P(RunTest, WhatWasNeverBuiltMustBeSelected) {
  RunReport report = run_selected("marts.by_day");
  ASSERT_TRUE(report.models.at(0).error.has_value());
  EXPECT_EQ(report.models[0].error->message(), "core.fact is not built yet and not selected");
  EXPECT_FALSE(report.cut.has_value());
  EXPECT_EQ(value("select reason from ops.run_models"), "core.fact is not built yet and not selected");
}

TEST_P(RunTest, EncodingsAndKeysReachTheTable) {
  run();
  auto columns = reader_->prepare("select * from core.fact")->columns();
  ASSERT_EQ(columns.size(), 4u);
  EXPECT_EQ(engine::to_string(columns[2].type), "numeric(12,2)");
  EXPECT_EQ(engine::to_string(columns[1].type), "character varying(16)");
}

INSTANTIATE_TEST_SUITE_P(, RunTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "AtOneMoment" : "SideBySide"; });

}  // namespace
}  // namespace garland::models
