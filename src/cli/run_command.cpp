// garland run: by this process, or by the one that owns the warehouse.
#include "cli/commands.h"
#include "cli/handed_over.h"
#include "cli/interrupt.h"
#include "cli/project_run.h"

namespace garland::cli {

int run_command(const RunArguments& arguments) {
  const ProjectFile project = read_project_file(arguments.project);
  const std::atomic<bool>& stop = watch_interrupts();
  const engine::Login login = local_login("run");
  if (const auto socket = embedded::owner_socket(warehouse_folder(project))) {
    return hand_over(*socket, login, arguments, stop);  // the owner knows which sources it reads
  }
  const ProjectRun run = plan_run(arguments);
  const auto engine = open_warehouse(run.project.file, run.source_folder);
  return run_project(run, *engine, login, own_terminal(), stop);
}

}  // namespace garland::cli
