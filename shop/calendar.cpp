#include "shop/calendar.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error.h"

namespace garland::shop {
namespace {

using std::chrono::last;
using std::chrono::March;
using std::chrono::October;
using std::chrono::Sunday;
using std::chrono::year_month_day;

std::string text_of(Instant at, char between, std::string_view zone) {
  const Day day = std::chrono::floor<Days>(at);
  const int64_t second = (at - day).count();
  return fmt::format("{}{}{:02}:{:02}:{:02}{}", shop::text_of(day), between, second / 3600, second / 60 % 60,
                     second % 60, zone);
}

/// Of Berlin against UTC.
Seconds offset_at(Instant at) {
  const std::chrono::year year(year_of(std::chrono::floor<Days>(at)));
  const Instant begin = Day(year / March / Sunday[last]) + std::chrono::hours(1);
  const Instant end = Day(year / October / Sunday[last]) + std::chrono::hours(1);
  return std::chrono::hours(at >= begin && at < end ? 2 : 1);
}

}  // namespace

Day parse_day(std::string_view text) {
  int year = 0;
  unsigned month = 0, day = 0;
  const auto number = [&](size_t begin, size_t size, auto& into) {
    const char* end = text.data() + begin + size;
    return std::from_chars(text.data() + begin, end, into).ptr == end;
  };
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' && number(0, 4, year) &&
                      number(5, 2, month) && number(8, 2, day);
  const year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!shaped || !date.ok()) {
    throw Error(kInvalidParameterValue, fmt::format("\"{}\" is not a day", text)).hint("write it as 2026-11-22");
  }
  return Day(date);
}

std::string text_of(Day day) {
  const year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string text_of(Instant at) { return text_of(at, ' ', "+00"); }

std::string iso_text_of(Instant at) { return text_of(at, 'T', "Z"); }

Instant moment(Day day, int64_t second_of_day) {
  const Instant as_utc = day + Seconds(second_of_day);
  return as_utc - offset_at(as_utc - offset_at(as_utc));
}

Day day_at(Instant at) { return std::chrono::floor<Days>(at + offset_at(at)); }

int year_of(Day day) { return static_cast<int>(year_month_day(day).year()); }

unsigned weekday(Day day) { return std::chrono::weekday(day).c_encoding(); }

int season_of(Day day) {
  const year_month_day date(day);
  return static_cast<int>(date.year()) - (static_cast<unsigned>(date.month()) < 9 ? 1 : 0);
}

int days_to_christmas(Day day) { return static_cast<int>((day_of(season_of(day), 12, 25) - day).count()); }

Day black_friday(int year) {
  return Day(std::chrono::year(year) / std::chrono::November / std::chrono::Thursday[4]) + Days(1);
}

}  // namespace garland::shop
