#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/project.h"

namespace garland::models {
namespace {

using testing::ElementsAre;

/// a → b → c → d, and e beside them.
Project chain() {
  Project project;
  auto add = [&](const char* schema, const char* name, std::vector<ModelName> reads) {
    Model& model = project.models.emplace_back();
    model.name = {schema, name};
    model.references = std::move(reads);
  };
  add("staging", "a", {{"raw", "x"}});
  add("core", "b", {{"staging", "a"}});
  add("marts", "c", {{"core", "b"}});
  add("marts", "d", {{"marts", "c"}});
  add("marts", "e", {});
  return project;
}

std::vector<size_t> selected(const char* selector) { return select_models(chain(), selector); }

std::string refused(const char* selector) {
  try {
    selected(selector);
    return "selected";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), kInvalidParameterValue);
    return error.message() + " | " + error.hint();
  }
}

TEST(Select, Names) {
  EXPECT_THAT(selected("core.b"), ElementsAre(1));
  EXPECT_THAT(selected("b"), ElementsAre(1));
  EXPECT_THAT(selected("CORE.B"), ElementsAre(1));
  EXPECT_THAT(selected("marts.*"), ElementsAre(2, 3, 4));
  EXPECT_THAT(selected("marts"), ElementsAre(2, 3, 4));
  EXPECT_THAT(selected("*"), ElementsAre(0, 1, 2, 3, 4));
}

TEST(Select, WhatTheyReadAndWhatReadsThem) {
  EXPECT_THAT(selected("+core.b"), ElementsAre(0, 1));
  EXPECT_THAT(selected("core.b+"), ElementsAre(1, 2, 3));
  EXPECT_THAT(selected("+core.b+"), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(selected("core.b+1"), ElementsAre(1, 2));
  EXPECT_THAT(selected("1+d"), ElementsAre(2, 3));
  EXPECT_THAT(selected("+marts.*"), ElementsAre(0, 1, 2, 3, 4));
}

TEST(Select, SeveralAreAddedUp) {
  EXPECT_THAT(selected("d e"), ElementsAre(3, 4));
  EXPECT_THAT(selected(" e,staging.a ,, "), ElementsAre(0, 4));
}

TEST(Select, NothingIsAnError) {
  EXPECT_EQ(refused("marts.f"), "\"marts.f\" selects no model | did you mean marts.*, marts.c, marts.d?");
  EXPECT_EQ(refused("raw.x"), "\"raw.x\" selects no model | Name models as schema.name, schema.*, +name or name+.");
  EXPECT_EQ(refused(" , "), "the selection names no model | Name models as schema.name, schema.*, +name or name+.");
  EXPECT_EQ(refused("+"), "\"\" selects no model | Name models as schema.name, schema.*, +name or name+.");
  EXPECT_EQ(refused("99999+d"), "\"99999+d\" goes too far | ");
}

}  // namespace
}  // namespace garland::models
