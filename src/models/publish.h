// From what was built to what readers see.
#pragma once

#include <vector>

#include "models/build_sql.h"
#include "models/execute.h"
#include "models/ops.h"
#include "models/plan.h"

namespace garland::models {

/// Applies the rule of withhold.h to what was executed: outcomes of withheld models say so and why. Returns, by the
/// plan's numbers, which nodes are withheld. `equal` compares a built table with its published version.
std::vector<bool> withhold_models(const Plan& plan, Execution& execution, const std::function<bool(size_t)>& equal);

/// The nodes to publish, in the project's order: tables that were built, views with a new text; nothing that is
/// withheld.
std::vector<Publication> publications_of(const Plan& plan, const Execution& execution,
                                         const std::vector<bool>& withheld);

/// Rows of ops.run_models: those of published nodes (also of views that only were read anew), and those that tell what
/// went wrong.
std::vector<RunModelRow> published_rows(const Plan& plan, const Execution& execution,
                                        const std::vector<bool>& withheld);
std::vector<RunModelRow> unpublished_rows(const Plan& plan, const Execution& execution,
                                          const std::vector<bool>& withheld);

/// Drops what runs leave behind: the replaced tables, the new versions that were withheld, the run's own views. Safe at
/// any time when no run is under way; afterwards only published relations stand.
void drop_leftovers(engine::Session& session, const Project& project);

}  // namespace garland::models
