// What becomes a row, what is refused and why.
#include "records/csv.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "engine/text.h"

namespace garland::records {
namespace {

using engine::Type;
using engine::TypeId;

struct Read {
  std::vector<std::string> rows;      // "line: a|b|NULL"
  std::vector<std::string> refusals;  // "line+lines@offset column sqlstate reason <record>"
  uint64_t records = 0, lines = 0, bytes = 0;
};

Read read_all(CsvReader& reader) {
  Read out;
  while (const CsvChunk* chunk = reader.next()) {
    for (size_t row = 0; row < chunk->batch->rows; ++row) {
      std::string text = fmt::format("{}: ", chunk->lines[row]);
      for (size_t i = 0; i < chunk->batch->columns.size(); ++i) {
        if (i > 0) text += '|';
        const engine::Column& column = chunk->batch->columns[i];
        if (column.is_null(row)) {
          text += "NULL";
        } else {
          engine::append_text(text, column, row);
        }
      }
      out.rows.push_back(std::move(text));
    }
    for (const Refusal& r : chunk->refusals) {
      out.refusals.push_back(fmt::format("{}+{}@{} {} {} {} <{}>", r.line, r.lines, r.offset,
                                         r.column.empty() ? "-" : r.column, r.state.text(), r.reason, r.record));
    }
  }
  out.records = reader.records();
  out.lines = reader.lines();
  out.bytes = reader.bytes();
  return out;
}

std::vector<CsvColumn> order_columns() {
  return {{"code", Type::varchar(10), "StockCode"},
          {"description", Type::varchar(20), "Description"},
          {"quantity", Type::of(TypeId::kInteger), "Quantity"},
          {"at", Type::of(TypeId::kTimestamp), "At"}};
}

const std::string kHeader = "StockCode,Description,Quantity,At\n";

Read read_orders(std::string body, CsvOptions options = {}) {
  CsvReader reader(memory_source(kHeader + body), order_columns(), options);
  return read_all(reader);
}

Read read_two(std::string text, CsvOptions options = {}) {
  options.header = HeaderRow::kNone;
  CsvReader reader(memory_source(std::move(text)), {{"a", Type::varchar(100), ""}, {"b", Type::varchar(100), ""}},
                   options);
  return read_all(reader);
}

using Lines = std::vector<std::string>;

std::string message_of(const std::string& text, const std::vector<CsvColumn>& columns, const CsvOptions& options = {}) {
  try {
    CsvReader reader(memory_source(text), columns, options);
    read_all(reader);
  } catch (const Error& error) {
    return fmt::format("{} {}", error.state().text(), error.message());
  }
  return "no error";
}

TEST(Csv, RowsCarryTheirPhysicalLines) {
  const Read read =
      read_orders("85123A,WHITE HOLDER,6,2010-12-01 08:26:00\n\"a,b\",\"two\nlines\",1,2010-12-01\nc,,,\n");
  EXPECT_EQ(read.rows, (Lines{"2: 85123A|WHITE HOLDER|6|2010-12-01 08:26:00", "3: a,b|two\nlines|1|2010-12-01 00:00:00",
                              "5: c|NULL|NULL|NULL"}));
  EXPECT_TRUE(read.refusals.empty());
  EXPECT_EQ(read.records, 3u);
  EXPECT_EQ(read.lines, 5u);
}

TEST(Csv, QuotesDelimitersAndEmptyFields) {
  EXPECT_EQ(read_two("\"say \"\"hi\"\"\",\"\"\n,\n\"\"\"\",x\n").rows,
            (Lines{"1: say \"hi\"|", "2: NULL|NULL", "3: \"|x"}));
}

TEST(Csv, LineEndsAndAMissingLastOne) {
  const Lines expected = {"1: a|b", "2: c|d"};
  for (const char* text : {"a,b\nc,d\n", "a,b\r\nc,d\r\n", "a,b\nc,d", "a,b\r\nc,\"d\"\r\n", "a,b\r\nc,d\r"}) {
    EXPECT_EQ(read_two(text).rows, expected) << text;
  }
}

TEST(Csv, ACarriageReturnInsideAFieldStays) { EXPECT_EQ(read_two("a\rx,b\n").rows, (Lines{"1: a\rx|b"})); }

TEST(Csv, AByteOrderMarkIsSkipped) {
  EXPECT_EQ(read_two("\xEF\xBB\xBF\"a\",b\n").rows, (Lines{"1: a|b"}));
  CsvReader reader(memory_source("\xEF\xBB\xBF" + kHeader + "x,y,1,bad\n"), order_columns());
  EXPECT_EQ(read_all(reader).refusals, (Lines{"2+1@37 at 22007 At \"bad\" is not a timestamp <x,y,1,bad>"}));
}

TEST(Csv, EveryBadFieldHasItsReason) {
  const Read read = read_orders(
      "a,b,1O,2010-12-01\n"
      "good,b,1,2010-12-01\n"
      "a,b,99999999999,2010-12-01\n"
      "a,b,1,2010-13-01\n"
      "a,a description of more than twenty bytes,1,2010-12-01\n"
      "a,b,1\xFF,2010-12-01\n"
      "a,b,1\n"
      "a,Box, large,1,2010-12-01\n"
      "a,\"b\"x,1,2010-12-01\n"
      "a,b\"x,1,2010-12-01\n" +
      std::string("a,b\0,1,2010-12-01\n", 18) + "last,b,1,2010-12-01\n");
  EXPECT_EQ(read.rows, (Lines{"3: good|b|1|2010-12-01 00:00:00", "13: last|b|1|2010-12-01 00:00:00"}));
  const Lines expected = {
      "2+1@34 quantity 22P02 Quantity \"1O\" is not an integer <a,b,1O,2010-12-01>",
      "4+1@72 quantity 22003 Quantity \"99999999999\" is out of range for integer <a,b,99999999999,2010-12-01>",
      "5+1@99 at 22007 At \"2010-13-01\" is not a timestamp <a,b,1,2010-13-01>",
      "6+1@116 description 22001 Description is 39 bytes long, 20 allowed "
      "<a,a description of more than twenty bytes,1,2010-12-01>",
      "7+1@171 - 22021 invalid UTF-8 at byte 6 <a,b,1\xFF,2010-12-01>",
      "8+1@189 - 22P04 3 columns, 4 expected <a,b,1>",
      "9+1@195 - 22P04 5 columns, 4 expected (an unquoted comma in Description?) <a,Box, large,1,2010-12-01>",
      "10+1@221 description 22P04 text after the closing quote of Description <a,\"b\"x,1,2010-12-01>",
      "11+1@241 description 22P04 a quote inside Description, which is not quoted (write it \"…\", each quote twice) "
      "<a,b\"x,1,2010-12-01>",
      "12+1@260 - 22021 NUL byte at byte 4 <" + std::string("a,b\0,1,2010-12-01", 17) + ">"};
  EXPECT_EQ(read.refusals, expected);
  EXPECT_EQ(read.records, 12u);
}

TEST(Csv, TheGuessedColumnIsTheOnlyOneThatFits) {
  // Joined in StockCode, "large" would be the quantity: only Description fits.
  EXPECT_EQ(read_orders("a,b,large,1,2010-12-01\n").refusals.front().substr(0, 92),
            "2+1@34 - 22P04 5 columns, 4 expected (an unquoted comma in Description?) <a,b,large,1,2010-1");
  // Nothing fits: no guess.
  EXPECT_EQ(read_orders("a,b,c,d,e,f\n").refusals, (Lines{"2+1@34 - 22P04 6 columns, 4 expected <a,b,c,d,e,f>"}));
}

TEST(Csv, AQuoteNeverClosedIsRefusedWithTheLineWhereItOpened) {
  const Read read = read_orders("a,b,1,2010-12-01\nc,\"open,1,2010-12-01\nd,e,1,2010-12-01\n");
  EXPECT_EQ(read.rows, (Lines{"2: a|b|1|2010-12-01 00:00:00"}));
  EXPECT_EQ(read.refusals, (Lines{"3+2@51 description 22P04 the quote that opens Description is never closed "
                                  "<c,\"open,1,2010-12-01\nd,e,1,2010-12-01\n>"}));
  const Read later = read_two("\"x\ny\",\"open\n");
  EXPECT_EQ(later.refusals.front().substr(0, 6), "2+2@0 ");
}

TEST(Csv, BytesThatAreNoTextShowAsEscapesInReasons) {
  CsvOptions options;
  EXPECT_EQ(read_orders("a,b,\"1\x01\xE2\x82\xAC\",2010-12-01\n").refusals.front().substr(0, 58),
            "2+1@34 quantity 22P02 Quantity \"1\\x01\xE2\x82\xAC\" is not an intege");
}

TEST(Csv, TheHeaderMayOrderColumnsAsItLikes) {
  CsvReader reader(memory_source("at, QUANTITY ,description,extra,StockCode\n2010-12-01,5,d,?,s\n"), order_columns(),
                   {.ignored = {"Extra"}});
  EXPECT_EQ(read_all(reader).rows, (Lines{"2: s|d|5|2010-12-01 00:00:00"}));
}

TEST(Csv, HeadersThatDoNotFitRefuseTheFile) {
  const std::string rows = "1,2,3,4\n";
  EXPECT_EQ(message_of("StockCode,Description,Qty,At\n" + rows, order_columns()),
            "22P04 the header has no column \"Quantity\"");
  EXPECT_EQ(message_of("StockCode,Description,Quantity,At,New\n" + rows, order_columns()),
            "22P04 no column takes \"New\" of the header");
  EXPECT_EQ(message_of("StockCode,Description,Quantity,At,at\n" + rows, order_columns()),
            "22P04 the header names \"At\" twice");
  EXPECT_EQ(message_of("", order_columns()), "22P04 the file is empty: not even a header");
  EXPECT_EQ(message_of("\"StockCode", order_columns()), "22P04 the header is no CSV record");
  EXPECT_EQ(message_of("\xFF\xFES\0", order_columns()), "22021 the file is UTF-16 text; only UTF-8 is read");
}

TEST(Csv, LinesBeforeTheDataAreSkipped) {
  for (const size_t block_bytes : {size_t{1}, size_t{5}, size_t{1000}}) {
    CsvOptions options;
    options.skip_lines = 2;
    options.block_bytes = block_bytes;
    const Read read = read_two("a \"comment\nmore\na,b\nc\n", options);
    EXPECT_EQ(read.rows, (Lines{"3: a|b"}));
    EXPECT_EQ(read.refusals, (Lines{"4+1@20 - 22P04 1 column, 2 expected <c>"}));
    EXPECT_EQ(read.lines, 4u);
    EXPECT_EQ(read.bytes, 22u);
  }
}

TEST(Csv, OptionsOfCopy) {
  CsvOptions options;
  options.delimiter = '|';
  options.null_text = "\\N";
  options.empty_strings_are_null = false;
  EXPECT_EQ(read_two("\\N|\"\\N\"\n|\n", options).rows, (Lines{"1: NULL|\\N", "2: |"}));
  options = {};
  options.quote = 0;
  EXPECT_EQ(read_two("\"a,b\"\n", options).rows, (Lines{"1: \"a|b\""}));
}

TEST(Csv, BlankLinesCountAsLines) {
  CsvOptions options;
  EXPECT_EQ(read_two("a,b\n\nc,d\n", options).refusals, (Lines{"2+1@4 - 22P04 1 column, 2 expected <>"}));
  options.skip_blank_lines = true;
  const Read read = read_two("a,b\n\r\nc,d\n\n", options);
  EXPECT_EQ(read.rows, (Lines{"1: a|b", "3: c|d"}));
  EXPECT_TRUE(read.refusals.empty());
  EXPECT_EQ(read.lines, 4u);
}

TEST(Csv, AnEmptyQuotedNumberIsNull) { EXPECT_EQ(read_orders("a,b,\"\",\n").rows, (Lines{"2: a|b|NULL|NULL"})); }

TEST(Csv, ARecordBeyondTheLimitIsRefusedAndTheNextOnesAreRead) {
  for (const int workers : {1, 2}) {
    CsvOptions options;
    options.block_bytes = 16;
    options.max_record_bytes = 64;
    options.workers = workers;
    const std::string huge(500, 'x');
    const Read read = read_two("a,b\n" + huge + ",\"y\nz\"\nc,d\n", options);
    EXPECT_EQ(read.rows, (Lines{"1: a|b", "4: c|d"}));
    EXPECT_EQ(read.refusals, (Lines{"2+2@4 - 54000 the record is longer than 64 bytes <" + huge.substr(0, 64) + ">"}));
    EXPECT_EQ(read.lines, 4u);
    EXPECT_EQ(read.bytes, 4u + 500 + 7 + 4);
    const Read open = read_two("a,b\n\"" + huge, options);
    EXPECT_EQ(open.refusals,
              (Lines{"2+1@4 - 54000 the record is longer than 64 bytes (a quote that is never closed?) <\"" +
                     huge.substr(0, 63) + ">"}));
  }
}

TEST(Csv, DelimitersThatCannotWorkAreRefused) {
  for (const char c : {'\n', '\r', '"', '\0'}) {
    CsvOptions options;
    options.delimiter = c;
    EXPECT_THROW(CsvReader(memory_source(""), {}, options), Error);
  }
}

class Failing final : public ByteSource {
 public:
  explicit Failing(size_t good) : left_(good) {}
  size_t read(char* to, size_t size) override {
    if (left_ == 0) throw Error(kIoError, "the disk is gone");
    const size_t count = std::min({size, left_, size_t{4}});
    std::copy_n("a,b\n", count, to);
    left_ -= count;
    return count;
  }

 private:
  size_t left_;
};

TEST(Csv, ASourceThatFailsFailsTheReaderAfterTheRowsBefore) {
  for (const size_t good : {size_t{0}, size_t{4}, size_t{4000}}) {
    CsvOptions options;
    options.header = HeaderRow::kNone;
    options.block_bytes = 64;
    CsvReader reader(std::make_unique<Failing>(good), {{"a", Type::varchar(1), ""}, {"b", Type::varchar(1), ""}},
                     options);
    EXPECT_THROW(
        {
          while (reader.next()) {
          }
        },
        Error);
    EXPECT_LE(reader.records(), good / 4);
  }
}

TEST(Csv, AnObjectionRefusesTheRecord) {
  CsvOptions options;
  options.objection = [](size_t column, std::string_view field) -> std::string_view {
    return column == 1 && field == "bell" ? "is not wanted" : "";
  };
  const Read read = read_orders("bell,star,1,2010-12-01 00:00:00\ns,bell,1,2010-12-01 00:00:00\nt,,,\n", options);
  EXPECT_EQ(read.rows, (Lines{"2: bell|star|1|2010-12-01 00:00:00", "4: t|NULL|NULL|NULL"}));
  ASSERT_EQ(read.refusals.size(), 1u);
  EXPECT_TRUE(read.refusals[0].find("description 22023 Description is not wanted <s,bell") != std::string::npos)
      << read.refusals[0];
}

TEST(Csv, ValuesNeedNotBeShown) {
  CsvOptions options;
  options.show_values = false;
  const Read read = read_orders("s,d,secret,2010-12-01 00:00:00\ns,d,99999999999,2010-12-01 00:00:00\n", options);
  ASSERT_EQ(read.refusals.size(), 2u);
  EXPECT_TRUE(read.refusals[0].find("22P02 Quantity is not an integer <") != std::string::npos) << read.refusals[0];
  EXPECT_TRUE(read.refusals[1].find("22003 Quantity is out of range for integer <") != std::string::npos);
  for (const std::string& text :
       {std::string("secret,Description,Qty,At\n"), kHeader.substr(0, kHeader.size() - 1) + ",secret\n"}) {
    CsvReader reader(memory_source(text), order_columns(), options);
    try {
      reader.next();
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ((error.message() + error.detail() + error.hint()).find("secret"), std::string::npos);
    }
  }
}

TEST(Csv, ReadersMayBeDroppedAtAnyPoint) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "a,b\n";
  for (int taken = 0; taken < 20; ++taken) {
    CsvOptions options;
    options.header = HeaderRow::kNone;
    options.block_bytes = 512;
    CsvReader reader(memory_source(text), {{"a", Type::varchar(1), ""}, {"b", Type::varchar(1), ""}}, options);
    for (int i = 0; i < taken; ++i) ASSERT_NE(reader.next(), nullptr);
  }
}

}  // namespace
}  // namespace garland::records
