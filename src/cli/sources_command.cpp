// garland sources: how they do, as the process that owns the warehouse knows it.
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/handed_over.h"
#include "cli/interrupt.h"
#include "cli/sources_screen.h"

namespace garland::cli {

int sources_command(const SourcesArguments& arguments) {
  const ProjectFile project = read_project_file(arguments.project);
  const engine::Login login = local_login("sources");
  if (const auto socket = embedded::owner_socket(warehouse_folder(project))) {
    return hand_over(*socket, login, arguments, watch_interrupts());
  }
  const auto engine = open_warehouse(project, project.source_folder);
  return sources_action(arguments, *engine->open_session(login), nullptr, own_terminal());
}

}  // namespace garland::cli
