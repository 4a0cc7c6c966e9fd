// `garland rejects`: what loading refused – looked at, mended and loaded, or dropped.
#pragma once

#include <optional>
#include <string>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "engine/engine.h"

namespace garland::cli {

/// Does what the arguments say, but for reading `from`: `mended` is what it holds. A replay needs a session of the
/// warehouse's own process. Returns the exit code; a reject that cannot be replayed is shown, and the others are gone
/// on with. Throws 42704 for a reject that is not there, 22023 for arguments that do not go together.
int rejects_action(const RejectsArguments& arguments, const std::optional<std::string>& mended,
                   engine::Session& session, const Terminal& terminal);

}  // namespace garland::cli
