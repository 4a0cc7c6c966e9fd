#include "net/keyed_hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "net/openssl.h"

namespace garland::net {

struct KeyedHash::State {
  OpenSslOwned<EVP_MAC, EVP_MAC_free> algorithm;
  OpenSslOwned<EVP_MAC_CTX, EVP_MAC_CTX_free> context;
};

KeyedHash::KeyedHash(std::string_view key) : state_(std::make_unique<State>()) {
  state_->algorithm.reset(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  require_openssl(state_->algorithm != nullptr, "find HMAC");
  state_->context.reset(EVP_MAC_CTX_new(state_->algorithm.get()));
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                   OSSL_PARAM_construct_end()};
  require_openssl(state_->context && EVP_MAC_init(state_->context.get(), bytes_of(key), key.size(), parameters) == 1,
                  "prepare an HMAC");
}
KeyedHash::~KeyedHash() = default;
KeyedHash::KeyedHash(KeyedHash&&) noexcept = default;

KeyedHash::Digest KeyedHash::of(std::initializer_list<std::string_view> parts) {
  Digest digest;
  size_t size = 0;
  EVP_MAC_CTX* const context = state_->context.get();
  bool done = EVP_MAC_init(context, nullptr, 0, nullptr) == 1;  // the key of before
  for (const std::string_view part : parts) done = done && EVP_MAC_update(context, bytes_of(part), part.size()) == 1;
  done = done && EVP_MAC_final(context, digest.data(), &size, digest.size()) == 1;
  require_openssl(done && size == digest.size(), "compute an HMAC");
  return digest;
}

}  // namespace garland::net
