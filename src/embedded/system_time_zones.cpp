// Time zones by name and by abbreviation: guide pages r_Datetime_types, time-zone-names, time-zone-abbrev.
#include <fmt/format.h>

#include "base/ascii.h"
#include "embedded/context.h"
#include "embedded/system_lists.h"
#include "engine/zones.h"

namespace garland::embedded {
namespace {

std::string offset_text(int32_t seconds) {
  const int32_t size = seconds < 0 ? -seconds : seconds;
  return fmt::format("{}{:02}:{:02}:{:02}", seconds < 0 ? "-" : "", size / 3600, size % 3600 / 60, size % 60);
}

}  // namespace

void fill_time_zones(Context& context, SystemRows& rows) {
  duck::Result zones = context.run("SELECT name, abbrev, CAST(utc_offset AS VARCHAR), is_dst FROM pg_timezone_names()");
  while (const auto batch = zones.fetch()) {
    const auto text = [&](size_t column, size_t row) { return batch->columns[column].values<std::string_view>()[row]; };
    for (size_t row = 0; row < batch->rows; ++row) {
      rows.flag(false).text(text(0, row)).text(text(1, row)).text(text(2, row));
      rows.flag(batch->columns[3].values<uint8_t>()[row] != 0);
    }
  }
  for (const auto& [name, minutes] : engine::zone_abbreviations()) {
    rows.flag(true).null().text(ascii_upper(name)).text(offset_text(minutes * 60)).flag(false);
  }
}

}  // namespace garland::embedded
