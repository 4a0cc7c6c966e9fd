// garland up: everything at once, until it is told to stop: sources flow in, models follow, the endpoint answers.
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/flow.h"
#include "cli/handed_over.h"
#include "cli/serving.h"

namespace garland::cli {
namespace {

/// What is wrong with the project is said before anything is touched; a source that is away is no such thing.
void check_project(const std::string& folder) {
  try {
    check_whole_project(folder);
  } catch (const Error& error) {
    if (error.state().error_class() != "08" && error.state().error_class() != "57") throw;
  }
}

}  // namespace

int up_command(const UpArguments& arguments) {
  check_project(arguments.serve.project);
  const std::filesystem::path data = arguments.data.value_or("");
  Serving serving(arguments.serve, data);
  const ProjectFile& project = serving.project();
  models::prepare_ops(*serving.engine().open_session(local_login("up")));
  std::mutex writing;
  FlowOptions options{.project = project.folder,
                      .source_folder = data.empty() ? project.source_folder : data,
                      .as_of = arguments.as_of ? arguments.as_of : project.as_of,
                      .models_every_s = arguments.models_every_s};
  Flow flow(serving.engine(), std::move(options), writing);
  HandedOver handed_over(writing, &flow);
  serving.run([&](const endpoint::Command& command) { return handed_over.run(command); },
              {.metrics = [&] { return flow.metrics(); },
               .interrupt = [&] { flow.interrupt(); },
               .wait = [&] { flow.wait_for_end(); }});
  return kDone;
}

}  // namespace garland::cli
