// Time zone abbreviations and their fixed offsets (guide page time-zone-abbrev), for times written with a zone.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace garland::engine {

/// Seconds east of UTC of an abbreviation in any case ('PST', 'z'); nothing when it is none.
std::optional<int32_t> zone_offset(std::string_view abbreviation);

/// All of them in lower case, with minutes east of UTC.
std::span<const std::pair<std::string_view, int>> zone_abbreviations();

/// The same, also for POSIX-style names, whose offset counts west of Greenwich and whose name means nothing: 'GMT+2',
/// 'NEWZONE -2:15', 'PST8'; and for a bare ISO offset, which counts east: '+02:00', '-8' (guide page CONVERT_TIMEZONE).
/// Nothing for a name with a daylight-saving part ('PST8PDT').
std::optional<int32_t> fixed_zone(std::string_view name);

}  // namespace garland::engine
