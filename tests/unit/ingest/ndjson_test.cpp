// Files of NDJSON, and packed with zstd, into a warehouse.
#include "ingest/files/rejects.h"
#include "ingest/load_fixture.h"

namespace garland::ingest {
namespace {

FileSource reviews() {
  FileSource source;
  source.name = "reviews";
  source.format = FileFormat::kNdjson;
  source.path = ".";
  source.schema = "raw";
  source.table = "reviews";
  source.columns = {{"id", Type::of(TypeId::kInteger), "id"}, {"sku", Type::varchar(10), "sku"}};
  source.columns[0].required = true;
  source.columns[1].path = "$.product.sku";
  source.rest = "payload";
  source.max_reject_share = 0.5;
  source.place = {"garland.toml", 4, 1};
  return source;
}

class NdjsonTest : public LoadTest {
 protected:
  Rows reviews_there() {
    return query("select id, sku, payload, _position from \"raw\".reviews order by _position, id");
  }
};

TEST_F(NdjsonTest, LinesBecomeRowsAndWhatNoColumnTakesIsKept) {
  data_.write("a.ndjson", "{\"id\":1,\"product\":{\"sku\":\"star\"},\"stars\":5}\r\n\n{\"id\":\"2\"}");
  data_.write_gzip("b.jsonl.gz", "{\"id\":3,\"note\":\"two\\nlines\"}\n");
  data_.write_zstd("c.ndjson.zst", "{\"id\":4}\n");
  data_.write("d.csv", "id\n9\n");
  EXPECT_EQ(outcome(load(reviews())),
            (Rows{"a.ndjson loaded 2+0", "b.jsonl.gz loaded 1+0", "c.ndjson.zst loaded 1+0"}));
  EXPECT_EQ(reviews_there(), (Rows{"1|star|{\"product\":{},\"stars\":5}|a.ndjson:1", "2|NULL|NULL|a.ndjson:3",
                                   "3|NULL|{\"note\":\"two\\nlines\"}|b.jsonl.gz:1", "4|NULL|NULL|c.ndjson.zst:1"}));
  EXPECT_EQ(outcome(load(reviews())),
            (Rows{"a.ndjson unchanged 0+0", "b.jsonl.gz unchanged 0+0", "c.ndjson.zst unchanged 0+0"}));
}

TEST_F(NdjsonTest, MembersThatNothingTakesAreLeftOutAndNamed) {
  FileSource frozen = reviews();
  frozen.rest.clear();
  frozen.drift = Drift::kFreeze;
  data_.write(
      "a.ndjson",
      "{\"id\":1,\"stars\":5}\n{\"id\":2,\"stars\":4,\"product\":{\"sku\":\"star\",\"size\":3},\"by\":\"Eve\"}\n");
  const LoadReport report = load(frozen);
  EXPECT_EQ(outcome(report), (Rows{"a.ndjson loaded 2+0"}));
  EXPECT_EQ(report.files[0].notice, "left out: \"by\", \"size\", \"stars\"");
  EXPECT_EQ(query("select id, sku from \"raw\".reviews order by 1"), (Rows{"1|NULL", "2|star"}));
}

TEST_F(NdjsonTest, QuarantineRefusesAFileWithAMemberThatNothingTakes) {
  FileSource strict = reviews();
  strict.rest.clear();
  data_.write("a.ndjson", "{\"id\":1}\n");
  data_.write("b.ndjson", "{\"id\":2}\n{\"id\":3,\"stars\":4}\n");
  const LoadReport report = load(strict);
  EXPECT_EQ(outcome(report), (Rows{"a.ndjson loaded 1+0",
                                   "b.ndjson refused 0+0: line 2 has a member \"stars\", which no column takes"}));
  EXPECT_EQ(query("select id from \"raw\".reviews"), (Rows{"1"}));
}

TEST_F(NdjsonTest, EvolvingColumnsGetWider) {
  FileSource source = reviews();
  source.drift = Drift::kEvolve;
  data_.write("a.ndjson", "{\"id\":1}\n");
  load(source);
  source.columns[0].type = Type::of(TypeId::kBigint);
  data_.write("b.ndjson", "{\"id\":5000000000,\"stars\":1}\n");
  EXPECT_EQ(outcome(load(source)), (Rows{"a.ndjson unchanged 0+0", "b.ndjson loaded 1+0"}));
  EXPECT_EQ(query("select id, payload from \"raw\".reviews order by 1"), (Rows{"1|NULL", "5000000000|{\"stars\":1}"}));
}

TEST_F(NdjsonTest, BadLinesAreKeptWholeAndComeAgainMended) {
  data_.write("a.ndjson",
              "{\"id\":1}\n{\"id\":\"x\"}\n{\"id\":2\n[3]\n{\"sku\":4}\n{\"id\":5}\n{\"id\":6}\n{\"id\":7}\n");
  EXPECT_EQ(outcome(load(reviews())), (Rows{"a.ndjson loaded 4+4"}));
  EXPECT_EQ(
      query("select line, byte_offset, column_name, reason, from_varbyte(payload, 'utf8') from ops.rejects order "
            "by line"),
      (Rows{"2|9|id|id \"x\" is not an integer|{\"id\":\"x\"}", "3|20|NULL|the line is not a JSON object|{\"id\":2",
            "4|28|NULL|the line is not a JSON object|[3]", "5|32|id|id is empty|{\"sku\":4}"}));
  const auto rejects = list_rejects(*session_, {});
  ASSERT_EQ(rejects.size(), 4u);
  EXPECT_EQ(reject_text(*session_, rejects[0], nullptr).text(), "{\"id\":\"x\"}\n");
  EXPECT_THROW(replay_reject(*session_, rejects[0], reviews(), "{\"id\":\"x\"}\n", nullptr, "admin", clock_), Error);
  EXPECT_EQ(replay_reject(*session_, rejects[0], reviews(), "{\"id\":8}\n", nullptr, "admin", clock_), 1u);
  EXPECT_EQ(query("select id, _position from \"raw\".reviews where id = 8"), (Rows{"8|a.ndjson:2"}));
}

TEST_F(NdjsonTest, LongLinesAreRefusedAndCounted) {
  FileSource source = reviews();
  source.max_line_bytes = 64;
  source.max_reject_share = 1;
  const std::string longer = "{\"id\":2,\"note\":\"" + std::string(60, 'x') + "\"}\n";
  const std::string longest = "{\"id\":3,\"note\":\"" + std::string(17u << 20, 'x') + "\"}\n";
  data_.write("a.ndjson", "{\"id\":1}\n" + longer + longest + "{\"id\":4}\n");
  EXPECT_EQ(outcome(load(source)), (Rows{"a.ndjson loaded 2+2"}));
  EXPECT_EQ(query("select line, sqlstate, reason from ops.rejects where part = 1 order by line"),
            (Rows{"2|54000|the line is 78 bytes long, 64 allowed (max_line_bytes)",
                  "3|54000|the line is longer than 16777216 bytes"}));
  EXPECT_EQ(query("select _position from \"raw\".reviews order by id"), (Rows{"a.ndjson:1", "a.ndjson:4"}));
}

TEST_F(NdjsonTest, ManyLinesKeepTheirNumbers) {
  std::string text;
  for (int i = 1; i <= 30'000; ++i) text += fmt::format("{{\"id\":{},\"note\":\"{}\"}}\n", i, std::string(80, 'x'));
  data_.write("a.ndjson", text);
  EXPECT_EQ(outcome(load(reviews())), (Rows{"a.ndjson loaded 30000+0"}));
  EXPECT_EQ(query("select count(*) from \"raw\".reviews where _position <> ('a.ndjson:' || id::varchar)"), (Rows{"0"}));
}

TEST_F(NdjsonTest, ZstdIsReadForCsvToo) {
  data_.write_zstd("a.csv.zst", "id,Item\n1,star\n");
  data_.write("b.csv", "id,Item\n1,star\n");
  data_.write("c.csv", std::string("\x28\xb5\x2f\xfd", 4) + "no zstd");
  EXPECT_EQ(outcome(load()), (Rows{"a.csv.zst loaded 1+0", "b.csv duplicate 0+0: the same content as a.csv.zst",
                                   "c.csv refused 0+0: \"c.csv\" is damaged: bad zstd data"}));
}

}  // namespace
}  // namespace garland::ingest
