// A session from a start-up packet: its login, and the settings that the client asked for.
#pragma once

#include <memory>

#include "endpoint/startup.h"
#include "engine/engine.h"

namespace garland::endpoint {

/// Who wants to log in; a client that names no database means the one of its own name. Of the client, what the packet
/// says: addresses and the like are the caller's.
engine::Login login_of(const StartupMessage& startup);

/// Settings are set as a client's SET would; names that are no setting are the drivers' own business and ignored.
/// Throws 3D000 for an unknown database, 22023 for a value that a setting cannot have.
std::unique_ptr<engine::Session> start_session(engine::Engine& engine, const engine::Login& login,
                                               const StartupMessage& startup);

}  // namespace garland::endpoint
