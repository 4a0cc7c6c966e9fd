// Which columns of tables and views a query's result shows unchanged: what drivers are told about a result's columns.
#pragma once

#include <optional>
#include <vector>

#include "semantics/bound.h"

namespace garland::semantics {

struct Origin {
  Oid relation = 0;
  int32_t column = 0;  // index into the relation's columns
};

/// By output column; nothing for expressions, and for columns that come from several places (UNION, a recursive CTE).
std::vector<std::optional<Origin>> origins(const BoundQuery& query);

}  // namespace garland::semantics
