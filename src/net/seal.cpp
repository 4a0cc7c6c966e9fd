#include "net/seal.h"

#include <fcntl.h>
#include <openssl/evp.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "net/digest.h"
#include "net/openssl.h"
#include "net/private_file.h"

namespace garland::net {

namespace {

constexpr size_t kNonceBytes = 12, kTagBytes = 16;

using Cipher = OpenSslOwned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

/// Found once: OpenSSL's search for it by name takes longer than sealing a short text.
const EVP_CIPHER* aes_256_gcm() {
  static const OpenSslOwned<EVP_CIPHER, EVP_CIPHER_free> found(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  require_openssl(found != nullptr, "find AES-256-GCM");
  return found.get();
}

/// One a thread: making one takes longer than sealing a short text.
EVP_CIPHER_CTX* sealing() {
  static thread_local const Cipher cipher = [] {
    Cipher made(EVP_CIPHER_CTX_new());
    require_openssl(made && EVP_EncryptInit_ex(made.get(), aes_256_gcm(), nullptr, nullptr, nullptr) == 1,
                    "prepare AES-256-GCM");
    return made;
  }();
  return cipher.get();
}

std::optional<std::string> read_file(const std::filesystem::path& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened && errno == ENOENT) return std::nullopt;
  if (!opened) throw Error(kIoError, "cannot read the key file " + file.string() + ": " + std::strerror(errno));
  char bytes[kSealKeyBytes + 1];
  const ssize_t count = ::read(opened.get(), bytes, sizeof bytes);
  return std::string(bytes, count > 0 ? static_cast<size_t>(count) : 0);
}

}  // namespace

std::string key_of_file(const std::filesystem::path& file) {
  std::optional<std::string> key = read_file(file);
  if (!key) {
    key = random_bytes(kSealKeyBytes);
    write_private(file, *key);
  }
  if (key->size() != kSealKeyBytes) {
    throw Error(kIoError, file.string() + " is no key file").hint("It holds 32 random bytes.");
  }
  return *key;
}

std::string seal(std::string_view key, std::string_view text, std::string_view context) {
  std::string sealed = random_bytes(kNonceBytes);  // nonce, tag, text
  sealed.resize(kNonceBytes + kTagBytes + text.size());
  unsigned char* const nonce = bytes_of(sealed);
  unsigned char* const tag = nonce + kNonceBytes;
  EVP_CIPHER_CTX* const cipher = sealing();
  int size = 0;
  const bool done =
      EVP_EncryptInit_ex(cipher, nullptr, nullptr, bytes_of(key), nonce) == 1 &&
      EVP_EncryptUpdate(cipher, nullptr, &size, bytes_of(context), static_cast<int>(context.size())) == 1 &&
      EVP_EncryptUpdate(cipher, tag + kTagBytes, &size, bytes_of(text), static_cast<int>(text.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher, nullptr, &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, kTagBytes, tag) == 1;
  require_openssl(done, "seal a secret");
  return sealed;
}

std::optional<std::string> unseal(std::string_view key, std::string_view sealed, std::string_view context) {
  if (sealed.size() < kNonceBytes + kTagBytes) return std::nullopt;
  const std::string_view nonce = sealed.substr(0, kNonceBytes);
  std::string tag(sealed.substr(kNonceBytes, kTagBytes));
  const std::string_view bytes = sealed.substr(kNonceBytes + kTagBytes);
  const Cipher cipher(EVP_CIPHER_CTX_new());
  std::string text(bytes.size(), '\0');
  int size = 0;
  const bool done =
      EVP_DecryptInit_ex(cipher.get(), aes_256_gcm(), nullptr, bytes_of(key), bytes_of(nonce)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes_of(context), static_cast<int>(context.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), bytes_of(text), &size, bytes_of(bytes), static_cast<int>(bytes.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), nullptr, &size) == 1;
  if (!done) return std::nullopt;
  return text;
}

}  // namespace garland::net
