#include "models/project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/temporary_project.h"

namespace garland::models {
namespace {

using testing::ElementsAre;

std::vector<std::string> read_errors(const TemporaryProject& files) {
  return errors_of([&] { read_project(files.folder(), raw_relations()); });
}

std::vector<std::string> names(const Project& project) {
  std::vector<std::string> found;
  for (const Model& model : project.models) found.push_back(model.name.text());
  return found;
}

TEST(Project, ModelsAreInTheOrderOfWhatTheyRead) {
  TemporaryProject files;
  files.write("marts/a.sql", "create table marts.a as select * from core.z, core.y")
      .write("core/z.sql",
             "-- Z.\n-- @test unique(id)\ncreate table core.z as with orders as (select * from staging.orders) select "
             "* from orders")
      .write("core/y.sql", "create table y as select (select max(id) from staging.orders) as id")
      .write("staging/deep/orders.sql", "create view orders as select id from \"raw\".orders;")
      .write("core/totals.sql", "create table ops.totals as select 1 as one")
      .write("core/notes.txt", "not SQL")
      .write("tests/known.sql", "-- Rows are failures.\nselect * from marts.a where id is null");
  Project project = read_project(files.folder(), raw_relations());
  EXPECT_THAT(names(project), ElementsAre("ops.totals", "staging.orders", "core.y", "core.z", "marts.a"));
  EXPECT_TRUE(project.models[1].is_view);
  EXPECT_EQ(project.models[1].file.generic_string(), "staging/deep/orders.sql");
  EXPECT_EQ(project.models[3].description, "Z.");
  EXPECT_THAT(project.models[3].references, ElementsAre(ModelName{"staging", "orders"}));
  ASSERT_EQ(project.query_tests.size(), 1u);
  EXPECT_EQ(project.query_tests[0].name, "tests/known.sql");
  EXPECT_EQ(project.query_tests[0].place.line, 2u);
  EXPECT_THAT(project.query_test_reads.at("tests/known.sql"), ElementsAre(ModelName{"marts", "a"}));
}

TEST(Project, TheOrderDoesNotDependOnTheFolderListing) {
  TemporaryProject files;
  for (char name = 'a'; name <= 'f'; ++name) {
    files.write(std::string("core/") + name + ".sql", std::string("create view core.") + name + " as select 1 as one");
  }
  EXPECT_THAT(names(read_project(files.folder(), {})),
              ElementsAre("core.a", "core.b", "core.c", "core.d", "core.e", "core.f"));
}

TEST(Project, AnEmptyFolderIsAProjectWithoutModels) {
  TemporaryProject files;
  EXPECT_TRUE(read_project(files.folder(), {}).models.empty());
}

TEST(Project, MissingReferencesAreNamedWithNearOnes) {
  TemporaryProject files;
  files
      .write("core/a.sql",
             "create table core.a as\nselect *\nfrom \"raw\".ordres\njoin core.b on true\njoin other.thing on true")
      .write("staging/b.sql", "-- @test references(one -> core.c.id)\ncreate view b as select 1 as one")
      .write("tests/t.sql", "select * from\n  staging.bb");
  EXPECT_THAT(
      read_errors(files),
      ElementsAre("core/a.sql:3:6: relation \"raw.ordres\" does not exist | did you mean \"raw\".orders?",
                  "core/a.sql:4:6: relation \"core.b\" does not exist | did you mean core.a?",
                  "core/a.sql:5:6: relation \"other.thing\" does not exist | It is neither a model of this project nor "
                  "a table of a source.",
                  "staging/b.sql:1:10: relation \"core.c\" does not exist | did you mean core.a?",
                  "tests/t.sql:2:3: relation \"staging.bb\" does not exist | did you mean staging.b?"));
}

TEST(Project, CirclesAreNamedFileByFile) {
  TemporaryProject files;
  files.write("core/a.sql", "create table core.a as\nselect * from core.b")
      .write("core/b.sql", "create table core.b as select * from\n\ncore.c")
      .write("core/c.sql", "create table core.c as select * from core.a")
      .write("core/own.sql", "create table core.own as select * from core.own")
      .write("core/after.sql", "create table core.after as select * from core.a");
  EXPECT_THAT(
      read_errors(files),
      ElementsAre(
          "core/a.sql:2:15: models read each other in a circle: core/a.sql:2 reads core.b, core/b.sql:3 reads core.c, "
          "core/c.sql:1 reads core.a",
          "core/own.sql:1:40: a model reads itself: core/own.sql:1 reads core.own"));
}

TEST(Project, TwoModelsWithOneName) {
  TemporaryProject files;
  files.write("marts/a.sql", "create table marts.a as select 1 as one")
      .write("marts/sales/a.sql", "create table marts.a as select 2 as two")
      .write("core/orders.sql", "create table \"raw\".orders as select 1 as one")
      .write("core/runs.sql", "create table ops.runs as select 1 as one");
  EXPECT_THAT(read_errors(files),
              ElementsAre("core/orders.sql:1:14: models do not write to schema \"raw\"",
                          "core/runs.sql:1:1: ops.runs is a table of a source or of Garland itself | Give the model "
                          "and its file another name.",
                          "marts/sales/a.sql:1:1: two models are named marts.a: marts/a.sql and marts/sales/a.sql"));
}

TEST(Project, AFileHoldsOneModelOfItsName) {
  TemporaryProject files;
  files.write("core/a.sql", "create table core.b as select 1 as one")
      .write("core/two.sql", "create view core.two as select 1 as one;\ncreate view core.three as select 1 as one")
      .write("core/none.sql", "-- nothing\n")
      .write("core/insert.sql", "-- why\ninsert into \"raw\".orders values (1)")
      .write("core/temp.sql", "create temp table temp as select 1 as one")
      .write("core/far.sql", "create table dev.core.far as select 1 as one")
      .write("core/x__new.sql", "create table core.x__new as select 1 as one")
      .write("core/broken.sql", "create view core.broken as\nselect from from")
      .write("tests/write.sql", "delete from \"raw\".orders")
      .write("tests/notes.sql", "-- @test unique(a)\nselect 1 as a");
  std::vector<std::string> errors = read_errors(files);
  EXPECT_THAT(errors, testing::Contains("core/a.sql:1:14: the model is named \"b\" but its file a.sql | Rename the "
                                        "file to b.sql, or the model to a."));
  EXPECT_THAT(
      errors,
      testing::Contains(
          "core/two.sql:2:1: a file holds one statement; here a second one begins | Give it a file of its own."));
  EXPECT_THAT(errors, testing::Contains("core/none.sql:1:1: the file holds no statement"));
  EXPECT_THAT(errors,
              testing::Contains("core/insert.sql:2:1: a model is one `create view … as` or `create table … as`"));
  EXPECT_THAT(errors, testing::Contains("core/temp.sql:1:1: a model is one `create view … as` or `create table … as`"));
  EXPECT_THAT(errors, testing::Contains("core/far.sql:1:14: a model's name is schema.name, without a database"));
  EXPECT_THAT(errors,
              testing::Contains("core/x__new.sql:1:14: names that end with __new, __old or __newview are for runs"));
  EXPECT_THAT(errors, testing::Contains(testing::StartsWith("core/broken.sql:2:8: syntax error")));
  EXPECT_THAT(errors, testing::Contains("tests/write.sql:1:1: a test is one query: its rows are failures"));
  EXPECT_THAT(errors,
              testing::Contains("tests/notes.sql:1:10: a file of tests/ is a test itself: annotations are for models"));
  EXPECT_EQ(errors.size(), 10u);
}

TEST(Project, WhatReadsABrokenFileIsNotReportedToo) {
  TemporaryProject files;
  files.write("core/broken.sql", "create view core.broken as select (")
      .write("marts/a.sql", "create table marts.a as select * from core.broken");
  EXPECT_EQ(read_errors(files).size(), 1u);
}

TEST(Project, NamesSayTheirSchema) {
  TemporaryProject files;
  files.write("core/a.sql",
              "create table core.a as\nwith o as (select * from orders) select * from o, dev.core.orders");
  EXPECT_THAT(read_errors(files), ElementsAre("core/a.sql:2:26: \"orders\" must be named as schema.table | Write the "
                                              "schema too: the same text then means the same table in every "
                                              "session.",
                                              "core/a.sql:2:51: \"dev.core.orders\" must be named as schema.table | "
                                              "Leave the database out: a project lives in one database."));
}

TEST(Project, WallClockFunctionsAreRefused) {
  TemporaryProject files;
  files
      .write("core/a.sql",
             "create table core.a as\nselect id, getdate() as now from \"raw\".orders\nwhere ordered_on < current_date")
      .write("tests/t.sql", "select * from \"raw\".orders where ordered_on > sysdate");
  EXPECT_THAT(read_errors(files), ElementsAre("core/a.sql:2:12: getdate is not a function of the data: a run could not "
                                              "be repeated | Read as_of_date, as_of_ts and shop_tz "
                                              "from ops.clock instead.",
                                              "core/a.sql:3:20: current_date is not a function of the data: a run "
                                              "could not be repeated | Read as_of_date, as_of_ts and "
                                              "shop_tz from ops.clock instead.",
                                              "tests/t.sql:1:47: sysdate is not a function of the data: a run could "
                                              "not be repeated | Read as_of_date, as_of_ts and "
                                              "shop_tz from ops.clock instead."));
}

TEST(Project, TheClockOfARunMayBeRead) {
  TemporaryProject files;
  files.write("core/a.sql", "create table core.a as select as_of_date from ops.clock");
  EXPECT_EQ(names(read_project(files.folder(), {})).size(), 1u);
}

TEST(Project, AViewHasNoEncodings) {
  TemporaryProject files;
  files.write("core/a.sql", "-- @encode(one raw)\ncreate view core.a as select 1 as one");
  EXPECT_THAT(read_errors(files), ElementsAre("core/a.sql:1:4: a view stores nothing: @encode is for tables"));
}

}  // namespace
}  // namespace garland::models
