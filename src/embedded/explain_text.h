// Bound expressions as EXPLAIN writes them: `("outer".catid = "inner".catid)`, `sum(sales.pricepaid)`.
#pragma once

#include <functional>
#include <string>

#include "semantics/bound.h"

namespace garland::embedded {

using ColumnText = std::function<std::string(const semantics::BoundColumn&)>;

std::string explain_text(const semantics::BoundExpr& expr, const ColumnText& column);

}  // namespace garland::embedded
