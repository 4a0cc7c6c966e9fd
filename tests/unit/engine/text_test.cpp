// The text forms of values, each table citing the guide page it follows.
#include "engine/text.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>

namespace garland::engine {
namespace {

const Type kInteger = Type::of(TypeId::kInteger);
const Type kBoolean = Type::of(TypeId::kBoolean);
const Type kDate = Type::of(TypeId::kDate);
const Type kTime = Type::of(TypeId::kTime);
const Type kTimestamp = Type::of(TypeId::kTimestamp);
const Type kTimestampTz = Type::of(TypeId::kTimestampTz);

/// Reads and prints again; "!…" names the fault.
std::string echo(std::string_view text, const Type& type) {
  BatchBuilder builder({type});
  if (const auto fault = read_field(text, type, builder, 0)) {
    builder.end_row();
    EXPECT_TRUE(builder.batch().columns[0].is_null(0)) << "a fault must set nothing: " << text;
    constexpr const char* kNames[] = {"!invalid", "!overflow", "!too long", "!utf8", "!not null"};
    return kNames[static_cast<int>(*fault)];
  }
  builder.end_row();
  std::string out;
  append_text(out, builder.batch().columns[0], 0);
  return out;
}

struct Case {
  Type type;
  std::string_view text;
  std::string_view expected;
};

void expect_all(std::initializer_list<Case> cases) {
  for (const Case& c : cases) EXPECT_EQ(echo(c.text, c.type), c.expected) << to_string(c.type) << " '" << c.text << "'";
}

// r_Boolean_type: "Valid literal values"
TEST(Text, Booleans) {
  for (const char* text : {"t", "true", "y", "yes", "1", "TRUE", " Yes "}) EXPECT_EQ(echo(text, kBoolean), "t") << text;
  for (const char* text : {"f", "false", "n", "no", "0", "FALSE"}) EXPECT_EQ(echo(text, kBoolean), "f") << text;
  for (const char* text : {"", "2", "maybe", "tr ue", "truex"}) EXPECT_EQ(echo(text, kBoolean), "!invalid") << text;
}

// r_Numeric_types201: ranges of SMALLINT, INTEGER, BIGINT
TEST(Text, Integers) {
  const Type small = Type::of(TypeId::kSmallint), big = Type::of(TypeId::kBigint);
  expect_all({{small, "-32768", "-32768"},
              {small, "32767", "32767"},
              {small, "32768", "!overflow"},
              {small, "-32769", "!overflow"},
              {kInteger, "-2147483648", "-2147483648"},
              {kInteger, "2147483648", "!overflow"},
              {big, "9223372036854775807", "9223372036854775807"},
              {big, "-9223372036854775808", "-9223372036854775808"},
              {big, "9223372036854775808", "!overflow"},
              {big, "-9223372036854775809", "!overflow"},
              {big, "18446744073709551617", "!overflow"},
              {big, "99999999999999999999999999", "!overflow"},
              {kInteger, "  +12 ", "12"},
              {kInteger, "-0", "0"},
              {kInteger, "000000000000000000000000000000012", "12"},
              {kInteger, "", "!invalid"},
              {kInteger, "-", "!invalid"},
              {kInteger, "+-1", "!invalid"},
              {kInteger, "1O", "!invalid"},
              {kInteger, "1.0", "!invalid"},
              {kInteger, "1 2", "!invalid"}});
}

// r_Numeric_types201: "DECIMAL or NUMERIC type"; rounding on load as in the page's examples
TEST(Text, Decimals) {
  const Type money = Type::decimal(8, 2), wide = Type::decimal(38, 0), fine = Type::decimal(38, 37);
  const std::string nines(38, '9');
  expect_all({{money, "12.5", "12.50"},
              {money, "4323.895", "4323.90"},
              {money, "-4323.895", "-4323.90"},
              {money, "-0.004", "0.00"},
              {money, "0.005", "0.01"},
              {money, ".5", "0.50"},
              {money, "5.", "5.00"},
              {money, "1e3", "1000.00"},
              {money, "12345e-3", "12.35"},
              {money, "1e-400000", "0.00"},
              {money, "0e99", "0.00"},
              {money, "999999.99", "999999.99"},
              {money, "999999.995", "!overflow"},
              {money, "1000000", "!overflow"},
              {money, "1e300", "!overflow"},
              {money, "", "!invalid"},
              {money, ".", "!invalid"},
              {money, "1.2.3", "!invalid"},
              {money, "1e", "!invalid"},
              {money, "NaN", "!invalid"},
              {money, "12,5", "!invalid"},
              {wide, nines, nines},
              {wide, "-" + nines, std::string("-") + nines},
              {wide, nines + "9", "!overflow"},
              {wide, nines + ".4", nines},
              {wide, nines + ".5", "!overflow"},
              {fine, "1.2345678901234567890123456789012345678", "1.2345678901234567890123456789012345678"},
              {fine, "9.99999999999999999999999999999999999999", "!overflow"}});
}

TEST(Text, DecimalsMayBeCutInsteadOfRounded) {
  EXPECT_EQ(read_decimal("1.999", 8, 2, true), int128{199});
  EXPECT_EQ(read_decimal("-1.999", 8, 2, true), int128{-199});
  EXPECT_EQ(read_decimal("1.999", 8, 2, false), int128{200});
}

// r_Numeric_types201: "Floating-point types": 6 and 15 significant digits
TEST(Text, Floats) {
  const Type real = Type::of(TypeId::kReal), wide = Type::of(TypeId::kDouble);
  expect_all({{wide, "0.1", "0.1"},
              {wide, "1e20", "1e+20"},
              {wide, "123456789.123456789", "123456789.123457"},
              {wide, "+1.5", "1.5"},
              {wide, "-0", "-0"},
              {wide, "1e400", "!overflow"},
              {wide, "+-1", "!invalid"},
              {wide, "1.5x", "!invalid"},
              {wide, "", "!invalid"},
              {wide, "0x10", "!invalid"},
              {wide, "nan(7)", "!invalid"},
              {wide, "NaN", "NaN"},
              {wide, "-Infinity", "-Infinity"},
              {real, "123456789", "1.23457e+08"},
              {real, "1e39", "!overflow"},
              {real, "1e-60", "!overflow"}});
}

// r_Character_types: lengths are bytes; "CHAR … single-byte characters"; trailing blanks beyond the length are cut
TEST(Text, Strings) {
  expect_all({{Type::varchar(3), "abc", "abc"},
              {Type::varchar(3), "abcd", "!too long"},
              {Type::varchar(3), "ab    ", "ab "},
              {Type::varchar(3), "a\xC3\xA9", "a\xC3\xA9"},
              {Type::varchar(2), "a\xC3\xA9", "!too long"},
              {Type::varchar(9), "a\xE9", "!utf8"},
              {Type::varchar(9), "", ""},
              {Type::character(5), "ab", "ab   "},
              {Type::character(5), "ab        ", "ab   "},
              {Type::character(5), "abcdef", "!too long"},
              {Type::character(5), "\xC3\xA9", "!invalid"}});
}

// r_Datetime_types, r_Date_and_time_literals (DateStyle MDY)
TEST(Text, Dates) {
  expect_all({{kDate, "2011-12-09", "2011-12-09"},
              {kDate, "0001-01-01", "0001-01-01"},
              {kDate, "9999-12-31", "9999-12-31"},
              {kDate, "10000-01-01", "!invalid"},
              {kDate, "0000-12-31", "!invalid"},
              {kDate, "2012-02-29", "2012-02-29"},
              {kDate, "2011-02-29", "!invalid"},
              {kDate, "1900-02-29", "!invalid"},
              {kDate, "2011-13-01", "!invalid"},
              {kDate, "2011-00-01", "!invalid"},
              {kDate, " 2011-1-9 ", "2011-01-09"},
              {kDate, "January 8, 1999", "1999-01-08"},
              {kDate, "1/8/1999", "1999-01-08"},
              {kDate, "01/02/00", "2000-01-02"},
              {kDate, "01/02/70", "1970-01-02"},
              {kDate, "2000-Jan-31", "2000-01-31"},
              {kDate, "Jan-31-2000", "2000-01-31"},
              {kDate, "31-Jan-2000", "2000-01-31"},
              {kDate, "20080215", "2008-02-15"},
              {kDate, "080215", "2008-02-15"},
              {kDate, "2008.366", "2008-12-31"},
              {kDate, "2007.366", "!invalid"},
              {kDate, "31/12/2011", "!invalid"},
              {kDate, "0044-03-15 BC", "!invalid"},
              {kDate, "", "!invalid"},
              {kDate, "2011", "!invalid"},
              {kDate, "2011-12", "!invalid"},
              {kDate, "2011-12-09-", "!invalid"},
              {kDate, "2011-12-09 08:26:00", "!invalid"},
              {kDate, "Foo 8, 1999", "!invalid"},
              {kDate, "infinity", "!invalid"}});
}

TEST(Text, Times) {
  const Type zoned = Type::of(TypeId::kTimeTz);
  expect_all({{kTime, "04:05:06.789", "04:05:06.789"},
              {kTime, "04:05", "04:05:00"},
              {kTime, "040506", "04:05:06"},
              {kTime, "04:05 AM", "04:05:00"},
              {kTime, "12:05 AM", "00:05:00"},
              {kTime, "04:05 PM", "16:05:00"},
              {kTime, "13:05 PM", "!invalid"},
              {kTime, "24:00:00", "24:00:00"},
              {kTime, "24:00:01", "!invalid"},
              {kTime, "23:60:00", "!invalid"},
              {kTime, "8", "!invalid"},
              {zoned, "04:05:06.789-08:30", "12:35:06.789+00"},
              {zoned, "04:05:06 Z", "04:05:06+00"},
              {zoned, "04:05:06+99", "!invalid"}});
}

TEST(Text, Timestamps) {
  expect_all({{kTimestamp, "2011-12-09 08:26:00", "2011-12-09 08:26:00"},
              {kTimestamp, "2011-12-09T08:26:00", "2011-12-09 08:26:00"},
              {kTimestamp, "2011-12-09 08:26:00.1234565", "2011-12-09 08:26:00.123457"},
              {kTimestamp, "2011-12-09 08:26:00.5", "2011-12-09 08:26:00.5"},
              {kTimestamp, "2011-12-09", "2011-12-09 00:00:00"},
              {kTimestamp, "2011-12-09 8:26", "2011-12-09 08:26:00"},
              {kTimestamp, "12/1/2010 8:26", "2010-12-01 08:26:00"},
              {kTimestamp, "Jan 8, 1999 04:05 PM", "1999-01-08 16:05:00"},
              {kTimestamp, "2011-12-09 24:00:00", "2011-12-10 00:00:00"},
              {kTimestamp, "9999-12-31 24:00:00", "!invalid"},
              {kTimestamp, "1969-12-31 23:59:59.999999", "1969-12-31 23:59:59.999999"},
              {kTimestamp, "0001-01-01 00:00:00", "0001-01-01 00:00:00"},
              {kTimestamp, "2011-12-09 08:26:00+05:30", "2011-12-09 08:26:00"},
              {kTimestamp, "2011-12-09 25:26:00", "!invalid"},
              {kTimestamp, "2011-12-09 08:61:00", "!invalid"},
              {kTimestamp, "2011-12-09 08:26:00 Mars", "!invalid"},
              {kTimestamp, "2011-12-09x08:26:00", "!invalid"},
              {kTimestamp, "08:26:00", "!invalid"},
              {kTimestamp, "", "!invalid"},
              {kTimestampTz, "2011-12-09 08:26:00+05:30", "2011-12-09 02:56:00+00"},
              {kTimestampTz, "2011-12-09 08:26:00-08", "2011-12-09 16:26:00+00"},
              {kTimestampTz, "2011-12-09 08:26:00.5 UTC", "2011-12-09 08:26:00.5+00"},
              {kTimestampTz, "2011-12-09T08:26:00Z", "2011-12-09 08:26:00+00"},
              {kTimestampTz, "2011-12-09 08:26:00", "2011-12-09 08:26:00+00"}});
}

// r_interval_data_types: interval styles; r_interval_literals: units
TEST(Text, Intervals) {
  const Type months = Type::of(TypeId::kIntervalYearToMonth), seconds = Type::of(TypeId::kIntervalDayToSecond);
  expect_all({{months, "1-2", "1 years 2 mons"},
              {months, "23 months", "1 years 11 mons"},
              {months, "-14 mons", "-1 years -2 mons"},
              {seconds, "1 year 1 day", "1 days 0 hours 0 mins 0.0 secs"},
              {seconds, "13 day 1 hour 1 minute 1.123 seconds", "13 days 1 hours 1 mins 1.123 secs"},
              {seconds, "7 days, 3 hours, 59 minutes", "7 days 3 hours 59 mins 0.0 secs"},
              {seconds, "1w, 1h, 1m, 1s", "7 days 1 hours 1 mins 1.0 secs"},
              {seconds, "0.5 days", "0 days 12 hours 0 mins 0.0 secs"},
              {seconds, "04:05:06.7", "0 days 4 hours 5 mins 6.7 secs"},
              {seconds, "-00:00:00.5", "0 days 0 hours 0 mins -0.5 secs"},
              {seconds, "90", "0 days 0 hours 1 mins 30.0 secs"},
              {seconds, "5 parsecs", "!invalid"},
              {seconds, "99999999999999 years", "!invalid"},
              {seconds, "4:", "!invalid"},
              {seconds, "", "!invalid"}});
}

// r_VARBYTE_type: hexadecimal in and out
TEST(Text, Varbyte) {
  expect_all({{Type::varbyte(4), "00fFAb", "00ffab"},
              {Type::varbyte(4), "", ""},
              {Type::varbyte(2), "00ffab", "!too long"},
              {Type::varbyte(4), "0", "!invalid"},
              {Type::varbyte(4), "zz", "!invalid"}});
}

TEST(Text, Super) {
  const Type super = Type::of(TypeId::kSuper);
  expect_all({{super, R"({"a" : [1,-2.5e3,true,null,"\u00e9\n"]})", R"({"a":[1,-2.5e+3,true,null,"é\n"]})"},
              {super, " 1 ", "1"},
              {super, "", "!invalid"},
              {super, "{a:1}", "!invalid"},
              {super, "[1,]", "!invalid"},
              {super, "01", "!invalid"},
              {super, "\"\\x\"", "!invalid"},
              {super, "[1", "!invalid"},
              {super, "\"\xFF\"", "!utf8"},
              {super, std::string(100'000, '['), "!invalid"}});
}

TEST(Text, PrintsValuesBeyondWhatIsRead) {
  const int32_t before_christ = -719'528;  // 1 January of the year 1 BC
  const Column column{kDate, &before_christ, nullptr};
  std::string out;
  append_text(out, column, 0);
  EXPECT_EQ(out, "0001-01-01 BC");
}

// Unicode standard, table 3-7 "Well-Formed UTF-8 Byte Sequences"
TEST(Utf8, FindsTheFirstBadByte) {
  const std::pair<std::string_view, size_t> kBad[] = {
      {"\x80", 0},         {"abcdefgh\xFFz", 8}, {"\xC0\xAF", 0},
      {"\xE0\x80\x80", 0}, {"a\xED\xA0\x80", 1}, {"ab\xF4\x90\x80\x80", 2},
      {"\xE2\x82", 0},     {"\xC3(", 0},         {"\xF0\x80\x80\x80", 0}};
  for (const auto& [text, offset] : kBad) {
    size_t bad = 99;
    EXPECT_FALSE(is_utf8(text, &bad));
    EXPECT_EQ(bad, offset);
  }
  for (const std::string_view text :
       {"", "plain ascii that is longer than a word", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8E\x84",
        "\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
}

// PostgreSQL's extra_float_digits = 0 is printf's %.15g and %.6g; made faster where it can be.
TEST(Text, FloatsArePrintfs) {
  const char* given = std::getenv("GARLAND_SEED");
  const uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  SCOPED_TRACE("GARLAND_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  const auto check = [](double value) {
    char expected[64];
    std::snprintf(expected, sizeof expected, "%.15g", value);
    std::string out;
    append_text(out, Column{Type::of(TypeId::kDouble), &value, nullptr}, 0);
    EXPECT_EQ(out, expected);
    const auto real = static_cast<float>(value);
    std::snprintf(expected, sizeof expected, "%.6g", static_cast<double>(real));
    out.clear();
    append_text(out, Column{Type::of(TypeId::kReal), &real, nullptr}, 0);
    if (std::isfinite(real)) {
      EXPECT_EQ(out, expected);
    }
  };
  for (const double value : {0.0, -0.0, 0.1, -0.5, 1e-4, 9.99999e-5, 999999.5, 999999.4, 1e6, 123456.7, 1e14, 1e15,
                             999999999999999.4, 1e300}) {
    check(value);
  }
  for (int i = 0; i < 100'000; ++i) {
    const auto digits = static_cast<double>(static_cast<int64_t>(random()) >> (random() % 60));
    check(digits / std::pow(10.0, static_cast<double>(random() % 25)));
    const double any = std::bit_cast<double>(random());
    if (std::isfinite(any)) check(any);
  }
}

}  // namespace
}  // namespace garland::engine
