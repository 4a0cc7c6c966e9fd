// How a command logs.
#pragma once

#include <optional>

#include "base/log.h"

namespace garland::cli {

struct LogArguments {
  bool verbose = false;  // --verbose
  bool json = false;     // --log-json
};

/// "text" or "json"; none: neither.
std::optional<LogFormat> log_format_named(std::string_view name);

/// For commands that people run: warnings and errors, as text unless --log-json or GARLAND_LOG say otherwise.
void configure_command_logging(const LogArguments& arguments);
/// For the server: what happens too. GARLAND_LOG and --log-json go before the project's `wanted`; without any of them,
/// text on a terminal and JSON lines elsewhere.
void configure_server_logging(const LogArguments& arguments, std::optional<LogFormat> wanted);

}  // namespace garland::cli
