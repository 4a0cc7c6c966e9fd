#include "net/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <climits>

#include "base/ascii.h"
#include "net/openssl.h"

namespace garland::net {
namespace {

std::string digest(std::string_view bytes, const EVP_MD* algorithm) {
  std::string result(static_cast<size_t>(EVP_MD_get_size(algorithm)), '\0');
  const int done = EVP_Digest(bytes.data(), bytes.size(), bytes_of(result), nullptr, algorithm, nullptr);
  require_openssl(done == 1, "compute a digest");
  return result;
}

int int_size(std::string_view bytes) {
  constexpr size_t kMost = INT_MAX / 2;  // base64 makes 4 of 3
  if (bytes.size() > kMost) throw Error(kProgramLimitExceeded, "too many bytes for OpenSSL");
  return static_cast<int>(bytes.size());
}

/// Random bytes drawn ahead: a nonce drawn by itself takes longer than what it is for. What was given is wiped.
class RandomPool {
 public:
  static constexpr size_t kMost = 64;

  std::string take(size_t count) {
    if (count > left_) {
      require_openssl(RAND_bytes(bytes_.data(), static_cast<int>(bytes_.size())) == 1, "make random bytes");
      left_ = bytes_.size();
    }
    left_ -= count;
    std::string taken(reinterpret_cast<const char*>(bytes_.data() + left_), count);
    OPENSSL_cleanse(bytes_.data() + left_, count);
    return taken;
  }

 private:
  std::array<unsigned char, 4096> bytes_;
  size_t left_ = 0;
};

thread_local RandomPool random_pool;

}  // namespace

std::string sha256(std::string_view bytes) { return digest(bytes, EVP_sha256()); }

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::string result(32, '\0');
  unsigned size = 0;
  const auto* done =
      HMAC(EVP_sha256(), key.data(), int_size(key), bytes_of(text), text.size(), bytes_of(result), &size);
  require_openssl(done && size == result.size(), "compute an HMAC");
  return result;
}

std::string md5_hex(std::string_view bytes) { return hex(digest(bytes, EVP_md5())); }

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a zero
  const int size = EVP_EncodeBlock(bytes_of(text), bytes_of(bytes), int_size(bytes));
  text.resize(static_cast<size_t>(size));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(bytes_of(bytes), bytes_of(text), int_size(text));
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  ERR_clear_error();
  if (size < 0 || static_cast<size_t>(size) < padding) return std::nullopt;
  bytes.resize(static_cast<size_t>(size) - padding);
  // OpenSSL skips blanks and takes padding anywhere: only what it would write itself is right.
  if (base64(bytes) != text) return std::nullopt;
  return bytes;
}

std::string hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) text.append({kDigits[byte >> 4], kDigits[byte & 15]});
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

std::string random_bytes(size_t count) {
  if (count <= RandomPool::kMost) return random_pool.take(count);
  std::string bytes(count, '\0');
  require_openssl(RAND_bytes(bytes_of(bytes), int_size(bytes)) == 1, "make random bytes");
  return bytes;
}

void wipe(std::string& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace garland::net
