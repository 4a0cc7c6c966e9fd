// FNV-1a over 64 bits: a hash that is written down (FNV_HASH, oids) and therefore never changes.
// Source: http://www.isthe.com/chongo/tech/comp/fnv/
#pragma once

#include <cstdint>
#include <string_view>

namespace garland {

constexpr uint64_t kFnvSeed = 0xcbf29ce484222325;

/// `seed` is kFnvSeed, or the hash of what stands before.
constexpr uint64_t fnv1a(std::string_view bytes, uint64_t seed = kFnvSeed) {
  constexpr uint64_t kPrime = 0x100000001b3;
  for (const char byte : bytes) seed = (seed ^ static_cast<unsigned char>(byte)) * kPrime;
  return seed;
}

}  // namespace garland
