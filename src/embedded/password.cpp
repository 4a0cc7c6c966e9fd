#include "embedded/password.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "engine/text.h"
#include "net/digest.h"
#include "net/redshift_digest.h"
#include "net/scram.h"

namespace garland::embedded {

namespace {

constexpr size_t kSha256HexDigits = 64;
constexpr size_t kMd5HexDigits = 32;
constexpr std::string_view kMd5 = "md5";
constexpr std::string_view kSha256 = "sha256|";

bool is_hex(std::string_view text) { return net::from_hex(text).has_value(); }

std::string verifiers_of(std::string_view password) {
  const net::DigestVerifier made = net::make_digest_verifier(password);
  return std::string(kSha256) + made.digest + "|" + made.salt + " " +
         net::to_string(net::make_scram_verifier(password));
}

void check_plain(std::string_view password) {
  const auto refuse = [](const char* why) { throw Error(kInvalidParameterValue, std::string("password ") + why); };
  constexpr size_t kLeast = 8, kMost = 64;
  if (password.size() < kLeast || password.size() > kMost) refuse("must be 8 to 64 characters in length");
  const auto has = [&](int (*kind)(int)) {
    return std::ranges::any_of(password, [&](unsigned char c) { return kind(c) != 0; });
  };
  if (!has([](int c) { return std::isupper(c); })) refuse("must contain an uppercase letter");
  if (!has([](int c) { return std::islower(c); })) refuse("must contain a lowercase letter");
  if (!has([](int c) { return std::isdigit(c); })) refuse("must contain a number");
  if (std::ranges::any_of(password, [](unsigned char c) { return c < 33 || c > 126; })) {
    refuse("may hold printable ASCII characters only");
  }
}

}  // namespace

std::string password_verifier(std::string_view password) {
  if (password.starts_with(kMd5) && password.size() == kMd5.size() + kMd5HexDigits && is_hex(password.substr(3))) {
    return ascii_lower(password);
  }
  if (password.starts_with(kSha256)) {
    const std::string_view rest = password.substr(kSha256.size());
    const size_t bar = rest.find('|');
    if (bar == std::string_view::npos) {
      check_plain(rest);
      return verifiers_of(rest);
    }
    if (bar != kSha256HexDigits || rest.size() != 2 * kSha256HexDigits + 1 || !is_hex(rest.substr(0, bar)) ||
        !is_hex(rest.substr(bar + 1))) {
      throw Error(kInvalidParameterValue, "invalid SHA-256 password")
          .hint("It is 'sha256|digest|salt', each 64 hex digits.");
    }
    return std::string(password);
  }
  check_plain(password);
  return verifiers_of(password);
}

Verifiers read_verifiers(std::string_view stored) {
  Verifiers found;
  const bool alone = stored.find(' ') == std::string_view::npos;
  while (!stored.empty()) {
    const std::string_view part = stored.substr(0, stored.find(' '));
    stored.remove_prefix(std::min(part.size() + 1, stored.size()));
    if (part.starts_with(kSha256)) {
      const size_t bar = part.find('|', kSha256.size());
      found.sha256_digest = part.substr(kSha256.size(), bar - kSha256.size());
      found.sha256_salt = part.substr(bar + 1);
    } else if (!part.starts_with(kMd5)) {
      found.scram = part;
    } else if (alone) {
      found.md5 = part;
    }
  }
  return found;
}

std::optional<int64_t> password_end_us(const std::string& text) {
  if (ascii_lower(text) == "infinity") return std::nullopt;
  if (const auto end = engine::read_timestamptz(text)) return end;
  throw Error(kInvalidDatetimeFormat, "invalid input syntax for type timestamp: \"" + text + "\"");
}

}  // namespace garland::embedded
