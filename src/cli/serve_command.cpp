// garland serve: the endpoint in front of the project's warehouse, until it is told to stop.
#include <fmt/format.h>
#include <pthread.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>

#include "base/error.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/event_route.h"
#include "cli/exit_code.h"
#include "cli/handed_over.h"
#include "cli/project.h"
#include "cli/terminal.h"
#include "endpoint/server.h"
#include "models/audit_views.h"
#include "sql/printer.h"

namespace garland::cli {
namespace {

constexpr const char* kAdministrator = "admin";

/// Each connection is a descriptor: as many as the system allows.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// SIGINT and SIGTERM wait for the one thread that takes them; threads inherit this.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGUSR1);  // the end of that thread
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a client that went is an error of its connection
  return signals;
}

/// 24 letters and digits, with at least one of each kind, as CREATE USER wants them.
std::string random_password() {
  constexpr std::string_view kKinds[] = {"ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789"};
  std::random_device random;
  std::string password;
  while (password.size() < 24) {
    const std::string_view kind = kKinds[password.size() % 3];
    password += kind[std::uniform_int_distribution<size_t>(0, kind.size() - 1)(random)];
  }
  return password;
}

void set_password(engine::Engine& engine, const std::string& password) {
  const auto session = engine.open_session(local_login("serve"));
  engine::run(*session, fmt::format("alter user {} password {}", kAdministrator, sql::quote_literal(password)));
}

/// The administrator can log in: with the password of the environment, else with one that is made at the first start.
void provide_administrator(engine::Engine& engine) {
  if (const char* given = std::getenv("GARLAND_ADMIN_PASSWORD"); given && *given) {
    set_password(engine, given);
    unsetenv("GARLAND_ADMIN_PASSWORD");  // programs that are started from here need not know it
    return;
  }
  const auto account = engine.account(kAdministrator);
  if (account && (!account->scram.empty() || !account->sha256_digest.empty() || !account->md5.empty())) return;
  const std::string password = random_password();
  set_password(engine, password);
  fmt::print(stderr, "user {}, password {}   (shown this once; another one: alter user {} password '…')\n",
             styled(own_terminal().err, Style::kBold, kAdministrator),
             styled(own_terminal().err, Style::kBold, password), kAdministrator);
}

/// The server's Unix socket, under the name that libpq's programs look for: in the warehouse's folder, or where its
/// path would be too long, in a private folder that is removed at the end.
class LocalSocket {
 public:
  explicit LocalSocket(const std::filesystem::path& folder) : folder_(std::filesystem::absolute(folder)) {
    if (path().string().size() <= endpoint::kMaxSocketPath) return;
    std::string made = (std::filesystem::temp_directory_path() / "garland-XXXXXX").string();
    if (made.size() + path().filename().string().size() >= endpoint::kMaxSocketPath) made = "/tmp/garland-XXXXXX";
    if (!mkdtemp(made.data())) throw Error(kIoError, fmt::format("cannot make a folder for the socket: {}", made));
    folder_ = made;
    temporary_ = true;
  }
  ~LocalSocket() {
    std::error_code ignored;  // an empty folder may stay
    if (temporary_) std::filesystem::remove(folder_, ignored);
  }
  LocalSocket(const LocalSocket&) = delete;
  LocalSocket& operator=(const LocalSocket&) = delete;

  std::filesystem::path path() const { return folder_ / ".s.PGSQL.5439"; }

 private:
  std::filesystem::path folder_;
  bool temporary_ = false;
};

net::ServerTls tls_of(const ProjectFile& project) {
  if (project.serve.certificate) return net::ServerTls::from_files(*project.serve.certificate, *project.serve.key);
  return net::ServerTls::self_made(warehouse_folder(project), {project.serve.options.host});
}

}  // namespace

int serve_command(const ServeArguments& arguments) {
  ProjectFile project = read_project_file(arguments.project);
  configure_server_logging(arguments.log, project.serve.log);
  endpoint::ServerOptions& options = project.serve.options;
  if (arguments.host) options.host = *arguments.host;
  if (arguments.port) options.port = *arguments.port;
  if (arguments.http_port) options.http_port = *arguments.http_port;
  options.data_folder = warehouse_folder(project);
  const sigset_t signals = block_stop_signals();
  raise_descriptor_limit();
  const LocalSocket socket(warehouse_folder(project));
  options.local_socket = socket.path();
  const auto engine = open_warehouse(project, project.source_folder, socket.path());
  const net::ServerTls tls = tls_of(project);
  provide_administrator(*engine);
  models::prepare_audit_views(*engine->open_session(local_login("serve")));
  HandedOver handed_over;
  EventRoute events(*engine, project);
  options.route = events.route();
  options.commands = [&](const endpoint::Command& command) { return handed_over.run(command); };
  endpoint::Server server(*engine, tls, options);
  fmt::print("listening on {}\n", server.address());
  if (options.http_port) fmt::print("Data API and /metrics on http://{}\n", server.http_address());
  std::fflush(stdout);
  std::thread stopper([&] {
    for (int signal = 0; sigwait(&signals, &signal) == 0 && signal != SIGUSR1;) {
      spdlog::info("signal {}: stopping", signal);
      server.stop();
    }
  });
  server.run();
  pthread_kill(stopper.native_handle(), SIGUSR1);
  stopper.join();
  return kDone;
}

}  // namespace garland::cli
