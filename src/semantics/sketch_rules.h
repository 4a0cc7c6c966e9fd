// Where an HLLSKETCH cannot stand (guide page hyperloglog-functions-limitations).
#pragma once

#include <span>

#include "semantics/bound.h"

namespace garland::semantics {

/// Throws 42883 at the byte offset when values of the type have no order (ORDER BY, in windows too).
void check_ordered(const Type& type, size_t at);

/// Throws 42883 at the byte offset when values of the type cannot be told apart (GROUP BY, DISTINCT, PARTITION BY,
/// UNION, INTERSECT, EXCEPT).
void check_told_apart(const Type& type, size_t at);
void check_told_apart(std::span<const OutputColumn> columns, size_t at);

}  // namespace garland::semantics
