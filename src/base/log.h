// Logging: one logger for the program, to stderr, as text for people or as JSON lines for machines. Never log values of
// user data, the texts of statements or secrets.
#pragma once

#include <spdlog/spdlog.h>

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

namespace garland {

enum class LogFormat { kText, kJson };

/// Sets the program's logger, in place of the one before: for the command line, while nothing else logs. Messages below
/// `level` cost one comparison. A line of JSON holds time, level, message, and fields:
///   {"time":"2026-11-23T12:00:00.000001Z","level":"info","message":"slow statement","session":3,"query":41,…}
void configure_logging(LogFormat format, spdlog::level::level_enum level);

/// Whose work a thread does; 0: nobody's.
struct LogOwner {
  int64_t connection = 0;  // of the endpoint
  int64_t session = 0;     // SYS_QUERY_HISTORY.session_id
  int64_t query = 0;       // SYS_QUERY_HISTORY.query_id
};

/// While it lives, each line that its thread logs names the owner; what is 0 here is as it was outside. Scopes of a
/// thread end in the reverse order: none lives across a coroutine's suspension.
class LogScope {
 public:
  explicit LogScope(const LogOwner& owner);
  LogScope(const LogScope&) = delete;
  LogScope& operator=(const LogScope&) = delete;
  ~LogScope();
  /// The statement of the innermost scope.
  static void set_query(int64_t query);

 private:
  LogOwner before_;
};

struct LogField {
  std::string_view name;  // a word
  std::variant<int64_t, double, std::string_view> value;
};
/// A line with fields of its own.
void log_event(spdlog::level::level_enum level, std::string_view message, std::initializer_list<LogField> fields);

}  // namespace garland
