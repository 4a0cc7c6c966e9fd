// TLS for a server: what its connections share.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace garland::net {

/// A certificate, its key and the rules: TLS 1.2 or 1.3, the server's order of ciphers, no renegotiation, no
/// compression, no session tickets or other resumption; idle connections keep no buffers. Movable; thread-safe once
/// made.
class ServerTls {
 public:
  /// Both in PEM form; intermediate certificates may follow in `certificate`. Throws 58030 when a file cannot be read,
  /// F0000 when one holds something else, when the key has a passphrase or belongs to another certificate, and when the
  /// certificate is expired or not valid yet; each error names the file and says how to mend it.
  static ServerTls from_files(const std::filesystem::path& certificate, const std::filesystem::path& key);
  /// From <folder>/server.crt and server.key. Unless both are there, both are made first (certificate.h), for their
  /// owner's eyes only (0600); a crash leaves a pair or none. One process at a time. Throws 58030 too when the folder
  /// cannot be written to.
  static ServerTls self_made(const std::filesystem::path& folder, const std::vector<std::string>& host_names);

  /// Borrowed: SSL_CTX_up_ref() before handing it to an owner such as boost::asio::ssl::context.
  ssl_ctx_st* context() const { return context_.get(); }
  /// The data of the channel binding tls-server-end-point (RFC 5929, section 4.1): the certificate's hash. Empty where
  /// that is not defined (Ed25519, RSA-PSS): clients of PostgreSQL give up there when binding is offered.
  const std::string& end_point() const { return end_point_; }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  ServerTls() = default;

  std::unique_ptr<ssl_ctx_st, Free> context_;
  std::string end_point_;
};

}  // namespace garland::net
