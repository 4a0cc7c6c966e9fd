// References of a run's models, pointed at the tables that the run builds.
#pragma once

#include <functional>

#include "models/project.h"

namespace garland::models {

/// Replaces every relation `schema.name` in FROM clauses and subqueries by what `standing` says. A renamed relation
/// keeps its name as an alias, so that `name.column` still means the same; `schema.name.column` becomes `name.column`.
/// Names without a schema (CTEs) stay.
void rewrite_relations(sql::Statement& statement, const std::function<ModelName(const ModelName&)>& standing);

}  // namespace garland::models
