#include "net/tls.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "net/certificate.h"
#include "net/digest.h"
#include "net/failing.h"
#include "net/openssl.h"

namespace garland::net {
namespace {

namespace fs = std::filesystem;
using Context = OpenSslOwned<SSL_CTX, SSL_CTX_free>;
using Connection = OpenSslOwned<SSL, SSL_free>;

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

class Tls : public testing::Test {
 protected:
  void SetUp() override {
    const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = fs::path(testing::TempDir()) / ("garland-tls-" + std::to_string(::getpid()) + "-" + name);
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path file(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  ServerTls self_made() const { return ServerTls::self_made(folder_, {"shop.example", "192.0.2.7"}); }
  /// Trusts the folder's certificate, for `host`.
  Context client(const char* host = "shop.example") const {
    Context context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    EXPECT_EQ(SSL_CTX_load_verify_file(context.get(), (folder_ / "server.crt").c_str()), 1);
    X509_VERIFY_PARAM* rules = SSL_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT);  // as Python 3.13 does
    const bool named =
        X509_VERIFY_PARAM_set1_ip_asc(rules, host) == 1 || X509_VERIFY_PARAM_set1_host(rules, host, 0) == 1;
    EXPECT_TRUE(named);
    ERR_clear_error();
    return context;
  }

  fs::path folder_;
};

/// A client and a server that speak through memory.
struct Pair {
  Pair(SSL_CTX* server_context, SSL_CTX* client_context)
      : server(SSL_new(server_context)), client(SSL_new(client_context)) {
    BIO *here = nullptr, *there = nullptr;
    BIO_new_bio_pair(&here, 0, &there, 0);
    SSL_set_bio(server.get(), here, here);
    SSL_set_bio(client.get(), there, there);
    SSL_set_accept_state(server.get());
    SSL_set_connect_state(client.get());
  }
  /// What ended it: "" when both have shaken hands, else the reason of the side that gave up first.
  std::string shake() {
    bool client_done = false, server_done = false;
    for (int round = 0; round < 20 && !(client_done && server_done); ++round) {
      for (auto& [side, done] : {std::pair<SSL*, bool&>(client.get(), client_done), {server.get(), server_done}}) {
        if (done) continue;
        ERR_clear_error();
        const int result = SSL_do_handshake(side);
        done = result == 1;
        if (!done && SSL_get_error(side, result) != SSL_ERROR_WANT_READ) return openssl_reason();
      }
    }
    return client_done && server_done ? "" : "never ended";
  }

  Connection server, client;
};

std::string shake(const ServerTls& tls, const Context& client) { return Pair(tls.context(), client.get()).shake(); }

void limit(const Context& context, int version) {
  SSL_CTX_set_security_level(context.get(), 0);  // else the client itself gives up before TLS 1.2
  SSL_CTX_set_min_proto_version(context.get(), version);
  SSL_CTX_set_max_proto_version(context.get(), version);
}

TEST_F(Tls, SpeaksVersions12And13Only) {
  const ServerTls tls = self_made();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const Context context = client();
    limit(context, version);
    EXPECT_EQ(shake(tls, context), "") << version;
  }
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    const Context context = client();
    limit(context, version);
    EXPECT_EQ(shake(tls, context), "unsupported protocol") << version;
  }
}

TEST_F(Tls, SelfMadeCertificateIsForTheNamesGiven) {
  const ServerTls tls = self_made();
  for (const char* host : {"shop.example", "192.0.2.7", "localhost", "127.0.0.1", "::1"}) {
    EXPECT_EQ(shake(tls, client(host)), "") << host;
  }
  for (const char* host : {"other.example", "192.0.2.8"}) {
    EXPECT_EQ(shake(tls, client(host)), "certificate verify failed") << host;
  }
}

TEST_F(Tls, SelfMadeCertificateTakesLongAndNoNames) {
  const std::string label(60, 'a');
  const std::string host = label + "." + label + ".example";
  const ServerTls tls = ServerTls::self_made(folder_, {host});
  EXPECT_EQ(shake(tls, client(host.c_str())), "");
  fs::remove(folder_ / "server.crt");
  const ServerTls local = ServerTls::self_made(folder_, {});
  EXPECT_EQ(shake(local, client("localhost")), "");
}

TEST_F(Tls, SelfMadeCertificateIsKept) {
  const std::string first = self_made().end_point();
  const std::string certificate = text_of(folder_ / "server.crt"), key = text_of(folder_ / "server.key");
  EXPECT_EQ(self_made().end_point(), first);
  EXPECT_EQ(text_of(folder_ / "server.crt"), certificate);
  EXPECT_EQ(text_of(folder_ / "server.key"), key);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 2);
  for (const char* name : {"server.crt", "server.key"}) {
    struct stat found{};
    ASSERT_EQ(::stat((folder_ / name).c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 07777, 0600u) << name;
  }
}

TEST_F(Tls, SelfMadeCertificateLastsTenYears) {
  self_made();
  const OpenSslOwned<BIO, BIO_free_all> in(BIO_new_file((folder_ / "server.crt").c_str(), "r"));
  const OpenSslOwned<X509, X509_free> certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
  int days = 0, seconds = 0;
  ASSERT_EQ(ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate.get())), 1);
  EXPECT_TRUE(days == 3650 || days == 3649) << days;
  const OpenSslOwned<EVP_PKEY, EVP_PKEY_free> key(X509_get_pubkey(certificate.get()));
  EXPECT_EQ(EVP_PKEY_get_bits(key.get()), 256);
}

// What a crash between the two files leaves, a half-written file, a lost one.
TEST_F(Tls, HalfAPairIsMadeAnew) {
  const std::string first = self_made().end_point();
  fs::remove(folder_ / "server.crt");
  file("server.key.new", "half");
  const std::string second = self_made().end_point();
  EXPECT_NE(second, first);
  fs::remove(folder_ / "server.key");
  EXPECT_NE(self_made().end_point(), second);
  EXPECT_EQ(shake(self_made(), client()), "");
}

// RFC 5929, section 4.1: the SHA-256 of the whole certificate, as libpq computes it on its side.
TEST_F(Tls, EndPointIsTheCertificatesHash) {
  const ServerTls tls = self_made();
  Context context = client();
  Pair pair(tls.context(), context.get());
  ASSERT_EQ(pair.shake(), "");
  const OpenSslOwned<X509, X509_free> seen(SSL_get1_peer_certificate(pair.client.get()));
  std::string bytes(static_cast<size_t>(i2d_X509(seen.get(), nullptr)), '\0');
  auto* at = reinterpret_cast<unsigned char*>(bytes.data());
  i2d_X509(seen.get(), &at);
  EXPECT_EQ(tls.end_point(), sha256(bytes));
}

TEST_F(Tls, NothingIsResumedCompressedOrRenegotiated) {
  const ServerTls tls = self_made();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const Context context = client();
    limit(context, version);
    Pair pair(tls.context(), context.get());
    ASSERT_EQ(pair.shake(), "");
    char byte = 0;
    SSL_write(pair.server.get(), "x", 1);
    EXPECT_EQ(SSL_read(pair.client.get(), &byte, 1), 1);  // a ticket would have come before it
    EXPECT_EQ(SSL_SESSION_is_resumable(SSL_get_session(pair.client.get())), 0) << version;
    EXPECT_EQ(SSL_get_current_compression(pair.client.get()), nullptr);
    if (version == TLS1_3_VERSION) continue;  // it has no renegotiation
    ASSERT_EQ(SSL_renegotiate(pair.client.get()), 1);
    SSL_do_handshake(pair.client.get());
    EXPECT_LE(SSL_read(pair.server.get(), &byte, 1), 0);
    EXPECT_LE(SSL_do_handshake(pair.client.get()), 0);
    EXPECT_EQ(SSL_renegotiate_pending(pair.server.get()), 0);
    EXPECT_EQ(openssl_reason(), "no renegotiation");
  }
}

// The server's first choice counts, not the client's.
TEST_F(Tls, TheServerChoosesTheCipher) {
  const ServerTls tls = self_made();
  std::string chosen[2];
  for (int i = 0; i < 2; ++i) {
    const Context context = client();
    limit(context, TLS1_2_VERSION);
    const char* order[] = {"ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-GCM-SHA384",
                           "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA"};
    ASSERT_EQ(SSL_CTX_set_cipher_list(context.get(), order[i]), 1);
    Pair pair(tls.context(), context.get());
    ASSERT_EQ(pair.shake(), "");
    chosen[i] = SSL_get_cipher_name(pair.client.get());
  }
  EXPECT_EQ(chosen[0], "ECDHE-ECDSA-AES256-GCM-SHA384");
  EXPECT_EQ(chosen[0], chosen[1]);
}

// ---- files of one's own

TEST_F(Tls, OwnFilesAreUsed) {
  const CertificateAndKey made = make_certificate({"own.example"});
  const auto certificate = file("server.crt", made.certificate), key = file("own.key", made.key);
  EXPECT_EQ(shake(ServerTls::from_files(certificate, key), client("own.example")), "");
}

TEST_F(Tls, FilesThatCannotBeReadAreNamed) {
  const CertificateAndKey made = make_certificate({});
  const auto certificate = file("a.crt", made.certificate), key = file("a.key", made.key);
  using Case = std::tuple<fs::path, fs::path, std::string>;
  for (const auto& [crt, of_key, named] :
       {Case(folder_ / "none.crt", key, "none.crt"), Case(certificate, folder_ / "none.key", "none.key"),
        Case(folder_, key, folder_.filename().string())}) {
    const auto error = failing([&] { ServerTls::from_files(crt, of_key); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->state(), kIoError);
    EXPECT_NE(error->message().find(named), std::string::npos) << error->message();
    EXPECT_NE(error->hint(), "");
  }
  EXPECT_EQ(state_of([&] { ServerTls::self_made(folder_ / "missing", {}); }), "58030");
}

TEST_F(Tls, FilesThatHoldSomethingElseAreNamed) {
  const CertificateAndKey made = make_certificate({}), other = make_certificate({});
  const CertificateAndKey expired = make_certificate({}, -1);
  const auto certificate = file("a.crt", made.certificate), key = file("a.key", made.key);
  const auto refused = [&](const fs::path& crt, const fs::path& of_key, const std::string& named, const char* why) {
    const auto error = failing([&] { ServerTls::from_files(crt, of_key); });
    ASSERT_TRUE(error) << why;
    EXPECT_EQ(error->state(), kConfigFileError);
    EXPECT_NE(error->message().find(named), std::string::npos) << error->message();
    EXPECT_NE(error->message().find(why), std::string::npos) << error->message();
    EXPECT_NE(error->hint(), "");
    EXPECT_EQ((error->message() + error->detail() + error->hint()).find(made.key.substr(60, 20)), std::string::npos);
  };
  refused(file("b.crt", "hello"), key, "b.crt", "no certificate");
  refused(file("empty.crt", ""), key, "empty.crt", "no certificate");
  refused(key, key, "a.key", "no certificate");
  refused(certificate, file("b.key", other.key), "b.key", "does not belong to the certificate");
  refused(certificate, certificate, "a.crt", "no private key");
  refused(certificate, file("cut.key", made.key.substr(0, 80)), "cut.key", "no private key");
  refused(file("old.crt", expired.certificate), file("old.key", expired.key), "old.crt", "expired");
}

TEST_F(Tls, AKeyUnderAPassphraseIsRefused) {
  const CertificateAndKey made = make_certificate({});
  const OpenSslOwned<BIO, BIO_free_all> in(BIO_new_mem_buf(made.key.data(), static_cast<int>(made.key.size())));
  const OpenSslOwned<EVP_PKEY, EVP_PKEY_free> key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  const auto path = folder_ / "locked.key";
  {
    const OpenSslOwned<BIO, BIO_free_all> out(BIO_new_file(path.c_str(), "w"));
    char phrase[] = "secret";
    ASSERT_EQ(PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_256_cbc(), phrase, 6, nullptr, nullptr), 1);
  }
  const auto error = failing([&] { ServerTls::from_files(file("a.crt", made.certificate), path); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->state(), kConfigFileError);
  EXPECT_NE(error->message().find("under a passphrase"), std::string::npos) << error->message();
}

}  // namespace
}  // namespace garland::net
