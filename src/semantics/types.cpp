#include "semantics/types.h"

#include <algorithm>
#include <array>

namespace garland::semantics {
namespace {

using engine::TypeId;

// COALESCE, DECODE and set operations stop at 19 digits (r_numeric_computations201); a 128-bit operand keeps its room,
// or its own values would not fit the result.
constexpr int kCombinedPrecision = 19;
constexpr int kMinDivisionScale = 4;

/// An integer as the DECIMAL it counts as.
Type as_decimal(const Type& type) {
  switch (type.id) {
    case TypeId::kSmallint:
      return Type::decimal(5, 0);
    case TypeId::kInteger:
      return Type::decimal(10, 0);
    case TypeId::kBigint:
      return Type::decimal(19, 0);
    default:
      return type;
  }
}

Type wider_integer(const Type& left, const Type& right) { return left.id > right.id ? left : right; }

/// The formula's result, within 38 digits. A division that needs more gives up scale, down to 4, for its whole digits;
/// the other operations keep their scale.
Type capped_decimal(int precision, int scale, bool division) {
  if (division && precision > kMaxDecimalPrecision) {
    scale = std::max(kMinDivisionScale, scale - (precision - kMaxDecimalPrecision));
  }
  return Type::decimal(std::min(precision, kMaxDecimalPrecision), std::min(scale, kMaxDecimalScale));
}

Type decimal_arithmetic(std::string_view op, const Type& left, const Type& right) {
  const int p1 = left.precision, s1 = left.scale, p2 = right.precision, s2 = right.scale;
  if (op == "*") return capped_decimal(p1 + p2 + 1, s1 + s2, false);
  if (op == "/") {
    const int scale = std::max(kMinDivisionScale, s1 + p2 - s2 + 1);
    return capped_decimal(p1 - s1 + s2 + scale, scale, true);
  }
  const int scale = std::max(s1, s2);
  const int whole = std::max(p1 - s1, p2 - s2);
  return capped_decimal(whole + scale + (op == "%" ? 0 : 1), scale, false);
}

Type wider_decimal(const Type& left, const Type& right, int most) {
  const int scale = std::max(left.scale, right.scale);
  const int whole = std::max(left.precision - left.scale, right.precision - right.scale);
  if (std::max(left.precision, right.precision) > most) most = kMaxDecimalPrecision;
  return Type::decimal(std::min(whole + scale, most), scale);
}

/// Both numbers; `most`: digits a DECIMAL result may have.
Type common_number(const Type& left, const Type& right, int most) {
  if (left == right) return left;
  if (left.is_float() || right.is_float()) return Type::of(TypeId::kDouble);
  if (left.is_integer() && right.is_integer()) return wider_integer(left, right);
  return wider_decimal(as_decimal(left), as_decimal(right), most);
}

Type common_string(const Type& left, const Type& right) {
  const int32_t length = std::max(left.length, right.length);
  return left.id == TypeId::kChar && right.id == TypeId::kChar ? Type::character(length) : Type::varchar(length);
}

/// DATE < TIMESTAMP < TIMESTAMPTZ and TIME < TIMETZ.
std::optional<Type> common_datetime(const Type& left, const Type& right) {
  const auto is_time = [](const Type& type) { return type.id == TypeId::kTime || type.id == TypeId::kTimeTz; };
  if (is_time(left) != is_time(right)) return std::nullopt;
  return left.id > right.id ? left : right;
}

std::optional<Type> common_of_two(const Type& left, const Type& right, int most) {
  if (left == right) return left;
  if (left.id == TypeId::kUnknown) return right;
  if (right.id == TypeId::kUnknown) return left;
  if (left.is_numeric() && right.is_numeric()) return common_number(left, right, most);
  if (left.is_string() && right.is_string()) return common_string(left, right);
  if (left.is_datetime() && right.is_datetime()) return common_datetime(left, right);
  if (left.id == TypeId::kVarbyte && right.id == TypeId::kVarbyte) {
    return Type::varbyte(std::max(left.length, right.length));
  }
  if (left.id == TypeId::kSuper || right.id == TypeId::kSuper) return Type::of(TypeId::kSuper);
  return std::nullopt;
}

bool implicit_number(const Type& from, const Type& to) {
  if (from.is_integer() && to.is_integer()) return from.id <= to.id;
  if (from.is_integer() || from.id == TypeId::kDecimal) return to.id == TypeId::kDecimal || to.is_float();
  return to.id == TypeId::kDouble;
}

bool convertible_datetime(const Type& from, const Type& to) {
  const bool from_time = from.id == TypeId::kTime || from.id == TypeId::kTimeTz;
  const bool to_time = to.id == TypeId::kTime || to.id == TypeId::kTimeTz;
  if (from_time) return to_time;
  return !to_time || from.id != TypeId::kDate;
}

/// Dates and times can be cast from SUPER only (limitations-super).
bool convert_to_super(const Type& from) { return from.is_numeric() || from.is_string() || from.id == TypeId::kBoolean; }

bool convert_from_super(const Type& to) {
  return to.is_numeric() || to.is_string() || to.is_datetime() || to.id == TypeId::kBoolean;
}

bool convert_to_string(const Type& from, CastContext context) {
  if (from.is_numeric() || from.is_datetime()) return true;
  return context == CastContext::kExplicit && (from.id == TypeId::kVarbyte || from.is_interval());
}

bool convert_from_string(const Type& to) {
  return to.is_numeric() || to.is_datetime() || to.is_interval() || to.id == TypeId::kVarbyte;
}

}  // namespace

std::optional<Type> arithmetic_type(std::string_view op, const Type& left, const Type& right) {
  if (!left.is_numeric() || !right.is_numeric()) return std::nullopt;
  if (op == "^") return Type::of(TypeId::kDouble);
  if (left.id == TypeId::kReal && right.id == TypeId::kReal) return left;
  if (left.is_float() || right.is_float()) return Type::of(TypeId::kDouble);
  if (left.is_integer() && right.is_integer()) return wider_integer(left, right);
  return decimal_arithmetic(op, as_decimal(left), as_decimal(right));
}

std::optional<Type> common_type(std::span<const Type> types) {
  Type result;
  for (const Type& type : types) {
    if (type.id == TypeId::kUnknown) {
      // A literal beside literals: the longest decides.
      if (result.id == TypeId::kUnknown) result.length = std::max(result.length, type.length);
      continue;
    }
    const std::optional<Type> both = common_of_two(result, type, kCombinedPrecision);
    if (!both) return std::nullopt;
    result = *both;
  }
  if (result.id == TypeId::kUnknown) return Type::varchar(result.length > 0 ? result.length : kMaxVarcharBytes);
  if (result.is_string()) {
    for (const Type& type : types) {
      if (type.id == TypeId::kUnknown) result.length = std::max(result.length, type.length);
    }
  }
  return result;
}

std::optional<Type> comparison_type(const Type& left, const Type& right) {
  if (left.id == TypeId::kUnknown && right.id == TypeId::kUnknown) return Type::varchar(kMaxVarcharBytes);
  if (left.id == TypeId::kHllSketch || right.id == TypeId::kHllSketch) return std::nullopt;
  if (left.is_string() != right.is_string() && left.id != TypeId::kUnknown && right.id != TypeId::kUnknown) {
    const Type& string = left.is_string() ? left : right;
    const Type& other = left.is_string() ? right : left;
    if (other.id == TypeId::kDecimal) return Type::decimal(kMaxDecimalPrecision, other.scale);
    if (other.is_numeric()) return Type::varchar(std::max(string.length, 32));
    if (other.is_datetime() || other.id == TypeId::kSuper) return other;
    return std::nullopt;
  }
  return common_of_two(left, right, kMaxDecimalPrecision);
}

bool can_convert(const Type& from, const Type& to, CastContext context) {
  if (context == CastContext::kStrict) context = CastContext::kExplicit;
  if (from.id == TypeId::kUnknown || from.id == to.id) return true;
  if (to.id == TypeId::kUnknown) return false;
  if (from.is_numeric() && to.is_numeric()) return context != CastContext::kImplicit || implicit_number(from, to);
  if (from.is_string() && to.is_string()) return true;
  if (from.is_datetime() && to.is_datetime()) {
    return convertible_datetime(from, to) && (context != CastContext::kImplicit || common_datetime(from, to) == to);
  }
  if (to.id == TypeId::kSuper) return convert_to_super(from);
  if (from.id == TypeId::kSuper) return convert_from_super(to);
  if (to.is_string()) return convert_to_string(from, context);
  if (to.id == TypeId::kVarbyte && from.is_integer()) return context == CastContext::kExplicit;
  if (from.id == TypeId::kVarbyte && to.is_integer()) return context == CastContext::kExplicit;
  if (from.is_string()) return context == CastContext::kExplicit && convert_from_string(to);
  if (to.id == TypeId::kBoolean) return from.is_integer();
  if (from.id == TypeId::kBoolean) return context == CastContext::kExplicit && to.is_integer();
  return false;
}

}  // namespace garland::semantics
