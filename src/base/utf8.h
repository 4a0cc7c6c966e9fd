// UTF-8: code points into bytes, characters counted, and cuts between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace garland {

/// Appends the character in one to four bytes. `code` is at most U+10FFFF; halves of surrogate pairs are the caller's
/// to refuse, or to keep.
void append_utf8(std::string& out, uint32_t code);

/// Whether a character begins with this byte: every byte but those inside and at the end of longer ones.
constexpr bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

/// Characters of valid text.
size_t count_characters(std::string_view text);

/// Where the character `index` (from 0) begins; the text's size behind the last one.
size_t offset_of_character(std::string_view text, size_t index);

/// The longest prefix of at most `bytes` bytes that does not end within a character.
std::string_view first_bytes(std::string_view text, size_t bytes);

/// The text as a system table's CHAR column shows it: a period for every character of more than one byte, and for NUL
/// (guide page r_STL_LOAD_ERRORS).
std::string as_single_bytes(std::string_view text);

}  // namespace garland
