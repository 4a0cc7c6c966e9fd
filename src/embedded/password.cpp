#include "embedded/password.h"

#include <algorithm>
#include <random>

#include "base/error.h"

namespace garland::embedded {

namespace {

constexpr size_t kSha256HexDigits = 64;
constexpr size_t kMd5HexDigits = 32;
constexpr std::string_view kMd5 = "md5";
constexpr std::string_view kSha256 = "sha256|";

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return std::isxdigit(c) != 0; });
}

std::string random_salt() {
  std::random_device random;
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string salt;
  while (salt.size() < kSha256HexDigits) {
    for (auto bits = random(); salt.size() < kSha256HexDigits && bits != 0; bits >>= 4) salt += kDigits[bits & 15];
  }
  return salt;
}

std::string digest(duck::Connection& connection, const std::string& sql, std::string_view first,
                   std::string_view second) {
  std::vector<duck::Value> values;
  values.push_back(duck::Value::text(first));
  values.push_back(duck::Value::text(second));
  duck::Result result = connection.prepare(sql).run(values);
  return std::string(result.fetch()->columns[0].values<std::string_view>()[0]);
}

std::string salted(duck::Connection& connection, std::string_view password) {
  const std::string salt = random_salt();
  return std::string(kSha256) +
         digest(connection, "SELECT sha256(encode($1::VARCHAR) || unhex($2::VARCHAR))", password, salt) + "|" + salt;
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

std::string password_verifier(duck::Connection& connection, std::string_view password, std::string_view user) {
  if (password.starts_with(kMd5) && password.size() == kMd5.size() + kMd5HexDigits && is_hex(password.substr(3))) {
    return std::string(password);
  }
  if (password.starts_with(kSha256)) {
    const std::string_view rest = password.substr(kSha256.size());
    const size_t bar = rest.find('|');
    if (bar == std::string_view::npos) {
      check_plain(rest);
      return salted(connection, rest);
    }
    if (bar != kSha256HexDigits || rest.size() != 2 * kSha256HexDigits + 1 || !is_hex(rest.substr(0, bar)) ||
        !is_hex(rest.substr(bar + 1))) {
      throw Error(kInvalidParameterValue, "invalid SHA-256 password")
          .hint("It is 'sha256|digest|salt', each 64 hex digits.");
    }
    return std::string(password);
  }
  check_plain(password);
  return std::string(kMd5) + digest(connection, "SELECT md5($1::VARCHAR || $2::VARCHAR)", password, user) + " " +
         salted(connection, password);
}

}  // namespace garland::embedded
