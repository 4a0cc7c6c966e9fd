// EXPLAIN: the plan of a statement as Redshift prints one (guide page r_EXPLAIN, c-the-query-plan): joins in the order
// of FROM, rows by the tables' counts and plain rules of thumb, costs in Redshift's units. DuckDB's own plan is
// another.
#pragma once

#include <string>
#include <vector>

#include "embedded/context.h"

namespace garland::embedded {

/// The lines of QUERY PLAN. `verbose` adds each step's columns.
std::vector<std::string> explain_lines(Context& context, const SessionCatalog& catalog,
                                       const semantics::BoundStatement& statement, bool verbose);

}  // namespace garland::embedded
