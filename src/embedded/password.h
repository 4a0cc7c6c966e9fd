// Passwords of CREATE USER and ALTER USER: checked, and turned into what a login is checked with (guide page
// r_CREATE_USER). No function of these puts a password into an error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace garland::embedded {

/// What is stored for a password as written:
///   'md5<32 hex>'                    itself, in lower case: the one way to log in by MD5, whose verifier is as good as
///                                    the password
///   'sha256|digest|salt'             itself; digest = SHA-256(password ‖ salt), both as 64 hex digits
///   'sha256|password', 'password'    sha256|digest|salt with a new salt, a blank, and SCRAM-SHA-256$…
/// Throws 22023 for a plain password that is not 8 to 64 characters with an upper-case letter, a lower-case letter and
/// a digit, or a hash that is none.
std::string password_verifier(std::string_view password);

/// The parts of what is stored; those that are missing are empty.
struct Verifiers {
  std::string md5;                         // "md5" and 32 hex digits
  std::string sha256_digest, sha256_salt;  // hex
  std::string scram;                       // net/scram.h's text form
};
/// Reads older forms too. One of them has an MD5 hash beside others, which nobody asked for: it is left out.
Verifiers read_verifiers(std::string_view stored);

/// When a password of VALID UNTIL `text` ends, in microseconds since 1970 UTC; none: never ('infinity'). Throws 22007
/// when the text is neither that nor a timestamp.
std::optional<int64_t> password_end_us(const std::string& text);

}  // namespace garland::embedded
