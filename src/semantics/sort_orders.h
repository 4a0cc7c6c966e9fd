// Aggregates that sort: "If a statement includes multiple calls to sort-based aggregate functions (LISTAGG,
// PERCENTILE_CONT, or MEDIAN), they must all use the same ORDER BY values" (guide pages r_MEDIAN, r_LISTAGG).
#pragma once

#include "semantics/bound.h"

namespace garland::semantics {

/// Throws 42601 when aggregates of the block sort by different values, in whatever direction; window functions may.
void check_sort_orders(const BoundSelect& select);

}  // namespace garland::semantics
