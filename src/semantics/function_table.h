// The data behind functions.h: every overload that Garland knows, by family. Only functions*.cpp read it.
//
// An argument pattern has one letter for each argument:
//   s string · i INTEGER · l BIGINT · n any number (kept) · d DOUBLE · m DECIMAL (kept; integers become DECIMAL) · b
//   BOOLEAN D DATE · T TIMESTAMP (a DATE becomes one) · Z TIMESTAMPTZ · t TIME · u TIMETZ · I either interval type · v
//   VARBYTE k HLLSKETCH · K any type but HLLSKETCH and VARBYTE · j SUPER (others become one) · J SUPER only · p
//   constant date part · a any type (kept) · c a type common to all 'c' arguments
//   '[' starts the optional ones; '*' repeats the last one any number of times (also none).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "semantics/functions.h"

namespace garland::semantics {

/// A call whose arguments already have their types; `constants` as in match_function.
struct TypedCall {
  std::span<const Type> types;
  std::span<const std::string* const> constants;

  /// The constant integer that argument `index` is, or nothing.
  std::optional<int64_t> integer(size_t index) const;
};

using ResultRule = Type (*)(const TypedCall&);

enum : unsigned { kLeaderOnly = 1, kComputeOnly = 2 };

struct Overload {
  std::string_view name;
  std::string_view canonical;  // empty: the name itself
  std::string_view pattern;
  ResultRule result;
  FunctionKind kind = FunctionKind::kScalar;
  unsigned flags = 0;
  std::string_view session_value = {};
};

std::span<const Overload> string_functions();
std::span<const Overload> number_functions();
std::span<const Overload> date_functions();
std::span<const Overload> aggregate_functions();
std::span<const Overload> other_functions();
std::span<const Overload> byte_functions();
std::span<const Overload> system_functions();
std::span<const Overload> super_functions();
/// Names of Redshift functions that are refused with 0A000.
std::span<const std::string_view> refused_functions();

/// What an unknown literal becomes as a string argument.
Type literal_string(const Type& type);
/// Length of the text form of a type's values, in bytes.
int32_t text_length(const Type& type);

// Result rules that several families share.
namespace rule {
template <engine::TypeId id>
Type fixed(const TypedCall&) {
  return Type::of(id);
}
template <int32_t bytes>
Type text(const TypedCall&) {
  return Type::varchar(bytes);
}
inline Type first(const TypedCall& call) { return call.types[0]; }
inline Type second(const TypedCall& call) { return call.types[1]; }
}  // namespace rule

}  // namespace garland::semantics
