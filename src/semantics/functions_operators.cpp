// Operators: guide pages r_comparison_condition, r_logical_condition, r_CONCAT_OP, Math_functions ("Mathematical
// operator symbols"), r_interval_literals and r_Datetime_types for date arithmetic.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "semantics/function_table.h"

namespace garland::semantics {
namespace {

using engine::TypeId;
using Types = std::span<const Type>;

std::string bare_name(const Type& type) {
  Type bare = type;
  bare.length = 0;
  return type.id == TypeId::kDecimal ? "numeric" : engine::to_string(bare);
}

[[noreturn]] void throw_undefined(std::string_view op, Types types) {
  std::string text(op == "neg" ? "-" : op);
  text = types.size() == 1 ? text + " " + bare_name(types[0])
                           : bare_name(types[0]) + " " + text + " " + bare_name(types[1]);
  throw Error(kUndefinedFunction, "operator does not exist: " + text)
      .hint("No operator matches the given name and argument types. You may need to add explicit type casts.");
}

FunctionMatch scalar(std::string_view canonical, std::vector<Type> types, Type result) {
  return {FunctionKind::kScalar, std::string(canonical), std::move(types), result, false, false, {}};
}

bool is_one_of(std::string_view op, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), op) != list.end();
}

bool is_moment(const Type& type) {
  return type.id == TypeId::kDate || type.id == TypeId::kTimestamp || type.id == TypeId::kTimestampTz;
}

/// date - date, timestamp - timestamp.
std::optional<FunctionMatch> match_difference(const Type& left, const Type& right) {
  if (left.id == TypeId::kDate && right.id == TypeId::kDate) {
    return scalar("-", {left, right}, Type::of(TypeId::kInteger));
  }
  const std::optional<Type> both = comparison_type(left, right);
  if (!both || !is_moment(left) || !is_moment(right)) return std::nullopt;
  return scalar("-", {*both, *both}, Type::of(TypeId::kIntervalDayToSecond));
}

/// A date or time with an interval, an integer or a time of day; `left` is the date or time.
std::optional<FunctionMatch> match_shift(std::string_view op, const Type& left, const Type& right) {
  const Type integer = Type::of(TypeId::kInteger), timestamp = Type::of(TypeId::kTimestamp);
  if (left.id == TypeId::kDate && (right.is_integer() || right.id == TypeId::kUnknown)) {
    return scalar(op, {left, integer}, left);
  }
  if (right.is_interval()) {
    const Type moment = left.id == TypeId::kDate ? timestamp : left;
    return scalar(op, {moment, right}, moment);
  }
  if (op == "+" && left.id == TypeId::kDate && right.id == TypeId::kTime) return scalar(op, {left, right}, timestamp);
  if (op == "+" && left.id == TypeId::kDate && right.id == TypeId::kTimeTz) {
    return scalar(op, {left, right}, Type::of(TypeId::kTimestampTz));
  }
  return std::nullopt;
}

FunctionMatch swapped(FunctionMatch match) {
  std::reverse(match.argument_types.begin(), match.argument_types.end());
  return match;
}

std::optional<FunctionMatch> match_date_arithmetic(std::string_view op, const Type& left, const Type& right) {
  if (op == "-" && left.id == TypeId::kUnknown && is_moment(right)) return match_difference(right, right);
  if (op == "-" && is_moment(left) && right.id == TypeId::kUnknown) return match_difference(left, left);
  if (op == "-" && left.is_datetime() && right.is_datetime()) return match_difference(left, right);
  if ((op == "+" || op == "-") && left.is_datetime()) return match_shift(op, left, right);
  if (op == "+" && right.is_datetime()) {
    std::optional<FunctionMatch> match = match_shift(op, right, left);
    return match ? std::optional(swapped(std::move(*match))) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<FunctionMatch> match_interval_arithmetic(std::string_view op, const Type& left, const Type& right) {
  const Type factor = Type::of(TypeId::kDouble);
  if ((op == "+" || op == "-") && left.is_interval() && left.id == right.id) return scalar(op, {left, left}, left);
  if ((op == "*" || op == "/") && left.is_interval() && right.is_numeric()) return scalar(op, {left, factor}, left);
  if (op == "*" && left.is_numeric() && right.is_interval()) return scalar(op, {factor, right}, right);
  return std::nullopt;
}

/// Operators over SUPER keep it (operators-functions); the other side becomes one.
FunctionMatch match_super(std::string_view op, Types types) {
  const Type super = Type::of(TypeId::kSuper);
  for (const Type& type : types) {
    if (op == "^" || !can_convert(type, super, CastContext::kImplicit)) throw_undefined(op, types);
  }
  return scalar(op, std::vector<Type>(types.size(), super), super);
}

FunctionMatch match_arithmetic(std::string_view op, Types types) {
  Type left = types[0], right = types[1];
  if (left.id == TypeId::kSuper || right.id == TypeId::kSuper) return match_super(op, types);
  if (left.id == TypeId::kUnknown && right.id == TypeId::kUnknown) {
    throw Error(kAmbiguousFunction, fmt::format("operator is not unique: unknown {} unknown", op))
        .hint("Could not choose a best candidate operator. You may need to add explicit type casts.");
  }
  if (left.is_interval() || right.is_interval() || left.is_datetime() || right.is_datetime()) {
    std::optional<FunctionMatch> match = match_date_arithmetic(op, left, right);
    if (!match) match = match_interval_arithmetic(op, left, right);
    if (!match) throw_undefined(op, types);
    return *match;
  }
  if (left.id == TypeId::kUnknown) left = right;
  if (right.id == TypeId::kUnknown) right = left;
  const std::optional<Type> result = arithmetic_type(op, left, right);
  if (!result) throw_undefined(op, types);
  if (result->id == TypeId::kDecimal) {
    const auto exact = [](const Type& type) {
      const Type pair[] = {Type::decimal(1, 0), type};
      return type.is_integer() ? *common_type(pair) : type;
    };
    return scalar(op, {exact(left), exact(right)}, *result);
  }
  return scalar(op, {*result, *result}, *result);
}

FunctionMatch match_comparison(std::string_view op, Types types) {
  const Type boolean = Type::of(TypeId::kBoolean);
  const std::optional<Type> both = comparison_type(types[0], types[1]);
  if (!both) throw_undefined(op, types);
  if (!both->is_string()) return scalar(op, {*both, *both}, boolean);
  std::vector<Type> converted;
  for (const Type& type : types) {
    converted.push_back(type.is_string()              ? type
                        : type.id == TypeId::kUnknown ? literal_string(type)
                                                      : Type::varchar(text_length(type)));
  }
  return scalar(op, std::move(converted), boolean);
}

FunctionMatch match_concat(Types types) {
  if (types[0].id == TypeId::kVarbyte && types[1].id == TypeId::kVarbyte) {
    return scalar("||", {types[0], types[1]},
                  Type::varbyte(std::min(types[0].length + types[1].length, kMaxVarbyteBytes)));
  }
  const bool texts = types[0].is_string() || types[1].is_string() || types[0].id == TypeId::kUnknown ||
                     types[1].id == TypeId::kUnknown;
  if (!texts) throw_undefined("||", types);
  try {
    return match_function("concat", types, {});
  } catch (const Error&) {
    throw_undefined("||", types);
  }
}

FunctionMatch match_pattern(std::string_view op, Types types) {
  std::vector<Type> converted;
  for (const Type& type : types) {
    if (type.id != TypeId::kUnknown && !can_convert(type, Type::varchar(1), CastContext::kImplicit))
      throw_undefined(op, types);
    converted.push_back(type.is_string()              ? type
                        : type.id == TypeId::kUnknown ? literal_string(type)
                                                      : Type::varchar(text_length(type)));
  }
  return scalar(op, std::move(converted), Type::of(TypeId::kBoolean));
}

FunctionMatch match_logic(std::string_view op, Types types) {
  const Type boolean = Type::of(TypeId::kBoolean);
  for (const Type& type : types) {
    if (type.id == TypeId::kBoolean || type.id == TypeId::kUnknown) continue;
    std::string upper(op);
    std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
    throw Error(kDatatypeMismatch,
                fmt::format("argument of {} must be type boolean, not type {}", upper, bare_name(type)));
  }
  return scalar(op, std::vector<Type>(types.size(), boolean), boolean);
}

/// `~`, `&`, `|`, `#` of VARBYTE (r_VARBYTE_OPERATORS).
std::optional<FunctionMatch> match_byte_bits(std::string_view op, Types types) {
  const Type& type = types[0];
  const bool bytes = std::ranges::all_of(types, [](const Type& each) { return each.id == TypeId::kVarbyte; });
  if (!bytes || op == "<<" || op == ">>") return std::nullopt;
  if (types.size() == 1) return scalar("bytes_not", {type}, type);
  const Type wider = type.length >= types[1].length ? type : types[1];
  return scalar(op == "&" ? "bytes_and" : op == "|" ? "bytes_or" : "bytes_xor", {type, types[1]}, wider);
}

FunctionMatch match_bits(std::string_view op, Types types) {
  if (std::optional<FunctionMatch> match = match_byte_bits(op, types)) return *match;
  std::vector<Type> converted(types.begin(), types.end());
  for (Type& type : converted) {
    if (type.id == TypeId::kUnknown) type = Type::of(TypeId::kInteger);
    if (!type.is_integer()) throw_undefined(op, types);
  }
  if (op == "~") return scalar(op, converted, converted[0]);
  if (op == "<<" || op == ">>") return scalar(op, {converted[0], Type::of(TypeId::kInteger)}, converted[0]);
  const Type wider = *common_type(converted);
  return scalar(op, {wider, wider}, wider);
}

FunctionMatch match_sign(std::string_view op, Types types) {
  if (op == "neg" && types[0].is_interval()) return scalar(op, {types[0]}, types[0]);
  if (types[0].id == TypeId::kSuper) return match_super(op, types);
  if (types[0].id == TypeId::kUnknown) return scalar(op, {Type::of(TypeId::kDouble)}, Type::of(TypeId::kDouble));
  if (!types[0].is_numeric()) throw_undefined(op, types);
  return scalar(op, {types[0]}, types[0]);
}

FunctionMatch match_time_zone(Types types) {
  const Type zone = literal_string(types[1]);
  if (types[0].id == TypeId::kTimestampTz)
    return scalar("at time zone", {types[0], zone}, Type::of(TypeId::kTimestamp));
  const Type timestamp = Type::of(TypeId::kTimestamp);
  if (!can_convert(types[0], timestamp, CastContext::kImplicit) || !zone.is_string())
    throw_undefined("at time zone", types);
  return scalar("at time zone", {timestamp, zone}, Type::of(TypeId::kTimestampTz));
}

}  // namespace

FunctionMatch match_operator(std::string_view op, Types types) {
  const Type boolean = Type::of(TypeId::kBoolean);
  const bool bytes = types.size() == 2 && types[0].id == TypeId::kVarbyte && types[1].id == TypeId::kVarbyte;
  if (op == "+" && bytes) return match_concat(types);
  if (is_one_of(op, {"+", "-", "*", "/", "%", "^"}) && types.size() == 2) return match_arithmetic(op, types);
  if (is_one_of(op, {"=", "<>", "<", "<=", ">", ">="})) return match_comparison(op, types);
  if (op == "||") return match_concat(types);
  if (is_one_of(op, {"like", "ilike", "similar", "regex", "regex_i"})) return match_pattern(op, types);
  if (is_one_of(op, {"and", "or", "not", "is true", "is false", "is unknown"})) return match_logic(op, types);
  if (op == "is null") {
    return scalar(op, {types[0].id == TypeId::kUnknown ? literal_string(types[0]) : types[0]}, boolean);
  }
  if (is_one_of(op, {"&", "|", "#", "<<", ">>", "~"})) return match_bits(op, types);
  if (is_one_of(op, {"neg", "abs"})) return match_sign(op, types);
  if (op == "@") return match_sign("abs", types);
  if (op == "|/" || op == "||/") return match_function(op == "|/" ? "sqrt" : "cbrt", types, {});
  if (op == "at time zone") return match_time_zone(types);
  throw_undefined(op, types);
}

}  // namespace garland::semantics
