#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/project.h"
#include "models/run.h"
#include "models/temporary_project.h"

namespace garland::models {
namespace {

using testing::ElementsAre;

std::map<ModelName, semantics::Relation> check(const TemporaryProject& files) {
  return check_project(read_project(files.folder(), raw_relations()), raw_relations());
}

std::vector<std::string> check_errors(const TemporaryProject& files) {
  return errors_of([&] { check(files); });
}

std::vector<std::string> columns(const semantics::Relation& relation) {
  std::vector<std::string> texts;
  for (const semantics::ColumnDef& column : relation.columns)
    texts.push_back(column.name + " " + engine::to_string(column.type));
  return texts;
}

TEST(Check, SaysWhatEachModelWillBe) {
  TemporaryProject files;
  files
      .write("staging/orders.sql",
             "create view orders (order_id, status, amount, day) as select id, status, amount, ordered_on from "
             "\"raw\".orders")
      .write("core/days.sql",
             "create table core.days sortkey (day) as select day, sum(amount) as amount, count(*) as orders from "
             "staging.orders group by day")
      .write("marts/late.sql",
             "-- @test not_null(days), accepted(days: 1, 2), unique(days), references(days -> core.days.orders)\n"
             "-- @encode(days raw)\n"
             "create table late as select as_of_date - max(day) as days from core.days cross join ops.clock group by "
             "as_of_date")
      .write("tests/none.sql", "select * from marts.late where days < 0");
  auto planned = check(files);
  EXPECT_THAT(columns(planned.at({"staging", "orders"})),
              ElementsAre("order_id integer", "status character varying(16)", "amount numeric(12,2)", "day date"));
  EXPECT_EQ(planned.at({"staging", "orders"}).kind, semantics::RelationKind::kLateBindingView);
  EXPECT_THAT(columns(planned.at({"core", "days"})), ElementsAre("day date", "amount numeric(38,2)", "orders bigint"));
  EXPECT_EQ(planned.at({"core", "days"}).kind, semantics::RelationKind::kTable);
  EXPECT_THAT(columns(planned.at({"marts", "late"})), ElementsAre(testing::StartsWith("days ")));
}

TEST(Check, ErrorsStandInTheFile) {
  TemporaryProject files;
  files
      .write("core/a.sql",
             "-- A.\ncreate table core.a as\nselect id,\n  sum(amuont) as amount\nfrom \"raw\".orders group by id")
      .write("core/b.sql", "create view core.b as select id, id from \"raw\".orders")
      .write("tests/t.sql", "select *\nfrom \"raw\".orders where id = date '2011-12-09'");
  std::vector<std::string> errors = check_errors(files);
  ASSERT_EQ(errors.size(), 3u);
  EXPECT_THAT(errors[0], testing::AllOf(testing::StartsWith("core/a.sql:4:7: "), testing::HasSubstr("amuont")));
  EXPECT_THAT(errors[1],
              testing::AllOf(testing::StartsWith("core/b.sql:1:"), testing::HasSubstr("specified more than once")));
  EXPECT_THAT(errors[2], testing::StartsWith("tests/t.sql:2:"));
}

TEST(Check, OneMistakeIsOneMessage) {
  TemporaryProject files;
  files.write("core/a.sql", "create table core.a as select nothing from \"raw\".orders")
      .write("marts/b.sql", "create table marts.b as select * from core.a")
      .write("tests/t.sql", "select * from marts.b");
  EXPECT_EQ(check_errors(files).size(), 1u);
}

TEST(Check, TestsAreCheckedToo) {
  TemporaryProject files;
  files.write(
      "core/a.sql",
      "-- @test unique(idd)\n-- @test references(id -> raw.orders.status_id)\n-- @test accepted(day: 'someday')\n"
      "create table core.a as select id, ordered_on as day from \"raw\".orders");
  std::vector<std::string> errors = check_errors(files);
  ASSERT_GE(errors.size(), 2u);
  EXPECT_THAT(errors[0],
              testing::AllOf(testing::StartsWith("core/a.sql:1:10: test unique(idd): "), testing::HasSubstr("idd")));
  EXPECT_THAT(errors[1], testing::StartsWith("core/a.sql:2:10: test references(id -> raw.orders.status_id): "));
}

TEST(Check, EncodingsNameColumns) {
  TemporaryProject files;
  files.write("core/a.sql", "-- @encode(statsu bytedict)\ncreate table core.a as select status from \"raw\".orders");
  EXPECT_THAT(
      check_errors(files),
      ElementsAre(
          "core/a.sql:1:1: @encode names column \"statsu\", which core.a does not have | did you mean \"status\"?"));
}

TEST(Check, TheClockIsKnown) {
  bool found = false;
  for (const semantics::Relation& relation : ops_relations()) {
    if (relation.name != "clock") continue;
    found = true;
    EXPECT_THAT(columns(relation),
                ElementsAre("as_of_ts timestamp with time zone", "as_of_date date", "shop_tz character varying(64)"));
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace garland::models
