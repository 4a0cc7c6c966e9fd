// UTF-8: code points into bytes, and cuts between characters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace garland {

/// Appends the character in one to four bytes. `code` is at most U+10FFFF; halves of surrogate pairs are the caller's
/// to refuse, or to keep.
void append_utf8(std::string& out, uint32_t code);

/// The longest prefix of at most `bytes` bytes that does not end within a character.
std::string_view first_bytes(std::string_view text, size_t bytes);

}  // namespace garland
