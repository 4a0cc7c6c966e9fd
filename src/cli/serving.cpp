#include "cli/serving.h"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <random>
#include <thread>

#include "base/error.h"
#include "base/log.h"
#include "cli/terminal.h"
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

net::ServerTls tls_of(const ProjectFile& project) {
  if (project.serve.certificate) return net::ServerTls::from_files(*project.serve.certificate, *project.serve.key);
  return net::ServerTls::self_made(warehouse_folder(project), {project.serve.options.host});
}

ProjectFile project_of(const ServeArguments& arguments) {
  ProjectFile project = read_project_file(arguments.project);
  configure_server_logging(arguments.log, project.serve.log);
  endpoint::ServerOptions& options = project.serve.options;
  if (arguments.host) options.host = *arguments.host;
  if (arguments.port) options.port = *arguments.port;
  if (arguments.http_port) options.http_port = *arguments.http_port;
  options.data_folder = warehouse_folder(project);
  return project;
}

}  // namespace

LocalSocket::LocalSocket(const std::filesystem::path& folder) : folder_(std::filesystem::absolute(folder)) {
  if (path().string().size() <= endpoint::kMaxSocketPath) return;
  std::string made = (std::filesystem::temp_directory_path() / "garland-XXXXXX").string();
  if (made.size() + path().filename().string().size() >= endpoint::kMaxSocketPath) made = "/tmp/garland-XXXXXX";
  if (!mkdtemp(made.data())) throw Error(kIoError, fmt::format("cannot make a folder for the socket: {}", made));
  folder_ = made;
  temporary_ = true;
}

LocalSocket::~LocalSocket() {
  std::error_code ignored;  // an empty folder may stay
  if (temporary_) std::filesystem::remove(folder_, ignored);
}

std::filesystem::path LocalSocket::path() const { return folder_ / ".s.PGSQL.5439"; }

Serving::Serving(const ServeArguments& arguments, const std::filesystem::path& source_folder)
    : project_(project_of(arguments)), signals_(block_stop_signals()), socket_(warehouse_folder(project_)) {
  raise_descriptor_limit();
  project_.serve.options.local_socket = socket_.path();
  engine_ = open_warehouse(project_, source_folder.empty() ? project_.source_folder : source_folder, socket_.path());
  metrics_.emplace(*engine_);
  tls_.emplace(tls_of(project_));
  provide_administrator(*engine_);
  models::prepare_audit_views(*engine_->open_session(local_login("serve")));
  events_ = std::make_unique<EventRoute>(*engine_, project_);
}

Serving::~Serving() = default;

void Serving::run(endpoint::Commands commands, const Beside& beside) {
  endpoint::ServerOptions options = project_.serve.options;
  options.commands = std::move(commands);
  options.route = events_->route();
  options.more_metrics = [&] { return metrics_->text() + (beside.metrics ? beside.metrics() : ""); };
  endpoint::Server server(*engine_, *tls_, options);
  fmt::print("listening on {}\n", server.address());
  if (options.http_port) fmt::print("Data API and /metrics on http://{}\n", server.http_address());
  std::fflush(stdout);
  std::thread stopper([&] {
    for (int signal = 0; sigwait(&signals_, &signal) == 0 && signal != SIGUSR1;) {
      spdlog::info("signal {}: stopping", signal);
      if (beside.interrupt) beside.interrupt();
      server.stop();
    }
  });
  server.run();
  if (beside.wait) beside.wait();
  pthread_kill(stopper.native_handle(), SIGUSR1);
  stopper.join();
}

}  // namespace garland::cli
