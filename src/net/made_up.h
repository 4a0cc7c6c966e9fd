// What a login is answered with for a user who does not exist, so that nobody learns which users do.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace garland::net {

/// A salt that stays the same for the user's name while this process runs, and that nobody can compute. At most 32
/// bytes. Thread-safe.
std::string made_up_salt(std::string_view user, size_t bytes);

}  // namespace garland::net
