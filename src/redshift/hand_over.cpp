// A command's way to the process that does it: the client's side of endpoint/command.h.
#include <poll.h>

#include <charconv>

#include "redshift/connection.h"
#include "redshift/redshift.h"

namespace garland::redshift {

namespace {

struct FreeMemory {
  void operator()(char* memory) const { PQfreemem(memory); }
};

/// Waits for bytes of the server, a little: the caller looks whether it is to stop meanwhile.
void wait_a_little(const Connection& connection) {
  constexpr int kWaitMs = 100;
  pollfd ready{PQsocket(connection.get()), POLLIN, 0};
  if (poll(&ready, 1, kWaitMs) > 0 && !PQconsumeInput(connection.get())) throw connection.lost();
}

/// Until the command prints no more.
void follow(Connection& connection, const CommandEvents& events, const std::atomic<bool>& stop) {
  for (bool asked = false;;) {
    char* bytes = nullptr;
    const int size = PQgetCopyData(connection.get(), &bytes, true);
    const std::unique_ptr<char, FreeMemory> owned(bytes);
    for (const engine::Notice& notice : connection.take_notices()) events.notice(notice);
    if (size == -1) return;
    if (size == -2) throw connection.lost();
    if (size > 0) events.print(bytes[0], {bytes + 1, static_cast<size_t>(size) - 1});
    if (size == 0) wait_a_little(connection);
    if (stop && !asked) {
      connection.cancel();
      asked = true;
    }
  }
}

/// The number in "COMMAND 1".
int exit_code_of(PGresult* result) {
  const std::string_view tag = PQcmdStatus(result);
  int code = 0;
  const std::string_view digits = tag.substr(tag.rfind(' ') + 1);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), code);
  if (read.ec != std::errc()) throw Error(kProtocolViolation, "the command ended with " + std::string(tag));
  return code;
}

}  // namespace

int hand_over(const Options& options, const engine::Login& login, const std::string& command,
              const CommandEvents& events, const std::atomic<bool>& stop) {
  Connection connection(options, login, "-c garland.commands=on");
  if (!PQsendQuery(connection.get(), command.c_str())) throw connection.lost();
  const Result begun(PQgetResult(connection.get()));
  if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) throw connection.error_of(begun.get(), {});
  follow(connection, events, stop);
  const Result ended(PQgetResult(connection.get()));
  if (PQresultStatus(ended.get()) != PGRES_COMMAND_OK) throw connection.error_of(ended.get(), {});
  return exit_code_of(ended.get());
}

}  // namespace garland::redshift
