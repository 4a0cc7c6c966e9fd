// Binary values: PostgreSQL's send and receive functions; DECIMAL as redshift_connector reads it.
#include "endpoint/values.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "engine/text.h"
#include "net/digest.h"

namespace garland::endpoint {
namespace {

using engine::Type;
using engine::TypeId;

/// The field of a row with the value that the text stands for, as hex digits without its length.
std::string sent(const Type& type, const std::string& text, BinaryDecimal decimals = BinaryDecimal::kDigits) {
  engine::BatchBuilder builder({type});
  EXPECT_FALSE(engine::read_field(text, type, builder, 0)) << text;
  builder.end_row();
  std::string out;
  RowEncoder({{"c", type}}, {Format::kBinary}, decimals).append(out, builder.batch(), 0);
  return net::hex(out.substr(1 + 4 + 2 + 4));  // type, length, fields, length
}

std::string received(const Type& type, const std::string& hex) { return text_of_binary(type, *net::from_hex(hex)); }

TEST(Values, BinaryAndBack) {
  const Type decimal = Type::decimal(38, 10), narrow = Type::decimal(10, 2);
  const std::tuple<Type, std::string, std::string> cases[] = {
      {Type::of(TypeId::kBoolean), "t", "01"},
      {Type::of(TypeId::kSmallint), "-2", "fffe"},
      {Type::of(TypeId::kInteger), "2147483647", "7fffffff"},
      {Type::of(TypeId::kBigint), "-9223372036854775808", "8000000000000000"},
      {Type::of(TypeId::kReal), "1.5", "3fc00000"},
      {Type::of(TypeId::kDouble), "-0.1", "bfb999999999999a"},
      {Type::of(TypeId::kDate), "2000-01-01", "00000000"},
      {Type::of(TypeId::kDate), "1999-12-31", "ffffffff"},
      {Type::of(TypeId::kTime), "00:00:01", "00000000000f4240"},
      {Type::of(TypeId::kTimestamp), "2000-01-01 00:00:00.000001", "0000000000000001"},
      {Type::of(TypeId::kTimeTz), "23:00:00+00", "000000134743bc0000000000"},
      {Type::of(TypeId::kIntervalYearToMonth), "1 years 2 mons", "0000000e"},
      {Type::varchar(20), "Grüße", "4772c3bcc39f65"},
      {narrow, "0.00", "0000000000000002"},
      {narrow, "-0.05", "0001ffff4000000201f4"},
      {narrow, "12345.67", "0003000100000002000109291a2c"},
      {narrow, "10000.00", "00010001000000020001"},
      {decimal, "9999999999999999999999999999.9999999999", ""},
      {decimal, "-0.0000000001", ""},
      {decimal, "1234567890123456789012345678.0000000001", ""},
  };
  for (const auto& [type, text, hex] : cases) {
    const std::string bytes = sent(type, text);
    if (!hex.empty()) {
      EXPECT_EQ(bytes, hex) << engine::to_string(type) << " " << text;
    }
    EXPECT_EQ(received(type, bytes), text) << engine::to_string(type);
  }
}

TEST(Values, ScaledDecimals) {
  EXPECT_EQ(sent(Type::decimal(10, 2), "-1.00", BinaryDecimal::kScaled), "ffffffffffffff9c");
  EXPECT_EQ(sent(Type::decimal(38, 2), "-1.00", BinaryDecimal::kScaled), "ffffffffffffffffffffffffffffff9c");
}

TEST(Values, EveryDoubleComesBack) {
  for (const char* bits : {"3fb999999999999a", "3ff0000000000001", "7fefffffffffffff", "0000000000000001"}) {
    const std::string text = received(Type::of(TypeId::kDouble), bits);
    EXPECT_EQ(sent(Type::of(TypeId::kDouble), text), bits) << text;
  }
}

TEST(Values, BadBytesAreRefused) {
  const std::pair<Type, std::string> cases[] = {
      {Type::of(TypeId::kInteger), "000000"},
      {Type::of(TypeId::kBoolean), ""},
      {Type::of(TypeId::kDate), "7fffffff"},
      {Type::of(TypeId::kTimestamp), "7fffffffffffffff"},
      {Type::of(TypeId::kTimestamp), "8000000000000000"},
      {Type::of(TypeId::kTime), "ffffffffffffffff"},
      {Type::of(TypeId::kTimeTz), "00000000000000007fffffff"},
      {Type::decimal(10, 2), "00"},
      {Type::decimal(10, 2), "7fff000000000002"},
      {Type::decimal(10, 2), "ffff000000000002"},
      {Type::decimal(10, 2), "0001000000000002ffff"},
      {Type::decimal(10, 2), "00017fff000000020001"},
      {Type::decimal(10, 2), "00000000c0000000"},  // NaN
      {Type::varchar(10), "ff"},
  };
  for (const auto& [type, hex] : cases) {
    EXPECT_THROW(received(type, hex), Error) << engine::to_string(type) << " " << hex;
  }
}

TEST(Values, FormatsAreNoneOneOrEach) {
  EXPECT_EQ(formats_of({}, 2, "x"), (std::vector{Format::kText, Format::kText}));
  EXPECT_EQ(formats_of({1}, 2, "x"), (std::vector{Format::kBinary, Format::kBinary}));
  EXPECT_EQ(formats_of({0, 1}, 2, "x"), (std::vector{Format::kText, Format::kBinary}));
  EXPECT_THROW(formats_of({0, 1, 1}, 2, "x"), Error);
  EXPECT_THROW(formats_of({2}, 1, "x"), Error);
}

}  // namespace
}  // namespace garland::endpoint
