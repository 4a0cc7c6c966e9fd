#include "endpoint/session_start.h"

#include "base/error.h"
#include "sql/printer.h"

namespace garland::endpoint {

namespace {

bool is_setting(const engine::Session& session, const std::string& name) {
  try {
    session.setting(name);
    return true;
  } catch (const Error& error) {
    if (error.state() != kUndefinedObject) throw;
    return false;
  }
}

/// A search path is a list of names; every other value is one.
std::string value_text(const std::string& name, const std::string& value) {
  if (name != "search_path") return sql::quote_literal(value);
  std::string list;
  for (size_t at = 0; at <= value.size();) {
    const size_t end = std::min(value.find(',', at), value.size());
    std::string_view item = std::string_view(value).substr(at, end - at);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    list += (list.empty() ? "" : ", ") + sql::quote_literal(item);
    at = end + 1;
  }
  return list;
}

void set(engine::Session& session, const std::string& name, const std::string& value) {
  if (!is_setting(session, name)) return;
  engine::run(session, "SET " + sql::quote_identifier(name) + " TO " + value_text(name, value));
}

}  // namespace

engine::Login login_of(const StartupMessage& startup) {
  engine::Login login;
  login.user = startup.parameter("user");
  const std::string database = startup.parameter("database");
  login.database = database.empty() ? login.user : database;
  login.application_name = startup.parameter("application_name");
  login.client.driver_version = startup.parameter("driver_version");
  login.client.os_version = startup.parameter("os_version");
  login.client.plugin = startup.parameter("plugin_name");
  login.client.protocol_version = startup.protocol_version();
  return login;
}

std::unique_ptr<engine::Session> start_session(engine::Engine& engine, const engine::Login& login,
                                               const StartupMessage& startup) {
  auto session = engine.open_session(login);
  for (const auto& [name, value] : startup.parameters) {
    const bool own = name == "user" || name == "database" || name == "options" || name == "application_name" ||
                     name == "replication";
    if (!own) set(*session, name, value);
  }
  for (const auto& [name, value] : startup.settings()) set(*session, name, value);
  return session;
}

}  // namespace garland::endpoint
