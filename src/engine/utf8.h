// Code points into UTF-8.
#pragma once

#include <cstdint>
#include <string>

namespace garland::engine {

/// Appends the character in one to four bytes. `code` is at most U+10FFFF; halves of surrogate pairs are the caller's
/// to refuse, or to keep.
void append_utf8(std::string& out, uint32_t code);

}  // namespace garland::engine
