// garland serve: the endpoint in front of the project's warehouse, until it is told to stop.
#include "cli/commands.h"
#include "cli/event_route.h"
#include "cli/exit_code.h"
#include "cli/handed_over.h"
#include "cli/serving.h"

namespace garland::cli {

int serve_command(const ServeArguments& arguments) {
  Serving serving(arguments);
  std::mutex writing;
  HandedOver handed_over(writing, nullptr);
  serving.run([&](const endpoint::Command& command) { return handed_over.run(command); }, {});
  return kDone;
}

}  // namespace garland::cli
