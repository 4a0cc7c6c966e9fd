// Redshift's type rules: what operators give, what converts to what. Pure functions.
// Sources: guide pages r_numeric_computations201, c_Supported_data_types ("Type compatibility and conversion"),
// r_Character_types.
#pragma once

#include <optional>
#include <span>

#include "engine/type.h"
#include "semantics/bound.h"

namespace garland::semantics {

/// Result of + - * / % ^ over numbers: integers stay integers of the wider type; int with DECIMAL is DECIMAL (SMALLINT
/// counts as (5,0), INTEGER (10,0), BIGINT (19,0)); any float gives DOUBLE, REAL with REAL gives REAL. Precision and
/// scale by the documented rules, capped at 38. Nothing when the operands are not numbers.
std::optional<Type> arithmetic_type(std::string_view op, const Type& left, const Type& right);

/// The one type of a set operation's column, of CASE and COALESCE branches, IN lists, GREATEST …: kUnknown (literals,
/// NULL) takes the others' type; all unknown is VARCHAR. Nothing when they do not match.
std::optional<Type> common_type(std::span<const Type> types);

/// The type in which two values are compared (a string beside a number is a number: DECIMAL takes the string's value;
/// other numbers are compared as documented; a string beside a date is a date …). Nothing when they cannot be compared.
std::optional<Type> comparison_type(const Type& left, const Type& right);

/// Which conversions exist (guide page r_CAST_function / c_Supported_data_types): explicit ⊇ assignment ⊇ implicit.
bool can_convert(const Type& from, const Type& to, CastContext context);

}  // namespace garland::semantics
