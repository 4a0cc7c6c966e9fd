#include "models/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/temporary_project.h"

namespace garland::models {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A project, and the warehouse as far as plans see it: publishing a plan is remembering its fingerprints.
class PlanTest : public testing::Test {
 protected:
  PlanTest() {
    files_.write("staging/orders.sql", "create view staging.orders as select id, status from \"raw\".orders")
        .write("core/fact.sql", "create table core.fact as select * from staging.orders")
        .write("core/dim.sql", "create table core.dim as select * from \"raw\".customers")
        .write("core/joined.sql", "create view core.joined as select * from core.fact, core.dim")
        .write("marts/sales.sql", "create table marts.sales as select * from core.joined")
        .write("marts/late.sql", "create table marts.late as select * from core.dim, ops.clock")
        .write("tests/t.sql", "select * from core.dim where 1 = 0");
    inputs_ = {{{"raw", "orders"}, "1"}, {{"raw", "customers"}, "1"}, {{"ops", "clock"}, "monday"}};
  }

  Plan plan(const char* selector = "", bool full = false) {
    std::vector<semantics::Relation> known = raw_relations();
    known.push_back(known[0]);
    known.back().name = "customers";
    project_ = read_project(files_.folder(), known);
    PlanInput input{project_, {}, full, ++run_, published_, passed_, {}};
    for (size_t i = 0; i < project_.models.size(); ++i) input.selected.insert(i);
    if (*selector) {
      auto chosen = select_models(project_, selector);
      input.selected = {chosen.begin(), chosen.end()};
    }
    input.input_version = [&](const ModelName& name) { return inputs_.at(name); };
    return make_plan(input);
  }

  Plan publish(Plan plan) {
    for (const PlannedModel& planned : plan.models) {
      if (planned.is_node)
        published_[planned.model->name] = {run_, planned.model->is_view, 0, planned.definition, planned.fingerprint};
    }
    for (const PlannedTest& test : plan.query_tests) {
      if (test.is_due) passed_[test.test->name] = test.fingerprint;
    }
    return plan;
  }

  static std::vector<std::string> nodes(const Plan& plan) {
    std::vector<std::string> names;
    for (const PlannedModel& planned : plan.models) {
      if (planned.is_node) names.push_back(planned.model->name.name);
    }
    return names;
  }
  static std::vector<std::string> anew(const Plan& plan) {
    std::vector<std::string> names;
    for (const auto& [name, now] : plan.anew) names.push_back(now.name);
    return names;
  }
  static const PlannedModel& model(const Plan& plan, const char* name) {
    for (const PlannedModel& planned : plan.models) {
      if (planned.model->name.name == name) return planned;
    }
    throw std::out_of_range(name);
  }

  TemporaryProject files_;
  Project project_;
  std::map<ModelName, std::optional<std::string>> inputs_;
  std::map<ModelName, PublishedModel> published_;
  std::map<std::string, std::string> passed_;
  int64_t run_ = 0;
};

TEST_F(PlanTest, TheFirstRunBuildsAll) {
  Plan first = plan();
  EXPECT_THAT(nodes(first), ElementsAre("dim", "late", "orders", "fact", "joined", "sales"));
  EXPECT_THAT(anew(first),
              ElementsAre("dim__new", "fact__new", "joined__newview", "late__new", "sales__new", "orders__newview"));
  EXPECT_TRUE(first.query_tests[0].is_due);
}

TEST_F(PlanTest, AgainNothing) {
  publish(plan());
  Plan again = plan();
  EXPECT_FALSE(again.has_work());
  EXPECT_THAT(anew(again), IsEmpty());
}

TEST_F(PlanTest, ChangedRowsMakeStaleWhatReadsThem) {
  publish(plan());
  inputs_[{"raw", "orders"}] = "2";
  Plan changed = publish(plan());
  EXPECT_THAT(nodes(changed), ElementsAre("orders", "fact", "joined", "sales"));
  EXPECT_THAT(anew(changed), ElementsAre("fact__new", "joined__newview", "sales__new"))
      << "staging.orders reads what it read before";
  EXPECT_FALSE(model(changed, "orders").has_new_text);
  EXPECT_FALSE(changed.query_tests[0].is_due);
  EXPECT_FALSE(plan().has_work());
}

TEST_F(PlanTest, TheClockMakesStaleWhatReadsIt) {
  publish(plan());
  inputs_[{"ops", "clock"}] = "tuesday";
  EXPECT_THAT(nodes(plan()), ElementsAre("late"));
}

TEST_F(PlanTest, ATableWithoutAVersionIsAlwaysNew) {
  inputs_[{"raw", "customers"}] = std::nullopt;
  publish(plan());
  EXPECT_THAT(nodes(plan()), ElementsAre("dim", "late", "joined", "sales"));
  EXPECT_TRUE(plan().query_tests[0].is_due);
}

TEST_F(PlanTest, ANewTextMakesStale) {
  publish(plan());
  files_.write("staging/orders.sql", "create view staging.orders as select id, status, amount from \"raw\".orders");
  Plan changed = publish(plan());
  EXPECT_THAT(nodes(changed), ElementsAre("orders", "fact", "joined", "sales"));
  EXPECT_TRUE(model(changed, "orders").has_new_text);
  EXPECT_TRUE(model(changed, "orders").stands_anew);
  files_.write("core/dim.sql", "-- Only a comment.\ncreate   table core.dim as select *\nfrom \"raw\".customers");
  EXPECT_FALSE(plan().has_work()) << "comments and blanks are no change";
  files_.write("core/dim.sql", "-- @test unique(id)\ncreate table core.dim as select * from \"raw\".customers");
  EXPECT_THAT(nodes(plan()), ElementsAre("dim", "late", "joined", "sales")) << "a new test must run";
}

TEST_F(PlanTest, ANewTestFileIsDue) {
  publish(plan());
  files_.write("tests/second.sql", "select * from marts.sales where id is null");
  Plan second = plan();
  EXPECT_THAT(nodes(second), IsEmpty());
  EXPECT_TRUE(second.has_work());
  EXPECT_TRUE(second.query_tests[0].is_due);
  EXPECT_FALSE(second.query_tests[1].is_due);
}

TEST_F(PlanTest, FullBuildsAll) {
  publish(plan());
  EXPECT_EQ(nodes(plan("", true)).size(), 6u);
}

TEST_F(PlanTest, ASelectionReadsWhatIsPublished) {
  publish(plan());
  inputs_[{"raw", "orders"}] = "2";
  Plan selected = publish(plan("marts.sales"));
  EXPECT_THAT(nodes(selected), IsEmpty()) << "core.fact is stale but not selected: the published one has not changed";
  EXPECT_THAT(nodes(publish(plan("core.fact"))), ElementsAre("fact"));
  EXPECT_THAT(nodes(publish(plan("marts.sales"))), ElementsAre("sales"));
}

TEST_F(PlanTest, AViewOutsideTheSelectionIsABridge) {
  publish(plan());
  Plan selected = plan("core.fact marts.sales", true);
  EXPECT_THAT(nodes(selected), ElementsAre("fact", "sales"));
  EXPECT_TRUE(model(selected, "joined").is_bridge);
  EXPECT_THAT(anew(selected), ElementsAre("fact__new", "joined__newview", "sales__new"));
  EXPECT_EQ(model(selected, "sales").reads_nodes.size(), 1u);
}

TEST_F(PlanTest, AChangedViewOutsideTheSelectionIsNoBridge) {
  publish(plan());
  files_.write("core/joined.sql", "create view core.joined as select core.fact.* from core.fact, core.dim");
  Plan selected = plan("core.fact marts.sales", true);
  ASSERT_TRUE(model(selected, "sales").problem.has_value());
  EXPECT_EQ(model(selected, "sales").problem->message(),
            "the view core.joined (or one that it reads) has a new text that is not selected");
  EXPECT_FALSE(model(selected, "fact").problem.has_value());
}

TEST_F(PlanTest, WhatWasNeverBuiltMustBeSelected) {
  Plan selected = plan("marts.sales");
  ASSERT_TRUE(model(selected, "sales").problem.has_value());
  EXPECT_EQ(model(selected, "sales").problem->message(), "core.joined is not built yet and not selected");
  EXPECT_EQ(model(selected, "sales").problem->hint(), "Select it too: --select +marts.sales");
}

TEST_F(PlanTest, AnUnpublishedModelStaysStale) {
  Plan first = plan();
  publish(first);
  published_.erase({"core", "dim"});
  EXPECT_THAT(nodes(plan()), ElementsAre("dim", "late", "joined", "sales"));
}

}  // namespace
}  // namespace garland::models
