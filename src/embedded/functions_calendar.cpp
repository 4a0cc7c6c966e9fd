#include "embedded/functions_calendar.h"

namespace garland::embedded {
namespace {

constexpr std::array<std::string_view, 13> kUnitNames{"microsecond", "millisecond", "second",    "minute",  "hour",
                                                      "day",         "week",        "month",     "quarter", "year",
                                                      "decade",      "century",     "millennium"};

bool is_leap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

}  // namespace

// Both directions count years from 1 March, so that the leap day is a year's last: an era is 400 years of 146,097 days.
Civil to_civil(int64_t days) {
  days += 719'468;
  const int64_t era = floor_divide(days, 146'097);
  const int64_t day_of_era = days - era * 146'097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted = (5 * day_of_year + 2) / 153;
  const int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
          static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1)};
}

int64_t from_civil(const Civil& date) {
  const int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const int64_t era = floor_divide(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

int days_in_month(int64_t year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

int weekday_of(int64_t days) { return static_cast<int>(days + 4 - floor_divide(days + 4, 7) * 7); }

int day_of_year(int64_t days) { return static_cast<int>(days - from_civil({to_civil(days).year, 1, 1}) + 1); }

IsoWeek iso_week(int64_t days) {
  // The week belongs to the year of its Thursday.
  const int64_t monday = days - (weekday_of(days) + 6) % 7;
  const int64_t year = to_civil(monday + 3).year;
  return {year, static_cast<int>((monday + 3 - from_civil({year, 1, 1})) / 7 + 1)};
}

std::string_view unit_name(DateUnit unit) { return kUnitNames[static_cast<size_t>(unit)]; }

std::optional<DateUnit> unit_of(std::string_view name) {
  for (size_t i = 0; i < kUnitNames.size(); ++i) {
    if (kUnitNames[i] == name) return static_cast<DateUnit>(i);
  }
  return std::nullopt;
}

}  // namespace garland::embedded
