// What the user log says of statements about users, groups, roles, privileges and policies (guide page SYS_USERLOG;
// groups, roles, privileges and policies are ours).
#pragma once

#include <vector>

#include "embedded/access.h"
#include "embedded/history.h"
#include "sql/ast/statement.h"

namespace garland::embedded {

/// One for each object that the statement named and that it changed, with action, object, former and user filled in.
/// `before` and `after`: as the catalog was and is.
std::vector<AccessRecord> access_events(const sql::Statement& statement, const Access& before, const Access& after);

}  // namespace garland::embedded
