// Who is there: one login's exchange of messages, before the session exists. libpq's clients get SCRAM-SHA-256, drivers
// that announce themselves as Redshift's the SHA-256 digest (code 13), because they fail on a standard list of SASL
// mechanisms; users whose password was stored as an MD5 hash get that. Sources: PostgreSQL documentation, "Message
// Flow"; AWS's redshift_connector.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "endpoint/startup.h"
#include "engine/engine.h"
#include "net/redshift_digest.h"
#include "net/scram.h"

namespace garland::endpoint {

/// For a client whom the operating system vouches for: nothing is asked.
void append_authentication_ok(std::string& out);

class Authentication {
 public:
  struct Channel {
    bool confidential = false;  // TLS or this machine: the digest and MD5 are enough to log in for who reads them
    std::string binding;        // tls-server-end-point; empty: no TLS
  };
  /// `account`: none when there is no such user. The exchange is the same, and fails at its end, so that nobody learns
  /// which users exist.
  Authentication(const StartupMessage& startup, std::optional<engine::Account> account, const Channel& channel);
  ~Authentication();

  /// As PostgreSQL's pg_hba.conf names it; "sha256" for Redshift's digest.
  const char* method_name() const;
  /// The first request.
  void start(std::string& out);
  /// The client's answer; true: it is who it says, and AuthenticationOk is appended. Throws 28P01 for a wrong password,
  /// 08P01 for what is no answer.
  bool answer(const std::string& type_and_payload, std::string& out);

 private:
  enum class Method { kScram, kDigest, kMd5 };
  Method method(const StartupMessage& startup, const Channel& channel) const;
  bool answer_sasl(std::string_view payload, std::string& out);
  [[noreturn]] void refuse() const;

  std::string user_;
  std::optional<engine::Account> account_;
  Method method_;
  std::unique_ptr<net::ScramServer> scram_;
  bool scram_began_ = false;
  net::DigestVerifier digest_;
  std::string nonce_;
};

}  // namespace garland::endpoint
