#include "cli/shown_errors.h"

#include <fmt/format.h>

#include <exception>

#include "cli/error_screen.h"
#include "cli/exit_code.h"
#include "models/project.h"

namespace garland::cli {
namespace {

void show(const Terminal& terminal, const Error& error, const std::string& project, bool json) {
  const StatementPlace place{"", 1, project};
  if (json) {
    fmt::print(terminal.out.file, "{}\n", error_json(error, "", place));
  } else {
    fmt::print(terminal.err.file, "{}", error_screen(terminal.err, error, "", place));
  }
}

}  // namespace

int with_shown_errors(const Terminal& terminal, const std::string& project, bool json,
                      const std::function<int()>& command) {
  try {
    return command();
  } catch (const models::ProjectErrors& errors) {
    for (const Error& error : errors.errors) show(terminal, error, project, json);
    return kUsage;
  } catch (const Error& error) {
    show(terminal, error, project, json);
    return exit_code_of(error);
  } catch (const std::exception& error) {
    show(terminal,
         Error(kInternalError, error.what())
             .hint("this is a fault of garland itself; please report it with the command"),
         project, json);
    return kEnvironment;
  }
}

}  // namespace garland::cli
