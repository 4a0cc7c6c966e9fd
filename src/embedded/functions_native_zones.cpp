// Times with a zone, and zones of a fixed distance. Guide pages r_Datetime_types, r_DATEADD_function ("Examples with a
// TIMETZ column": results are in UTC), r_DATEDIFF_function, r_EXTRACT_function, CONVERT_TIMEZONE.
#include <fmt/format.h>

#include "embedded/functions_calendar.h"
#include "embedded/functions_native.h"
#include "engine/text.h"
#include "engine/zones.h"

namespace garland::embedded {
namespace {

using namespace native;
using View = std::string_view;
using engine::TimeTz;

int64_t in_day(int64_t micros) { return micros - floor_divide(micros, kMicrosPerDay) * kMicrosPerDay; }

int64_t utc_time(TimeTz time) { return in_day(time.micros - time.offset_seconds * kMicrosPerSecond); }

int32_t zone_seconds(TimeTz time) { return time.offset_seconds; }

/// A name that DuckDB knows: 'UTC' for zones of a fixed distance, whose distance zone_shift() adds.
std::string zone_name(View zone) { return engine::fixed_zone(zone) ? "UTC" : std::string(zone); }

int64_t zone_shift(View zone) { return engine::fixed_zone(zone).value_or(0); }

/// DuckDB's functions cannot return TIMETZ: its text, which a cast reads.
std::string utc_text(int64_t micros) {
  const int64_t seconds = micros / kMicrosPerSecond;
  return fmt::format("{:02}:{:02}:{:02}.{:06}+00", seconds / 3600, seconds / 60 % 60, seconds % 60,
                     micros % kMicrosPerSecond);
}

/// Any form of a time as the one that DuckDB's cast reads.
std::string plain_text(View text) {
  const std::optional<TimeTz> time = engine::read_timetz(text);
  if (!time) {
    fail(kInvalidDatetimeFormat,
         fmt::format("invalid input syntax for type time with time zone: \"{}\"", text.substr(0, 200)));
  }
  const int64_t seconds = time->micros / kMicrosPerSecond;
  const int32_t distance = std::abs(time->offset_seconds);
  return fmt::format("{:02}:{:02}:{:02}.{:06}{}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60,
                     time->micros % kMicrosPerSecond, time->offset_seconds < 0 ? '-' : '+', distance / 3600,
                     distance / 60 % 60, distance % 60);
}

std::string add(TimeTz time, int64_t count, int64_t unit) {
  const int64_t shift = (count % kMicrosPerDay) * (unit % kMicrosPerDay) % kMicrosPerDay;
  return utc_text(in_day(utc_time(time) + shift));
}

std::string add_interval(TimeTz time, engine::Interval interval) {
  return utc_text(in_day(utc_time(time) + interval.micros % kMicrosPerDay));
}

int32_t compare(TimeTz left, TimeTz right) {
  const int64_t a = left.micros - left.offset_seconds * kMicrosPerSecond;
  const int64_t b = right.micros - right.offset_seconds * kMicrosPerSecond;
  return static_cast<int32_t>(a > b) - static_cast<int32_t>(a < b);
}

}  // namespace

std::vector<Overloads> zone_natives() {
  const Type timetz = Type::of(TypeId::kTimeTz);
  const auto local = [](TimeTz time) { return time.micros; };
  return {
      {function<View>("g_zone_name", kText, {kText}, zone_name)},
      {function<View>("g_zone_shift", kBigint, {kText}, zone_shift)},
      {function<View>("g_timetz_text", kText, {kText}, plain_text)},
      {function<TimeTz>("g_time_utc", kTime, {timetz}, utc_time)},
      {function<TimeTz>("g_time_local", kTime, {timetz}, local)},
      {function<TimeTz>("g_time_zone", kInteger, {timetz}, zone_seconds)},
      {function<TimeTz, int64_t, int64_t>("g_timetz_add", kText, {timetz, kBigint, kBigint}, add)},
      {function<TimeTz, engine::Interval>("g_timetz_add_interval", kText, {timetz, kInterval}, add_interval)},
      {function<TimeTz, TimeTz>("g_timetz_compare", kInteger, {timetz, timetz}, compare)},
  };
}

}  // namespace garland::embedded
