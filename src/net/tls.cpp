#include "net/tls.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "net/certificate.h"
#include "net/openssl.h"
#include "net/private_file.h"

namespace garland::net {
namespace {

namespace fs = std::filesystem;

// ---- files

void require_readable(const fs::path& file, const char* what) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  char byte;
  if (opened && ::read(opened.get(), &byte, 1) >= 0) return;
  const int reason = errno;
  throw Error(kIoError, std::string("could not read the ") + what + " " + file.string() + ": " + std::strerror(reason))
      .hint("The file must be there, and readable for the user that runs the server.");
}

// ---- certificate and key

Error config_error(const fs::path& file, const std::string& what) {
  return Error(kConfigFileError, file.string() + " " + what).detail(openssl_reason());
}

void check_validity(X509* certificate, const fs::path& file) {
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) <= 0) {
    throw config_error(file, "holds a certificate that has expired")
        .hint(
            "Put the renewed certificate and its key there. A self-made one is made anew at the next start, once it "
            "is removed.");
  }
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) >= 0) {
    throw config_error(file, "holds a certificate that is not valid yet").hint("Is this machine's clock right?");
  }
}

X509* use_certificate(SSL_CTX* context, const fs::path& file) {
  require_readable(file, "certificate");
  if (SSL_CTX_use_certificate_chain_file(context, file.c_str()) != 1) {
    throw config_error(file, "holds no certificate that can be used")
        .hint("It begins with -----BEGIN CERTIFICATE-----, the server's own first, then the intermediate ones.");
  }
  X509* certificate = SSL_CTX_get0_certificate(context);
  check_validity(certificate, file);
  return certificate;
}

/// OpenSSL asks for a passphrase: there is none, and nobody is asked at a terminal.
int no_passphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

using Key = OpenSslOwned<EVP_PKEY, EVP_PKEY_free>;

Key read_key(const fs::path& file) {
  require_readable(file, "private key");
  const OpenSslOwned<BIO, BIO_free_all> in(BIO_new_file(file.c_str(), "r"));
  require_openssl(in != nullptr, "open a private key");
  bool asked = false;
  Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, &asked));
  if (key) return key;
  if (asked) {
    throw config_error(file, "holds a private key under a passphrase")
        .hint("Store it without one, for the server's user only: openssl pkey -in FILE -out FILE.plain");
  }
  throw config_error(file, "holds no private key").hint("It begins with -----BEGIN PRIVATE KEY-----.");
}

void use_key(SSL_CTX* context, X509* certificate, const fs::path& file, const fs::path& certificate_file) {
  const Key key = read_key(file);
  if (X509_check_private_key(certificate, key.get()) != 1) {
    throw config_error(file, "holds a key that does not belong to the certificate in " + certificate_file.string())
        .hint("Give the key that the certificate was requested with; the server's own certificate stands first.");
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) throw config_error(file, "holds a key that cannot be used");
}

// RFC 5929, section 4.1: the signature's hash; SHA-256 instead of MD5 and SHA-1.
std::string end_point_of(X509* certificate) {
  int digest = NID_undef;
  if (OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &digest, nullptr) != 1) digest = NID_undef;
  if (digest == NID_md5 || digest == NID_sha1) digest = NID_sha256;
  const EVP_MD* algorithm = digest == NID_undef ? nullptr : EVP_get_digestbynid(digest);
  if (!algorithm) return "";
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  require_openssl(X509_digest(certificate, algorithm, bytes, &size) == 1, "compute a digest");
  return {reinterpret_cast<const char*>(bytes), size};
}

void set_rules(SSL_CTX* context) {
  require_openssl(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1, "set TLS up");
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  require_openssl(SSL_CTX_set_num_tickets(context, 0) == 1, "set TLS up");
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
}

void make_pair(const fs::path& certificate, const fs::path& key, const std::vector<std::string>& host_names) {
  const CertificateAndKey made = make_certificate(host_names);
  remove_file(certificate);  // no crash may leave it beside another's key
  write_private(key, made.key);
  write_private(certificate, made.certificate);
}

}  // namespace

void ServerTls::Free::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

ServerTls ServerTls::from_files(const fs::path& certificate, const fs::path& key) {
  ServerTls tls;
  ERR_clear_error();
  tls.context_.reset(SSL_CTX_new(TLS_server_method()));
  require_openssl(tls.context_ != nullptr, "set TLS up");
  set_rules(tls.context());
  X509* own = use_certificate(tls.context(), certificate);
  use_key(tls.context(), own, key, certificate);
  tls.end_point_ = end_point_of(own);
  return tls;
}

ServerTls ServerTls::self_made(const fs::path& folder, const std::vector<std::string>& host_names) {
  const fs::path certificate = folder / "server.crt", key = folder / "server.key";
  std::error_code ignored;  // what cannot be looked at cannot be written either: that error says more
  if (!fs::exists(certificate, ignored) || !fs::exists(key, ignored)) make_pair(certificate, key, host_names);
  return from_files(certificate, key);
}

}  // namespace garland::net
