// The server's TLS as Asio wants it.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include "net/tls.h"

namespace garland::endpoint {

/// Asio's context owns what it is given: this one has a reference of its own.
inline boost::asio::ssl::context tls_context(const net::ServerTls& tls) {
  SSL_CTX_up_ref(tls.context());
  return boost::asio::ssl::context(tls.context());
}

}  // namespace garland::endpoint
