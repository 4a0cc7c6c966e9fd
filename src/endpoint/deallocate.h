// DEALLOCATE of a statement that the client prepared by a message: SQL and messages share their names, and drivers use
// both.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.h"

namespace garland::endpoint {

/// The name that a DEALLOCATE names, exactly as it is written in quotes; nothing for other statements.
std::optional<std::string> deallocated_name(std::string_view text);

/// A statement that calls `deallocate` when it runs.
std::unique_ptr<engine::Statement> deallocate_statement(std::function<void()> deallocate);

}  // namespace garland::endpoint
