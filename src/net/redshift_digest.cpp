#include "net/redshift_digest.h"

#include "base/error.h"
#include "base/limits.h"
#include "net/digest.h"
#include "net/made_up.h"

namespace garland::net {
namespace {

constexpr size_t kDigestBytes = 32;
constexpr uint32_t kSha256 = 0;

void append_int32(std::string& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
}

void append_counted(std::string& out, std::string_view bytes) {
  append_int32(out, static_cast<uint32_t>(bytes.size()));
  out += bytes;
}

[[noreturn]] void malformed() { throw Error(kProtocolViolation, "malformed digest message"); }

/// Takes int32 length and that many bytes, at most `most`, off the front.
std::string_view take_counted(std::string_view& payload, size_t most) {
  if (payload.size() < 4) malformed();
  uint32_t size = 0;
  for (const unsigned char byte : payload.substr(0, 4)) size = size << 8 | byte;
  payload.remove_prefix(4);
  if (size > most || size > payload.size()) malformed();
  const std::string_view bytes = payload.substr(0, size);
  payload.remove_prefix(size);
  return bytes;
}

std::string bytes_of(const std::string& digits) {
  auto bytes = from_hex(digits);
  if (!bytes) throw Error(kDataCorrupted, "a stored password is damaged").hint("Set it again with ALTER USER.");
  return std::move(*bytes);
}

}  // namespace

DigestVerifier make_digest_verifier(std::string_view password) {
  const std::string salt = random_bytes(32);
  return {hex(sha256(std::string(password) + salt)), hex(salt)};
}

DigestVerifier made_up_digest_verifier(std::string_view user) {
  return {hex(random_bytes(kDigestBytes)), hex(made_up_salt(user, 32))};
}

std::string digest_request(const DigestVerifier& verifier, std::string_view server_nonce) {
  std::string out;
  append_int32(out, kSha256);
  append_counted(out, bytes_of(verifier.salt));
  append_counted(out, server_nonce);
  return out;
}

bool digest_answers(const DigestVerifier& verifier, std::string_view server_nonce, std::string_view payload) {
  const std::string_view digest = take_counted(payload, kDigestBytes);
  const std::string_view client_nonce = take_counted(payload, kMaxDigestNonceBytes);
  if (digest.size() != kDigestBytes || !payload.empty()) malformed();
  const std::string expected =
      sha256(bytes_of(verifier.digest) + std::string(server_nonce) + std::string(client_nonce));
  return equal_in_constant_time(digest, expected);
}

}  // namespace garland::net
