// What the Data API names statements and sessions by.
#pragma once

#include <string>

#include "net/digest.h"

namespace garland::endpoint {

/// RFC 9562, version 4.
inline std::string random_uuid() {
  std::string bytes = net::random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string text = net::hex(bytes);
  for (const size_t at : {8u, 13u, 18u, 23u}) text.insert(at, "-");
  return text;
}

}  // namespace garland::endpoint
