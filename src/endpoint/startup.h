// The first packet of a connection (PostgreSQL documentation, "Start-up"), and what a client announces in it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace garland::endpoint {

struct SslRequest {};
struct GssRequest {};
struct CancelRequest {
  int32_t process = 0;
  int32_t key = 0;
};
struct StartupMessage {
  int minor_version = 0;  // of protocol 3
  std::map<std::string, std::string> parameters;

  /// Empty when it is not there.
  std::string parameter(const std::string& name) const;
  /// The settings in the parameter `options` ("-c name=value", "--name=value"). Throws 22023 for what is none.
  std::vector<std::pair<std::string, std::string>> settings() const;
  /// The connection is to carry a command (command.h).
  bool wants_commands() const;
  /// Redshift's own drivers say which of their protocol versions they speak, 0 to 2.
  bool from_redshift_driver() const;
  /// What the server answers with and follows from then on: the client's version, at most kProtocolVersion.
  int protocol_version() const;
};
using StartupPacket = std::variant<SslRequest, GssRequest, CancelRequest, StartupMessage>;

/// 1 adds where a result's columns come from, 2 the drivers' binary numbers (AWS driver sources: redshift_connector).
inline constexpr int kProtocolVersion = 2;

/// `payload`: behind the length. Throws 08P01 for what is none, 0A000 for another protocol, 28000 without a user,
/// 22021 for text that is not UTF-8.
StartupPacket read_startup(std::string_view payload);

}  // namespace garland::endpoint
