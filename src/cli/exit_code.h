// The exit codes of every command.
#pragma once

#include "base/error.h"

namespace garland::cli {

inline constexpr int kDone = 0;
/// Done, but files were refused, models or tests failed, or rows differ (reconcile). Lines rejected within a source's
/// limit are reported and are no failure.
inline constexpr int kDataFailed = 1;
/// The command line or the project is wrong; nothing was touched.
inline constexpr int kUsage = 2;
/// Disk, network, source, permission, another owner.
inline constexpr int kEnvironment = 3;
/// Ctrl-C; the state is safe.
inline constexpr int kInterrupted = 130;

/// The exit code for an error that ends a command.
int exit_code_of(const Error& error);

}  // namespace garland::cli
