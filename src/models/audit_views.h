// The audit of the engine, as relations of schema `ops`: connection_log, user_log and activity_log (management guide,
// "Database audit logging"). Late-binding views over the tables that the engine itself writes and nobody can change.
#pragma once

#include "engine/engine.h"

namespace garland::models {

/// Makes the views that are missing, as the session's user, who may grant them to others. Nothing on an engine that
/// keeps no such tables: a cluster has its own audit logging.
void prepare_audit_views(engine::Session& session);

}  // namespace garland::models
