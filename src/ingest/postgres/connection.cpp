#include "ingest/postgres/connection.h"

#include <fmt/format.h>
#include <poll.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <utility>

namespace garland::ingest::postgres {
namespace {

std::string_view field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text ? text : "";
}

/// libpq ends its own messages with a line's end.
std::string trimmed(std::string_view text) { return std::string(text.substr(0, text.find_last_not_of(" \n") + 1)); }

/// A secret: it goes into no log and no error.
std::optional<std::string> password_of(const PostgresSource& source) {
  if (source.password_env) {
    const char* password = std::getenv(source.password_env->c_str());
    if (password && *password) return password;
    throw Error(kConfigFileError,
                fmt::format("the environment has no {}, where the password of source \"{}\" should be",
                            *source.password_env, source.name))
        .in(source.place);
  }
  if (!source.password_file) return std::nullopt;
  std::ifstream file(*source.password_file);
  std::string password;
  if (std::getline(file, password) && !password.empty()) return password;
  throw Error(kConfigFileError,
              fmt::format("there is no password of source \"{}\" in {}", source.name, source.password_file->string()))
      .in(source.place)
      .hint("its first line is the password");
}

/// Half-open connections are noticed within half a minute, also while this side only listens or only sends.
PGconn* connect(const PostgresSource& source, SourceConnection::Use use) {
  const std::optional<std::string> password = password_of(source);
  std::vector<std::pair<const char*, const char*>> given = {
      {"dbname", source.uri.c_str()}, {"client_encoding", "UTF8"},  {"application_name", "garland"},
      {"connect_timeout", "10"},      {"keepalives_idle", "10"},    {"keepalives_interval", "5"},
      {"keepalives_count", "4"},      {"tcp_user_timeout", "30000"}};
  if (password) given.emplace_back("password", password->c_str());
  if (use == SourceConnection::Use::kReplication) given.emplace_back("replication", "database");
  std::vector<const char*> names, values;
  for (const auto& [name, value] : given) {
    names.push_back(name);
    values.push_back(value);
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  return PQconnectdbParams(names.data(), values.data(), 1);
}

Error cannot_connect(const PostgresSource& source, const std::string& reason) {
  const auto says = [&](const char* text) { return reason.find(text) != std::string::npos; };
  if (says("password authentication failed") || says("no password supplied")) {
    return Error(kInvalidPassword, fmt::format("source \"{}\" refuses the login: {}", source.name, reason))
        .hint("password_env or password_file of the source says where its password lies")
        .in(source.place);
  }
  if (says("permission denied to start WAL sender") || says("must be superuser or replication role")) {
    return Error(kInsufficientPrivilege, fmt::format("source \"{}\" refuses replication: {}", source.name, reason))
        .hint("ALTER ROLE <the user> REPLICATION;")
        .in(source.place);
  }
  return Error(kConnectionFailure, fmt::format("cannot connect to source \"{}\": {}", source.name, reason))
      .in(source.place);
}

}  // namespace

bool is_passing(const Error& error) {
  if (error.state() == kProtocolViolation) return false;
  return error.state().error_class() == "08" || error.state().text().substr(0, 4) == "57P0" ||
         error.state() == kTooManyConnections;
}

SourceConnection::SourceConnection(const PostgresSource& source, Use use)
    : name_(source.name), connection_(connect(source, use)) {
  if (PQstatus(connection_) == CONNECTION_OK) {
    PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
    return;
  }
  const Error failure = cannot_connect(source, trimmed(PQerrorMessage(connection_)));
  PQfinish(connection_);
  throw failure;
}

SourceConnection::~SourceConnection() { PQfinish(connection_); }

bool SourceConnection::wait(int timeout_ms) {
  pollfd waiting{PQsocket(connection_), POLLIN, 0};
  const int ready = poll(&waiting, 1, timeout_ms);
  if (ready < 0 && errno != EINTR) throw lost();
  if (ready <= 0) return false;
  if (PQconsumeInput(connection_) == 0) throw lost();
  return true;
}

void SourceConnection::send(const std::string& sql, const std::vector<std::string>& parameters) {
  std::vector<const char*> values;
  for (const std::string& parameter : parameters) values.push_back(parameter.c_str());
  // The replication protocol knows simple queries only.
  const int sent = values.empty() ? PQsendQuery(connection_, sql.c_str())
                                  : PQsendQueryParams(connection_, sql.c_str(), static_cast<int>(values.size()),
                                                      nullptr, values.data(), nullptr, nullptr, 0);
  if (sent == 0) throw lost();
}

Result SourceConnection::result(int timeout_ms) {
  while (PQisBusy(connection_)) {
    if (!wait(timeout_ms)) {
      throw Error(kConnectionFailure, fmt::format("source \"{}\" has not answered for {} s", name_, timeout_ms / 1000));
    }
  }
  return Result(PQgetResult(connection_));
}

std::vector<SourceRow> SourceConnection::query(const std::string& sql, const std::vector<std::string>& parameters,
                                               int timeout_ms) {
  send(sql, parameters);
  Result last;
  while (Result next = result(timeout_ms)) last = std::move(next);
  const ExecStatusType status = PQresultStatus(last.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) throw error_of(last.get());
  std::vector<SourceRow> rows(static_cast<size_t>(PQntuples(last.get())));
  for (int row = 0; row < PQntuples(last.get()); ++row) {
    for (int column = 0; column < PQnfields(last.get()); ++column) {
      auto& value = rows[static_cast<size_t>(row)].emplace_back();
      if (PQgetisnull(last.get(), row, column)) continue;
      value =
          std::string(PQgetvalue(last.get(), row, column), static_cast<size_t>(PQgetlength(last.get(), row, column)));
    }
  }
  return rows;
}

void SourceConnection::begin_copy(const std::string& sql) {
  send(sql, {});
  const Result begun = result(kSilenceMs);
  const ExecStatusType status = PQresultStatus(begun.get());
  if (status != PGRES_COPY_OUT && status != PGRES_COPY_BOTH) throw error_of(begun.get());
}

Error SourceConnection::error_of(const PGresult* result) const {
  const auto state = SqlState::of(field(result, PG_DIAG_SQLSTATE));
  if (!state) return lost();
  Error error(*state, fmt::format("source \"{}\": {}", name_, field(result, PG_DIAG_MESSAGE_PRIMARY)));
  error.detail(std::string(field(result, PG_DIAG_MESSAGE_DETAIL)));
  error.hint(std::string(field(result, PG_DIAG_MESSAGE_HINT)));
  return error;
}

Error SourceConnection::lost() const {
  const std::string reason = trimmed(PQerrorMessage(connection_));
  return Error(kConnectionFailure,
               fmt::format("the connection to source \"{}\" failed{}{}", name_, reason.empty() ? "" : ": ", reason));
}

std::string SourceConnection::identifier(const std::string& name) const {
  const std::unique_ptr<char, decltype(&PQfreemem)> quoted(PQescapeIdentifier(connection_, name.c_str(), name.size()),
                                                           PQfreemem);
  if (!quoted) throw lost();
  return quoted.get();
}

std::string SourceConnection::literal(const std::string& text) const {
  const std::unique_ptr<char, decltype(&PQfreemem)> quoted(PQescapeLiteral(connection_, text.c_str(), text.size()),
                                                           PQfreemem);
  if (!quoted) throw lost();
  return quoted.get();
}

}  // namespace garland::ingest::postgres
