// Days and instants of the shop, which lives in Europe/Berlin, and the feasts that its year turns around.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace garland::shop {

/// A day in the shop's time zone.
using Day = std::chrono::sys_days;
/// A moment, to the second, in UTC.
using Instant = std::chrono::sys_seconds;
using Days = std::chrono::days;
using Seconds = std::chrono::seconds;

constexpr Day day_of(int year, unsigned month, unsigned day) {
  return Day(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day));
}
/// "2026-11-22"; throws kInvalidParameterValue for anything else.
Day parse_day(std::string_view text);
std::string text_of(Day day);
/// "2026-11-22 16:03:11+00", as PostgreSQL reads and writes it.
std::string text_of(Instant at);
/// "2026-11-22T16:03:11Z", as JSON carries it.
std::string iso_text_of(Instant at);

/// The moment at which clocks in Berlin show that second of the day. European summer time: from the last Sunday of
/// March to the last of October, 01:00 UTC (Directive 2000/84/EC).
Instant moment(Day day, int64_t second_of_day);
/// The day in Berlin.
Day day_at(Instant at);

int year_of(Day day);
/// 0 Sunday … 6 Saturday.
unsigned weekday(Day day);
/// Season Y = 1 September Y to 31 August Y+1; its Christmas is that of Y.
int season_of(Day day);
/// Days until 25 December of its season; negative after it.
int days_to_christmas(Day day);
/// The day after Thanksgiving, the fourth Thursday of November.
Day black_friday(int year);

}  // namespace garland::shop
