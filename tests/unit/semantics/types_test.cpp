#include "semantics/types.h"

#include <gtest/gtest.h>

namespace garland::semantics {
namespace {

using engine::TypeId;

const Type kSmallint = Type::of(TypeId::kSmallint), kInteger = Type::of(TypeId::kInteger),
           kBigint = Type::of(TypeId::kBigint);
const Type kReal = Type::of(TypeId::kReal), kDouble = Type::of(TypeId::kDouble), kDate = Type::of(TypeId::kDate);
const Type kTimestamp = Type::of(TypeId::kTimestamp), kTimestampTz = Type::of(TypeId::kTimestampTz);
const Type kBoolean = Type::of(TypeId::kBoolean), kUnknown = {};

std::string arithmetic(std::string_view op, const Type& left, const Type& right) {
  const std::optional<Type> type = arithmetic_type(op, left, right);
  return type ? engine::to_string(*type) : "none";
}

std::string common(std::vector<Type> types) {
  const std::optional<Type> type = common_type(types);
  return type ? engine::to_string(*type) : "none";
}

std::string compared(const Type& left, const Type& right) {
  const std::optional<Type> type = comparison_type(left, right);
  return type ? engine::to_string(*type) : "none";
}

// Guide page r_numeric_computations201, "Return types for computations".
TEST(ArithmeticType, KeepsTheWiderInteger) {
  EXPECT_EQ(arithmetic("+", kSmallint, kSmallint), "smallint");
  EXPECT_EQ(arithmetic("/", kSmallint, kInteger), "integer");
  EXPECT_EQ(arithmetic("*", kBigint, kSmallint), "bigint");
  EXPECT_EQ(arithmetic("%", kInteger, kBigint), "bigint");
}

TEST(ArithmeticType, AnyFloatGivesDouble) {
  EXPECT_EQ(arithmetic("+", kReal, kReal), "real");
  EXPECT_EQ(arithmetic("+", kReal, kInteger), "double precision");
  EXPECT_EQ(arithmetic("*", Type::decimal(8, 2), kReal), "double precision");
  EXPECT_EQ(arithmetic("^", kInteger, kInteger), "double precision");
}

// The same page's formulas and its example of PRICEPAID / COMMISSION.
TEST(ArithmeticType, FollowsTheDecimalFormulas) {
  EXPECT_EQ(arithmetic("/", Type::decimal(8, 2), Type::decimal(8, 2)), "numeric(17,9)");
  EXPECT_EQ(arithmetic("+", Type::decimal(12, 2), Type::decimal(10, 3)), "numeric(14,3)");
  EXPECT_EQ(arithmetic("*", Type::decimal(12, 2), Type::decimal(5, 3)), "numeric(18,5)");
  EXPECT_EQ(arithmetic("+", Type::decimal(38, 2), Type::decimal(38, 2)), "numeric(38,2)");
  EXPECT_EQ(arithmetic("*", Type::decimal(12, 2), kInteger), "numeric(23,2)");
  EXPECT_EQ(arithmetic("-", kSmallint, Type::decimal(4, 1)), "numeric(7,1)");
}

// A division that would need more than 38 digits gives up scale for whole digits, down to 4.
TEST(ArithmeticType, DivisionGivesUpScaleFirst) {
  EXPECT_EQ(arithmetic("/", Type::decimal(19, 0), Type::decimal(19, 0)), "numeric(38,19)");
  EXPECT_EQ(arithmetic("/", Type::decimal(19, 2), Type::decimal(38, 19)), "numeric(38,4)");
  EXPECT_EQ(arithmetic("*", Type::decimal(19, 2), Type::decimal(38, 19)), "numeric(38,21)");
  EXPECT_EQ(arithmetic("/", Type::decimal(38, 2), kBigint), "numeric(38,4)");
}

TEST(ArithmeticType, TakesNumbersOnly) {
  EXPECT_EQ(arithmetic("+", kDate, kInteger), "none");
  EXPECT_EQ(arithmetic("+", Type::varchar(3), kInteger), "none");
  EXPECT_EQ(arithmetic("+", kBoolean, kBoolean), "none");
}

TEST(CommonType, LetsLiteralsTakeTheOthersType) {
  EXPECT_EQ(common({kUnknown, kInteger}), "integer");
  EXPECT_EQ(common({kUnknown, kUnknown}), "character varying(65535)");
  EXPECT_EQ(common({Type{TypeId::kUnknown, 3, 0, 0}, Type{TypeId::kUnknown, 7, 0, 0}}), "character varying(7)");
  EXPECT_EQ(common({Type::varchar(2), Type{TypeId::kUnknown, 7, 0, 0}}), "character varying(7)");
}

// Guide page r_numeric_computations201: DEC1 (7,2) with DEC2 (15,3) gives (15,3).
TEST(CommonType, WidensDecimalsAndStrings) {
  EXPECT_EQ(common({Type::decimal(7, 2), Type::decimal(15, 3)}), "numeric(15,3)");
  EXPECT_EQ(common({Type::decimal(12, 2), kInteger}), "numeric(12,2)");
  EXPECT_EQ(common({Type::decimal(18, 0), Type::decimal(18, 4)}), "numeric(19,4)");
  EXPECT_EQ(common({Type::decimal(38, 2), kInteger}), "numeric(38,2)");
  EXPECT_EQ(common({Type::varchar(10), Type::character(20)}), "character varying(20)");
  EXPECT_EQ(common({Type::character(10), Type::character(20)}), "character(20)");
}

TEST(CommonType, KnowsWhatDoesNotMatch) {
  EXPECT_EQ(common({kDate, kTimestamp}), "timestamp without time zone");
  EXPECT_EQ(common({kDate, kInteger}), "none");
  EXPECT_EQ(common({Type::varchar(3), kInteger}), "none");
  EXPECT_EQ(common({kBoolean, kInteger}), "none");
  EXPECT_EQ(common({Type::of(TypeId::kTime), kDate}), "none");
}

// Guide page c_Supported_data_types: DECIMAL beside a string reads the string; other numbers become strings.
TEST(ComparisonType, PutsStringsBesideOthers) {
  EXPECT_EQ(compared(Type::decimal(8, 2), Type::varchar(9)), "numeric(38,2)");
  EXPECT_EQ(compared(Type::varchar(9), kInteger), "character varying(32)");
  EXPECT_EQ(compared(Type::varchar(9), kDate), "date");
  EXPECT_EQ(compared(kUnknown, kBoolean), "boolean");
  EXPECT_EQ(compared(kBoolean, Type::varchar(5)), "none");
  EXPECT_EQ(compared(Type::decimal(18, 0), Type::decimal(18, 4)), "numeric(22,4)");
  EXPECT_EQ(compared(kTimestampTz, kDate), "timestamp with time zone");
}

TEST(CanConvert, GrowsFromImplicitToExplicit) {
  const auto implicit = CastContext::kImplicit, assignment = CastContext::kAssignment,
             explicitly = CastContext::kExplicit;
  EXPECT_TRUE(can_convert(kSmallint, kBigint, implicit));
  EXPECT_FALSE(can_convert(kBigint, kSmallint, implicit));
  EXPECT_TRUE(can_convert(kBigint, kSmallint, assignment));
  EXPECT_TRUE(can_convert(kInteger, Type::varchar(10), implicit));
  EXPECT_FALSE(can_convert(Type::varchar(10), kInteger, assignment));
  EXPECT_TRUE(can_convert(Type::varchar(10), kInteger, explicitly));
  EXPECT_FALSE(can_convert(Type::varchar(5), kBoolean, explicitly));
  EXPECT_FALSE(can_convert(kBoolean, Type::varchar(5), explicitly));
  EXPECT_TRUE(can_convert(kBoolean, kInteger, explicitly));
  EXPECT_FALSE(can_convert(kDate, kInteger, explicitly));
  EXPECT_TRUE(can_convert(kDate, kTimestamp, implicit));
  EXPECT_FALSE(can_convert(kTimestamp, kDate, implicit));
  EXPECT_TRUE(can_convert(kTimestamp, kDate, assignment));
}

}  // namespace
}  // namespace garland::semantics
