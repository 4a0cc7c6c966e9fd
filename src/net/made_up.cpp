#include "net/made_up.h"

#include "net/digest.h"

namespace garland::net {

std::string made_up_salt(std::string_view user, size_t bytes) {
  static const std::string secret = random_bytes(32);
  return hmac_sha256(secret, user).substr(0, bytes);
}

}  // namespace garland::net
