// Files of Parquet, made by DuckDB.
#include "duck/files.h"
#include "ingest/files/rejects.h"
#include "ingest/load_fixture.h"

namespace garland::ingest {
namespace {

FileSource parquet_orders(Drift drift = Drift::kQuarantine) {
  FileSource source = orders();
  source.format = FileFormat::kParquet;
  source.max_line_bytes = 1u << 20;
  source.path = ".";
  source.drift = drift;
  source.max_reject_share = 0.9;
  return source;
}

class ParquetTest : public LoadTest {
 protected:
  void write(const std::string& name, const std::string& select) {
    files_.connection().query("COPY (" + select + ") TO " + duck::quoted_literal((data_.path() / name).string()) +
                              " (FORMAT parquet)");
  }
  duck::Files files_{duck::FilesOptions{}};
};

TEST_F(ParquetTest, ColumnsAreFoundByNameAndHashesDecide) {
  write("a[1].parquet", "select 'star' as ITEM, 1::bigint as id union all select null, 2");
  EXPECT_EQ(outcome(load(parquet_orders())), (Rows{"a[1].parquet loaded 2+0"}));
  EXPECT_EQ(rows(), (Rows{"1|star|a[1].parquet:1", "2|NULL|a[1].parquet:2"}));
  EXPECT_EQ(outcome(load(parquet_orders())), (Rows{"a[1].parquet unchanged 0+0"}));
  EXPECT_EQ(query("select content_hash from ops.batches where path is not null and path <> ''"),
            (Rows{read_content(records::open_file(data_.path() / "a[1].parquet")).hash}));
  std::filesystem::copy(data_.path() / "a[1].parquet", data_.path() / "b.parquet");
  write("a[1].parquet", "select 3 as id, 'bell' as item");
  EXPECT_EQ(outcome(load(parquet_orders())), (Rows{"a[1].parquet replaced 1+0", "b.parquet loaded 2+0"}));
}

TEST_F(ParquetTest, ManyRowsKeepTheirOrder) {
  write("a.parquet", "select i::int as id, 'item ' || i as item from range(300000) t(i)");
  load(parquet_orders());
  EXPECT_EQ(
      query("select count(*), sum(id), sum(case when _position = 'a.parquet:' || (id + 1) then 1 else 0 end) from "
            "\"raw\".orders"),
      (Rows{"300000|44999850000|300000"}));
}

TEST_F(ParquetTest, EveryTypeComesAsItIs) {
  FileSource source = parquet_orders();
  source.columns = {{"b", Type::of(TypeId::kBoolean), "b"},
                    {"d", Type::decimal(38, 10), "d"},
                    {"f", Type::of(TypeId::kDouble), "f"},
                    {"day", Type::of(TypeId::kDate), "day"},
                    {"t", Type::of(TypeId::kTimestamp), "t"},
                    {"z", Type::of(TypeId::kTimestampTz), "z"},
                    {"s", Type::of(TypeId::kSuper), "s"},
                    {"h", Type::varchar(10), "h"},
                    {"y", Type::varbyte(4), "y"}};
  write(
      "a.parquet",
      "select true as b, 1234567890123456789012345678.0123456789::decimal(38,10) as d, 0.1::double as f, "
      "date '2025-12-24' as day, timestamp_ns '2025-12-24 18:00:00.123456' as t, "
      "timestamptz '2025-12-24 18:00:00+01' as z, {'a': [1, 2], 'b': 'x'} as s, 'é\"\n' as h, '\\x00\\xFF'::blob as y");
  EXPECT_EQ(outcome(load(source)), (Rows{"a.parquet loaded 1+0"}));
  EXPECT_EQ(query("select b, d, f, day, t, z, s.a[1], s.b, h, y from \"raw\".orders"),
            (Rows{"t|1234567890123456789012345678.0123456789|0.1|2025-12-24|2025-12-24 18:00:00.123456|2025-12-24 "
                  "17:00:00+00|2|\"x\"|é\"\n|00ff"}));
}

TEST_F(ParquetTest, WhatDoesNotFitIsRefusedAndComesAgainMended) {
  write("a.parquet",
        "select 1 as id, 'star' as item union all select 5000000000, 'far' union all select 3, "
        "'a name that is too long for it' union all select 4, '4111111111111111'");
  EXPECT_EQ(outcome(load(parquet_orders())), (Rows{"a.parquet loaded 1+3"}));
  const auto rejects = list_rejects(*session_, {});
  ASSERT_EQ(rejects.size(), 3u);
  EXPECT_EQ(rejects[0].line, 2);
  EXPECT_EQ(rejects[0].column, "id");
  EXPECT_EQ(reject_text(*session_, rejects[0], nullptr).record, R"({"id":"5000000000","item":"far"})");
  EXPECT_EQ(reject_text(*session_, rejects[2], nullptr).record.find("4111111111111111"), std::string::npos);
  replay_reject(*session_, rejects[0], parquet_orders(), R"({"id":"5","item":"far"})", nullptr, "admin", clock_);
  EXPECT_EQ(rows(), (Rows{"1|star|a.parquet:1", "5|far|a.parquet:2"}));
}

TEST_F(ParquetTest, FilesThatDoNotFitAreRefusedByName) {
  write("a.parquet", "select 'x' as id, 'star' as item");
  write("b.parquet", "select 1 as id, 'star' as item, 'y' as gift");
  data_.write("c.parquet", "no Parquet at all");
  EXPECT_EQ(outcome(load(parquet_orders())),
            (Rows{"a.parquet refused 0+0: its column \"id\" is VARCHAR, which does not fit integer",
                  "b.parquet refused 0+0: no column takes \"gift\" of the header (the header reads: id, item, gift)",
                  "c.parquet refused 0+0: the file could not be read as Parquet"}));
  FileSource counted = parquet_orders();
  counted.contract.min_rows = 2;
  write("d.parquet", "select 1 as id, 'star' as item");
  EXPECT_EQ(outcome(load(counted))[3], "d.parquet refused 0+0: it has 1 rows, at least 2 are expected");
}

TEST_F(ParquetTest, DriftIsThatOfHeaders) {
  write("a.parquet", "select 1 as id, 'star' as item");
  write("b.parquet", "select 2 as id, 'bell' as item, 2.50::decimal(6,2) as \"Gift Price\", [1] as tags");
  const LoadReport frozen = load(parquet_orders(Drift::kFreeze));
  EXPECT_EQ(frozen.notices, (Rows{"b.parquet: left out: \"Gift Price\", \"tags\""}));
  engine::run(*session_, "drop table \"raw\".orders");
  load(parquet_orders(Drift::kEvolve));
  EXPECT_EQ(query("select id, item, gift_price, tags[0] from \"raw\".orders order by id"),
            (Rows{"1|star|NULL|NULL", "2|bell|2.50|1"}));
}

}  // namespace
}  // namespace garland::ingest
