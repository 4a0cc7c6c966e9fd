// PostgreSQL's types and binary values; tests/e2e/capture_types_test compares them with a real server's own text.
#include "ingest/postgres/types.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/text.h"
#include "ingest/postgres/numeric.h"
#include "ingest/postgres/row_text.h"
#include "ingest/table.h"

namespace garland::ingest::postgres {
namespace {

using engine::Type;
using engine::TypeId;

template <class T>
std::string big(T value) {
  std::string out;
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
    out += static_cast<char>((static_cast<uint64_t>(value) >> shift) & 0xff);
  }
  return out;
}

/// A numeric's bytes: digits to the base of 10,000 from weight on.
std::string numeric(int weight, uint16_t sign, int scale, const std::vector<int>& digits) {
  std::string out = big(static_cast<int16_t>(digits.size())) + big(static_cast<int16_t>(weight)) + big(sign) +
                    big(static_cast<int16_t>(scale));
  for (const int digit : digits) out += big(static_cast<int16_t>(digit));
  return out;
}

std::string landed(const Landing& landing, const std::string& bytes) {
  const SourceTypes types;
  engine::BatchBuilder out({landing.type});
  if (const auto fault = ValueReader(types).read(landing, bytes, out, 0)) return std::string(fault->state.text());
  out.end_row();
  std::string text;
  engine::append_text(text, out.batch().columns[0], 0);
  return text;
}

std::string type_text(Oid type, int32_t typmod) { return to_string(landing_of(SourceTypes(), type, typmod).type); }

TEST(Types, LandAsRedshiftsTypes) {
  EXPECT_EQ(type_text(1700, -1), "numeric(38,18)");
  EXPECT_EQ(type_text(1700, ((12 << 16) | 2) + 4), "numeric(12,2)");
  EXPECT_EQ(type_text(1700, ((3 << 16) | (-2 & 0x7ff)) + 4), "numeric(5,0)");  // numeric(3,-2)
  EXPECT_EQ(type_text(1700, ((2 << 16) | 5) + 4), "numeric(5,5)");             // numeric(2,5)
  EXPECT_EQ(type_text(1700, ((60 << 16) | 2) + 4), "numeric(38,2)");
  EXPECT_EQ(type_text(1043, 14), "character varying(40)");
  EXPECT_EQ(type_text(1043, 100'004), "character varying(65535)");
  EXPECT_EQ(type_text(25, -1), "character varying(65535)");
  EXPECT_EQ(type_text(3802, -1), "super");
}

TEST(Types, EnumsDomainsAndArraysAreResolvedAndTheRestIsRefusedByName) {
  SourceTypes types;
  types.add(20'000, {.name = "mood", .kind = 'e'});
  types.add(20'001, {.name = "euros", .kind = 'd', .base = 1700, .base_typmod = ((9 << 16) | 2) + 4});
  types.add(20'002, {.name = "mood[]", .element = 20'000});
  types.add(20'003, {.name = "address", .kind = 'c'});
  types.add(20'004, {.name = "address[]", .element = 20'003});
  types.add(1186, {.name = "interval"});
  EXPECT_EQ(to_string(landing_of(types, 20'000, -1).type), "character varying(252)");
  EXPECT_EQ(to_string(landing_of(types, 20'001, -1).type), "numeric(9,2)");
  EXPECT_EQ(landing_of(types, 20'002, -1).form, Form::kArray);
  for (const auto& [oid, name] : {std::pair{20'003u, "address"}, {20'004u, "address"}, {1186u, "interval"}}) {
    try {
      landing_of(types, oid, -1);
      ADD_FAILURE() << name << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.state(), kFeatureNotSupported);
      EXPECT_EQ(error.message(), std::string("columns of type ") + name + " are not taken");
    }
  }
  EXPECT_THROW(landing_of(types, 30'000, -1), Error);
}

TEST(Types, NumbersOfAnySizeHaveTheTextThatPostgresPrints) {
  EXPECT_EQ(numeric_text(numeric(0, 0, 2, {12, 5000})), "12.50");
  EXPECT_EQ(numeric_text(numeric(0, 0x4000, 0, {7})), "-7");
  EXPECT_EQ(numeric_text(numeric(0, 0, 2, {})), "0.00");
  EXPECT_EQ(numeric_text(numeric(-2, 0, 7, {120})), "0.0000012");
  EXPECT_EQ(numeric_text(numeric(10, 0, 0, {1})), "1" + std::string(40, '0'));
  EXPECT_EQ(numeric_text(numeric(1, 0, 3, {1, 2, 3400})), "10002.340");
  EXPECT_EQ(numeric_text(numeric(0, 0xC000, 0, {})), "NaN");
  EXPECT_EQ(numeric_text(numeric(0, 0xD000, 0, {})), "Infinity");
  EXPECT_EQ(numeric_text(numeric(0, 0xF000, 0, {})), "-Infinity");
  EXPECT_THROW(numeric_text(numeric(0, 0, 0, {1}).substr(0, 9)), Error);
}

TEST(Types, ARefusedRowIsShownAsItsTexts) {
  Relation relation;
  relation.columns = {{true, "id", 23, -1},     {false, "note", 25, -1},  {false, "price", 1700, -1},
                      {false, "spot", 600, -1}, {false, "day", 1082, -1}, {false, "large", 25, -1}};
  SourceTypes types;
  types.add(600, {"point"});
  const std::string id = big(int32_t{7}), price = numeric(0, 0xC000, 0, {}), spot = "\x01\x02",
                    day = big(std::numeric_limits<int32_t>::min());
  const Tuple row = {{ValueKind::kBinary, id},   {ValueKind::kBinary, "a \"b\"\n"}, {ValueKind::kBinary, price},
                     {ValueKind::kBinary, spot}, {ValueKind::kBinary, day},         {ValueKind::kUnchangedToast, ""}};
  EXPECT_EQ(row_text(row, relation, types),
            R"({"id":"7","note":"a \"b\"\n","price":"NaN","spot":"\\x0102","day":"-infinity"})");
  EXPECT_EQ(row_text({{ValueKind::kBinary, id}, {ValueKind::kNull, ""}}, relation, types), R"({"id":"7","note":null})");
  EXPECT_EQ(row_text({{ValueKind::kBinary, id}, {ValueKind::kBinary, "\xff"}}, relation, types),
            R"({"id":"7","note":"\\xff"})")
      << "no text in a text column";
}

TEST(Types, NumbersAreExactOrRefused) {
  const Landing price{Form::kNumeric, Type::decimal(6, 2)};
  EXPECT_EQ(landed(price, numeric(0, 0, 2, {12, 5000})), "12.50");
  EXPECT_EQ(landed(price, numeric(0, 0x4000, 2, {12, 5000})), "-12.50");
  EXPECT_EQ(landed(price, numeric(0, 0, 2, {})), "0.00");
  EXPECT_EQ(landed(price, numeric(-1, 0, 2, {100})), "0.01");
  EXPECT_EQ(landed(price, numeric(0, 0, 3, {1, 2340})), "22003");  // 1.234
  EXPECT_EQ(landed(price, numeric(1, 0, 2, {1, 0})), "22003");     // 10000
  EXPECT_EQ(landed(price, numeric(0, 0xC000, 0, {})), "22003");    // NaN
  EXPECT_EQ(landed(price, numeric(0, 0xD000, 0, {})), "22003");    // infinity
  EXPECT_EQ(landed(price, numeric(20, 0, 0, std::vector<int>(20, 9999))), "22003");
  const Landing wide{Form::kNumeric, Type::decimal(38, 0)};
  EXPECT_EQ(landed(wide, numeric(9, 0, 0, {99, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999})),
            "99999999999999999999999999999999999999");
  const Landing exact{Form::kNumeric, Type::decimal(38, 10)};  // 40 digits where PostgreSQL counts in fours
  EXPECT_EQ(landed(exact, numeric(6, 0, 10, {1234, 5678, 9012, 3456, 7890, 1234, 5678, 123, 4567, 8900})),
            "1234567890123456789012345678.0123456789");
  EXPECT_THROW(landed(price, numeric(0, 0, 2, {10'000})), Error);
  EXPECT_THROW(landed(price, numeric(0, 0, 2, {1}) + "x"), Error);
}

TEST(Types, RandomNumbersReadBack) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 2'000; ++round) {
    const auto whole = static_cast<int64_t>(random() % 1'000'000'000'000);
    const auto part = static_cast<int>(random() % 10'000);
    const std::string bytes = numeric(2, round % 2 ? 0x4000 : 0, 4,
                                      {static_cast<int>(whole / 100'000'000), static_cast<int>(whole / 10'000 % 10'000),
                                       static_cast<int>(whole % 10'000), part});
    engine::int128 value = 0;
    ASSERT_FALSE(read_numeric(bytes, 38, 4, value));
    const int64_t expected = whole * 10'000 + part;
    EXPECT_EQ(static_cast<int64_t>(value), round % 2 ? -expected : expected);
  }
}

TEST(Types, DatesAndTimesCountFrom2000AndAreNeverInfinite) {
  const Landing date{Form::kDate, Type::of(TypeId::kDate)};
  EXPECT_EQ(landed(date, big<int32_t>(0)), "2000-01-01");
  EXPECT_EQ(landed(date, big<int32_t>(-1)), "1999-12-31");
  EXPECT_EQ(landed(date, big<int32_t>(INT32_MAX)), "22008");
  EXPECT_EQ(landed(date, big<int32_t>(INT32_MIN)), "22008");
  const Landing moment{Form::kTimestamp, Type::of(TypeId::kTimestamp)};
  EXPECT_EQ(landed(moment, big<int64_t>(1'500'000)), "2000-01-01 00:00:01.5");
  EXPECT_EQ(landed(moment, big<int64_t>(INT64_MAX)), "22008");
  EXPECT_EQ(landed(moment, big<int64_t>(INT64_MIN)), "22008");
  const Landing zoned{Form::kTimeTz, Type::of(TypeId::kTimeTz)};
  EXPECT_EQ(landed(zoned, big<int64_t>(3'600'000'000) + big<int32_t>(-3600)), "00:00:00+00");  // 01:00+01
}

TEST(Types, TextsThatDoNotFitAreRefusedNotCut) {
  const Landing text{Form::kText, Type::varchar(8)};
  EXPECT_EQ(landed(text, "12345678"), "12345678");
  EXPECT_EQ(landed(text, "123456789"), "22001");
  EXPECT_EQ(landed({Form::kPaddedText, Type::varchar(8)}, "ab        "), "ab");
  EXPECT_EQ(landed({Form::kUuid, Type::varchar(36)},
                   std::string("\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef")),
            "01234567-89ab-cdef-0123-456789abcdef");
}

TEST(Types, ArraysAndJsonBecomeSuper) {
  const Landing array{Form::kArray, Type::of(TypeId::kSuper)};
  const std::string numbers = big<int32_t>(1) + big<int32_t>(1) + big<uint32_t>(23) + big<int32_t>(2) +
                              big<int32_t>(1) + big<int32_t>(4) + big<int32_t>(7) + big<int32_t>(-1);
  EXPECT_EQ(landed(array, numbers), "[7,null]");
  EXPECT_EQ(landed(array, big<int32_t>(0) + big<int32_t>(0) + big<uint32_t>(23)), "[]");
  EXPECT_THROW(landed(array, big<int32_t>(7) + big<int32_t>(0) + big<uint32_t>(23)), Error);
  EXPECT_THROW(landed(array, numbers.substr(0, numbers.size() - 1)), Error);
  EXPECT_EQ(landed({Form::kJsonb, Type::of(TypeId::kSuper)}, "\x01{\"a\": [1, \"x\"]}"), "{\"a\":[1,\"x\"]}");
  EXPECT_THROW(landed({Form::kJsonb, Type::of(TypeId::kSuper)}, "\x02{}"), Error);
  EXPECT_EQ(landed({Form::kJson, Type::of(TypeId::kSuper)}, "{\"a\": 1, \"a\": 2}"), "{\"a\":2}");
}

TEST(Types, NarrowedColumnsRefuseWhatDoesNotFit) {
  EXPECT_EQ(landed({Form::kInt8, Type::of(TypeId::kInteger)}, big<int64_t>(5)), "5");
  EXPECT_EQ(landed({Form::kInt8, Type::of(TypeId::kInteger)}, big<int64_t>(5'000'000'000)), "22003");
  EXPECT_EQ(landed({Form::kInt4, Type::decimal(12, 2)}, big<int32_t>(-5)), "-5.00");
}

TEST(Types, WideningKeepsEveryValue) {
  EXPECT_TRUE(widens(Type::of(TypeId::kInteger), Type::of(TypeId::kBigint)));
  EXPECT_FALSE(widens(Type::of(TypeId::kBigint), Type::of(TypeId::kInteger)));
  EXPECT_TRUE(widens(Type::of(TypeId::kInteger), Type::decimal(12, 2)));
  EXPECT_FALSE(widens(Type::of(TypeId::kInteger), Type::decimal(11, 2)));
  EXPECT_TRUE(widens(Type::decimal(10, 2), Type::decimal(12, 4)));
  EXPECT_FALSE(widens(Type::decimal(10, 2), Type::decimal(11, 4)));
  EXPECT_TRUE(widens(Type::varchar(10), Type::varchar(20)));
  EXPECT_FALSE(widens(Type::varchar(10), Type::of(TypeId::kSuper)));
}

}  // namespace
}  // namespace garland::ingest::postgres
