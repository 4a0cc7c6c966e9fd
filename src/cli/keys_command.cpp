// garland keys: the access keys of the Data API.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/project.h"
#include "cli/terminal.h"
#include "endpoint/data_api/api_keys.h"
#include "engine/text.h"

namespace garland::cli {
namespace {

std::string time_text(int64_t us) {
  engine::Column column{engine::Type::of(engine::TypeId::kTimestamp), &us, nullptr};
  std::string text;
  engine::append_text(text, column, 0);
  return text.substr(0, text.find('.'));
}

int make(const endpoint::ApiKeys& keys, const std::string& user, bool json) {
  const auto made = keys.make(user, system_clock().now_us());
  if (json) {
    const nlohmann::json shown{{"access_key_id", made.key.id}, {"secret_access_key", made.secret}, {"user", user}};
    fmt::print("{}\n", shown.dump());
    return kDone;
  }
  fmt::print("export AWS_ACCESS_KEY_ID={}\nexport AWS_SECRET_ACCESS_KEY={}\n", made.key.id, made.secret);
  fmt::print(stderr, "The secret is shown this once. Whoever has it works as user {}.\n", user);
  return kDone;
}

int list(const endpoint::ApiKeys& keys, bool json) {
  for (const endpoint::ApiKey& key : keys.list()) {
    if (json) {
      const nlohmann::json shown{{"access_key_id", key.id}, {"user", key.user}, {"created", time_text(key.created_us)}};
      fmt::print("{}\n", shown.dump());
    } else {
      fmt::print("{}  {}  {}\n", key.id, time_text(key.created_us), key.user);
    }
  }
  return kDone;
}

}  // namespace

int keys_command(const KeysArguments& arguments) {
  const ProjectFile project = read_project_file(arguments.project);
  const std::filesystem::path folder = warehouse_folder(project);
  if (!std::filesystem::is_directory(folder)) {
    throw Error(kUndefinedFile, fmt::format("there is no warehouse in {}", folder.string()))
        .hint("garland run or garland serve makes it");
  }
  const endpoint::ApiKeys keys(folder);
  if (arguments.make_for && arguments.drop) throw Error(kInvalidParameterValue, "give --make or --drop, not both");
  if (arguments.make_for) return make(keys, *arguments.make_for, arguments.json);
  if (!arguments.drop) return list(keys, arguments.json);
  if (!keys.drop(*arguments.drop)) throw Error(kUndefinedObject, fmt::format("there is no key {}", *arguments.drop));
  return kDone;
}

}  // namespace garland::cli
