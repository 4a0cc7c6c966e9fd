#include "endpoint/server.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "base/log.h"
#include "endpoint/connection.h"
#include "endpoint/data_api/data_api.h"

namespace garland::endpoint {

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;
using local = asio::local::stream_protocol;

namespace {

constexpr auto kSweep = std::chrono::seconds(1);
constexpr auto kBetweenDrainLooks = std::chrono::milliseconds(20);
constexpr auto kAfterCancel = std::chrono::seconds(5);

bool is_own_user(const ucred& peer) { return peer.uid == geteuid() || peer.uid == 0; }

Peer peer_of(const tcp::socket& socket) {
  const tcp::endpoint from = socket.remote_endpoint();
  return {from.address().to_string(), std::to_string(from.port()), from.address().is_loopback(), false};
}

Peer peer_of(local::socket& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  const bool known = getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
  return {"local", "", true, known && is_own_user(peer)};
}

}  // namespace

class Server::Impl {
 public:
  Impl(engine::Engine& engine, const net::ServerTls& tls, ServerOptions options)
      : hub_{engine,
             tls,
             std::move(options),
             system_clock(),
             {},
             Lockout(system_clock()),
             false,
             WorkerPool(io_, options.slots),
             Metrics(system_clock())},
        acceptor_(io_),
        local_acceptor_(io_),
        api_acceptor_(io_),
        strand_(asio::make_strand(io_)),
        next_sweep_(io_) {
    listen(acceptor_, hub_.options.host, hub_.options.port);
    if (hub_.options.http_port) {
      listen(api_acceptor_, hub_.options.host, *hub_.options.http_port);
      api_.emplace(hub_.engine, hub_.tls, hub_.pool, hub_.clock, hub_.metrics, hub_.options.data_folder,
                   hub_.options.route, [this] { return shown_metrics(); });
    }
    if (!hub_.options.local_socket.empty()) listen_locally();
  }

  std::string address() const { return address_of(acceptor_); }
  std::string http_address() const { return api_ ? address_of(api_acceptor_) : ""; }

  void run() {
    asio::co_spawn(strand_, accept(acceptor_), asio::detached);
    if (api_) asio::co_spawn(strand_, accept_api(), asio::detached);
    if (local_acceptor_.is_open()) asio::co_spawn(strand_, accept(local_acceptor_), asio::detached);
    asio::co_spawn(strand_, sweep(), asio::detached);
    hub_.pool.run();
  }

  void stop() {
    asio::post(strand_, [this] {
      if (hub_.stopping.exchange(true)) {
        hurry_ = true;
        return;
      }
      boost::system::error_code ignored;  // it accepts nothing any more, whatever this says
      acceptor_.close(ignored);
      local_acceptor_.close(ignored);
      api_acceptor_.close(ignored);
      ::unlink(hub_.options.local_socket.c_str());
      next_sweep_.cancel();
      for (const auto& connection : hub_.connections.all()) connection->stop_command();
      asio::co_spawn(strand_, drain(), asio::detached);
    });
  }

 private:
  std::string shown_metrics() const {
    std::string text = hub_.metrics.text(hub_.connections.count(), hub_.pool.load());
    if (hub_.options.more_metrics) text += hub_.options.more_metrics();
    return text;
  }

  static std::string address_of(const tcp::acceptor& acceptor) {
    const tcp::endpoint at = acceptor.local_endpoint();
    const std::string host = at.address().to_string();
    return (at.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(at.port());
  }

  static void listen(tcp::acceptor& acceptor, const std::string& host, uint16_t port) {
    try {
      const tcp::endpoint at(asio::ip::make_address(host), port);
      acceptor.open(at.protocol());
      acceptor.set_option(tcp::acceptor::reuse_address(true));
      acceptor.bind(at);
      acceptor.listen(asio::socket_base::max_listen_connections);
    } catch (const boost::system::system_error& error) {
      throw Error(kIoError, "cannot listen on " + host + ":" + std::to_string(port) + ": " + error.code().message())
          .hint("Choose another --port (0 takes a free one), --host or --http-port.");
    }
  }

  asio::awaitable<void> accept_api() {
    while (api_acceptor_.is_open()) {
      boost::system::error_code failure;
      auto socket =
          co_await api_acceptor_.async_accept(asio::make_strand(io_), asio::redirect_error(use_awaitable, failure));
      if (!failure) {
        const auto executor = socket.get_executor();
        asio::co_spawn(executor, api_->serve(std::move(socket)), asio::detached);
      } else if (failure == asio::error::operation_aborted) {
        break;
      }
    }
  }

  /// Removes the socket of a server that was killed: only one at a time owns the warehouse.
  void listen_locally() {
    const std::string path = hub_.options.local_socket.string();
    try {
      ::unlink(path.c_str());
      local_acceptor_.open();
      const mode_t before = umask(0077);  // for nobody but the server's own user
      boost::system::error_code failure;
      local_acceptor_.bind(local::endpoint(path), failure);
      umask(before);
      if (failure) throw boost::system::system_error(failure);
      local_acceptor_.listen(asio::socket_base::max_listen_connections);
    } catch (const boost::system::system_error& error) {
      throw Error(kIoError, "cannot listen on the socket " + path + ": " + error.code().message());
    }
  }

  template <class Acceptor>
  asio::awaitable<void> accept(Acceptor& acceptor) {
    asio::steady_timer pause(io_);
    while (acceptor.is_open()) {
      boost::system::error_code failure;
      auto socket = co_await acceptor.async_accept(io_, asio::redirect_error(use_awaitable, failure));
      if (!failure) {
        welcome(std::move(socket));
        continue;
      }
      if (failure == asio::error::operation_aborted || !acceptor.is_open()) break;
      spdlog::warn("a connection could not be accepted: {}", failure.message());  // out of descriptors, mostly
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(use_awaitable);
    }
  }

  void welcome(tcp::socket socket) {
    try {
      socket.set_option(tcp::no_delay(true));
      socket.set_option(asio::socket_base::keep_alive(true));
      const Peer peer = peer_of(socket);
      begin(Socket(std::move(socket)), peer);
    } catch (const boost::system::system_error& error) {
      spdlog::debug("a connection went before it began: {}", error.what());
    }
  }
  void welcome(local::socket socket) {
    const Peer peer = peer_of(socket);
    begin(Socket(std::move(socket)), peer);
  }

  void begin(Socket socket, const Peer& peer) {
    hub_.metrics.connection_accepted();
    auto connection =
        std::make_shared<Connection>(hub_, asio::make_strand(io_), std::move(socket), peer, ++last_process_);
    if (const auto oldest = hub_.connections.add(connection)) oldest->abort();
    asio::co_spawn(connection->strand(), connection->run(), asio::detached);
  }

  asio::awaitable<void> sweep() {
    boost::system::error_code stopped;
    while (!hub_.stopping) {
      next_sweep_.expires_after(kSweep);
      co_await next_sweep_.async_wait(asio::redirect_error(use_awaitable, stopped));
      const int64_t now_ns = hub_.clock.steady_ns();
      for (const auto& connection : hub_.connections.all()) connection->sweep(now_ns);
      if (api_) api_->sweep();
    }
  }

  asio::awaitable<void> drain() {
    asio::steady_timer timer(io_);
    const auto wait_until = [&](auto deadline, bool in_transaction_too) -> asio::awaitable<void> {
      while (is_working() && std::chrono::steady_clock::now() < deadline) {
        if (hurry_ && !in_transaction_too) break;
        for (const auto& connection : hub_.connections.all()) connection->end(shutting_down(), in_transaction_too);
        if (api_ && in_transaction_too) api_->stop();
        timer.expires_after(kBetweenDrainLooks);
        co_await timer.async_wait(use_awaitable);
      }
    };
    co_await wait_until(std::chrono::steady_clock::now() + hub_.options.drain, false);
    for (const auto& connection : hub_.connections.all()) connection->cancel_statement();
    co_await wait_until(std::chrono::steady_clock::now() + kAfterCancel, true);
    for (const auto& connection : hub_.connections.all()) connection->abort();
    if (api_) api_->stop();
  }

  bool is_working() const { return hub_.connections.count() > 0 || (api_ && api_->is_working()); }

  asio::io_context io_;
  Hub hub_;
  tcp::acceptor acceptor_;
  local::acceptor local_acceptor_;
  tcp::acceptor api_acceptor_;
  std::optional<DataApi> api_;
  asio::strand<asio::io_context::executor_type> strand_;
  asio::steady_timer next_sweep_;
  std::atomic<bool> hurry_{false};
  int32_t last_process_ = 0;
};

Server::Server(engine::Engine& engine, const net::ServerTls& tls, ServerOptions options)
    : impl_(std::make_unique<Impl>(engine, tls, std::move(options))) {}
Server::~Server() = default;
std::string Server::address() const { return impl_->address(); }
std::string Server::http_address() const { return impl_->http_address(); }
void Server::run() { impl_->run(); }
void Server::stop() { impl_->stop(); }

}  // namespace garland::endpoint
