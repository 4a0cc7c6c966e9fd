// Hash functions inside DuckDB. Guide pages r_FARMFINGERPRINT64, MURMUR3_32_HASH (whose bytes are those of the Iceberg
// specification, "32-bit hash requirements"), SHA2, r_CHECKSUM.
#include <farmhash.h>
#include <openssl/evp.h>

#include <bit>
#include <cstring>

#include "embedded/functions_native.h"

namespace garland::embedded {
namespace {

using namespace native;
using View = std::string_view;

int64_t farm_fingerprint(View bytes) { return static_cast<int64_t>(util::Fingerprint64(bytes.data(), bytes.size())); }

// ---- Murmur3, x86, 32 bits

uint32_t murmur_mix(uint32_t word) { return std::rotl(word * 0xcc9e2d51u, 15) * 0x1b873593u; }

int32_t murmur(View bytes, int32_t seed) {
  auto hash = static_cast<uint32_t>(seed);
  size_t i = 0;
  for (; i + 4 <= bytes.size(); i += 4) {
    uint32_t word;
    std::memcpy(&word, bytes.data() + i, sizeof word);
    hash = std::rotl(hash ^ murmur_mix(word), 13) * 5 + 0xe6546b64u;
  }
  uint32_t tail = 0;
  for (size_t j = bytes.size(); j > i; --j) tail = tail << 8 | static_cast<unsigned char>(bytes[j - 1]);
  hash ^= murmur_mix(tail);
  hash ^= static_cast<uint32_t>(bytes.size());
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
  return static_cast<int32_t>(hash ^ (hash >> 16));
}

int32_t murmur_long(int64_t value, int32_t seed) {
  return murmur(View(reinterpret_cast<const char*>(&value), sizeof value), seed);
}

int32_t murmur_double(double value, int32_t seed) {
  return murmur_long(std::bit_cast<int64_t>(value == 0 ? 0.0 : value), seed);
}

/// The unscaled value's fewest bytes, the highest first.
int32_t murmur_decimal(int128 value, int32_t seed) {
  std::string bytes;
  do {
    bytes.insert(bytes.begin(), static_cast<char>(value & 0xFF));
    value >>= 8;
  } while (value != 0 && value != -1);
  const bool negative = (static_cast<unsigned char>(bytes[0]) & 0x80) != 0;
  if (negative != (value < 0)) bytes.insert(bytes.begin(), static_cast<char>(value));
  return murmur(bytes, seed);
}

duck::ScalarFunction murmur_of_exact() {
  duck::ScalarFunction made{.name = "g_murmur_decimal", .arguments = {kAny, kInteger}, .result = kInteger, .call = {}};
  made.call = [](const engine::Batch& batch, duck::ResultWriter& out) {
    const ExactColumn value(batch.columns[0]);
    for (size_t row = 0; row < batch.rows; ++row) {
      if (any_null(batch, row)) continue;
      out.set<int32_t>(row, murmur_decimal(value[row], batch.columns[1].values<int32_t>()[row]));
    }
  };
  return made;
}

// ---- SHA-2

/// Hexadecimal; empty for a number of bits that is none (SHA2).
std::string sha2(View text, int32_t bits) {
  const EVP_MD* digest = bits == 224                ? EVP_sha224()
                         : bits == 256 || bits == 0 ? EVP_sha256()
                         : bits == 384              ? EVP_sha384()
                         : bits == 512              ? EVP_sha512()
                                                    : nullptr;
  if (!digest) return {};
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), bytes, &size, digest, nullptr) != 1) {
    fail(kInternalError, "the digest could not be computed");
  }
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex.append({kDigits[bytes[i] >> 4], kDigits[bytes[i] & 15]});
  return hex;
}

/// Of an exact number: its digits without the point, as the guide prints for DECIMAL(8,2); the lowest 32 bits.
duck::ScalarFunction checksum() {
  duck::ScalarFunction made{.name = "g_checksum", .arguments = {kAny}, .result = kInteger, .call = {}};
  made.call = [](const engine::Batch& batch, duck::ResultWriter& out) {
    const ExactColumn value(batch.columns[0]);
    for (size_t row = 0; row < batch.rows; ++row) {
      if (!any_null(batch, row)) out.set<int32_t>(row, static_cast<int32_t>(static_cast<uint32_t>(value[row])));
    }
  };
  return made;
}

}  // namespace

std::vector<Overloads> hash_natives() {
  const auto of_boolean = [](uint8_t value, int32_t seed) { return murmur_long(value, seed); };
  const auto of_real = [](float value, int32_t seed) { return murmur_double(value, seed); };
  const auto of_date = [](int32_t days, int32_t seed) { return murmur_long(days, seed); };
  return {
      {function<View>("g_farm_fingerprint", kBigint, {kText}, farm_fingerprint),
       function<View>("g_farm_fingerprint", kBigint, {kBytes}, farm_fingerprint)},
      {function<View, int32_t>("g_murmur", kInteger, {kText, kInteger}, murmur),
       function<View, int32_t>("g_murmur", kInteger, {kBytes, kInteger}, murmur),
       function<int64_t, int32_t>("g_murmur", kInteger, {kBigint, kInteger}, murmur_long),
       function<float, int32_t>("g_murmur", kInteger, {kReal, kInteger}, of_real),
       function<double, int32_t>("g_murmur", kInteger, {kDouble, kInteger}, murmur_double),
       function<int32_t, int32_t>("g_murmur", kInteger, {kDate, kInteger}, of_date),
       function<int64_t, int32_t>("g_murmur", kInteger, {kTime, kInteger}, murmur_long),
       function<int64_t, int32_t>("g_murmur", kInteger, {kTimestamp, kInteger}, murmur_long),
       function<int64_t, int32_t>("g_murmur", kInteger, {kTimestampTz, kInteger}, murmur_long),
       function<uint8_t, int32_t>("g_murmur", kInteger, {Type::of(TypeId::kBoolean), kInteger}, of_boolean)},
      {murmur_of_exact()},
      {function<View, int32_t>("g_sha2", kText, {kText, kInteger}, sha2)},
      {checksum()},
  };
}

}  // namespace garland::embedded
