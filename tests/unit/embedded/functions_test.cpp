// Emission, executed on DuckDB: values, types, errors. Sources stand beside the rules in src/embedded.
#include "embedded/functions.h"

#include <gtest/gtest.h>

#include "embedded/emission.h"

namespace garland::embedded {
namespace {

using namespace testing;

// ---- numbers

TEST(Integers, DivideTowardsZero) {
  EXPECT_VALUE(op("/", {integer(7), integer(-2)}), "-3");
  EXPECT_VALUE(op("/", {value("-7", kInteger), value("2", kInteger)}), "-3");
  EXPECT_VALUE(op("%", {value("-7", kInteger), value("3", kInteger)}), "-1");
  EXPECT_VALUE(op("%", {value("7", kSmallint), value("-3", kSmallint)}), "1");
  EXPECT_VALUE(fn("mod", {value("-7", kBigint), value("3", kBigint)}), "-1");
}

TEST(Integers, RaiseOnZeroAndOverflow) {
  EXPECT_VALUE(op("/", {integer(1), integer(0)}), "22012 division by zero");
  EXPECT_VALUE(op("%", {integer(1), integer(0)}), "22012 division by zero");
  EXPECT_VALUE(op("/", {null(kInteger), integer(0)}), "null");
  EXPECT_VALUE(op("+", {integer(2147483647), integer(1)}), "22003 integer out of range");
  EXPECT_VALUE(op("*", {value("200", kSmallint), value("200", kSmallint)}), "22003 smallint out of range");
  EXPECT_VALUE(op("-", {value("-9223372036854775808", kBigint), value("1", kBigint)}), "22003 bigint out of range");
  EXPECT_VALUE(op("/", {value("-2147483648", kInteger), value("-1", kInteger)}), "22003 numeric overflow");
  EXPECT_VALUE(op("/", {value("-32768", kSmallint), constant("-1", kSmallint)}), "22003 numeric overflow");
  EXPECT_VALUE(op("%", {value("-2147483648", kInteger), value("-1", kInteger)}), "0");
  EXPECT_VALUE(op("neg", {value("-2147483648", kInteger)}), "22003 value out of range");
  EXPECT_VALUE(op("abs", {value("-2147483648", kInteger)}), "22003 value out of range");
}

TEST(Integers, ShiftLikePostgres) {
  EXPECT_VALUE(op("<<", {value("1", kInteger), integer(31)}), "-2147483648");
  EXPECT_VALUE(op(">>", {value("-8", kInteger), integer(1)}), "-4");
  EXPECT_VALUE(op("<<", {value("-1", kSmallint), integer(2)}), "-4");
  EXPECT_VALUE(op("&", {value("12", kInteger), integer(10)}), "8");
  EXPECT_VALUE(op("#", {value("12", kInteger), integer(10)}), "6");
  EXPECT_VALUE(op("~", {value("5", kBigint)}), "-6");
}

TEST(Decimals, KeepRedshiftsTypes) {
  EXPECT_VALUE(op("+", {decimal("1.50", 12, 2), decimal("2.255", 10, 3)}), "3.755");
  EXPECT_VALUE(op("*", {decimal("9999999999.99", 12, 2), decimal("9999999999.99", 12, 2)}),
               "99999999999800000000.0001");
  EXPECT_VALUE(op("*", {decimal("1.5", 5, 1), decimal("-2.5", 5, 1)}), "-3.75");
  EXPECT_VALUE(op("+", {decimal("999999999999999999", 18, 0), decimal("999999999999999999", 18, 0)}),
               "1999999999999999998");
  EXPECT_VALUE(op("-", {decimal("1", 18, 0), integer(2)}), "-1");
  EXPECT_VALUE(op("*", {decimal("0.10", 12, 2), integer(3)}), "0.30");
}

TEST(Decimals, DivideExactlyTowardsZero) {
  EXPECT_VALUE(op("/", {decimal("2.00", 8, 2), decimal("3.00", 8, 2)}), "0.666666666");
  EXPECT_VALUE(op("/", {decimal("-2.00", 8, 2), decimal("3.00", 8, 2)}), "-0.666666666");
  EXPECT_VALUE(op("/", {decimal("10", 19, 0), decimal("4", 19, 0)}), "2.5000000000000000000");
  EXPECT_VALUE(op("/", {decimal("99999999999999999999999999999999.99", 38, 2), decimal("3.00", 38, 2)}),
               "33333333333333333333333333333333.3300");
  EXPECT_VALUE(op("/", {decimal("1", 38, 37), decimal("3", 38, 37)}), "0.3333");
  EXPECT_VALUE(op("/", {decimal("1", 38, 0), decimal("3", 38, 0)}), "0.3333");
  EXPECT_VALUE(op("/", {decimal("1.00", 8, 2), decimal("0.00", 8, 2)}), "22012 division by zero");
  EXPECT_VALUE(op("/", {null(Type::decimal(8, 2)), decimal("0.00", 8, 2)}), "null");
  EXPECT_VALUE(op("%", {decimal("-7.50", 8, 2), decimal("2.00", 8, 2)}), "-1.50");
  EXPECT_VALUE(op("%", {decimal("7.50", 8, 2), decimal("0", 8, 2)}), "22012 division by zero");
}

TEST(Decimals, RaiseBeyond38Digits) {
  const Expression big = decimal("99999999999999999999999999999999999999", 38, 0);
  EXPECT_VALUE(op("+", {big, decimal("1", 38, 0)}), "22003 numeric overflow: more than 38 digits");
  EXPECT_VALUE(op("-", {op("neg", {big}), decimal("1", 38, 0)}), "22003 numeric overflow: more than 38 digits");
  EXPECT_VALUE(op("*", {big, decimal("10", 38, 0)}), "22003 numeric overflow");
  EXPECT_VALUE(op("/", {big, decimal("0.0000000001", 38, 10)}), "22003 numeric overflow");
  EXPECT_VALUE(op("+", {big, decimal("0", 38, 0)}), "99999999999999999999999999999999999999");
}

TEST(Floats, NeverBecomeInfinite) {
  EXPECT_VALUE(op("*", {value("1e308", kDouble), value("10", kDouble)}), "22003 floating-point overflow");
  EXPECT_VALUE(op("+", {value("1e38", kReal), value("3e38", kReal)}), "22003 floating-point overflow");
  EXPECT_VALUE(op("/", {value("1", kDouble), value("0", kDouble)}), "22012 division by zero");
  EXPECT_VALUE(op("%", {value("1", kDouble), value("0", kDouble)}), "22012 division by zero");
  EXPECT_VALUE(op("%", {value("-7.5", kDouble), value("2", kDouble)}), "-1.5");
  EXPECT_VALUE(fn("exp", {value("1000", kDouble)}), "22003 floating-point overflow");
  EXPECT_VALUE(fn("power", {value("10", kDouble), value("400", kDouble)}), "22003 floating-point overflow");
  EXPECT_VALUE(op("^", {integer(2), integer(10)}), "1024");
  EXPECT_VALUE(fn("power", {value("-8", kDouble), value("0.5", kDouble)}),
               "22023 a negative number raised to a non-integer power yields a complex result");
  EXPECT_VALUE(fn("sqrt", {value("-1", kDouble)}), "22023 cannot take square root of a negative number");
  EXPECT_VALUE(fn("ln", {value("0", kDouble)}), "22023 cannot take logarithm of zero");
}

TEST(Rounding, GoesHalfAwayFromZero) {
  EXPECT_VALUE(fn("round", {decimal("28.05", 8, 2), integer(1)}), "28.1");
  EXPECT_VALUE(fn("round", {decimal("-28.05", 8, 2), integer(1)}), "-28.1");
  EXPECT_VALUE(fn("round", {decimal("28.05", 8, 2)}), "28");
  EXPECT_VALUE(fn("round", {decimal("28.05", 8, 2), integer(-1)}), "30");
  EXPECT_VALUE(fn("round", {decimal("999.99", 5, 2), integer(1)}), "1000.0");
  EXPECT_VALUE(fn("round", {decimal("28.05", 8, 2), value("1", kInteger)}), "28.10");
  EXPECT_VALUE(fn("trunc", {decimal("111.15", 8, 2)}), "111");
  EXPECT_VALUE(fn("trunc", {decimal("-111.19", 8, 2), integer(1)}), "-111.1");
  EXPECT_VALUE(fn("round", {value("1250", kInteger), integer(-2)}), "1300");
  EXPECT_VALUE(fn("trunc", {value("1299", kInteger), integer(-2)}), "1200");
  EXPECT_VALUE(fn("ceil", {decimal("99.1", 3, 1)}), "100");
  EXPECT_VALUE(fn("floor", {decimal("-99.1", 3, 1)}), "-100");
  EXPECT_VALUE(fn("round", {value("2.5", kDouble)}), "3");
  EXPECT_VALUE(fn("trunc", {value("-2.79", kDouble), integer(1)}), "-2.7");
  EXPECT_VALUE(fn("sign", {decimal("-3.50", 8, 2)}), "-1");
  EXPECT_VALUE(fn("abs", {decimal("-3.50", 8, 2)}), "3.50");
}

// ---- casts

TEST(Casts, CutExplicitlyAndRoundOtherwise) {
  const Expression price = decimal("4323.896", 10, 3);
  EXPECT_VALUE(cast(price, Type::decimal(6, 2)), "4323.89");
  EXPECT_VALUE(cast(price, Type::decimal(6, 2), CastContext::kAssignment), "4323.90");
  EXPECT_VALUE(cast(constant("4323.896", Type::decimal(10, 3)), Type::decimal(6, 2)), "4323.90");
  EXPECT_VALUE(cast(decimal("-2.9", 3, 1), kInteger), "-2");
  EXPECT_VALUE(cast(decimal("-2.5", 3, 1), kInteger, CastContext::kAssignment), "-3");
  EXPECT_VALUE(cast(value("2.5", kDouble), kInteger), "2");
  EXPECT_VALUE(cast(price, Type::decimal(4, 2)), "22003 numeric field overflow");
  EXPECT_VALUE(cast(value("70000", kInteger), kSmallint), "22003 smallint out of range");
  EXPECT_VALUE(cast(value("1e300", kDouble), kReal), "22003 real out of range");
  EXPECT_VALUE(cast(value("99999999999999999999", Type::decimal(38, 0)), kBigint), "22003 bigint out of range");
}

TEST(Casts, ReadText) {
  EXPECT_VALUE(cast(value(" 12 ", kText), kInteger), "12");
  EXPECT_VALUE(cast(value("1.5", kText), kInteger), "22P02 invalid input syntax for type integer: \"1.5\"");
  EXPECT_VALUE(cast(value("", kText), kInteger), "22P02 invalid input syntax for type integer: \"\"");
  EXPECT_VALUE(cast(value("99999999999", kText), kInteger),
               "22003 value \"99999999999\" is out of range for type integer");
  EXPECT_VALUE(cast(value("99999999999999999999", kText), kBigint),
               "22003 value \"99999999999999999999\" is out of range for type bigint");
  EXPECT_VALUE(cast(value("1.999", kText), Type::decimal(4, 2)), "2.00");
  EXPECT_VALUE(cast(value("100", kText), Type::decimal(4, 2)), "22003 numeric field overflow");
  EXPECT_VALUE(cast(value("abc", kText), Type::decimal(4, 2)), "22P02 invalid input syntax for type numeric: \"abc\"");
  EXPECT_VALUE(cast(value("1e3", kText), kDouble), "1000");
  EXPECT_VALUE(cast(value("2011-12-09", kText), kDate), "2011-12-09");
  EXPECT_VALUE(cast(value("2011-02-30", kText), kDate), "22007 invalid input syntax for type date: \"2011-02-30\"");
  EXPECT_VALUE(cast(value("2011-12-09 08:26:00.5", kText), kTimestamp), "2011-12-09 08:26:00.5");
  EXPECT_VALUE(cast(value("2011-12-09 08:26:00+02", kText), kTimestampTz), "2011-12-09 06:26:00+00");
  EXPECT_VALUE(cast(null(kText), kDate), "null");
}

TEST(Casts, PrintText) {
  EXPECT_VALUE(cast(decimal("0.5", 3, 3), kText), "0.500");
  EXPECT_VALUE(cast(decimal("-0.05", 4, 2), kText), "-0.05");
  EXPECT_VALUE(cast(value("1", kDouble), kText), "1");
  EXPECT_VALUE(cast(value("0.1", kReal), kText), "0.1");
  EXPECT_VALUE(cast(value("2011-12-09 08:26:00", kTimestamp), kText), "2011-12-09 08:26:00");
  EXPECT_VALUE(cast(value("2011-12-09 08:26:00+00", kTimestampTz), kText), "2011-12-09 08:26:00+00");
  EXPECT_VALUE(cast(value("1 year 2 months", kMonths), kText), "1 years 2 mons");
  EXPECT_VALUE(cast(value("12345", kInteger), Type::varchar(3)), "123");
  EXPECT_VALUE(cast(value("12345", kInteger), Type::varchar(3), CastContext::kAssignment),
               "22001 value too long for type character varying(3)");
}

TEST(Casts, KeepLengthsInBytes) {
  EXPECT_VALUE(cast(text("abcdef"), Type::varchar(3)), "abc");
  EXPECT_VALUE(cast(text("aé€z"), Type::varchar(5)), "aé");
  EXPECT_VALUE(cast(text("aé€z"), Type::varchar(6)), "aé€");
  EXPECT_VALUE(cast(text("abcdef"), Type::varchar(3), CastContext::kAssignment),
               "22001 value too long for type character varying(3)");
  EXPECT_VALUE(cast(text("abc   "), Type::varchar(3), CastContext::kAssignment), "abc");
  EXPECT_VALUE(cast(text("ab    "), Type::varchar(4), CastContext::kAssignment), "ab  ");
  EXPECT_VALUE(cast(text("abcdef"), Type::varchar(3), CastContext::kImplicit), "abcdef");
  EXPECT_VALUE(cast(text("ab  "), Type::character(4), CastContext::kAssignment), "ab  ");
  EXPECT_VALUE(fn("len", {cast(text("ab  "), Type::character(9))}), "2");
  EXPECT_VALUE(cast(text("abcde"), Type::character(4), CastContext::kAssignment),
               "22001 value too long for type character(4)");
  EXPECT_VALUE(cast(text("é"), Type::character(4), CastContext::kAssignment),
               "22021 a multibyte character does not fit type character; use character varying");
}

TEST(Casts, MoveBetweenDates) {
  const Expression moment = value("2011-12-09 08:26:00", kTimestamp);
  EXPECT_VALUE(cast(moment, kDate), "2011-12-09");
  EXPECT_VALUE(cast(moment, kTime), "08:26:00");
  EXPECT_VALUE(cast(value("2011-12-09", kDate), kTimestamp), "2011-12-09 00:00:00");
  EXPECT_VALUE(cast(value("2011-12-09", kDate), kTimestampTz), "2011-12-09 00:00:00+00");
  EXPECT_VALUE(cast(value("2011-12-09 08:26:00+00", kTimestampTz), kTimestamp), "2011-12-09 08:26:00");
  EXPECT_VALUE(cast(value("2011-12-09 08:26:00+00", kTimestampTz), kDate), "2011-12-09");
  EXPECT_VALUE(cast(value("t", kBoolean), kInteger), "1");
  EXPECT_VALUE(cast(value("5", kInteger), kBoolean), "t");
}

TEST(Constants, AreExact) {
  EXPECT_VALUE(constant("-9223372036854775808", kBigint), "-9223372036854775808");
  EXPECT_VALUE(constant("12345678901234567890123456789012345678", Type::decimal(38, 0)),
               "12345678901234567890123456789012345678");
  EXPECT_VALUE(constant("0001-01-01", kDate), "0001-01-01");
  EXPECT_VALUE(constant("0.1", kDouble), "0.1");
  EXPECT_VALUE(constant("it's", kText), "it's");
  EXPECT_VALUE(constant("-3 days -04:05:06.7", kDays), "-3 days -4 hours -5 mins -6.7 secs");
  EXPECT_VALUE(constant("12:34:56.789", kTime), "12:34:56.789");
  EXPECT_VALUE(constant("abc", kInteger), "22P02 invalid input syntax for type integer: \"abc\"");
  EXPECT_VALUE(constant("2011-13-01", kDate), "22007 invalid input syntax for type date: \"2011-13-01\"");
  EXPECT_VALUE(constant("70000", kSmallint), "22003 value \"70000\" is out of range for type smallint");
}

// ---- strings

TEST(Strings, CountCharacters) {
  EXPECT_VALUE(fn("len", {text("aé€😀")}), "4");
  EXPECT_VALUE(fn("octet_length", {text("aé€😀")}), "10");
  EXPECT_VALUE(fn("substring", {text("aé€😀z"), integer(2), integer(3)}), "é€😀");
  EXPECT_VALUE(fn("substring", {text("caterpillar"), integer(0), integer(2)}), "c");
  EXPECT_VALUE(fn("substring", {text("caterpillar"), integer(-2), integer(6)}), "cat");
  EXPECT_VALUE(fn("substring", {text("caterpillar"), value("6", kInteger), value("4", kInteger)}), "pill");
  EXPECT_VALUE(fn("substring", {text("caterpillar"), value("6", kInteger)}), "pillar");
  EXPECT_VALUE(fn("substring", {text("abc"), integer(2), integer(-1)}), "22023 negative substring length not allowed");
  EXPECT_VALUE(fn("left", {text("é€z"), integer(2)}), "é€");
  EXPECT_VALUE(fn("right", {text("é€z"), integer(2)}), "€z");
  EXPECT_VALUE(fn("charindex", {text("€"), text("é€z")}), "2");
  EXPECT_VALUE(fn("strpos", {text("é€z"), text("q")}), "0");
  EXPECT_VALUE(fn("reverse", {text("abc")}), "cba");
}

TEST(Strings, TrimAndPad) {
  EXPECT_VALUE(fn("trim", {text("  a \t ")}), "a \t");
  EXPECT_VALUE(fn("btrim", {text("xyaxy"), text("yx")}), "a");
  EXPECT_VALUE(fn("lpad", {text("cat"), integer(7)}), "    cat");
  EXPECT_VALUE(fn("lpad", {text("cat"), integer(8), text("€é")}), "€é€é€cat");
  EXPECT_VALUE(fn("lpad", {text("caterpillar"), integer(3)}), "cat");
  EXPECT_VALUE(fn("rpad", {text("cat"), integer(5), text("*")}), "cat**");
  EXPECT_VALUE(fn("rpad", {text("cat"), integer(5), text("")}), "cat");
  EXPECT_VALUE(fn("rpad", {text("cat"), integer(-5)}), "");
  EXPECT_VALUE(fn("repeat", {text("ab"), integer(3)}), "ababab");
  EXPECT_VALUE(fn("repeat", {text("ab"), integer(-3)}), "");
  EXPECT_VALUE(fn("repeat", {text("ab"), integer(2147483647)}),
               "22001 value too long for type character varying(65535)");
}

TEST(Strings, ReplaceAndSplit) {
  EXPECT_VALUE(fn("replace", {text("Women's"), text("'s"), text("")}), "Women");
  EXPECT_VALUE(fn("replace", {text("abc"), text(""), text("x")}), "abc");
  EXPECT_VALUE(fn("translate", {text("mint tea"), text("inea"), text("osin")}), "most tin");
  EXPECT_VALUE(fn("split_part", {text("2008-03-15"), text("-"), integer(2)}), "03");
  EXPECT_VALUE(fn("split_part", {text("a"), text("-"), integer(2)}), "");
  EXPECT_VALUE(fn("split_part", {text("a-b"), text("-"), integer(0)}),
               "22023 field position must be greater than zero");
  EXPECT_VALUE(fn("initcap", {text("élan o'neil ÜBER 1st")}), "Élan O'Neil Über 1st");
  EXPECT_VALUE(op("||", {text("a"), null(kText)}), "null");
  EXPECT_VALUE(op("||", {text("a"), value("7", kInteger)}), "a7");
  EXPECT_VALUE(fn("concat", {text("a"), literal("b")}), "ab");
  EXPECT_VALUE(fn("upper", {text("tür é")}), "TÜR É");
}

TEST(Strings, EncodeAndHash) {
  EXPECT_VALUE(fn("chr", {integer(8364)}), "€");
  EXPECT_VALUE(fn("chr", {integer(0)}), "22023 requested character not valid: 0");
  EXPECT_VALUE(fn("ascii", {text("€a")}), "8364");
  EXPECT_VALUE(fn("md5", {text("Amazon Redshift")}), "f7415e33f972c03abd4f3fed36748f7a");
  EXPECT_VALUE(fn("sha1", {text("Amazon Redshift")}), "eeac5ed1e11cda66032c30ad77b25071b5487f55");
  EXPECT_VALUE(fn("crc32", {text("Amazon Redshift")}), "32def43d");
  EXPECT_VALUE(fn("soundex", {text("Amazon")}), "A525");
  EXPECT_VALUE(fn("to_hex", {value("-1", kInteger)}), "ffffffff");
  EXPECT_VALUE(fn("to_hex", {value("2147676847", kBigint)}), "8002f2af");
  EXPECT_VALUE(fn("strtol", {text("abcd1234"), integer(16)}), "2882343476");
  EXPECT_VALUE(fn("strtol", {text("1234567"), integer(10)}), "1234567");
  EXPECT_VALUE(fn("strtol", {text("xyz"), integer(10)}), "22P02 The input xyz is not valid to be converted to base 10");
  EXPECT_VALUE(fn("quote_ident", {text("my Table")}), "\"my Table\"");
  EXPECT_VALUE(fn("quote_literal", {text("it's")}), "'it''s'");
}

// Guide page r_FNV_HASH.
TEST(Strings, HashByFnv) {
  EXPECT_VALUE(fn("fnv_hash", {value("1", kInteger)}), "-5968735742475085980");
  EXPECT_VALUE(fn("fnv_hash", {value("1", kSmallint)}), "589727492704079044");
  EXPECT_VALUE(fn("fnv_hash", {value("1", kBigint)}), "-8517097267634966620");
  EXPECT_VALUE(fn("fnv_hash", {text("Amazon Redshift")}), "7783490368944507294");
  EXPECT_VALUE(fn("fnv_hash", {text("Amazon Redshift"), fn("fnv_hash", {value("1", kInteger)})}),
               "-2202602717770968555");
  EXPECT_VALUE(fn("fnv_hash", {value("2020-01-01", kDate)}),
               "0A000 a value of type date in function fnv_hash is not supported yet");
}

TEST(Patterns, MatchLike) {
  EXPECT_VALUE(op("like", {text("100%"), text("100\\%")}), "t");
  EXPECT_VALUE(op("like", {text("1000"), text("100\\%")}), "f");
  EXPECT_VALUE(op("like", {text("CHRISTMAS TREE"), text("CHRIST%")}), "t");
  EXPECT_VALUE(op("like", {text("christmas tree"), text("%_REE")}), "f");
  EXPECT_VALUE(op("ilike", {text("Weihnachtsbäume"), text("%BÄUME")}), "t");
  EXPECT_VALUE(op("like", {text("a_b"), text("a^_b"), text("^")}), "t");
  EXPECT_VALUE(op("like", {text("ab"), value("a\\", kText)}), "22025 LIKE pattern must not end with escape character");
  EXPECT_VALUE(op("like", {text("ab  "), text("ab")}), "f");
  EXPECT_VALUE(op("similar", {text("abc"), text("(b|a)%")}), "t");
  EXPECT_VALUE(op("similar", {text("a.c"), text("a.c")}), "t");
  EXPECT_VALUE(op("similar", {text("abc"), text("a.c")}), "f");
  EXPECT_VALUE(op("regex", {text("HOT WATER BOTTLE"), text("^HOT.*TLE$")}), "t");
  EXPECT_VALUE(op("regex_i", {text("hot"), text("HO")}), "t");
  EXPECT_VALUE(op("regex", {text("hot"), text("(")}), "22023 invalid regular expression");
}

TEST(Patterns, UseRegularExpressions) {
  EXPECT_VALUE(fn("regexp_replace", {text("a@mail.com"), text("@.*\\.(org|com)"), text("@x.$1")}), "a@x.com");
  EXPECT_VALUE(fn("regexp_replace", {text("a1b2"), text("[0-9]")}), "ab");
  EXPECT_VALUE(fn("regexp_replace", {text("a1b2"), text("[0-9]"), text("#"), integer(3)}), "a1b#");
  EXPECT_VALUE(fn("regexp_replace", {text("the Fox"), text("FOX"), text("cat"), integer(1), text("i")}), "the cat");
  EXPECT_VALUE(fn("regexp_substr", {text("a@mail.com"), text("@[^.]*")}), "@mail");
  EXPECT_VALUE(fn("regexp_substr", {text("the fox fix"), text("f.x"), integer(1), integer(2)}), "fix");
  EXPECT_VALUE(fn("regexp_substr", {text("the fox fix"), text("f.x"), integer(1), integer(3)}), "");
  EXPECT_VALUE(fn("regexp_substr", {null(kText), text("f.x"), integer(1), integer(3)}), "null");
  EXPECT_VALUE(fn("regexp_count", {text("abcabcabc"), text("b.")}), "3");
  EXPECT_VALUE(fn("regexp_instr", {text("hell o world"), text("o w")}), "6");
  EXPECT_VALUE(fn("regexp_instr", {text("hello"), text("z")}), "0");
  EXPECT_VALUE(fn("regexp_instr", {null(kText), text("z")}), "null");
}

// Trailing blanks are insignificant in comparisons (guide page r_Character_types).
TEST(Comparisons, IgnoreTrailingBlanks) {
  EXPECT_VALUE(op("=", {blank_text("ab  "), blank_text("ab")}), "t");
  EXPECT_VALUE(op("<", {blank_text("ab"), blank_text("ab  ")}), "f");
  EXPECT_VALUE(op("=", {blank_text(" ab"), blank_text("ab")}), "f");
  EXPECT_VALUE(op("=", {value("5", kInteger), text("5")}), "t");
  EXPECT_VALUE(op("=", {decimal("5.00", 8, 2), value("5", kText)}), "t");
  EXPECT_VALUE(fn("nullif", {blank_text("ab  "), blank_text("ab")}), "null");
  EXPECT_VALUE(op("is true", {null(kBoolean)}), "f");
  EXPECT_VALUE(op("is unknown", {null(kBoolean)}), "t");
  EXPECT_VALUE(op("and", {constant("t", kBoolean), null(kBoolean), constant("f", kBoolean)}), "f");
}

TEST(Conditions, TreatNulls) {
  EXPECT_VALUE(fn("greatest", {null(kInteger), integer(3), integer(1)}), "3");
  EXPECT_VALUE(fn("least", {null(kInteger), null(kInteger)}), "null");
  EXPECT_VALUE(fn("coalesce", {null(kInteger), value("5", kBigint)}), "5");
  EXPECT_VALUE(fn("nvl2", {null(kDate), integer(1), integer(2)}), "2");
  EXPECT_VALUE(fn("decode", {null(kInteger), null(kInteger), text("none"), text("some")}), "none");
  EXPECT_VALUE(fn("decode", {value("2", kInteger), integer(1), text("one"), integer(2), text("two")}), "two");
  EXPECT_VALUE(fn("decode", {value("3", kInteger), integer(1), text("one")}), "null");
  EXPECT_VALUE(fn("coalesce", {decimal("1.50", 12, 2), integer(0)}), "1.50");
}

// ---- dates

Expression part(std::string name) { return constant(std::move(name), kText); }
Expression day(std::string text) { return value(std::move(text), kDate); }
Expression moment(std::string text) { return value(std::move(text), kTimestamp); }

// Guide page r_DATEADD_function, its examples among them.
TEST(Dates, Add) {
  EXPECT_VALUE(fn("dateadd", {part("day"), integer(30), day("2008-11-01")}), "2008-12-01 00:00:00");
  EXPECT_VALUE(fn("dateadd", {part("month"), integer(18), literal("2008-02-28")}), "2009-08-28 00:00:00");
  EXPECT_VALUE(fn("dateadd", {part("month"), integer(1), day("2008-04-30")}), "2008-05-30 00:00:00");
  EXPECT_VALUE(fn("dateadd", {part("month"), integer(1), day("2009-01-31")}), "2009-02-28 00:00:00");
  EXPECT_VALUE(fn("dateadd", {part("month"), integer(12), day("2016-02-29")}), "2017-02-28 00:00:00");
  EXPECT_VALUE(fn("dateadd", {part("year"), integer(1), day("2016-02-29")}), "2017-03-01 00:00:00");
  EXPECT_VALUE(fn("dateadd", {part("year"), integer(-4), day("2016-02-29")}), "2012-02-29 00:00:00");
  EXPECT_VALUE(fn("dateadd", {part("quarter"), integer(-1), moment("2009-05-31 10:00:00")}), "2009-02-28 10:00:00");
  EXPECT_VALUE(fn("dateadd", {part("hour"), integer(-25), moment("2009-03-01 00:30:00")}), "2009-02-27 23:30:00");
  EXPECT_VALUE(fn("dateadd", {part("week"), integer(2), value("2009-03-01 00:30:00+00", kTimestampTz)}),
               "2009-03-15 00:30:00+00");
  EXPECT_VALUE(fn("dateadd", {part("hour"), integer(12), value("13:24:55", kTime)}), "01:24:55");
  EXPECT_VALUE(fn("dateadd", {part("day"), integer(2147483647), day("2009-01-01")}), "22008 timestamp out of range");
  EXPECT_VALUE(fn("dateadd", {part("day"), null(kInteger), day("2009-01-01")}), "null");
  EXPECT_VALUE(fn("add_months", {day("2008-04-30"), integer(1)}), "2008-05-31 00:00:00");
  EXPECT_VALUE(fn("add_months", {day("2008-03-31"), integer(-1)}), "2008-02-29 00:00:00");
}

// Guide page r_DATEDIFF_function: boundaries crossed.
TEST(Dates, Differ) {
  EXPECT_VALUE(fn("datediff", {part("year"), day("2008-12-31"), day("2009-01-01")}), "1");
  EXPECT_VALUE(fn("datediff", {part("week"), literal("2009-01-01"), literal("2009-12-31")}), "52");
  EXPECT_VALUE(fn("datediff", {part("week"), day("2019-12-31"), day("2019-12-27")}), "-1");
  EXPECT_VALUE(fn("datediff", {part("week"), day("2019-12-31"), day("2019-12-30")}), "0");
  EXPECT_VALUE(fn("datediff", {part("week"), day("2019-12-31"), day("2020-01-06")}), "1");
  EXPECT_VALUE(fn("datediff", {part("quarter"), literal("1998-07-01"), day("2008-06-05")}), "39");
  EXPECT_VALUE(fn("datediff", {part("month"), day("2009-03-01"), day("2008-11-30")}), "-4");
  EXPECT_VALUE(fn("datediff", {part("day"), moment("2009-01-01 23:59:59"), moment("2009-01-02 00:00:00")}), "1");
  EXPECT_VALUE(fn("datediff", {part("hour"), moment("1969-12-31 23:59:59"), moment("1970-01-01 00:00:00")}), "1");
  EXPECT_VALUE(fn("datediff", {part("hour"), value("20:00:00", kTime), value("15:24:45", kTime)}), "-5");
  EXPECT_VALUE(fn("datediff", {part("decade"), day("1999-12-31"), day("2000-01-01")}), "1");
}

// Guide page r_Dateparts_for_datetime_functions.
TEST(Dates, HaveParts) {
  const Expression at = moment("2009-09-21 11:10:03.189717");
  EXPECT_VALUE(fn("extract", {part("second"), at}), "3");
  EXPECT_VALUE(fn("date_part", {part("second"), at}), "3.189717");
  EXPECT_VALUE(fn("extract", {part("millisecond"), at}), "189");
  EXPECT_VALUE(fn("extract", {part("microsecond"), at}), "717");
  EXPECT_VALUE(fn("extract", {part("century"), moment("2000-12-16 12:21:13")}), "20");
  EXPECT_VALUE(fn("extract", {part("century"), moment("2001-12-16 12:21:13")}), "21");
  EXPECT_VALUE(fn("extract", {part("decade"), moment("1999-02-16 20:38:40")}), "200");
  EXPECT_VALUE(fn("extract", {part("decade"), moment("2010-02-16 20:38:40")}), "202");
  EXPECT_VALUE(fn("extract", {part("millennium"), moment("2000-12-16 12:21:13")}), "2");
  EXPECT_VALUE(fn("extract", {part("dow"), day("2009-09-20")}), "0");
  EXPECT_VALUE(fn("extract", {part("week"), day("2010-01-03")}), "53");
  EXPECT_VALUE(fn("date_part", {part("epoch"), moment("2008-01-01 20:00:00")}), "1199217600");
  EXPECT_VALUE(fn("extract", {part("epoch"), moment("2040-01-01 00:00:00")}), "2208988800");
  EXPECT_VALUE(fn("extract", {part("hour"), value("2009-09-21 23:10:03+00", kTimestampTz)}), "23");
  EXPECT_VALUE(fn("extract", {part("year"), value("12:00:00", kTime)}),
               "22023 date part \"year\" is not supported by function extract for this type");
  EXPECT_VALUE(fn("extract", {part("day"), value("40 days", kDays)}), "40");
}

TEST(Dates, Truncate) {
  EXPECT_VALUE(fn("date_trunc", {part("week"), moment("2008-09-07 22:00:00")}), "2008-09-01 00:00:00");
  EXPECT_VALUE(fn("date_trunc", {part("month"), day("2008-02-29")}), "2008-02-01 00:00:00");
  EXPECT_VALUE(fn("date_trunc", {part("hour"), value("2008-02-29 23:59:59+00", kTimestampTz)}),
               "2008-02-29 23:00:00+00");
  EXPECT_VALUE(fn("date_trunc", {part("century"), day("2000-12-31")}), "1901-01-01 00:00:00");
  EXPECT_VALUE(fn("date_trunc", {part("decade"), day("1999-12-31")}), "1990-01-01 00:00:00");
  EXPECT_VALUE(fn("trunc", {moment("2008-02-29 23:59:59")}), "2008-02-29");
  EXPECT_VALUE(fn("last_day", {day("2008-02-03")}), "2008-02-29");
  EXPECT_VALUE(fn("next_day", {day("2014-08-20"), text("Tuesday")}), "2014-08-26");
  EXPECT_VALUE(fn("next_day", {day("2014-08-20"), text("we")}), "2014-08-27");
  EXPECT_VALUE(fn("next_day", {day("2014-08-20"), text("x")}), "22023 invalid day of the week: \"x\"");
  EXPECT_VALUE(fn("months_between", {literal("1969-01-18"), literal("1969-03-18")}), "-2");
  EXPECT_VALUE(fn("months_between", {day("2008-03-31"), day("2008-02-29")}), "1");
}

TEST(Dates, Compute) {
  EXPECT_VALUE(op("+", {day("2008-02-28"), integer(2)}), "2008-03-01");
  EXPECT_VALUE(op("-", {day("2008-03-01"), integer(1)}), "2008-02-29");
  EXPECT_VALUE(op("-", {day("2008-03-01"), day("2008-02-01")}), "29");
  EXPECT_VALUE(op("+", {day("2008-01-31"), value("1 month", kMonths)}), "2008-02-29 00:00:00");
  EXPECT_VALUE(op("-", {moment("2008-03-01 10:00:00"), value("1 day 12 hours", kDays)}), "2008-02-28 22:00:00");
  EXPECT_VALUE(op("-", {moment("2008-03-01 10:00:00"), moment("2008-02-28 22:00:00")}),
               "1 days 12 hours 0 mins 0.0 secs");
  EXPECT_VALUE(op("+", {value("2008-03-01 10:00:00+00", kTimestampTz), value("1 day", kDays)}),
               "2008-03-02 10:00:00+00");
  EXPECT_VALUE(op("*", {value("1 day", kDays), value("1.5", kDouble)}), "1 days 12 hours 0 mins 0.0 secs");
  EXPECT_VALUE(op("/", {value("1 day", kDays), integer(0)}), "22012 division by zero");
  EXPECT_VALUE(op("+", {day("2008-03-01"), value("10:30:00", kTime)}), "2008-03-01 10:30:00");
  EXPECT_VALUE(op("+", {day("2008-03-01"), integer(2147483647)}), "22008 date out of range");
  EXPECT_VALUE(fn("date_cmp", {day("2008-03-01"), day("2008-03-02")}), "-1");
}

TEST(Dates, KnowTimeZones) {
  EXPECT_VALUE(fn("convert_timezone", {text("America/New_York"), moment("2008-07-01 12:00:00")}),
               "2008-07-01 08:00:00");
  EXPECT_VALUE(fn("convert_timezone", {text("America/New_York"), text("Europe/London"), moment("2008-07-01 12:00:00")}),
               "2008-07-01 17:00:00");
  EXPECT_VALUE(op("at time zone", {moment("2008-07-01 12:00:00"), text("Europe/London")}), "2008-07-01 11:00:00+00");
  EXPECT_VALUE(fn("timezone", {text("Mars/Olympus"), moment("2008-07-01 12:00:00")}), "22023 time zone not recognized");
}

// Guide page r_TO_CHAR.
TEST(Formats, PrintDates) {
  const Expression at = moment("2009-12-31 23:15:59");
  EXPECT_VALUE(fn("to_char", {at, text("MONTH-DY-DD-YYYY HH12:MIPM")}), "DECEMBER -THU-31-2009 11:15PM");
  EXPECT_VALUE(fn("to_char", {at, text("DDD")}), "365");
  EXPECT_VALUE(fn("to_char", {moment("2022-05-16 23:15:59"), text("ID")}), "1");
  EXPECT_VALUE(fn("to_char", {moment("2008-01-25 14:30:00"), text("MON-DD-YYYY HH12:MIPM")}), "JAN-25-2008 02:30PM");
  EXPECT_VALUE(fn("to_char", {at, text("cc")}), "21");
  EXPECT_VALUE(fn("to_char", {at, text("HH12:MI:SS TZ")}), "11:15:59 UTC");
  EXPECT_VALUE(fn("to_char", {day("2011-03-01"), text("FMMonth FMDDth, YYYY")}), "March 1st, 2011");
  EXPECT_VALUE(fn("to_char", {day("2010-01-03"), text("IYYY-IW \"week\" WW Q J")}), "2009-53 week 01 1 2455200");
  EXPECT_VALUE(fn("to_char", {moment("2010-01-03 00:05:06.0789"), text("HH24:MI:SS.MS US SSSS am")}),
               "00:05:06.078 078900 306 am");
  EXPECT_VALUE(fn("to_char", {null(kTimestamp), text("YYYY")}), "null");
}

TEST(Formats, PrintNumbers) {
  EXPECT_VALUE(fn("to_char", {decimal("-125.8", 4, 1), text("999D99S")}), "125.80-");
  EXPECT_VALUE(fn("to_char", {decimal("618.80", 8, 2), text("l99999D99")}), "$   618.80");
  EXPECT_VALUE(fn("to_char", {decimal("618.80", 8, 2), text("FMrn")}), "dcxix");
  EXPECT_VALUE(fn("to_char", {value("485", kInteger), text("999")}), " 485");
  EXPECT_VALUE(fn("to_char", {value("-485", kInteger), text("999")}), "-485");
  EXPECT_VALUE(fn("to_char", {value("1485", kInteger), text("9,999")}), " 1,485");
  EXPECT_VALUE(fn("to_char", {value("48", kInteger), text("9,999")}), "    48");
  EXPECT_VALUE(fn("to_char", {value("12", kInteger), text("9990999.9")}), "    0012.0");
  EXPECT_VALUE(fn("to_char", {value("12", kInteger), text("FM9990999.9")}), "0012.");
  EXPECT_VALUE(fn("to_char", {decimal("-0.1", 4, 1), text("99.99")}), "  -.10");
  EXPECT_VALUE(fn("to_char", {decimal("-0.1", 4, 1), text("FM9.99")}), "-.1");
  EXPECT_VALUE(fn("to_char", {value("-485", kInteger), text("999PR")}), "<485>");
  EXPECT_VALUE(fn("to_char", {value("485", kInteger), text("999MI")}), "485 ");
  EXPECT_VALUE(fn("to_char", {value("485", kInteger), text("SG999")}), "+485");
  EXPECT_VALUE(fn("to_char", {value("0", kInteger), text("999")}), "   0");
  EXPECT_VALUE(fn("to_char", {value("12345", kInteger), text("999")}), " ###");
  EXPECT_VALUE(fn("to_char", {value("1234.5678", kDouble), text("FM999,999.00")}), "1,234.57");
  EXPECT_VALUE(fn("to_char", {value("7", kInteger), text("FM00")}), "07");
}

// Guide pages r_TO_DATE_function, r_TO_TIMESTAMP, r_TO_NUMBER.
TEST(Formats, Read) {
  EXPECT_VALUE(fn("to_date", {text("02 Oct 2001"), text("DD Mon YYYY")}), "2001-10-02");
  EXPECT_VALUE(fn("to_date", {text("20010631"), text("YYYYMMDD")}), "2001-07-01");
  EXPECT_VALUE(fn("to_date", {text("20010631"), text("YYYYMMDD"), constant("t", kBoolean)}),
               "22008 date/time field date value out of range: 2001-6-31");
  EXPECT_VALUE(fn("to_date", {text("20011331"), text("YYYYMMDD")}),
               "22008 date/time field value out of range: 20011331");
  EXPECT_VALUE(fn("to_date", {text("9/12/11"), text("DD/MM/YY")}), "2011-12-09");
  EXPECT_VALUE(fn("to_date", {text("abc"), text("YYYY")}), "22007 invalid value \"abc\" for a date or time field");
  EXPECT_VALUE(fn("to_timestamp", {text("2011-12-18 11:38:15 PM"), text("YYYY-MM-DD HH12:MI:SS AM")}),
               "2011-12-18 23:38:15+00");
  EXPECT_VALUE(fn("to_number", {text("12,454.8-"), text("99G999D9S")}), "-12454.8");
  EXPECT_VALUE(fn("to_number", {text("$ 12,454.88"), text("L 99G999D99")}), "12454.88");
  EXPECT_VALUE(fn("to_number", {text("abc"), text("999")}), "22P02 invalid input syntax for type numeric: \"abc\"");
}

TEST(Emission, RefusesByName) {
  EXPECT_VALUE(fn("fnv_hash", {constant("2011-12-09", kDate)}),
               "0A000 a value of type date in function fnv_hash is not supported yet");
}

}  // namespace
}  // namespace garland::embedded
