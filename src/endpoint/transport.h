// The bytes of one connection: a TCP or Unix socket, plain or under TLS.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>  // before Asio's coroutines: g++ 12

#include "net/tls.h"

namespace garland::endpoint {

using Socket = boost::asio::generic::stream_protocol::socket;

/// Used in the connection's strand. Reading and writing throw boost::system::system_error when the peer is gone.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Of TLS, as the server.
  virtual boost::asio::awaitable<void> handshake() = 0;
  /// At least one byte.
  virtual boost::asio::awaitable<size_t> read(char* data, size_t size) = 0;
  virtual boost::asio::awaitable<void> write(std::string_view data) = 0;
  /// Says to the peer that nothing follows (TLS: close_notify), before close().
  virtual boost::asio::awaitable<void> say_goodbye() = 0;
  /// Ends a read that waits, with operation_aborted.
  virtual void cancel() = 0;
  virtual void close() noexcept = 0;
  virtual bool encrypted() const = 0;
  /// "TLSv1.3" and its cipher; empty without TLS.
  virtual std::string tls_version() const { return ""; }
  virtual std::string tls_cipher() const { return ""; }
};

std::unique_ptr<Transport> plain_transport(Socket socket);
/// The same socket; to be used after handshake().
std::unique_ptr<Transport> tls_transport(std::unique_ptr<Transport> plain, const net::ServerTls& tls);

}  // namespace garland::endpoint
