// Logging: one logger for the program, to stderr, as text for people or JSON for machines. Never log values of user
// data or secrets.
#pragma once

#include <spdlog/spdlog.h>

namespace garland {

enum class LogFormat { kText, kJson };

/// Sets the program's logger; called once by the command line. Level names are spdlog's (trace … off).
/// Messages below `level` cost one comparison.
void configure_logging(LogFormat format, spdlog::level::level_enum level);

}  // namespace garland
