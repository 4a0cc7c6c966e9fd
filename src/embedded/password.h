// Passwords of CREATE USER and ALTER USER: checked, and turned into what a login is checked with (guide page
// r_CREATE_USER). No function of these puts a password into an error.
#pragma once

#include <string>
#include <string_view>

#include "duck/connection.h"

namespace garland::embedded {

/// What is stored for a password as written:
///   'md5<32 hex>'             itself
///   'sha256|digest|salt'      itself; digest = SHA-256(password ‖ salt), both as 64 hex digits
///   'sha256|password'         sha256|digest|salt with a new salt
///   'password'                md5 + hex of MD5(password ‖ user), a blank, and sha256|digest|salt with a new salt
/// Throws 22023 for a plain password that is not 8 to 64 characters with an upper-case letter, a lower-case letter and
/// a digit, or a hash that is none.
std::string password_verifier(duck::Connection& connection, std::string_view password, std::string_view user);

}  // namespace garland::embedded
