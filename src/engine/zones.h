// Time zone abbreviations and their fixed offsets (guide page time-zone-abbrev), for times written with a zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace garland::engine {

/// Seconds east of UTC of an abbreviation in any case ('PST', 'z'); nothing when it is none.
std::optional<int32_t> zone_offset(std::string_view abbreviation);

}  // namespace garland::engine
