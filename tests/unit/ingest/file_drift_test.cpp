// Headers that are not as configured: quarantine, freeze, evolve.
#include "ingest/files/evolve.h"
#include "ingest/files/rejects.h"
#include "ingest/load_fixture.h"

namespace garland::ingest {
namespace {

FileSource orders_with(Drift drift) {
  FileSource source = orders();
  source.drift = drift;
  return source;
}

class FileDriftTest : public LoadTest {
 protected:
  Rows columns() {
    return query(
        "select column_name, data_type from information_schema.columns where table_schema = 'raw' and "
        "table_name = 'orders' and column_name not like '\\\\_%' order by ordinal_position");
  }
};

TEST_F(FileDriftTest, QuarantineRefusesTheFile) {
  data_.write("a.csv", "id,Item,Gift\n1,star,y\n");
  data_.write("b.csv", "id\n1\n");
  EXPECT_EQ(outcome(load()),
            (Rows{"a.csv refused 0+0: no column takes \"Gift\" of the header (the header reads: id, Item, Gift)",
                  "b.csv refused 0+0: the header has no column \"Item\" (the header reads: id)"}));
}

TEST_F(FileDriftTest, FreezeLeavesOutWhatIsNewAndSaysSo) {
  const FileSource source = orders_with(Drift::kFreeze);
  data_.write("a.csv", "Gift,id,Item\ny,1,star\n");
  data_.write("b.csv", "id\n2\n");
  const LoadReport report = load(source);
  EXPECT_EQ(outcome(report), (Rows{"a.csv loaded 1+0", "b.csv loaded 1+0"}));
  EXPECT_EQ(report.notices, (Rows{"a.csv: left out: \"Gift\"", "b.csv: no column \"Item\""}));
  EXPECT_EQ(query("select path, message from ops.batches where message is not null order by path"),
            (Rows{"a.csv|left out: \"Gift\"", "b.csv|no column \"Item\""}));
  EXPECT_EQ(rows(), (Rows{"1|star|a.csv:2", "2|NULL|b.csv:2"}));
}

TEST_F(FileDriftTest, EvolveAddsColumnsAndTheyStay) {
  const FileSource source = orders_with(Drift::kEvolve);
  data_.write("a.csv", "id,Item\n1,star\n");
  load(source);
  data_.write("b.csv", "Gift Wrap,Item,id,9 lives\ngold,angel,2,cat\n");
  data_.write("c.csv", "id,GIFT-WRAP\n3,red\n");
  const LoadReport report = load(source);
  EXPECT_EQ(outcome(report), (Rows{"a.csv unchanged 0+0", "b.csv loaded 1+0", "c.csv loaded 1+0"}));
  EXPECT_EQ(report.notices, (Rows{"b.csv has a new column \"Gift Wrap\": raw.orders.gift_wrap",
                                  "b.csv has a new column \"9 lives\": raw.orders.c_9_lives",
                                  "c.csv: no column \"Item\", \"c_9_lives\""}));
  EXPECT_EQ(query("select id, item, gift_wrap, c_9_lives from \"raw\".orders order by id"),
            (Rows{"1|star|NULL|NULL", "2|angel|gold|cat", "3|NULL|red|NULL"}));
  // Another run knows them from the raw table, and a new delivery without them has NULLs.
  data_.write("b.csv", "id,Item\n2,angel\n");
  EXPECT_EQ(outcome(load(source)), (Rows{"a.csv unchanged 0+0", "b.csv replaced 1+0", "c.csv unchanged 0+0"}));
  EXPECT_EQ(query("select id, item, gift_wrap from \"raw\".orders order by id"),
            (Rows{"1|star|NULL", "2|angel|NULL", "3|NULL|red"}));
  EXPECT_EQ(outcome(load(orders_with(Drift::kFreeze)))[0], "a.csv unchanged 0+0");
  EXPECT_THROW(load(orders_with(Drift::kQuarantine)), Error);
}

TEST_F(FileDriftTest, AnotherFilesHeaderBringsNothing) {
  FileSource source = orders_with(Drift::kEvolve);
  source.columns.push_back({"price", Type::decimal(8, 2), "price"});
  data_.write("a.csv", "id,Item,price\n1,star,2.50\n");
  data_.write("b.csv", "id,name,street\n2,angel,home\n");
  data_.write("c.csv", "7,bell,3.50\n");
  EXPECT_EQ(
      outcome(load(source)),
      (Rows{"a.csv loaded 1+0", "b.csv refused 0+0: the header has 1 of 3 columns (the header reads: id, name, street)",
            "c.csv refused 0+0: the header has 0 of 3 columns (the header reads: 7, bell, 3.50)"}));
  EXPECT_EQ(columns().size(), 3u);
}

TEST_F(FileDriftTest, AColumnThatMayHoldOriginalsInClearIsNotAdded) {
  FileSource source = orders_with(Drift::kEvolve);
  load(source);
  source.columns[1].sensitive = ColumnClass{PiiClass::kName, "", ""};
  data_.write("a.csv", "id,Customer\n1,Wilhelmina\n");
  Rows notices;
  const FileRoots roots(data_.path());
  EXPECT_EQ(fit_to_headers(*session_, source, *open_store(source, roots), {"a.csv"}, notices).columns.size(), 2u);
  EXPECT_TRUE(notices.empty());
}

TEST_F(FileDriftTest, AddedColumnsAreThereForMendedRecords) {
  FileSource source = orders_with(Drift::kEvolve);
  source.max_reject_share = 0.5;
  data_.write("a.csv", "id,Item,Gift\n1,star,y\n2x,bell,n\n");
  EXPECT_EQ(outcome(load(source)), (Rows{"a.csv loaded 1+1"}));
  const auto rejects = list_rejects(*session_, {});
  ASSERT_EQ(rejects.size(), 1u);
  EXPECT_EQ(replay_reject(*session_, rejects[0], source, "id,Item,Gift\n2,bell,n\n", nullptr, "admin", clock_), 1u);
  EXPECT_EQ(query("select id, item, gift from \"raw\".orders order by id"), (Rows{"1|star|y", "2|bell|n"}));
}

TEST_F(FileDriftTest, AColumnThatIsConfiguredLaterIsAdded) {
  FileSource source = orders_with(Drift::kEvolve);
  data_.write("a.csv", "id,Item\n1,star\n");
  load(source);
  source.columns.push_back({"price", Type::decimal(8, 2), "price"});
  data_.write("b.csv", "id,Item,price\n2,bell,2.50\n");
  load(source);
  EXPECT_EQ(query("select id, item, price from \"raw\".orders order by id"), (Rows{"1|star|NULL", "2|bell|2.50"}));
}

TEST_F(FileDriftTest, AColumnIsWidenedAndKeepsItsRows) {
  FileSource source = orders_with(Drift::kEvolve);
  source.columns[1].type = Type::varchar(4);
  source.columns.push_back({"price", Type::decimal(4, 2), "price"});
  source.columns.push_back({"weight", Type::of(TypeId::kReal), "weight"});
  data_.write("a.csv", "id,Item,price,weight\n1,star,2.50,0.5\n,,,\n");
  load(source);
  source.columns[0].type = Type::of(TypeId::kBigint);
  source.columns[1].type = Type::varchar(20);
  source.columns[2].type = Type::decimal(12, 3);
  source.columns[3].type = Type::of(TypeId::kDouble);
  data_.write("b.csv", "id,Item,price,weight\n5000000000,candle,12345.125,1e300\n");
  const LoadReport report = load(source);
  EXPECT_EQ(outcome(report), (Rows{"a.csv unchanged 0+0", "b.csv loaded 1+0"}));
  EXPECT_EQ(report.notices, (Rows{"column raw.orders.id was integer and is bigint now",
                                  "column raw.orders.item was character varying(4) and is character varying(20) now",
                                  "column raw.orders.price was numeric(4,2) and is numeric(12,3) now",
                                  "column raw.orders.weight was real and is double precision now"}));
  const Rows rows = {"1|star|2.500|0.5|a.csv:2", "5000000000|candle|12345.125|1e+300|b.csv:2",
                     "NULL|NULL|NULL|NULL|a.csv:3"};
  EXPECT_EQ(query("select id, item, price, weight, _position from \"raw\".orders order by id"), rows);
  EXPECT_TRUE(load(source).notices.empty());
}

TEST_F(FileDriftTest, AWideningThatWasInterruptedGoesOn) {
  FileSource source = orders_with(Drift::kEvolve);
  data_.write("a.csv", "id,Item\n1,star\n");
  load(source);
  engine::run(*session_, "alter table \"raw\".orders add column _wide bigint");
  EXPECT_EQ(outcome(load(source)), (Rows{"a.csv unchanged 0+0"}));
  source.columns[0].type = Type::of(TypeId::kBigint);
  load(source);
  EXPECT_EQ(query("select id, item from \"raw\".orders"), (Rows{"1|star"}));
  EXPECT_EQ(columns(), (Rows{"item|character varying", "id|bigint"}));
}

TEST_F(FileDriftTest, AColumnIsNotNarrowedNorWidenedUnasked) {
  FileSource source = orders();
  load(source);
  const auto refused = [&](Drift drift, TypeId type) {
    source.drift = drift;
    source.columns[0].type = Type::of(type);
    try {
      load(source);
    } catch (const Error& error) {
      EXPECT_EQ(error.state(), kDatatypeMismatch);
      return error.message();
    }
    return std::string();
  };
  EXPECT_EQ(refused(Drift::kEvolve, TypeId::kSmallint),
            "column \"id\" of table raw.orders is integer, and smallint is narrower");
  EXPECT_EQ(refused(Drift::kEvolve, TypeId::kDate),
            "column \"id\" of table raw.orders is integer, but date in source \"orders\"");
  for (const Drift drift : {Drift::kFreeze, Drift::kQuarantine})
    EXPECT_EQ(refused(drift, TypeId::kBigint),
              "column \"id\" of table raw.orders is integer, but bigint in source \"orders\"");
}

TEST_F(FileDriftTest, SeveralReadersLoadWhatOneHeaderAdds) {
  const FileSource source = orders_with(Drift::kEvolve);
  for (int i = 0; i < 20; ++i)
    data_.write(fmt::format("{:02}.csv", i),
                fmt::format("id,Item{}\n{},star{}\n", i % 3 ? "" : ",Gift", i, i % 3 ? "" : ",y"));
  const auto second = engine_->open_session({"admin", "dev", "ingest_tests"});
  engine::Session* const sessions[] = {session_.get(), second.get()};
  const LoadReport report = load_files(sessions, source, data_.path(), clock_, {}, stop_);
  EXPECT_EQ(report.loaded, 20u);
  EXPECT_EQ(query("select count(*), count(gift) from \"raw\".orders"), (Rows{"20|7"}));
}

}  // namespace
}  // namespace garland::ingest
