#include "redshift/connection.h"

#include <utility>

#include "base/log.h"
#include "base/utf8.h"

namespace garland::redshift {

namespace {

std::string_view field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text ? text : "";
}

/// libpq ends its own messages with a line's end.
std::string trimmed(std::string_view text) { return std::string(text.substr(0, text.find_last_not_of(" \n") + 1)); }

void keep_notice(void* notices, const PGresult* result) {
  static_cast<std::vector<engine::Notice>*>(notices)->push_back({std::string(field(result, PG_DIAG_SEVERITY)),
                                                                 std::string(field(result, PG_DIAG_SQLSTATE)),
                                                                 std::string(field(result, PG_DIAG_MESSAGE_PRIMARY))});
}

PGconn* connect(const Options& options, const engine::Login& login, const char* settings) {
  const std::string port = std::to_string(options.port);
  const std::pair<const char*, const char*> given[] = {{"host", options.host.c_str()},
                                                       {"port", port.c_str()},
                                                       {"user", login.user.c_str()},
                                                       {"dbname", login.database.c_str()},
                                                       {"password", options.password.c_str()},
                                                       {"sslmode", options.tls.c_str()},
                                                       {"application_name", login.application_name.c_str()},
                                                       {"options", settings},
                                                       {"client_encoding", "UTF8"},
                                                       {"connect_timeout", "30"}};
  std::vector<const char*> names, values;
  for (const auto& [name, value] : given) {
    if (!*value) continue;
    names.push_back(name);
    values.push_back(value);
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  return PQconnectdbParams(names.data(), values.data(), 0);
}

}  // namespace

Connection::Connection(const Options& options, const engine::Login& login, const char* settings)
    : connection_(connect(options, login, settings)) {
  if (PQstatus(connection_) != CONNECTION_OK) {
    Error failure(kConnectionFailure, "cannot connect: " + trimmed(PQerrorMessage(connection_)));
    PQfinish(connection_);
    throw failure;
  }
  PQsetNoticeReceiver(connection_, keep_notice, &notices_);
  cancel_ = PQgetCancel(connection_);
}

Connection::~Connection() {
  PQfreeCancel(cancel_);
  PQfinish(connection_);
}

std::vector<engine::Notice> Connection::take_notices() { return std::exchange(notices_, {}); }

Error Connection::error_of(const PGresult* result, std::string_view text) const {
  const auto state = SqlState::of(field(result, PG_DIAG_SQLSTATE));
  if (!state) return lost();
  Error error(*state, std::string(field(result, PG_DIAG_MESSAGE_PRIMARY)));
  error.detail(std::string(field(result, PG_DIAG_MESSAGE_DETAIL)));
  error.hint(std::string(field(result, PG_DIAG_MESSAGE_HINT)));
  const std::string position(field(result, PG_DIAG_STATEMENT_POSITION));
  if (!position.empty()) error.at(offset_of_character(text, std::stoul(position) - 1));
  return error;
}

Error Connection::lost() const {
  return Error(kConnectionFailure, "the connection to the server failed: " + trimmed(PQerrorMessage(connection_)));
}

void Connection::cancel() {
  char reason[256] = {};
  if (!PQcancel(cancel_, reason, sizeof reason)) spdlog::warn("a statement could not be cancelled: {}", reason);
}

}  // namespace garland::redshift
