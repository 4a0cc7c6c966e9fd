// SHOW of catalog objects, as the query that answers it (guide pages r_SHOW_DATABASES, r_SHOW_SCHEMAS, r_SHOW_TABLES,
// r_SHOW_COLUMNS, r_SHOW_CONSTRAINTS, r_SHOW_FUNCTIONS, r_SHOW_PROCEDURES, r_SHOW_PARAMETERS, r_SHOW_GRANTS,
// r_SHOW_COLUMN_GRANTS, r_SHOW_TABLE, r_SHOW_VIEW).
#pragma once

#include <string>

#include "embedded/catalog.h"
#include "sql/ast/access.h"

namespace garland::embedded {

/// Redshift SQL over the system views. Throws 42P01, 42883, 3F000 or 3D000 for an object that does not exist, 0A000 for
/// kinds that Garland does not have. `named` false: the statement's names mean nothing yet (they are parameters), and
/// the query is only good for its columns.
std::string show_query(const sql::ShowObjects& show, const SessionCatalog& catalog, bool named);

}  // namespace garland::embedded
