#include "endpoint/session_start.h"

#include <vector>

#include "base/error.h"
#include "sql/printer.h"

namespace garland::endpoint {

namespace {

using Setting = std::pair<std::string, std::string>;

/// The words of `options`: "-c name=value", "--name=value"; a backslash keeps the next character.
std::vector<std::string> words(std::string_view options) {
  std::vector<std::string> result;
  std::string word;
  bool open = false;
  for (size_t i = 0; i < options.size(); ++i) {
    if (options[i] == ' ') {
      if (open) result.push_back(std::exchange(word, {}));
      open = false;
      continue;
    }
    if (options[i] == '\\' && i + 1 < options.size()) ++i;
    word += options[i];
    open = true;
  }
  if (open) result.push_back(word);
  return result;
}

std::vector<Setting> settings_of(const std::string& options) {
  std::vector<Setting> result;
  const std::vector<std::string> given = words(options);
  for (size_t i = 0; i < given.size(); ++i) {
    std::string_view word = given[i];
    if (word == "-c" && i + 1 < given.size()) {
      word = given[++i];
    } else if (word.starts_with("-c") || word.starts_with("--")) {
      word.remove_prefix(2);
    } else {
      throw Error(kInvalidParameterValue, "unknown command-line option in the startup packet: " + std::string(word));
    }
    const size_t equals = word.find('=');
    if (equals == std::string_view::npos) {
      throw Error(kInvalidParameterValue, "the option \"" + std::string(word) + "\" has no value");
    }
    result.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return result;
}

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
  for (const auto& [name, value] : settings_of(startup.parameter("options"))) set(*session, name, value);
  return session;
}

}  // namespace garland::endpoint
