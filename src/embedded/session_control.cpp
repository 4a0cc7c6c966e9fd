#include "embedded/session_control.h"

#include <algorithm>
#include <charconv>

#include "embedded/context.h"

namespace garland::embedded {
namespace {

/// "query_group\nt\ntest"
duck::Value set_config(Context& context, std::string_view text) {
  const size_t first = text.find('\n');
  const std::string name(text.substr(0, first));
  const bool local = text[first + 1] == 't';
  context.settings.set(name, {std::string(text.substr(first + 3))}, local);
  return duck::Value::text(context.settings.show(name));
}

/// 0 with a warning when there is no such session, as PostgreSQL does.
duck::Value stop_session(Context& context, std::string_view function, std::string_view text) {
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  const std::vector<SessionRecord> sessions = context.warehouse.history_of_queries().sessions();
  if (std::ranges::find(sessions, number, &SessionRecord::id) != sessions.end()) {
    throw Error(kFeatureNotSupported, "stopping a session with " + std::string(function) + " is not supported yet");
  }
  context.notice("WARNING", SqlState("01000"), "PID " + std::to_string(number) + " is not a PostgreSQL server process");
  return duck::Value::bigint(0);
}

}  // namespace

std::optional<duck::Value> control_value(Context& context, std::string_view name) {
  const size_t colon = name.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view function = name.substr(0, colon), argument = name.substr(colon + 1);
  if (function == "set_config") return set_config(context, argument);
  if (function == "pg_cancel_backend" || function == "pg_terminate_backend") {
    return stop_session(context, function, argument);
  }
  return std::nullopt;
}

}  // namespace garland::embedded
