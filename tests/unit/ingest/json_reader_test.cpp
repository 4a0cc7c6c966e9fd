#include "ingest/json_reader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/text.h"

namespace garland::ingest {
namespace {

using engine::Type;
using engine::TypeId;

JsonShape table_of(std::vector<JsonColumn> columns, std::string rest = "rest") {
  JsonShape table;
  table.columns = std::move(columns);
  table.rest = std::move(rest);
  return table;
}

/// "1|NULL|{"b":2}", or "! column state reason".
std::string read(const JsonShape& table, std::string_view event) {
  JsonReader reader(table);
  engine::BatchBuilder rows(reader.types());
  if (const auto fault = reader.read(event, rows)) {
    EXPECT_EQ(rows.rows(), 0u);
    return fmt::format("! {} {} {}", fault->column, fault->state.text(), fault->reason);
  }
  const engine::Batch& batch = rows.batch();
  EXPECT_EQ(batch.rows, 1u);
  std::string text;
  for (const engine::Column& column : batch.columns) {
    text += text.empty() ? "" : "|";
    column.is_null(0) ? text += "NULL" : (engine::append_text(text, column, 0), text);
  }
  return text;
}

const JsonColumn kId{"id", Type::of(TypeId::kInteger), ""};
const JsonColumn kName{"name", Type::varchar(10), ""};

TEST(JsonReader, MembersGoToTheirColumnsAndTheOthersToTheRest) {
  const JsonShape table = table_of({kId, kName});
  EXPECT_EQ(read(table, R"({"id": 1, "name": "a\"é\u0061", "x": [1, {"y": null}], "z": "\u00e9\n"})"),
            "1|a\"éa|{\"x\":[1,{\"y\":null}],\"z\":\"é\\n\"}");
  EXPECT_EQ(read(table, R"( {"id":"7","name":null} )"), "7|NULL|NULL");
  EXPECT_EQ(read(table, "{}"), "NULL|NULL|NULL");
  EXPECT_EQ(read(table, R"({"id":1,"id":2})"), "2|NULL|NULL");
  EXPECT_EQ(read(table, R"({"id":"","name":""})"), "NULL||NULL");
  EXPECT_EQ(read(table, R"({"name":{"a":1},"a\"b":true})"), "NULL|{\"a\":1}|{\"a\\\"b\":true}");
  EXPECT_EQ(read(table_of({kId}, ""), R"({"id":1,"x":2})"), "1");
}

TEST(JsonReader, PathsReachIntoTheEventAndLeaveWhatStandsBeside) {
  const JsonShape table = table_of({{"sku", Type::varchar(10), "$.product.sku"},
                                    {"second", Type::of(TypeId::kInteger), "$['list'][1]"},
                                    {"whole", Type::of(TypeId::kSuper), "$.product.size"},
                                    {"width", Type::of(TypeId::kInteger), "$.product.size.width"}});
  EXPECT_EQ(read(table, R"({"product":{"sku":"s","size":{"width":3},"colour":"red"},"list":[1,2,3]})"),
            R"(s|2|{"width":3}|3|{"product":{"colour":"red"},"list":[1,null,3]})");
  EXPECT_EQ(read(table, R"({"product":"none","list":{"1":2}})"),
            R"(NULL|NULL|NULL|NULL|{"product":"none","list":{"1":2}})");
}

TEST(JsonReader, WhatAColumnTakesIsNowhereInTheRest) {
  JsonShape table =
      table_of({{"email", Type::varchar(80), "$.who.email", false, ColumnClass{PiiClass::kEmail, "", ""}}});
  EXPECT_EQ(read(table, R"({"who":{"email":"a@b.example","tier":1,"email":"c@d.example"}})"),
            R"(c@d.example|{"who":{"tier":1}})");
  EXPECT_EQ(read(table, R"({"who":{"email":"a@b.example"},"who":{"email":"c@d.example"}})"),
            "! rest 22P02 rest holds what SUPER cannot: a name twice, a number too long");
}

TEST(JsonReader, RefusesWithAReason) {
  JsonColumn needed = kId;
  needed.required = true;
  const JsonShape table = table_of({needed, kName});
  EXPECT_EQ(read(table, R"({"id":"x"})"), "! id 22P02 id \"x\" is not an integer");
  EXPECT_EQ(read(table, R"({"id":99999999999})"), "! id 22003 id \"99999999999\" is out of range for integer");
  EXPECT_EQ(read(table, R"({"name":"a"})"), "! id 23502 id is empty");
  EXPECT_EQ(read(table, R"({"id":1,"name":"01234567890"})"), "! name 22001 name is 11 bytes long, 10 allowed");
  EXPECT_EQ(read(table, R"({"id":1,"name":"\u0000"})"), "! name 22023 name holds a NUL character");
  for (const char* const text : {"", "[]", "1", "{\"id\":1", "{\"id\":1}x", "{'id':1}", "null"}) {
    EXPECT_EQ(read(table, text), "!  22P04 the event is not a JSON object") << text;
  }
  EXPECT_EQ(read(table, "{\"id\":1,\"x\":\"\xff\"}"), "!  22021 the event is not UTF-8 text");
}

TEST(JsonReader, ReasonsOfSensitiveSourcesRepeatNoValue) {
  const JsonShape table =
      table_of({kId, {"email", Type::varchar(80), "", false, ColumnClass{PiiClass::kEmail, "", ""}}});
  EXPECT_EQ(read(table, R"({"id":"secret"})"), "! id 22P02 id is not an integer");
}

TEST(JsonReader, CardNumbersAreKeptOutOfColumnsThatShouldHoldNone) {
  const JsonShape table = table_of({{"note", Type::varchar(80), ""}});
  EXPECT_EQ(read(table, R"({"note":"4929123456789015"})"),
            "! note 22023 note holds a card number, which is kept out of this column");
}

TEST(JsonReader, LongEventsAreRefused) {
  JsonShape table = table_of({kId});
  table.max_bytes = 8;
  EXPECT_EQ(read(table, R"({"id":1})"), "1|NULL");
  EXPECT_EQ(read(table, R"({"id":12})"), "!  54000 the event is 9 bytes long, 8 allowed (max_event_bytes)");
}

}  // namespace
}  // namespace garland::ingest
