// garland rejects: by this process, or, where it loads rows, by the one that owns the warehouse.
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/commands.h"
#include "cli/handed_over.h"
#include "cli/interrupt.h"
#include "cli/rejects_screen.h"

namespace garland::cli {
namespace {

std::string read_mended(const std::string& from) {
  if (from == "-") return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  std::ifstream in(from, std::ios::binary);
  if (!in) throw Error(kUndefinedFile, fmt::format("cannot read the file {}", from));
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

int rejects_command(const RejectsArguments& arguments) {
  const ProjectFile project = read_project_file(arguments.project);
  const engine::Login login = local_login("rejects");
  if (arguments.action != RejectsAction::kReplay) {
    const auto engine = reach_warehouse(project, project.source_folder);
    return rejects_action(arguments, std::nullopt, *engine->open_session(login), own_terminal());
  }
  std::optional<std::string> mended;
  if (arguments.from) mended = read_mended(*arguments.from);
  if (const auto socket = embedded::owner_socket(warehouse_folder(project)))
    return hand_over(*socket, login, arguments, mended, watch_interrupts());
  const auto engine = open_warehouse(project, project.source_folder);
  return rejects_action(arguments, mended, *engine->open_session(login), own_terminal());
}

}  // namespace garland::cli
