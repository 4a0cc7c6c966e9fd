#include "semantics/functions.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

const Type kSmallint = Type::of(TypeId::kSmallint), kInteger = Type::of(TypeId::kInteger),
           kBigint = Type::of(TypeId::kBigint);
const Type kDouble = Type::of(TypeId::kDouble), kDate = Type::of(TypeId::kDate),
           kTimestamp = Type::of(TypeId::kTimestamp);
const Type kTimestampTz = Type::of(TypeId::kTimestampTz), kBoolean = Type::of(TypeId::kBoolean), kUnknown = {};
const Type kDays = Type::of(TypeId::kIntervalDayToSecond);

std::string shown(const FunctionMatch& match) {
  std::string text = match.canonical + "(";
  for (const Type& type : match.argument_types)
    text += (&type == match.argument_types.data() ? "" : ", ") + engine::to_string(type);
  return text + ") " + engine::to_string(match.result);
}

/// `constants`: texts, "" for what is not constant.
std::string function(std::string_view name, std::vector<Type> types, std::vector<std::string> constants = {}) {
  std::vector<const std::string*> pointers;
  constants.resize(types.size());
  for (const std::string& text : constants) pointers.push_back(text.empty() ? nullptr : &text);
  try {
    return shown(match_function(name, types, pointers));
  } catch (const Error& error) {
    return std::string(error.state().text()) + " " + error.message() +
           (error.hint().empty() ? "" : " | " + error.hint());
  }
}

std::string op(std::string_view name, std::vector<Type> types) {
  try {
    return shown(match_operator(name, types));
  } catch (const Error& error) {
    return std::string(error.state().text()) + " " + error.message();
  }
}

TEST(MatchFunction, TakesSynonyms) {
  EXPECT_EQ(function("len", {Type::varchar(10)}), "length(character varying(10)) integer");
  EXPECT_EQ(function("nvl", {kInteger, kUnknown}), "coalesce(integer, integer) integer");
  EXPECT_EQ(function("charindex", {Type::varchar(1), Type::varchar(9)}),
            "position(character varying(1), character varying(9)) integer");
  EXPECT_EQ(function("dlog10", {kInteger}), "log(double precision) double precision");
}

TEST(MatchFunction, ConvertsArguments) {
  EXPECT_EQ(function("len", {kInteger}), "length(character varying(11)) integer");
  EXPECT_EQ(function("substring", {Type::varchar(9), kSmallint, kBigint}),
            "substring(character varying(9), integer, integer) character varying(9)");
  EXPECT_EQ(function("sqrt", {Type::decimal(8, 2)}), "sqrt(double precision) double precision");
  EXPECT_EQ(function("coalesce", {Type::decimal(12, 2), kInteger}),
            "coalesce(numeric(12,2), numeric(12,2)) numeric(12,2)");
  EXPECT_EQ(function("nvl2", {kDate, kInteger, kBigint}), "nvl2(date, bigint, bigint) bigint");
}

TEST(MatchFunction, GivesStringLengths) {
  EXPECT_EQ(function("concat", {Type::varchar(10), Type::character(5)}),
            "||(character varying(10), character(5)) character varying(15)");
  EXPECT_EQ(function("lpad", {Type::varchar(10), kInteger}, {"", "6"}),
            "lpad(character varying(10), integer) character varying(24)");
  EXPECT_EQ(function("repeat", {Type::varchar(10), kInteger}, {"", "3"}),
            "repeat(character varying(10), integer) character varying(30)");
  EXPECT_EQ(op("||", {Type::varchar(65000), Type::varchar(65000)}),
            "||(character varying(65000), character varying(65000)) character varying(65535)");
}

// Guide pages r_ROUND, r_TRUNC, r_CEILING_FLOOR: their examples print no digits that were rounded away.
TEST(MatchFunction, RoundsDecimalTypes) {
  EXPECT_EQ(function("round", {Type::decimal(8, 2)}), "round(numeric(8,2)) numeric(7,0)");
  EXPECT_EQ(function("round", {Type::decimal(8, 2), kInteger}, {"", "1"}), "round(numeric(8,2), integer) numeric(8,1)");
  EXPECT_EQ(function("round", {Type::decimal(8, 2), kInteger}, {"", "-1"}),
            "round(numeric(8,2), integer) numeric(7,0)");
  EXPECT_EQ(function("ceil", {Type::decimal(3, 1)}), "ceil(numeric(3,1)) numeric(3,0)");
  EXPECT_EQ(function("trunc", {kTimestamp}), "trunc_date(timestamp without time zone) date");
  EXPECT_EQ(function("round", {kInteger}), "round(integer) integer");
}

// Guide pages r_SUM, r_AVG, r_MEDIAN.
TEST(MatchFunction, GivesAggregatesTheirTypes) {
  EXPECT_EQ(function("sum", {kSmallint}), "sum(smallint) bigint");
  EXPECT_EQ(function("sum", {Type::decimal(12, 2)}), "sum(numeric(12,2)) numeric(38,2)");
  EXPECT_EQ(function("avg", {kInteger}), "avg(integer) bigint");
  EXPECT_EQ(function("avg", {Type::of(TypeId::kReal)}), "avg(real) double precision");
  EXPECT_EQ(function("count", {}), "count() bigint");
  EXPECT_EQ(function("median", {kInteger}), "median(integer) numeric(20,1)");
  EXPECT_EQ(function("listagg", {Type::varchar(5), kUnknown}),
            "listagg(character varying(5), character varying(65535)) character varying(65535)");
  EXPECT_EQ(function("percentile_cont", {Type::decimal(2, 1), Type::decimal(12, 2)}),
            "percentile_cont(double precision, numeric(12,2)) numeric(38,2)");
}

TEST(MatchFunction, KnowsDates) {
  EXPECT_EQ(function("dateadd", {kUnknown, kInteger, kDate}, {"day", "", ""}),
            "dateadd(character varying(65535), integer, timestamp without time zone) timestamp without time zone");
  EXPECT_EQ(function("datediff", {kUnknown, kTimestamp, kTimestampTz}, {"day", "", ""}).substr(0, 62),
            "datediff(character varying(65535), timestamp with time zone, t");
  EXPECT_EQ(function("extract", {kUnknown, kTimestamp}, {"epoch", ""}),
            "extract(character varying(65535), timestamp without time zone) bigint");
  EXPECT_EQ(function("extract", {kUnknown, kDate}, {"year", ""}),
            "extract(character varying(65535), timestamp without time zone) integer");
  EXPECT_EQ(function("last_day", {kDate}), "last_day(date) date");
  EXPECT_EQ(function("to_number", {Type::varchar(20), kUnknown}, {"", "99G999D99"}),
            "to_number(character varying(20), character varying(65535)) numeric(7,2)");
  EXPECT_EQ(match_function("getdate", {}, {}).session_value, "getdate");
}

TEST(MatchFunction, MatchesDecode) {
  EXPECT_EQ(function("decode", {kInteger, kUnknown, kUnknown, kUnknown}),
            "decode(integer, integer, character varying(65535), character varying(65535)) character varying(65535)");
  EXPECT_EQ(function("decode", {kInteger, kInteger, kInteger, kInteger, kBigint, kInteger}),
            "decode(integer, integer, bigint, integer, bigint, bigint) bigint");
  EXPECT_EQ(function("decode", {kInteger, kInteger, kInteger, kDate}).substr(0, 5), "42804");
}

TEST(MatchFunction, RefusesWithAName) {
  EXPECT_EQ(function("lowwer", {Type::varchar(3)}),
            "42883 function lowwer(character varying) does not exist | Perhaps you meant: lower.");
  EXPECT_EQ(function("lower", {kInteger, kInteger}).substr(0, 54),
            "42883 function lower(integer, integer) does not exist ");
  EXPECT_EQ(function("explain_model", {Type::varchar(3)}), "0A000 function explain_model is not supported yet");
  EXPECT_EQ(function("pg_read_file", {kUnknown}), "42883 function pg_read_file(unknown) does not exist");
  EXPECT_EQ(function("sqrt", {Type::varchar(3)}).substr(0, 5), "42883");
}

TEST(MatchOperator, DoesDateArithmetic) {
  EXPECT_EQ(op("+", {kDate, kInteger}), "+(date, integer) date");
  EXPECT_EQ(op("+", {kInteger, kDate}), "+(integer, date) date");
  EXPECT_EQ(op("-", {kDate, kDate}), "-(date, date) integer");
  EXPECT_EQ(op("+", {kDate, kDays}),
            "+(timestamp without time zone, interval day to second) timestamp without time zone");
  EXPECT_EQ(op("-", {kTimestamp, kDate}),
            "-(timestamp without time zone, timestamp without time zone) interval day to second");
  EXPECT_EQ(op("*", {kInteger, kDays}), "*(double precision, interval day to second) interval day to second");
  EXPECT_EQ(op("+", {kTimestamp, kInteger}), "42883 operator does not exist: timestamp without time zone + integer");
  EXPECT_EQ(op("*", {kDate, kInteger}), "42883 operator does not exist: date * integer");
}

TEST(MatchOperator, ConvertsOperands) {
  EXPECT_EQ(op("+", {kSmallint, kBigint}), "+(bigint, bigint) bigint");
  EXPECT_EQ(op("*", {Type::decimal(12, 2), kInteger}), "*(numeric(12,2), numeric(10,0)) numeric(23,2)");
  EXPECT_EQ(op("+", {kUnknown, kInteger}), "+(integer, integer) integer");
  EXPECT_EQ(op("+", {kUnknown, kUnknown}).substr(0, 5), "42725");
  EXPECT_EQ(op("=", {Type::varchar(3), kInteger}), "=(character varying(3), character varying(11)) boolean");
  EXPECT_EQ(op("<", {kUnknown, kDate}), "<(date, date) boolean");
  EXPECT_EQ(op("and", {kBoolean, kInteger}), "42804 argument of AND must be type boolean, not type integer");
  EXPECT_EQ(op("||", {kInteger, kInteger}), "42883 operator does not exist: integer || integer");
  EXPECT_EQ(op("||", {kInteger, kUnknown}),
            "||(character varying(11), character varying(65535)) character varying(65535)");
  EXPECT_EQ(op("neg", {Type::varchar(2)}), "42883 operator does not exist: - character varying");
}

TEST(Names, TellKindsApart) {
  EXPECT_TRUE(is_aggregate("sum"));
  EXPECT_FALSE(is_aggregate("rank"));
  EXPECT_TRUE(is_window_function("lag"));
  EXPECT_FALSE(is_window_function("sum"));
  EXPECT_TRUE(reads_clock("getdate"));
  EXPECT_FALSE(reads_clock("date_trunc"));
  EXPECT_EQ(date_part_argument("datediff"), 0);
  EXPECT_EQ(date_part_argument("lower"), -1);
}

// Guide page r_Dateparts_for_datetime_functions; DATEADD's page says that "m" is the minute.
TEST(DateParts, KnowTheirSpellings) {
  EXPECT_EQ(canonical_date_part("M"), "minute");
  EXPECT_EQ(canonical_date_part("mon"), "month");
  EXPECT_EQ(canonical_date_part("QTRS"), "quarter");
  EXPECT_EQ(canonical_date_part("weekday"), "dow");
  EXPECT_EQ(canonical_date_part("fortnight"), std::nullopt);
}

}  // namespace
}  // namespace garland::semantics
