// Ctrl-C: once asks the command to finish its step and stop; twice stops at once. Both are safe: what was committed
// stays.
#pragma once

#include <atomic>

namespace garland::cli {

/// Installs the handlers for SIGINT and SIGTERM, once per process; returns the flag they set.
const std::atomic<bool>& watch_interrupts();

}  // namespace garland::cli
