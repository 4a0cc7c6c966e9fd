// garland reconcile: by this process, or by the one that owns the warehouse.
#include "cli/commands.h"
#include "cli/handed_over.h"
#include "cli/interrupt.h"
#include "cli/reconcile_screen.h"

namespace garland::cli {

int reconcile_command(const ReconcileArguments& arguments) {
  const ProjectFile project = read_project_file(arguments.project);
  const std::atomic<bool>& stop = watch_interrupts();
  const engine::Login login = local_login("reconcile");
  if (const auto socket = embedded::owner_socket(warehouse_folder(project))) {
    return hand_over(*socket, login, arguments, stop);
  }
  const auto engine = open_warehouse(project, project.source_folder);
  return reconcile_action(arguments, *engine->open_session(login), nullptr, own_terminal(), stop);
}

}  // namespace garland::cli
