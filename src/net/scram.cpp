#include "net/scram.h"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/ascii.h"
#include "base/error.h"
#include "base/limits.h"
#include "net/digest.h"
#include "net/made_up.h"
#include "net/openssl.h"

namespace garland::net {
namespace {

constexpr std::string_view kMechanism = "SCRAM-SHA-256";
constexpr std::string_view kMechanismPlus = "SCRAM-SHA-256-PLUS";
constexpr int kIterations = 4096;  // RFC 7677's least, PostgreSQL's default
constexpr size_t kKeyBytes = 32;
constexpr size_t kSaltBytes = 16;
constexpr size_t kNonceBytes = 18;

[[noreturn]] void malformed(const char* why) { throw Error(kProtocolViolation, "malformed SCRAM message").detail(why); }

/// "a=value,b=value", from the left.
class Attributes {
 public:
  explicit Attributes(std::string_view text) : rest_(text) {}

  struct Attribute {
    char name;
    std::string_view value;
  };
  bool at_end() const { return at_end_; }
  Attribute next() {
    if (at_end_) malformed("The message ends too early.");
    const size_t comma = rest_.find(',');
    const std::string_view item = rest_.substr(0, comma);
    at_end_ = comma == std::string_view::npos;
    rest_.remove_prefix(at_end_ ? rest_.size() : comma + 1);
    if (item.size() < 2 || item[1] != '=' || ascii_lower(item[0]) < 'a' || ascii_lower(item[0]) > 'z') {
      malformed("An attribute is a letter, an equals sign and a value.");
    }
    return {item[0], item.substr(2)};
  }
  std::string_view value_of(char name) {
    const Attribute attribute = next();
    if (attribute.name == 'm') throw Error(kFeatureNotSupported, "client requires an unsupported SCRAM extension");
    if (attribute.name != name) malformed("An attribute is not the one that stands there in such a message.");
    return attribute.value;
  }

 private:
  std::string_view rest_;
  bool at_end_ = false;
};

std::string exclusive_or(std::string_view a, std::string_view b) {
  std::string result(a);
  for (size_t i = 0; i < result.size(); ++i) result[i] = static_cast<char>(result[i] ^ b[i]);
  return result;
}

ScramVerifier made_up_verifier(std::string_view user) {
  return {kIterations, made_up_salt(user, kSaltBytes), std::string(kKeyBytes, '\0'), std::string(kKeyBytes, '\0')};
}

bool is_nonce(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '!' && c <= '~' && c != ','; });
}

}  // namespace

ScramVerifier make_scram_verifier(std::string_view password) {
  return make_scram_verifier(password, random_bytes(kSaltBytes), kIterations);
}

ScramVerifier make_scram_verifier(std::string_view password, std::string salt, int iterations) {
  std::string salted(kKeyBytes, '\0');
  const int done =
      PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                        reinterpret_cast<const unsigned char*>(salt.data()), static_cast<int>(salt.size()), iterations,
                        EVP_sha256(), static_cast<int>(kKeyBytes), reinterpret_cast<unsigned char*>(salted.data()));
  require_openssl(done == 1, "salt a password");
  return {iterations, std::move(salt), sha256(hmac_sha256(salted, "Client Key")), hmac_sha256(salted, "Server Key")};
}

std::string to_string(const ScramVerifier& verifier) {
  return std::string(kMechanism) + "$" + std::to_string(verifier.iterations) + ":" + base64(verifier.salt) + "$" +
         base64(verifier.stored_key) + ":" + base64(verifier.server_key);
}

std::optional<ScramVerifier> read_scram_verifier(std::string_view text) {
  const auto take = [&](char end) -> std::optional<std::string_view> {
    const size_t at = text.find(end);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view part = text.substr(0, at);
    text.remove_prefix(at + 1);
    return part;
  };
  if (take('$') != kMechanism) return std::nullopt;
  const auto iterations = take(':'), salt = take('$'), stored = take(':');
  if (!iterations || !salt || !stored) return std::nullopt;
  int count = 0;
  const char* end = iterations->data() + iterations->size();
  if (std::from_chars(iterations->data(), end, count) != std::from_chars_result{end, std::errc{}} || count < 1) {
    return std::nullopt;
  }
  const auto salt_bytes = from_base64(*salt), stored_key = from_base64(*stored), server_key = from_base64(text);
  if (!salt_bytes || salt_bytes->empty() || !stored_key || stored_key->size() != kKeyBytes || !server_key ||
      server_key->size() != kKeyBytes) {
    return std::nullopt;
  }
  return ScramVerifier{count, *salt_bytes, *stored_key, *server_key};
}

ScramServer::ScramServer(std::string user, std::optional<ScramVerifier> verifier, std::string channel_binding,
                         std::string server_nonce)
    : user_(std::move(user)),
      verifier_(verifier ? std::move(*verifier) : made_up_verifier(user_)),
      known_(verifier.has_value()),
      channel_binding_(std::move(channel_binding)),
      nonce_(server_nonce.empty() ? base64(random_bytes(kNonceBytes)) : std::move(server_nonce)) {}

std::vector<std::string> ScramServer::mechanisms() const {
  if (channel_binding_.empty()) return {std::string(kMechanism)};
  return {std::string(kMechanismPlus), std::string(kMechanism)};
}

// Until the step has succeeded, the exchange is over.
void ScramServer::begin(Step step, std::string_view message) {
  if (std::exchange(step_, Step::kOver) != step) throw Error(kProtocolViolation, "unexpected SASL message");
  if (message.size() > kMaxScramMessageBytes) malformed("The message is too long.");
  if (message.find('\0') != std::string_view::npos) malformed("The message holds a zero byte.");
}

void ScramServer::choose(std::string_view mechanism) {
  const std::vector<std::string> offered = mechanisms();
  if (std::ranges::find(offered, mechanism) == offered.end()) {
    throw Error(kProtocolViolation, "client selected an invalid SASL authentication mechanism");
  }
  plus_ = mechanism == kMechanismPlus;
}

// n: the client cannot bind. y: it can, and was told that the server cannot. p: it binds.
void ScramServer::check_binding_flag(std::string_view flag) const {
  if (flag.starts_with("p=")) {
    if (!plus_)
      malformed("The client selected SCRAM-SHA-256 with channel binding data, which SCRAM-SHA-256-PLUS takes.");
    if (flag != "p=tls-server-end-point") throw Error(kProtocolViolation, "unsupported SCRAM channel binding type");
    return;
  }
  if (flag != "n" && flag != "y") malformed("The channel binding flag is none.");
  if (plus_) malformed("The client selected SCRAM-SHA-256-PLUS without channel binding data.");
  if (flag == "y" && !channel_binding_.empty()) {
    throw Error(kProtocolViolation, "SCRAM channel binding negotiation error")
        .detail(
            "The client supports SCRAM channel binding but thinks that the server does not, which it does: somebody "
            "may have changed the list of mechanisms on its way.");
  }
}

// "n,," or "p=tls-server-end-point,,": between the commas an authorization identity could stand.
void ScramServer::read_header(std::string_view header) {
  const size_t comma = header.find(',');
  check_binding_flag(header.substr(0, comma));
  if (header.size() != comma + 2) {
    throw Error(kFeatureNotSupported, "client uses an authorization identity, which is not supported");
  }
  header_ = header;
}

std::string ScramServer::first(std::string_view mechanism, std::string_view client_first) {
  begin(Step::kFirst, client_first);
  choose(mechanism);
  const size_t flag_end = client_first.find(',');
  const size_t header_end = flag_end == std::string_view::npos ? flag_end : client_first.find(',', flag_end + 1);
  if (header_end == std::string_view::npos) malformed("The header is missing.");
  read_header(client_first.substr(0, header_end + 1));
  client_first_bare_ = client_first.substr(header_end + 1);
  Attributes attributes(client_first_bare_);
  attributes.value_of('n');
  const std::string_view client_nonce = attributes.value_of('r');
  if (!is_nonce(client_nonce)) malformed("The nonce is empty or not printable.");
  while (!attributes.at_end()) attributes.next();
  nonce_.insert(0, client_nonce);
  server_first_ = "r=" + nonce_ + ",s=" + base64(verifier_.salt) + ",i=" + std::to_string(verifier_.iterations);
  step_ = Step::kFinal;
  return server_first_;
}

std::string ScramServer::final(std::string_view client_final) {
  begin(Step::kFinal, client_final);
  Attributes attributes(client_final);
  if (attributes.value_of('c') != base64(header_ + (plus_ ? channel_binding_ : ""))) {
    throw Error(kProtocolViolation, "SCRAM channel binding check failed");
  }
  if (!equal_in_constant_time(attributes.value_of('r'), nonce_)) {
    throw Error(kProtocolViolation, "invalid SCRAM response").detail("The nonce does not match.");
  }
  Attributes::Attribute last = attributes.next();
  while (last.name != 'p') last = attributes.next();
  const auto proof = from_base64(last.value);
  if (!attributes.at_end() || !proof || proof->size() != kKeyBytes) malformed("The proof is none.");
  const std::string_view without_proof = client_final.substr(0, client_final.size() - last.value.size() - 3);
  const std::string auth_message = client_first_bare_ + "," + server_first_ + "," + std::string(without_proof);
  if (!proves(*proof, auth_message)) {
    throw Error(kInvalidPassword, "password authentication failed for user \"" + user_ + "\"");
  }
  return "v=" + base64(hmac_sha256(verifier_.server_key, auth_message));
}

bool ScramServer::proves(std::string_view proof, std::string_view auth_message) const {
  const std::string client_key = exclusive_or(proof, hmac_sha256(verifier_.stored_key, auth_message));
  const bool right = equal_in_constant_time(sha256(client_key), verifier_.stored_key);
  return right && known_;
}

}  // namespace garland::net
