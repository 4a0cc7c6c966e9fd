// Session::load and COPY: batches by INSERT's rules, whole or not at all.
#include <atomic>
#include <thread>

#include "engine/text.h"
#include "warehouse_fixture.h"

namespace garland::embedded {
namespace {

using LoadTest = WarehouseTest;
using engine::Type;
using engine::TypeId;

engine::BatchBuilder batch(const std::vector<Type>& types, const std::vector<std::vector<const char*>>& rows) {
  engine::BatchBuilder builder(types);
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (row[i]) {
        EXPECT_FALSE(engine::read_field(row[i], types[i], builder, i)) << row[i];
      } else {
        builder.set_null(i);
      }
    }
    builder.end_row();
  }
  return builder;
}

const std::vector<Type> kTypes = {Type::of(TypeId::kInteger), Type::varchar(100)};

std::string load_fails(engine::Session& session, const std::string& table, const std::vector<std::string>& columns,
                       engine::BatchBuilder rows) {
  try {
    auto load = session.load(table, columns);
    load->append(rows.batch());
    load->finish();
    return "";
  } catch (const Error& error) {
    return std::string(error.state().text());
  }
}

TEST_F(LoadTest, DefaultsIdentityAndBlanks) {
  auto s = session();
  engine::run(*s,
              "create table t (a int not null, b varchar(5), c int default 3 + 4, d bigint identity(10, 10), e date)");
  auto load = s->load("t", {"a", "b"});
  load->append(batch(kTypes, {{"1", "x"}, {"2", nullptr}, {"3", "y  "}}).batch());
  load->append(batch(kTypes, {{"4", "z       "}}).batch());
  EXPECT_EQ(load->finish(), 4u);
  EXPECT_EQ(rows(*s, "select a, b, c, d, e from t order by a"), "1|x|7|10|-;2|-|7|20|-;3|y  |7|30|-;4|z    |7|40|-");
  EXPECT_EQ(rows(*s, "select a from t where b = 'y'"), "3");
  EXPECT_EQ(rows(*s, "select count(*) from (select b from t union select 'z')"), "4");
}

TEST_F(LoadTest, RulesOfInsertAndNothingStays) {
  auto s = session();
  engine::run(*s, "create table t (a int not null, b varchar(3), c char(2), i bigint identity(1, 1))");
  EXPECT_EQ(load_fails(*s, "t", {"a", "b"}, batch(kTypes, {{"1", "abc"}, {nullptr, "x"}})), "23502");
  EXPECT_EQ(load_fails(*s, "t", {"b"}, batch({kTypes[1]}, {{"x"}})), "23502");
  EXPECT_EQ(load_fails(*s, "t", {"a", "b"}, batch(kTypes, {{"1", "abc"}, {"2", "abcd"}})), "22001");
  EXPECT_EQ(load_fails(*s, "t", {"a", "c"}, batch(kTypes, {{"1", "abc"}})), "22001");
  EXPECT_EQ(load_fails(*s, "t", {"a", "nope"}, batch(kTypes, {})), "42703");
  EXPECT_EQ(load_fails(*s, "t", {"a", "a"}, batch(kTypes, {})), "42701");
  EXPECT_EQ(load_fails(*s, "t", {"b", "a"}, batch(kTypes, {{"1", "x"}})), "42804");
  EXPECT_EQ(load_fails(*s, "nope", {"a"}, batch(kTypes, {})), "42P01");
  EXPECT_EQ(load_fails(*s, "t", {"a", "i"}, batch({kTypes[0], Type::of(TypeId::kBigint)}, {{"1", "1"}})), "0A000");
  EXPECT_EQ(rows(*s, "select count(*) from t"), "0");
  EXPECT_EQ(load_fails(*s, "t", {"a", "c"}, batch(kTypes, {{"1", "ab "}})), "");
  EXPECT_EQ(rows(*s, "select a, c, len(c) from t"), "1|ab|2");
}

TEST_F(LoadTest, InABlockItIsPartOfIt) {
  auto s = session();
  engine::run(*s, "create table t (a int, b varchar(10))");
  engine::run(*s, "begin");
  {
    auto load = s->load("t", {"a", "b"});
    load->append(batch(kTypes, {{"1", "x"}}).batch());
    EXPECT_EQ(fails(*s, "select 1"), "55000");  // the load comes first
    EXPECT_EQ(s->transaction_status(), engine::TransactionStatus::kOpen);
    load->append(batch(kTypes, {{"2", "y"}}).batch());
    load->finish();
  }
  EXPECT_EQ(rows(*s, "select count(*) from t"), "2");
  EXPECT_EQ(rows(*session(), "select count(*) from t"), "0");
  engine::run(*s, "rollback");
  EXPECT_EQ(rows(*s, "select count(*) from t"), "0");
  engine::run(*s, "begin");
  {
    s->load("t", {"a", "b"})->append(batch(kTypes, {{"1", "x"}}).batch());
  }  // given up
  EXPECT_EQ(s->transaction_status(), engine::TransactionStatus::kFailed);
  engine::run(*s, "rollback");
  auto load = s->load("t", {"a", "b"});
  EXPECT_EQ(fails(*s, "select 1"), "55000");  // a load of its own comes first
  load.reset();
  EXPECT_EQ(rows(*s, "select count(*) from t"), "0");
}

TEST_F(LoadTest, ManyBatches) {
  auto s = session();
  engine::run(*s, "create table t (a int, b varchar(10))");
  auto load = s->load("t", {"a", "b"});
  engine::BatchBuilder builder(kTypes);
  for (int i = 0; i < 300000; ++i) {
    builder.set<int32_t>(0, i);
    builder.set_string(1, i % 2 ? "odd" : "even");
    builder.end_row();
    if (builder.full()) {
      load->append(builder.batch());
      builder.clear();
    }
  }
  load->append(builder.batch());
  EXPECT_EQ(load->finish(), 300000u);
  EXPECT_EQ(rows(*s, "select count(*), sum(a::bigint), count(distinct b) from t"), "300000|44999850000|2");
}

/// Enough batches for the writing thread to be at work.
void append_many(engine::Load& load, int batches) {
  engine::BatchBuilder builder(kTypes);
  for (int i = 0; i < batches * 2048; ++i) {
    builder.set<int32_t>(0, i);
    builder.set_string(1, "x");
    builder.end_row();
    if (!builder.full()) continue;
    load.append(builder.batch());
    builder.clear();
  }
}

TEST_F(LoadTest, WhatGoesWrongInTheMiddleOfManyRowsLeavesNothing) {
  auto s = session();
  engine::run(*s, "create table t (a int, b varchar(3))");
  {
    auto load = s->load("t", {"a", "b"});
    append_many(*load, 40);
    EXPECT_THROW(load->append(batch(kTypes, {{"1", "abcd"}}).batch()), Error);
    EXPECT_THROW(load->append(batch(kTypes, {{"1", "abc"}}).batch()), Error);  // it has ended
  }
  {
    auto load = s->load("t", {"a", "b"});
    append_many(*load, 40);
  }  // given up
  engine::run(*s, "begin");
  {
    auto load = s->load("t", {"a", "b"});
    append_many(*load, 40);
  }
  EXPECT_EQ(s->transaction_status(), engine::TransactionStatus::kFailed);
  engine::run(*s, "rollback");
  EXPECT_EQ(rows(*s, "select count(*) from t"), "0");
}

TEST_F(LoadTest, ACancelledLoadLeavesNothing) {
  auto s = session();
  engine::run(*s, "create table t (a int, b varchar(3))");
  auto load = s->load("t", {"a", "b"});
  std::atomic<bool> ended = false;
  std::thread canceller([&] {
    while (!ended) s->cancel(s->statement_id());
  });
  std::string state;
  try {
    for (;;) append_many(*load, 16);
  } catch (const Error& error) {
    state = error.state().text();
  }
  ended = true;
  canceller.join();
  EXPECT_EQ(state, "57014");
  load.reset();
  EXPECT_EQ(rows(*s, "select count(*) from t"), "0");
}

TEST_F(LoadTest, WideRowsInManyBatches) {
  auto s = session();
  std::string columns;
  std::vector<std::string> names;
  std::vector<Type> types;
  for (int i = 0; i < 1600; ++i) {
    names.push_back("c" + std::to_string(i));
    types.push_back(Type::of(TypeId::kBigint));
    columns += (i ? ", " : "") + names.back() + " bigint";
  }
  engine::run(*s, "create table t (" + columns + ")");
  auto load = s->load("t", names);
  engine::BatchBuilder builder(types);
  for (int row = 0; row < 5000; ++row) {
    for (size_t i = 0; i < types.size(); ++i) builder.set<int64_t>(i, row);
    builder.end_row();
    if (!builder.full()) continue;
    load->append(builder.batch());
    builder.clear();
  }
  load->append(builder.batch());
  EXPECT_EQ(load->finish(), 5000u);
  EXPECT_EQ(rows(*s, "select count(*), sum(c0), sum(c1599) from t"), "5000|12497500|12497500");
}

TEST_F(LoadTest, CopyReadsCsvBelowItsFoldersOnly) {
  auto s = session();
  engine::run(*s, "create table t (a int not null, b varchar(5), c int default 5)");
  const std::string good = file("good.csv", "a,b\n1,x\n2,\"y\nz\"\n").string();
  EXPECT_EQ(engine::run(*s, "copy t (a, b) from '" + good + "' csv ignoreheader 1"), 2u);
  EXPECT_EQ(rows(*s, "select a, b, c from t order by a"), "1|x|5;2|y\nz|5");
  EXPECT_EQ(fails(*s, "copy t from '/etc/passwd' csv"), "42501");
  EXPECT_EQ(fails(*s, "copy t from '/etc/no-such-file' csv"), "42501");
  std::filesystem::create_symlink("/etc/passwd", folder_ / "link.csv");
  EXPECT_EQ(fails(*s, "copy t from '" + (folder_ / "link.csv").string() + "' csv"), "42501");
  EXPECT_EQ(fails(*s, "copy t from '" + (folder_ / "data/../../../etc/passwd").string() + "' csv"), "42501");
  EXPECT_EQ(fails(*s, "copy t from '" + (folder_ / "none").string() + "' csv"), "58P01");
  EXPECT_EQ(fails(*s, "copy t from 's3://bucket/x' iam_role default csv"), "0A000");
  EXPECT_EQ(fails(*s, "copy t from '" + good + "' shapefile"), "0A000");
  EXPECT_EQ(fails(*s, "copy t from '" + good + "' csv shapefile"), "42601");  // two formats
}

TEST_F(LoadTest, ABadLineFailsTheCopyAndIsRecorded) {
  auto s = session();
  engine::run(*s, "create table t (a int not null, b varchar(5))");
  const std::string bad = file("bad.csv", "1,x\n2,\"multi\nline\"\nthree,z\n").string();
  EXPECT_EQ(fails(*s, "copy t (a, b) from '" + bad + "' csv"), "XX000");
  const std::string worse = file("worse.csv", "1,x\n2,y\nthree,z\n").string();
  engine::run(*s, "begin");
  EXPECT_EQ(fails(*s, "copy t from '" + worse + "' csv"), "XX000");
  engine::run(*s, "rollback");
  const std::string null = file("null.csv", "1,x\n,y\n").string();
  EXPECT_EQ(fails(*s, "copy t from '" + null + "' csv"), "XX000");
  EXPECT_EQ(rows(*s, "select count(*) from t"), "0");
  EXPECT_EQ(rows(*s, "select line_number, colname, raw_line from stl_load_errors order by starttime"),
            "2|b|2,\"multi\nline\";3|a|three,z;2|a|,y");
}

}  // namespace
}  // namespace garland::embedded
