// Digests, their text forms, random bytes. Thread-safe. Throws only when OpenSSL itself fails (XX000).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace garland::net {

/// 32 raw bytes.
std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view text);
/// 32 hexadecimal digits in lower case.
std::string md5_hex(std::string_view bytes);

/// RFC 4648, section 4, with padding.
std::string base64(std::string_view bytes);
/// Nothing unless the text is what base64() gives for some bytes: no blanks, no missing padding, no stray bits.
std::optional<std::string> from_base64(std::string_view text);

/// In lower case.
std::string hex(std::string_view bytes);
/// Digits of either case; nothing for an odd number of them or any other character.
std::optional<std::string> from_hex(std::string_view text);

/// Fit for keys and nonces.
std::string random_bytes(size_t count);

/// Overwrites all that it holds, and empties it: for a secret that nobody needs any more.
void wipe(std::string& secret);

/// Takes a time that depends on the lengths only.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace garland::net
