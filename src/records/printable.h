// Bytes of unknown origin as text that is safe in a message.
#pragma once

#include <string>
#include <string_view>

namespace garland::records {

/// Valid UTF-8 without control characters: other bytes become \xHH. Cut after `longest` bytes of input, with "…".
std::string printable(std::string_view bytes, size_t longest = 40);

}  // namespace garland::records
