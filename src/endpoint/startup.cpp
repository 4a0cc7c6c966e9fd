#include "endpoint/startup.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "endpoint/message.h"
#include "engine/text.h"

namespace garland::endpoint {

namespace {

constexpr int32_t kCancelCode = 80877102, kSslCode = 80877103, kGssCode = 80877104;

StartupMessage read_parameters(int minor_version, MessageReader& reader) {
  StartupMessage message{minor_version, {}};
  for (;;) {
    const std::string_view name = reader.text();
    if (name.empty()) break;
    const std::string_view value = reader.text();
    if (!engine::is_utf8(name) || !engine::is_utf8(value)) {
      throw Error(kCharacterNotInRepertoire, "a startup parameter is not valid UTF-8");
    }
    message.parameters[std::string(name)] = std::string(value);
  }
  reader.expect_end();
  if (message.parameter("user").empty()) {
    throw Error(kInvalidAuthorization, "no user name is given in the startup packet");
  }
  return message;
}

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

}  // namespace

std::string StartupMessage::parameter(const std::string& name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? "" : found->second;
}

std::vector<std::pair<std::string, std::string>> StartupMessage::settings() const {
  std::vector<std::pair<std::string, std::string>> result;
  const std::vector<std::string> given = words(parameter("options"));
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

bool StartupMessage::wants_commands() const {
  const auto given = settings();
  return std::ranges::find(given, std::pair<std::string, std::string>("garland.commands", "on")) != given.end();
}

bool StartupMessage::from_redshift_driver() const {
  return parameters.contains("client_protocol_version") || parameters.contains("driver_version");
}

int StartupMessage::protocol_version() const {
  const std::string text = parameter("client_protocol_version");
  int version = 0;
  std::from_chars(text.data(), text.data() + text.size(), version);
  return std::clamp(version, 0, kProtocolVersion);
}

StartupPacket read_startup(std::string_view payload) {
  MessageReader reader(payload);
  const int32_t code = reader.int32();
  if (code == kSslCode || code == kGssCode) {
    reader.expect_end();
    if (code == kSslCode) return SslRequest{};
    return GssRequest{};
  }
  if (code == kCancelCode) {
    const int32_t process = reader.int32();
    const CancelRequest request{process, reader.int32()};
    reader.expect_end();
    return request;
  }
  if (code >> 16 != 3) {
    throw Error(kFeatureNotSupported, "unsupported frontend protocol " + std::to_string(code >> 16) + "." +
                                          std::to_string(code & 0xFFFF) + ": the server speaks 3.0");
  }
  return read_parameters(code & 0xFFFF, reader);
}

}  // namespace garland::endpoint
