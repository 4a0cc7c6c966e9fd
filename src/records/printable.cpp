#include "records/printable.h"

#include <fmt/format.h>

#include <iterator>

#include "engine/text.h"

namespace garland::records {
namespace {

/// Bytes of the character at the start of `text`, 0 when there is none that may be printed as it is.
size_t character_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7F ? 1 : 0;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  return text.size() >= length && engine::is_utf8(text.substr(0, length)) ? length : 0;
}

}  // namespace

std::string printable(std::string_view bytes, size_t longest) {
  std::string out;
  size_t at = 0;
  while (at < bytes.size() && at < longest) {
    const size_t length = character_length(bytes.substr(at));
    if (length > 0) {
      out += bytes.substr(at, length);
      at += length;
    } else {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(bytes[at]));
      ++at;
    }
  }
  if (at < bytes.size()) out += "…";
  return out;
}

}  // namespace garland::records
