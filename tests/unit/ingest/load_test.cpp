// Files into a warehouse on the embedded engine: each state a file can be in, and failures at every point.
#include "ingest/files/load.h"

#include <random>

#include "ingest/faulty_session.h"
#include "ingest/load_fixture.h"

namespace garland::ingest {
namespace {

TEST_F(LoadTest, EveryRowSaysWhereItCameFrom) {
  data_.write("a.csv", "id,Item\n1,star\n2,\"two\nlines\"\n3,\n");
  data_.write_gzip("b.csv.gz", "Item,id\nangel,4\n");
  const LoadReport report = load();
  EXPECT_EQ(outcome(report), (Rows{"a.csv loaded 3+0", "b.csv.gz loaded 1+0"}));
  EXPECT_TRUE(report.clean());
  EXPECT_EQ(report.rows, 4u);
  EXPECT_EQ(
      query("select id, item, _source, _position, _batch_id - (select min(batch_id) from ops.batches) + 1, _loaded_at "
            "from \"raw\".orders order by id"),
      (Rows{"1|star|orders|a.csv:2|2|2011-12-09 08:26:00", "2|two\nlines|orders|a.csv:3|2|2011-12-09 08:26:00",
            "3|NULL|orders|a.csv:5|2|2011-12-09 08:26:00", "4|angel|orders|b.csv.gz:2|3|2011-12-09 08:26:00"}));
  EXPECT_EQ(batches(), (Rows{"1||began|0|0", "2|a.csv|loaded|3|0", "3|b.csv.gz|loaded|1|0"}));
}

TEST_F(LoadTest, RunningAgainLoadsNothing) {
  data_.write("a.csv", "id,Item\n1,star\n");
  load();
  EXPECT_EQ(outcome(load()), (Rows{"a.csv unchanged 0+0"}));
  std::filesystem::last_write_time(data_.path() / "a.csv",
                                   std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_EQ(outcome(load()), (Rows{"a.csv unchanged 0+0"}));
  EXPECT_EQ(batches().size(), 2u);
}

TEST_F(LoadTest, AChangedByteReplacesTheFilesRowsEvenWithTheSameSizeAndTime) {
  const auto file = data_.write("a.csv", "id,Item\n1,star\n2,angel\n");
  data_.write("b.csv", "id,Item\n9,bell\n");
  const auto time = std::filesystem::last_write_time(file);
  load();
  data_.write("a.csv", "id,Item\n1,sTar\n3,angel\n");
  std::filesystem::last_write_time(file, time);
  const LoadReport report = load();
  EXPECT_EQ(outcome(report), (Rows{"a.csv replaced 2+0", "b.csv unchanged 0+0"}));
  EXPECT_EQ(rows(), (Rows{"1|sTar|a.csv:2", "3|angel|a.csv:3", "9|bell|b.csv:2"}));
  EXPECT_EQ(query("select status, supersedes_batch_id - (select min(batch_id) from ops.batches) + 1 from ops.batches "
                  "where path = 'a.csv' order by batch_id"),
            (Rows{"loaded|NULL", "replaced|2"}));
}

TEST_F(LoadTest, TheSameContentUnderAnotherNameIsADuplicate) {
  data_.write("a.csv", "id,Item\n1,star\n");
  load();
  data_.write_gzip("b.csv.gz", "id,Item\n1,star\n");
  data_.write("c.csv", "id,Item\n1,star\n");
  const Rows expected = {"a.csv unchanged 0+0", "b.csv.gz duplicate 0+0: the same content as a.csv",
                         "c.csv duplicate 0+0: the same content as a.csv"};
  EXPECT_EQ(outcome(load()), expected);
  EXPECT_EQ(rows(), (Rows{"1|star|a.csv:2"}));
  const Rows noted = batches();
  EXPECT_EQ(outcome(load()), expected);
  EXPECT_EQ(batches(), noted) << "a duplicate that is known is not noted again";
  // The original changes: its old content is nobody's any more, so the next file with it lands.
  data_.write("a.csv", "id,Item\n2,bell\n");
  EXPECT_EQ(outcome(load()),
            (Rows{"a.csv replaced 1+0", "b.csv.gz loaded 1+0", "c.csv duplicate 0+0: the same content as b.csv.gz"}));
}

TEST_F(LoadTest, DuplicatesMayBeAllowed) {
  FileSource source = orders();
  source.allow_duplicates = true;
  data_.write("a.csv", "id,Item\n1,star\n");
  data_.write("b.csv", "id,Item\n1,star\n");
  EXPECT_EQ(outcome(load(source)), (Rows{"a.csv loaded 1+0", "b.csv loaded 1+0"}));
  EXPECT_EQ(outcome(load(source)), (Rows{"a.csv unchanged 0+0", "b.csv unchanged 0+0"}));
  EXPECT_EQ(rows().size(), 2u);
}

TEST_F(LoadTest, RowsOfAFileThatIsGoneStay) {
  data_.write("a.csv", "id,Item\n1,star\n");
  load();
  data_.remove("a.csv");
  EXPECT_TRUE(load().files.empty());
  EXPECT_EQ(rows().size(), 1u);
}

TEST_F(LoadTest, RefusedRecordsAreKeptWithReasonAndPayload) {
  FileSource source = orders();
  source.max_reject_share = 0.5;
  data_.write("a.csv", "id,Item\n1,star\n1O,star\n3,a\xFF\n4,b\n5,c\n");
  const LoadReport report = load(source);
  EXPECT_EQ(outcome(report), (Rows{"a.csv loaded 3+2"}));
  ASSERT_EQ(report.files[0].first_refusals.size(), 2u);
  EXPECT_EQ(report.files[0].first_refusals[0].line, 3u);
  EXPECT_EQ(report.files[0].first_refusals[0].reason, "id \"1O\" is not an integer");
  EXPECT_FALSE(report.clean());
  EXPECT_EQ(
      query("select batch_id - (select min(batch_id) from ops.batches) + 1, reject_no, source, file, line, "
            "byte_offset, column_name, reason, sqlstate, payload, "
            "payload_key, part, "
            "parts, rejected_at from ops.rejects order by reject_no"),
      (Rows{"2|1|orders|a.csv|3|15|id|id \"1O\" is not an integer|22P02|314f2c73746172|NULL|1|1|2011-12-09 08:26:00",
            "2|2|orders|a.csv|4|23|NULL|invalid UTF-8 at byte 4|22021|332c61ff|NULL|1|1|2011-12-09 08:26:00"}));
}

TEST_F(LoadTest, PastTheLimitAFileIsRefusedWholeAndItsOldRowsStay) {
  data_.write("a.csv", "id,Item\n1,star\n");
  load();
  data_.write("a.csv", "id,Item\n1,star\nx,star\n");
  const LoadReport refused = load();
  EXPECT_EQ(outcome(refused), (Rows{"a.csv refused 0+1: 1 of 2 lines are malformed (50 %, limit 1 %)"}));
  EXPECT_EQ(rows(), (Rows{"1|star|a.csv:2"}));
  EXPECT_EQ(query("select line, reason from ops.rejects"), (Rows{"3|id \"x\" is not an integer"}));
  const Rows noted = batches();
  EXPECT_EQ(outcome(load()), outcome(refused));
  EXPECT_EQ(batches(), noted) << "the same refusal is not noted again";
  EXPECT_EQ(query("select count(*) from ops.rejects"), (Rows{"1"}));
  data_.write("a.csv", "id,Item\n1,star\n");
  EXPECT_EQ(outcome(load()), (Rows{"a.csv unchanged 0+0"}));
  EXPECT_EQ(query("select status from ops.batches order by batch_id"),
            (Rows{"began", "loaded", "refused", "unchanged"}));
  data_.write("a.csv", "id,Item\n1,star\n2,mended\n");
  EXPECT_EQ(outcome(load()), (Rows{"a.csv replaced 2+0"}));
  EXPECT_EQ(rows().size(), 2u);
}

TEST_F(LoadTest, AQuoteThatSwallowsLinesCountsAsAllOfThem) {
  FileSource source = orders();
  source.max_reject_share = 0.5;
  std::string text = "id,Item\n1,star\n2,\"open\n";
  for (int i = 3; i < 40; ++i) text += fmt::format("{},star\n", i);
  data_.write("a.csv", text);
  EXPECT_EQ(outcome(load(source)), (Rows{"a.csv refused 0+1: 38 of 39 lines are malformed (97.44 %, limit 50 %)"}));
}

TEST_F(LoadTest, FilesThatCannotBeReadAreRefusedAndTheOthersLoad) {
  data_.write("a.csv", "id,Thing\n1,star\n");
  data_.write_gzip("b.csv.gz", "id,Item\n1,star\n");
  std::filesystem::resize_file(data_.path() / "b.csv.gz", std::filesystem::file_size(data_.path() / "b.csv.gz") - 4);
  data_.write("c.csv", "");
  data_.write("d.csv", "id,Item\n4,bell\n");
  data_.write("e\xFF.csv", "id,Item\n5,bell\n");
  const LoadReport report = load();
  EXPECT_EQ(outcome(report), (Rows{"a.csv refused 0+0: the header has no column \"Item\" (the header reads: id, Thing)",
                                   "b.csv.gz refused 0+0: \"b.csv.gz\" is cut off: its gzip data ends in the middle",
                                   "c.csv refused 0+0: the file is empty: not even a header", "d.csv loaded 1+0",
                                   "e\\xff.csv refused 0+0: its name is too long or no plain UTF-8 text"}));
  EXPECT_EQ(query("select file, line, sqlstate, payload from ops.rejects order by file"),
            (Rows{"a.csv|0|22P04|NULL", "b.csv.gz|0|22P04|NULL", "c.csv|0|22P04|NULL", "e\\xff.csv|0|22021|NULL"}));
  const Rows noted = batches();
  load();
  EXPECT_EQ(batches(), noted);
}

TEST_F(LoadTest, ALargePayloadIsKeptInParts) {
  FileSource source = orders();
  source.max_reject_share = 1;
  const std::string large((16u << 20) + 10, 'x');
  data_.write("a.csv", "id,Item\n1," + large + "\n2,b\n");
  EXPECT_EQ(outcome(load(source)), (Rows{"a.csv loaded 1+1"}));
  EXPECT_EQ(query("select reject_no, line, part, parts from ops.rejects order by part"), (Rows{"1|2|1|2", "1|2|2|2"}));
  const Rows payloads = query("select payload from ops.rejects order by part");
  EXPECT_EQ(payloads[0].size(), 2 * (16u << 20));  // in hexadecimal digits
  EXPECT_EQ(payloads[1].size(), 2 * 12u);
}

TEST_F(LoadTest, ManyRejectsAreWrittenWhileTheFileIsRead) {
  FileSource source = orders();
  source.max_reject_share = 1;
  std::string text = "id,Item\n";
  for (int i = 0; i < 60'000; ++i) text += i % 3 == 0 ? fmt::format("{},good\n", i) : fmt::format("bad{},x\n", i);
  data_.write("a.csv", text);
  EXPECT_EQ(outcome(load(source)), (Rows{"a.csv loaded 20000+40000"}));
  EXPECT_EQ(query("select count(*), count(distinct reject_no), min(line), max(line) from ops.rejects"),
            (Rows{"40000|40000|3|60001"}));
  EXPECT_EQ(query("select count(*) from \"raw\".orders"), (Rows{"20000"}));
}

TEST_F(LoadTest, AFileThatChangesWhileItIsReadIsReadAgainThenRefused) {
  std::string text = "id,Item\n";
  for (int i = 0; i < 5'000; ++i) text += fmt::format("{},star\n", i);
  data_.write("a.csv", text);
  int changes = 0;
  const auto change = [&](int limit) {
    return [this, &changes, limit, &text](const LoadProgress& progress) {
      if (progress.rows == 0 || changes >= limit) return;
      ++changes;
      data_.write("a.csv", text += fmt::format("{},more\n", 9'000 + changes));
    };
  };
  EXPECT_EQ(outcome(load(orders(), change(1))), (Rows{"a.csv loaded 5001+0"}));
  EXPECT_EQ(query("select count(*) from \"raw\".orders"), (Rows{"5001"}));
  data_.write("a.csv", text += "1,changed\n");
  EXPECT_EQ(outcome(load(orders(), change(1000))),
            (Rows{"a.csv refused 0+0: it changed while it was read, 3 times over"}));
  EXPECT_EQ(query("select count(*) from \"raw\".orders"), (Rows{"5001"})) << "the old rows stay";
}

TEST_F(LoadTest, ADroppedRawTableIsLoadedAgain) {
  data_.write("a.csv", "id,Item\n1,star\n");
  load();
  engine::run(*session_, "drop table \"raw\".orders");
  EXPECT_EQ(outcome(load()), (Rows{"a.csv loaded 1+0"}));
  EXPECT_EQ(rows().size(), 1u);
}

TEST_F(LoadTest, ATableWithOtherColumnsIsAnErrorThatNamesThem) {
  data_.write("a.csv", "id,Item\n1,star\n");
  load();
  const auto fault = [&](const FileSource& source) {
    try {
      load(source);
    } catch (const Error& error) {
      return fmt::format("{} {}", error.state().text(), error.message());
    }
    return std::string("no error");
  };
  FileSource more = orders(), less = orders(), other = orders();
  more.columns.push_back({"price", Type::decimal(9, 2), "price"});
  EXPECT_EQ(fault(more), "42804 table raw.orders has no column \"price\", which source \"orders\" has");
  less.columns.pop_back();
  EXPECT_EQ(fault(less), "42804 table raw.orders has a column \"item\", which source \"orders\" has not");
  other.columns[0].type = Type::of(TypeId::kBigint);
  EXPECT_EQ(fault(other), "42804 column \"id\" of table raw.orders is integer, but bigint in source \"orders\"");
}

TEST_F(LoadTest, TheStopFlagFinishesTheFile) {
  data_.write("a.csv", "id,Item\n1,star\n");
  data_.write("b.csv", "id,Item\n2,star\n");
  data_.write("c.csv", "id,Item\n3,star\n");
  data_.write("d.csv", "id,Item\n4,star\n");
  const LoadReport report = load(orders(), [&](const LoadProgress& progress) {
    if (progress.rows > 0) stop_ = true;
  });
  EXPECT_TRUE(report.stopped);
  const Rows loaded = outcome(report);
  const Rows all = {"a.csv loaded 1+0", "b.csv loaded 1+0", "c.csv loaded 1+0"};
  ASSERT_GE(loaded.size(), 1u);
  ASSERT_LE(loaded.size(), 3u);
  EXPECT_TRUE(std::ranges::equal(loaded, std::span(all).first(loaded.size())));
}

TEST_F(LoadTest, ProgressCountsFilesAndRows) {
  data_.write("a.csv", "id,Item\n1,star\n");
  data_.write("b.csv", "id,Item\n2,star\n");
  LoadProgress last;
  load(orders(), [&](const LoadProgress& progress) {
    EXPECT_GE(progress.rows, last.rows);
    last = progress;
  });
  EXPECT_EQ(last.files_done, 2u);
  EXPECT_EQ(last.files_total, 2u);
  EXPECT_EQ(last.rows, 2u);
  EXPECT_EQ(last.bytes, 30u);
}

TEST_F(LoadTest, AFailureAtAnyCallLeavesWholeFilesAndTheNextRunMendsIt) {
  FileSource source = orders();
  source.max_reject_share = 0.4;
  int failures = 0;
  for (int fail_at = 0; failures == fail_at; ++fail_at) {
    source.name = source.table = fmt::format("orders{}", fail_at);
    data_.write("a.csv", "id,Item\n1,star\n2,bell\n");
    data_.write("b.csv", "id,Item\n3,star\nx,bell\ny,bell\n");
    data_.write("c.csv", "id,Item\n4,star\n5,star\nz,bell\n");
    load(source);
    data_.write("a.csv", "id,Item\n6,star\n7,bell\n");
    data_.write("d.csv", "id,Item\n8,star\n9,bell\n");
    data_.write("e.csv", "id,Item\n6,star\n7,bell\n");
    FaultySession faulty(*session_, fail_at);
    try {
      engine::Session* const sessions[] = {&faulty};
      load_files(sessions, source, data_.path(), clock_, {}, stop_);
    } catch (const Error& error) {
      EXPECT_TRUE(error.message() == "injected" || error.state() == kActiveSqlTransaction) << error.message();
    }
    failures += faulty.failed();
    // Where the rollback itself failed, nothing more was done: the transaction ends with its session.
    if (session_->transaction_status() != engine::TransactionStatus::kIdle) {
      session_.reset();
      session_ = engine_->open_session({"admin", "dev", "ingest_tests"});
    }
    const auto count = [&](const std::string& file) {
      return query(fmt::format("select count(*) from \"raw\".{} where _position like '{}:%'", source.table, file))
          .front();
    };
    EXPECT_EQ(count("a.csv"), "2") << fail_at;
    EXPECT_TRUE(count("d.csv") == "2" || count("d.csv") == "0") << fail_at;
    load(source);
    EXPECT_EQ(query(fmt::format("select id, _position from \"raw\".{} order by id", source.table)),
              (Rows{"4|c.csv:2", "5|c.csv:3", "6|a.csv:2", "7|a.csv:3", "8|d.csv:2", "9|d.csv:3"}))
        << fail_at;
    EXPECT_EQ(
        query(fmt::format("select file, line from ops.rejects where source = '{}' order by file, line", source.name)),
        (Rows{"b.csv|3", "b.csv|4", "c.csv|4"}))
        << fail_at;
    data_.remove("d.csv");
    data_.remove("e.csv");
  }
  EXPECT_GT(failures, 20);
}

TEST_F(LoadTest, ManyReadersEndAsOneDoes) {
  std::mt19937 random(20111209);
  std::vector<std::unique_ptr<engine::Session>> owned;
  std::vector<engine::Session*> many;
  for (int i = 0; i < 4; ++i) {
    many.push_back(owned.emplace_back(engine_->open_session({"admin", "dev", "ingest_tests"})).get());
  }
  FileSource one = orders(), four = orders();
  one.name = one.table = "one";
  four.name = four.table = "four";
  for (int round = 0; round < 3; ++round) {
    for (int file = 0; file < 30; ++file) {
      if (random() % 3 == 0) continue;  // stays as it is, or is not there yet
      std::string text = "id,Item\n";
      const unsigned rows = random() % 4 == 0 ? 30000 : random() % 4;
      for (unsigned row = 0; row < rows; ++row) text += fmt::format("{},star {}\n", row + 1, rows > 3 ? file % 3 : 0);
      if (random() % 5 == 0) text += "x,no number\n";
      if (random() % 9 == 0) text = "other,header\n1,2\n";
      data_.write(fmt::format("{:02}.csv", file), text);
    }
    const std::span<engine::Session* const> sessions(many);
    const LoadReport by_one = load_files(sessions.first(1), one, data_.path(), clock_, {}, stop_);
    const LoadReport by_four = load_files(sessions, four, data_.path(), clock_, {}, stop_);
    ASSERT_EQ(outcome(by_one), outcome(by_four)) << round;
    for (const char* sql :
         {"select split_part(_position, ':', 1), count(*), sum(id), min(item) from \"raw\".{} group by 1 "
          "order by 1",
          "select path, status, row_count, rejected, content_hash, duplicate_of, message from "
          "ops.batches where source = '{}' order by path, batch_id",
          "select file, line, reason from ops.rejects where source = '{}' order by file, batch_id, "
          "reject_no"}) {
      ASSERT_EQ(query(fmt::format(fmt::runtime(sql), "one")), query(fmt::format(fmt::runtime(sql), "four"))) << sql;
    }
  }
}

}  // namespace
}  // namespace garland::ingest
