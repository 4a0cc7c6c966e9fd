// The proleptic Gregorian calendar for date functions and formats. Internal to embedded/functions*.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace garland::embedded {

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;
/// What DuckDB's TIMESTAMP holds without its infinities.
inline constexpr int64_t kMinTimestamp = -9'223'372'022'400'000'000;
inline constexpr int64_t kMaxTimestamp = 9'223'372'036'854'775'806;

inline constexpr std::array<std::string_view, 7> kDayNames{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                           "Thursday", "Friday", "Saturday"};
inline constexpr std::array<std::string_view, 12> kMonthNames{"January",   "February", "March",    "April",
                                                              "May",       "June",     "July",     "August",
                                                              "September", "October",  "November", "December"};

/// Year 0 is 1 BC.
struct Civil {
  int64_t year;
  int month;  // 1–12
  int day;    // 1–31
};

constexpr int64_t floor_divide(int64_t value, int64_t unit) { return value / unit - (value % unit < 0 ? 1 : 0); }

Civil to_civil(int64_t days_since_epoch);
int64_t from_civil(const Civil& date);
int days_in_month(int64_t year, int month);
/// 0 = Sunday.
int weekday_of(int64_t days_since_epoch);
/// From 1.
int day_of_year(int64_t days_since_epoch);

struct IsoWeek {
  int64_t year;
  int week;
};
IsoWeek iso_week(int64_t days_since_epoch);

/// Units of DATEDIFF, by the canonical names of date parts.
enum class DateUnit {
  kMicrosecond,
  kMillisecond,
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kQuarter,
  kYear,
  kDecade,
  kCentury,
  kMillennium
};
std::string_view unit_name(DateUnit unit);
std::optional<DateUnit> unit_of(std::string_view name);

}  // namespace garland::embedded
