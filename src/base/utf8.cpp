#include "base/utf8.h"

#include <algorithm>

namespace garland {

void append_utf8(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const uint32_t more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr uint32_t kLead[] = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(kLead[more] | (code >> (6 * more)));
  for (uint32_t i = more; i-- > 0;) out += static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3F));
}

size_t count_characters(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(text, starts_character));
}

size_t offset_of_character(std::string_view text, size_t index) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (starts_character(text[i]) && index-- == 0) return i;
  }
  return text.size();
}

std::string_view first_bytes(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && !starts_character(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

std::string as_single_bytes(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (starts_character(c)) out += static_cast<unsigned char>(c) >= 0x80 || c == 0 ? '.' : c;
  }
  return out;
}

}  // namespace garland
