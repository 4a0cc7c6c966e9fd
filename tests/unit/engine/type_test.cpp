#include "engine/type.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace garland::engine {
namespace {

struct Case {
  Type type;
  const char* name;
  uint32_t oid;
  int32_t typmod;
};

// Names as format_type prints them; OIDs of pg_type and of Redshift's drivers; typmods as PostgreSQL packs them.
const Case kCases[] = {
    {Type::of(TypeId::kBoolean), "boolean", 16, -1},
    {Type::of(TypeId::kSmallint), "smallint", 21, -1},
    {Type::of(TypeId::kInteger), "integer", 23, -1},
    {Type::of(TypeId::kBigint), "bigint", 20, -1},
    {Type::decimal(18, 2), "numeric(18,2)", 1700, (18 << 16 | 2) + 4},
    {Type::decimal(38, 37), "numeric(38,37)", 1700, (38 << 16 | 37) + 4},
    {Type::of(TypeId::kReal), "real", 700, -1},
    {Type::of(TypeId::kDouble), "double precision", 701, -1},
    {Type::character(10), "character(10)", 1042, 14},
    {Type::varchar(256), "character varying(256)", 1043, 260},
    {Type::of(TypeId::kDate), "date", 1082, -1},
    {Type::of(TypeId::kTime), "time without time zone", 1083, -1},
    {Type::of(TypeId::kTimeTz), "time with time zone", 1266, -1},
    {Type::of(TypeId::kTimestamp), "timestamp without time zone", 1114, -1},
    {Type::of(TypeId::kTimestampTz), "timestamp with time zone", 1184, -1},
    {Type::of(TypeId::kIntervalYearToMonth), "interval year to month", 1188, -1},
    {Type::of(TypeId::kIntervalDayToSecond), "interval day to second", 1190, -1},
    {Type::of(TypeId::kSuper), "super", 4000, -1},
    {Type::varbyte(64000), "binary varying(64000)", 6551, 64004},
    {Type::of(TypeId::kHllSketch), "hllsketch", 2935, -1},
};

TEST(Type, NamesOidsAndTypmodsGoBothWays) {
  for (const Case& c : kCases) {
    EXPECT_EQ(to_string(c.type), c.name);
    EXPECT_EQ(oid(c.type), c.oid) << c.name;
    EXPECT_EQ(typmod(c.type), c.typmod) << c.name;
    EXPECT_TRUE(type_of(c.oid, c.typmod) == c.type) << c.name;
  }
}

TEST(Type, OidsWithoutModifierTakeTheLargestType) {
  EXPECT_TRUE(type_of(1043, -1) == Type::varchar(65535));
  EXPECT_TRUE(type_of(25, -1) == Type::varchar(65535));
  EXPECT_TRUE(type_of(0, -1) == Type{});
}

TEST(Type, AnUnknownOidIsRefused) {
  try {
    type_of(600, -1);  // point
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.state().text(), "42704");
  }
}

}  // namespace
}  // namespace garland::engine
