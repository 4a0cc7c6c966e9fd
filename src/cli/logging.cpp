#include "cli/logging.h"

#include <cstdlib>

#include "base/error.h"
#include "cli/terminal.h"

namespace garland::cli {

namespace {

std::optional<LogFormat> asked_format(const LogArguments& arguments) {
  if (const char* name = std::getenv("GARLAND_LOG"); name && *name) {
    if (const auto format = log_format_named(name)) return format;
    throw Error(kInvalidParameterValue, "GARLAND_LOG must be text or json, not " + std::string(name));
  }
  return arguments.json ? std::optional(LogFormat::kJson) : std::nullopt;
}

}  // namespace

std::optional<LogFormat> log_format_named(std::string_view name) {
  if (name == "text") return LogFormat::kText;
  if (name == "json") return LogFormat::kJson;
  return std::nullopt;
}

void configure_command_logging(const LogArguments& arguments) {
  configure_logging(asked_format(arguments).value_or(LogFormat::kText),
                    arguments.verbose ? spdlog::level::debug : spdlog::level::warn);
}

void configure_server_logging(const LogArguments& arguments, std::optional<LogFormat> wanted) {
  std::optional<LogFormat> format = asked_format(arguments);
  if (!format) format = wanted;
  const LogFormat otherwise = own_terminal().err.is_terminal ? LogFormat::kText : LogFormat::kJson;
  configure_logging(format.value_or(otherwise), arguments.verbose ? spdlog::level::debug : spdlog::level::info);
}

}  // namespace garland::cli
