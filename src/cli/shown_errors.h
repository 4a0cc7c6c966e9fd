// Where a command's errors end: they are shown, and become its exit code.
#pragma once

#include <functional>
#include <string>

#include "cli/terminal.h"

namespace garland::cli {

/// Does `command` and returns its exit code, or that of the error it throws, which is shown: on `err` for people, as
/// one JSON object on `out` with `json`. `project`: the folder that places of errors are relative to. Throws nothing.
int with_shown_errors(const Terminal& terminal, const std::string& project, bool json,
                      const std::function<int()>& command);

}  // namespace garland::cli
