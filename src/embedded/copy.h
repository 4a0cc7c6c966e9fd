// COPY from local files.
#pragma once

#include "embedded/context.h"

namespace garland::embedded {

/// Reads the file, or the files whose path begins with the source, into the table, in the context's transaction
/// (started, the table's lock held). Files must lie below the folders that the options name, links resolved. The first
/// bad line fails it: the line is recorded in stl_load_errors in a transaction of its own. Guide pages r_COPY,
/// r_STL_LOAD_ERRORS.
Outcome copy(Context& context, const Plan& plan, const semantics::BoundCopy& statement);

}  // namespace garland::embedded
