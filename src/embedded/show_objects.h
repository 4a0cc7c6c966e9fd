// SHOW of catalog objects, as the query that answers it (guide pages r_SHOW_DATABASES, r_SHOW_SCHEMAS, r_SHOW_TABLES,
// r_SHOW_COLUMNS, r_SHOW_GRANTS, r_SHOW_TABLE, r_SHOW_VIEW).
#pragma once

#include <string>

#include "embedded/catalog.h"
#include "sql/ast/access.h"

namespace garland::embedded {

/// Redshift SQL over the system views. Throws 42P01, 3F000 or 3D000 for an object that does not exist, 0A000 for kinds
/// that Garland does not have.
std::string show_query(const sql::ShowObjects& show, const SessionCatalog& catalog);

}  // namespace garland::embedded
