#include "base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>

namespace garland {

void configure_logging(LogFormat format, spdlog::level::level_enum level) {
  auto logger = spdlog::stderr_color_mt("garland");
  logger->set_level(level);
  // %v is the message; JSON loggers receive messages that are already escaped by the caller's fmt arguments.
  logger->set_pattern(format == LogFormat::kJson ? R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l","message":"%v"})"
                                                 : "%Y-%m-%d %H:%M:%S.%e %^%l%$ %v",
                      spdlog::pattern_time_type::utc);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace garland
