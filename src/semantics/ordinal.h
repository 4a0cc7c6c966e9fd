// Keys of ORDER BY and GROUP BY that are not expressions: ordinals and bare names.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sql/ast/expression.h"

namespace garland::semantics {

/// The name, when the expression is a name without a qualifier; else nullptr.
const sql::Name* bare_name(const sql::Expr& expr);

/// An ordinal's output (from 0), nothing for other expressions; constants that are no ordinals are 42601, ordinals
/// without an output 42P10. `clause` is "ORDER BY" or "GROUP BY".
std::optional<int32_t> ordinal(const sql::Expr& expr, size_t outputs, std::string_view clause);

}  // namespace garland::semantics
