#include "endpoint/transport.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "endpoint/tls_context.h"

namespace garland::endpoint {

namespace asio = boost::asio;
using asio::use_awaitable;

namespace {

constexpr auto kGoodbye = std::chrono::milliseconds(100);

class PlainTransport : public Transport {
 public:
  explicit PlainTransport(Socket socket) : socket_(std::move(socket)) {}

  asio::awaitable<void> handshake() override { co_return; }
  asio::awaitable<void> say_goodbye() override { co_return; }
  asio::awaitable<size_t> read(char* data, size_t size) override {
    co_return co_await socket_.async_read_some(asio::buffer(data, size), use_awaitable);
  }
  asio::awaitable<void> write(std::string_view data) override {
    co_await asio::async_write(socket_, asio::buffer(data), use_awaitable);
  }
  void cancel() override {
    boost::system::error_code ignored;  // a socket that cannot be cancelled has nothing that waits
    socket_.cancel(ignored);
  }
  void close() noexcept override {
    boost::system::error_code ignored;  // the descriptor is given back whatever the peer did
    socket_.shutdown(Socket::shutdown_both, ignored);
    socket_.close(ignored);
  }
  bool encrypted() const override { return false; }
  Socket take() { return std::move(socket_); }

 private:
  Socket socket_;
};

class TlsTransport : public Transport {
 public:
  TlsTransport(Socket socket, const net::ServerTls& tls)
      : context_(tls_context(tls)), stream_(std::move(socket), context_) {}

  asio::awaitable<void> handshake() override {
    co_await stream_.async_handshake(asio::ssl::stream_base::server, use_awaitable);
    ready_ = true;
  }
  /// The peer's own close_notify is waited for shortly only: most never send it.
  asio::awaitable<void> say_goodbye() override {
    if (!ready_) co_return;
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer timer(stream_.get_executor(), kGoodbye);
    boost::system::error_code ignored;  // whatever becomes of it, the connection ends
    co_await (stream_.async_shutdown(asio::redirect_error(use_awaitable, ignored)) ||
              timer.async_wait(asio::redirect_error(use_awaitable, ignored)));
  }
  asio::awaitable<size_t> read(char* data, size_t size) override {
    co_return co_await stream_.async_read_some(asio::buffer(data, size), use_awaitable);
  }
  asio::awaitable<void> write(std::string_view data) override {
    co_await asio::async_write(stream_, asio::buffer(data), use_awaitable);
  }
  void cancel() override {
    boost::system::error_code ignored;  // as above
    stream_.next_layer().cancel(ignored);
  }
  void close() noexcept override {
    boost::system::error_code ignored;
    stream_.next_layer().shutdown(Socket::shutdown_both, ignored);
    stream_.next_layer().close(ignored);
  }
  bool encrypted() const override { return true; }
  std::string tls_version() const override { return SSL_get_version(handle()); }
  std::string tls_cipher() const override {
    const char* name = SSL_get_cipher_name(handle());
    return name ? name : "";
  }

 private:
  const SSL* handle() const { return const_cast<TlsTransport*>(this)->stream_.native_handle(); }

  asio::ssl::context context_;
  asio::ssl::stream<Socket> stream_;
  bool ready_ = false;
};

}  // namespace

std::unique_ptr<Transport> plain_transport(Socket socket) {
  return std::make_unique<PlainTransport>(std::move(socket));
}

std::unique_ptr<Transport> tls_transport(std::unique_ptr<Transport> plain, const net::ServerTls& tls) {
  return std::make_unique<TlsTransport>(dynamic_cast<PlainTransport&>(*plain).take(), tls);
}

}  // namespace garland::endpoint
