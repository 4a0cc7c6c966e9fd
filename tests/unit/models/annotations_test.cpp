#include "models/annotations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace garland::models {
namespace {

using testing::ElementsAre;

Annotations read(const std::string& text, std::vector<Error>* errors = nullptr) {
  std::vector<Error> found;
  Annotations notes = read_annotations(text, "core/x.sql", found);
  if (errors) {
    *errors = found;
  } else {
    for (const Error& error : found) ADD_FAILURE() << error.message();
  }
  return notes;
}

std::string error_of(const std::string& text) {
  std::vector<Error> errors;
  read(text, &errors);
  if (errors.size() != 1) return "errors: " + std::to_string(errors.size());
  const FilePlace& place = errors[0].place().value();
  return std::to_string(place.line) + ":" + std::to_string(place.column) + " " + errors[0].message() +
         (errors[0].hint().empty() ? "" : " | " + errors[0].hint());
}

TEST(Annotations, ProseIsTheDescription) {
  EXPECT_EQ(read("-- Orders, one row each.\n--   indented: kept as a line\n--\n-- Grain: order.\n-- @test "
                 "not_null(id)\nselect 1")
                .description,
            "Orders, one row each.\nindented: kept as a line\n\nGrain: order.");
  EXPECT_EQ(read("/* Orders,\n * one row each.\n */\nselect 1").description, "Orders,\none row each.");
  EXPECT_EQ(read("select 1 -- not leading\n").description, "");
}

TEST(Annotations, Tests) {
  Annotations notes = read(
      "-- @test not_null(ID, \"Order No\"), unique(a,b)\n"
      "-- @test accepted(status: 'paid', 'it''s', 3,\n--   -1.5)\n"
      "-- @test references(product_key -> core.dim_product.key)\n"
      "create table x as select 1");
  ASSERT_EQ(notes.tests.size(), 4u);
  EXPECT_THAT(notes.tests[0].columns, ElementsAre("id", "order no"));
  EXPECT_EQ(notes.tests[0].name, "not_null(ID, \"Order No\")");
  EXPECT_EQ(notes.tests[0].place.line, 1u);
  EXPECT_EQ(notes.tests[0].place.column, 10u);
  EXPECT_EQ(notes.tests[1].kind, TestSpec::Kind::kUnique);
  EXPECT_EQ(notes.tests[1].name, "unique(a,b)");
  EXPECT_THAT(notes.tests[2].values, ElementsAre("paid", "it's", "3", "-1.5"));
  EXPECT_EQ(notes.tests[2].name, "accepted(status: 'paid', 'it''s', 3, -1.5)");
  EXPECT_EQ(notes.tests[2].place.line, 2u);
  EXPECT_EQ(notes.tests[3].references->text(), "core.dim_product");
  EXPECT_EQ(notes.tests[3].references_column, "key");
}

TEST(Annotations, Encodings) {
  Annotations notes = read("-- @encode(status bytedict,\n--         amount AZ64)\nselect 1");
  EXPECT_EQ(notes.encodings, (std::map<std::string, std::string>{{"status", "bytedict"}, {"amount", "az64"}}));
  EXPECT_EQ(notes.encode_place.line, 1u);
}

TEST(Annotations, WhatIsWrongIsSaidWhereItStands) {
  EXPECT_EQ(error_of("-- fine\n-- @tests not_null(a)\nselect 1"),
            "2:4 there is no annotation \"@tests\" | did you mean \"@test\"?");
  EXPECT_EQ(error_of("-- @test notnull(a)\nselect 1"),
            "1:10 there is no test \"notnull\" | did you mean \"not_null\"?");
  EXPECT_EQ(error_of("-- @test unique(a, b\nselect 1"), "1:21 \")\" expected");
  EXPECT_EQ(error_of("-- @test unique()\nselect 1"), "1:17 a column expected");
  EXPECT_EQ(error_of("-- @test unique(a) and so on\nselect 1"),
            "1:20 \"and so on\" follows the annotation | An annotation has its lines to itself.");
  EXPECT_EQ(error_of("-- @test accepted(a: 'x)\nselect 1"), "1:22 a quote is not closed");
  EXPECT_EQ(error_of("-- @test references(a -> core.b)\nselect 1"),
            "1:32 \".\" expected | references(…) names its target as schema.table.column");
  EXPECT_EQ(error_of("-- @encode(a zstdd)\nselect 1"), "1:14 there is no encoding \"zstdd\" | did you mean \"zstd\"?");
  EXPECT_EQ(error_of("-- @encode(a zstd, a raw)\nselect 1"), "1:20 column \"a\" is encoded twice");
  EXPECT_EQ(error_of("-- @incremental key(a)\nselect 1"), "1:5 @incremental is not supported yet");
}

TEST(Annotations, AnUnclosedOneDoesNotSwallowTheNext) {
  std::vector<Error> errors;
  Annotations notes = read("-- @test unique(a\n-- @test not_null(a)\nselect 1", &errors);
  EXPECT_EQ(errors.size(), 1u);
  ASSERT_EQ(notes.tests.size(), 1u);
  EXPECT_EQ(notes.tests[0].name, "not_null(a)");
}

}  // namespace
}  // namespace garland::models
