#include "endpoint/authentication.h"

#include "base/error.h"
#include "endpoint/message.h"
#include "net/digest.h"

namespace garland::endpoint {

namespace {

constexpr int32_t kOk = 0, kMd5 = 5, kSasl = 10, kSaslContinue = 11, kSaslFinal = 12, kRedshiftDigest = 13;
constexpr size_t kNonceBytes = 32, kMd5SaltBytes = 4;

void append_request(std::string& out, int32_t code, std::string_view rest) {
  MessageWriter message(out);
  message.begin('R');
  message.int32(code);
  message.bytes(rest);
  message.end();
}

}  // namespace

void append_authentication_ok(std::string& out) { append_request(out, kOk, {}); }

Authentication::Authentication(const StartupMessage& startup, std::optional<engine::Account> account,
                               const Channel& channel)
    : user_(startup.parameter("user")), account_(std::move(account)), method_(method(startup, channel)) {
  if (method_ == Method::kScram) {
    scram_ = std::make_unique<net::ScramServer>(
        user_, account_ ? net::read_scram_verifier(account_->scram) : std::nullopt, channel.binding);
  } else if (method_ == Method::kDigest) {
    const bool known = account_ && !account_->sha256_digest.empty();
    digest_ = known ? net::DigestVerifier{account_->sha256_digest, account_->sha256_salt}
                    : net::made_up_digest_verifier(user_);
    nonce_ = net::random_bytes(kNonceBytes);
  } else {
    nonce_ = net::random_bytes(kMd5SaltBytes);
  }
}

Authentication::~Authentication() = default;

Authentication::Method Authentication::method(const StartupMessage& startup, const Channel& channel) const {
  const bool md5_only = account_ && !account_->md5.empty();
  const Method wanted = md5_only ? Method::kMd5 : startup.from_redshift_driver() ? Method::kDigest : Method::kScram;
  if (wanted != Method::kScram && !channel.confidential) {
    throw Error(kInvalidAuthorization, "this login needs an encrypted connection")
        .hint("Connect with TLS: sslmode=require");
  }
  return wanted;
}

const char* Authentication::method_name() const {
  switch (method_) {
    case Method::kScram:
      return "scram-sha-256";
    case Method::kDigest:
      return "sha256";
    case Method::kMd5:
      break;
  }
  return "md5";
}

void Authentication::start(std::string& out) {
  std::string rest;
  switch (method_) {
    case Method::kScram:
      for (const std::string& mechanism : scram_->mechanisms()) rest.append(mechanism) += '\0';
      rest += '\0';
      return append_request(out, kSasl, rest);
    case Method::kDigest:
      return append_request(out, kRedshiftDigest, net::digest_request(digest_, nonce_));
    case Method::kMd5:
      return append_request(out, kMd5, nonce_);
  }
}

bool Authentication::answer(const std::string& type_and_payload, std::string& out) {
  const char type = type_and_payload.empty() ? '\0' : type_and_payload[0];
  const std::string_view payload = std::string_view(type_and_payload).substr(type ? 1 : 0);
  if (type != (method_ == Method::kDigest ? 'd' : 'p')) {
    throw Error(kProtocolViolation, "expected an answer to the request for authentication");
  }
  switch (method_) {
    case Method::kScram:
      if (!answer_sasl(payload, out)) return false;
      break;
    case Method::kDigest:
      if (!net::digest_answers(digest_, nonce_, payload) || !account_ || account_->sha256_digest.empty()) refuse();
      break;
    case Method::kMd5: {
      MessageReader reader(payload);
      const std::string_view given = reader.text();
      reader.expect_end();
      const std::string expected = "md5" + net::md5_hex(account_->md5.substr(3) + nonce_);
      if (!net::equal_in_constant_time(given, expected)) refuse();
    }
  }
  append_request(out, kOk, "");
  return true;
}

bool Authentication::answer_sasl(std::string_view payload, std::string& out) {
  if (scram_began_) {
    append_request(out, kSaslFinal, scram_->final(payload));
    return true;
  }
  MessageReader reader(payload);
  const std::string_view mechanism = reader.text();
  const int32_t size = reader.int32();
  if (size < 0) throw Error(kProtocolViolation, "the first SASL answer holds no message");
  const std::string_view first = reader.bytes(static_cast<size_t>(size));
  reader.expect_end();
  append_request(out, kSaslContinue, scram_->first(mechanism, first));
  scram_began_ = true;
  return false;
}

void Authentication::refuse() const {
  throw Error(kInvalidPassword, "password authentication failed for user \"" + user_ + "\"");
}

}  // namespace garland::endpoint
