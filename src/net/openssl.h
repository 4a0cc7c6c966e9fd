// OpenSSL's objects under owners, and its failures as errors. For this folder only.
#pragma once

#include <openssl/err.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace garland::net {

template <auto kFree>
struct OpenSslFree {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
template <class T, auto kFree>
using OpenSslOwned = std::unique_ptr<T, OpenSslFree<kFree>>;

inline const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// What OpenSSL says about this thread's last failure, or ""; empties its list. Holds no data of the caller's.
inline std::string openssl_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason ? reason : "";
}

/// Where only a lack of memory or entropy can make a call fail.
inline void require_openssl(bool done, const char* what) {
  if (!done) throw Error(kInternalError, std::string("OpenSSL could not ") + what).detail(openssl_reason());
}

}  // namespace garland::net
