// HMAC-SHA-256 (RFC 2104, FIPS 180-4) of many texts under one key: the key is prepared once.
#pragma once

#include <array>
#include <initializer_list>
#include <memory>
#include <string_view>

namespace garland::net {

/// Used by one thread at a time. Throws XX000 only when OpenSSL itself fails.
class KeyedHash {
 public:
  explicit KeyedHash(std::string_view key);
  ~KeyedHash();
  KeyedHash(KeyedHash&&) noexcept;

  using Digest = std::array<unsigned char, 32>;
  /// Of the parts, one behind the other.
  Digest of(std::initializer_list<std::string_view> parts);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace garland::net
