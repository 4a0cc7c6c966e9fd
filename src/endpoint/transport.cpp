#include "endpoint/transport.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <new>

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

struct SslDeleter {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

/// OpenSSL on the socket itself. Asio's own stream keeps four buffers of 17 KB for each connection, idle or not.
class TlsTransport : public Transport {
 public:
  TlsTransport(Socket socket, const net::ServerTls& tls) : socket_(std::move(socket)), ssl_(SSL_new(tls.context())) {
    if (!ssl_ || SSL_set_fd(ssl_.get(), socket_.native_handle()) != 1) throw std::bad_alloc();
    SSL_set_accept_state(ssl_.get());
    socket_.native_non_blocking(true);
  }

  asio::awaitable<void> handshake() override {
    co_await drive([this] { return SSL_do_handshake(ssl_.get()); });
    ready_ = true;
  }
  /// The peer's own close_notify is waited for shortly only: most never send it.
  asio::awaitable<void> say_goodbye() override {
    if (!ready_) co_return;
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer timer(socket_.get_executor(), kGoodbye);
    boost::system::error_code ignored;  // whatever becomes of it, the connection ends
    co_await (shut_down() || timer.async_wait(asio::redirect_error(use_awaitable, ignored)));
  }
  asio::awaitable<size_t> read(char* data, size_t size) override {
    size_t done = 0;
    co_await drive([&] { return SSL_read_ex(ssl_.get(), data, size, &done); });
    co_return done;
  }
  asio::awaitable<void> write(std::string_view data) override {
    size_t done = 0;
    co_await drive([&] { return SSL_write_ex(ssl_.get(), data.data(), data.size(), &done); });
  }
  void cancel() override {
    boost::system::error_code ignored;  // as above
    socket_.cancel(ignored);
  }
  void close() noexcept override {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_both, ignored);
    socket_.close(ignored);
  }
  bool encrypted() const override { return true; }
  std::string tls_version() const override { return SSL_get_version(ssl_.get()); }
  std::string tls_cipher() const override {
    const char* name = SSL_get_cipher_name(ssl_.get());
    return name ? name : "";
  }

 private:
  /// Does `step` until it succeeds, and waits for the socket between. Throws boost::system::system_error.
  template <class Step>
  asio::awaitable<void> drive(Step step) {
    for (;;) {
      ERR_clear_error();
      errno = 0;
      const int done = step();
      if (done > 0) co_return;
      const auto wanted = wait_for(SSL_get_error(ssl_.get(), done));
      co_await socket_.async_wait(wanted, use_awaitable);
    }
  }

  static Socket::wait_type wait_for(int result) {
    const int system = errno;
    switch (result) {
      case SSL_ERROR_WANT_READ:
        return Socket::wait_read;
      case SSL_ERROR_WANT_WRITE:
        return Socket::wait_write;
      case SSL_ERROR_SSL:
        throw boost::system::system_error(static_cast<int>(ERR_get_error()), asio::error::get_ssl_category());
      case SSL_ERROR_SYSCALL:
        if (system != 0) throw boost::system::system_error(system, boost::system::system_category());
        [[fallthrough]];
      default:
        throw boost::system::system_error(asio::error::eof);
    }
  }

  asio::awaitable<void> shut_down() {
    try {
      co_await drive([this] {
        const int done = SSL_shutdown(ssl_.get());
        return done == 0 ? SSL_shutdown(ssl_.get()) : done;  // 0: ours is sent
      });
    } catch (const boost::system::system_error&) {  // it went first
    }
  }

  Socket socket_;
  std::unique_ptr<SSL, SslDeleter> ssl_;
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
