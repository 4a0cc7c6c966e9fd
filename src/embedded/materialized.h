// Materialized views: rows of a query, kept; a refresh computes them anew (guide pages
// materialized-view-create-sql-command, materialized-view-refresh-sql-command).
#pragma once

#include "embedded/ddl.h"

namespace garland::embedded {

/// In the context's transaction, which must have started and hold the view's lock. Says how it went in an INFO notice,
/// in Redshift's words.
Outcome refresh(Context& context, Oid view, bool cascade);

/// Notes that the materialized views over a table that was written are out of date.
void mark_stale(Context& context, Oid table);

}  // namespace garland::embedded
