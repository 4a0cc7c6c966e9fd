// Date arithmetic by Redshift's rules; all in UTC, so that no setting matters. Sources: guide pages r_DATEADD_function,
// r_DATEDIFF_function, r_ADD_MONTHS, r_MONTHS_BETWEEN_function, r_NEXT_DAY, r_Dateparts_for_datetime_functions.
#include <algorithm>
#include <cmath>
#include <limits>

#include "embedded/functions_calendar.h"
#include "embedded/functions_native.h"

namespace garland::embedded {
namespace {

using namespace native;

[[noreturn]] void fail_range() { fail(kDatetimeFieldOverflow, "timestamp out of range"); }

int64_t add_checked(int64_t left, int64_t right) {
  int64_t sum;
  if (__builtin_add_overflow(left, right, &sum) || sum < kMinTimestamp || sum > kMaxTimestamp) fail_range();
  return sum;
}

int64_t add_micros(int64_t moment, int64_t count, int64_t unit) {
  int64_t micros;
  if (__builtin_mul_overflow(count, unit, &micros)) fail_range();
  return add_checked(moment, micros);
}

/// What becomes of a day that the new month lacks, and of a month's last day.
enum class MonthEnd {
  kClamp,     // DATEADD(month): 31 January + 1 month = 28 February
  kLast,      // ADD_MONTHS: as well, and a last day stays one: 30 April + 1 month = 31 May
  kOverflow,  // DATEADD(year): 29 February + 1 year = 1 March
};

int64_t add_months(int64_t moment, int64_t months, MonthEnd rule) {
  if (std::abs(months) > int64_t{12} * 300'000) fail_range();
  const int64_t day_number = floor_divide(moment, kMicrosPerDay);
  const int64_t time = moment - day_number * kMicrosPerDay;
  Civil date = to_civil(day_number);
  const int64_t month_number = date.year * 12 + (date.month - 1) + months;
  const int64_t year = floor_divide(month_number, 12);
  const int month = static_cast<int>(month_number - year * 12) + 1;
  const int last = days_in_month(year, month);
  const bool was_last = date.day == days_in_month(date.year, date.month);
  int64_t extra = 0;
  int day = date.day;
  if (day > last) {
    if (rule == MonthEnd::kOverflow) extra = day - last;
    day = last;
  } else if (rule == MonthEnd::kLast && was_last) {
    day = last;
  }
  const int64_t days = from_civil({year, month, day}) + extra;
  if (std::abs(days) > kMaxTimestamp / kMicrosPerDay) fail_range();
  return add_checked(days * kMicrosPerDay, time);
}

int64_t months_since_epoch(int64_t moment) {
  const Civil date = to_civil(floor_divide(moment, kMicrosPerDay));
  return (date.year - 1970) * 12 + date.month - 1;
}

/// The number of the unit in which the moment lies; boundaries crossed are differences of it. Weeks begin on Monday, as
/// DATE_TRUNC's do; decades with years 0, centuries and millennia with years 1.
int64_t unit_number(DateUnit unit, int64_t moment) {
  const auto year = [moment] { return to_civil(floor_divide(moment, kMicrosPerDay)).year; };
  switch (unit) {
    case DateUnit::kMicrosecond:
      return moment;
    case DateUnit::kMillisecond:
      return floor_divide(moment, 1000);
    case DateUnit::kSecond:
      return floor_divide(moment, kMicrosPerSecond);
    case DateUnit::kMinute:
      return floor_divide(moment, 60 * kMicrosPerSecond);
    case DateUnit::kHour:
      return floor_divide(moment, 3600 * kMicrosPerSecond);
    case DateUnit::kDay:
      return floor_divide(moment, kMicrosPerDay);
    case DateUnit::kWeek:
      return floor_divide(floor_divide(moment, kMicrosPerDay) + 3, 7);
    case DateUnit::kMonth:
      return months_since_epoch(moment);
    case DateUnit::kQuarter:
      return floor_divide(months_since_epoch(moment), 3);
    case DateUnit::kYear:
      return year();
    case DateUnit::kDecade:
      return floor_divide(year(), 10);
    case DateUnit::kCentury:
      return floor_divide(year() - 1, 100);
    case DateUnit::kMillennium:
      return floor_divide(year() - 1, 1000);
  }
  fail(kInternalError, "unknown date unit");
}

int64_t truncate_year(int64_t moment, int64_t years, int64_t first) {
  const int64_t year = to_civil(floor_divide(moment, kMicrosPerDay)).year;
  return from_civil({floor_divide(year - first, years) * years + first, 1, 1}) * kMicrosPerDay;
}

/// r_MONTHS_BETWEEN_function: whole months when both are the same day of the month, or both last days; else days count
/// as 1/31.
double months_between(int64_t left, int64_t right) {
  const int64_t left_day = floor_divide(left, kMicrosPerDay), right_day = floor_divide(right, kMicrosPerDay);
  const Civil a = to_civil(left_day), b = to_civil(right_day);
  const auto months = static_cast<double>((a.year - b.year) * 12 + a.month - b.month);
  const bool both_last = a.day == days_in_month(a.year, a.month) && b.day == days_in_month(b.year, b.month);
  if (a.day == b.day || both_last) return months;
  const auto time = static_cast<double>((left - left_day * kMicrosPerDay) - (right - right_day * kMicrosPerDay));
  return months + (a.day - b.day + time / static_cast<double>(kMicrosPerDay)) / 31.0;
}

/// The first such weekday after the day; the name may be short ("Mon", "Mo", "Monday", "M" is not one).
int32_t next_day(int32_t day, std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  while (!lower.empty() && lower.back() == ' ') lower.pop_back();
  for (int weekday = 0; weekday < 7; ++weekday) {
    std::string full(kDayNames[static_cast<size_t>(weekday)]);
    full[0] = static_cast<char>(std::tolower(full[0]));
    if (lower.size() < 2 || !full.starts_with(lower)) continue;
    const int64_t today = weekday_of(day);
    const int64_t ahead = (weekday - today + 6) % 7 + 1;
    return static_cast<int32_t>(day + ahead);
  }
  fail(kInvalidParameterValue, "invalid day of the week: \"" + std::string(name) + "\"");
}

engine::Interval scale_interval(engine::Interval value, double factor) {
  const double months = std::trunc(value.months * factor);
  const double micros = std::round(
      (static_cast<double>(value.days) * static_cast<double>(kMicrosPerDay) + static_cast<double>(value.micros)) *
      factor);
  if (!(std::abs(months) <= std::numeric_limits<int32_t>::max()) || !(std::abs(micros) < 9.2e18)) {
    fail(kDatetimeFieldOverflow, "interval out of range");
  }
  const auto whole = static_cast<int64_t>(micros);
  const int64_t days = whole / kMicrosPerDay;
  if (std::abs(days) > std::numeric_limits<int32_t>::max()) fail(kDatetimeFieldOverflow, "interval out of range");
  return {static_cast<int32_t>(months), static_cast<int32_t>(days), whole % kMicrosPerDay};
}

double interval_order(engine::Interval value) {
  return static_cast<double>(value.months) * 30.0 * static_cast<double>(kMicrosPerDay) +
         static_cast<double>(value.days) * static_cast<double>(kMicrosPerDay) + static_cast<double>(value.micros);
}

template <class F>
Overloads for_both(const char* name, F f) {
  return {function<int64_t, int64_t>(name, kTimestamp, {kTimestamp, kBigint}, f),
          function<int64_t, int64_t>(name, kTimestampTz, {kTimestampTz, kBigint}, f)};
}

template <class F>
Overloads truncations(const char* name, F f) {
  return {function<int64_t>(name, kTimestamp, {kTimestamp}, f),
          function<int64_t>(name, kTimestampTz, {kTimestampTz}, f)};
}

Overloads difference(DateUnit unit) {
  const std::string name = "g_diff_" + std::string(unit_name(unit));
  const auto f = [unit](int64_t from, int64_t to) { return unit_number(unit, to) - unit_number(unit, from); };
  return {function<int64_t, int64_t>(name, kBigint, {kTimestamp, kTimestamp}, f),
          function<int64_t, int64_t>(name, kBigint, {kTimestampTz, kTimestampTz}, f),
          function<int64_t, int64_t>(name, kBigint, {kTime, kTime}, f)};
}

std::vector<Overloads> additions() {
  Overloads micros{
      function<int64_t, int64_t, int64_t>("g_add_micros", kTimestamp, {kTimestamp, kBigint, kBigint}, add_micros),
      function<int64_t, int64_t, int64_t>("g_add_micros", kTimestampTz, {kTimestampTz, kBigint, kBigint}, add_micros),
      function<int64_t, int64_t, int64_t>(
          "g_add_micros", kTime, {kTime, kBigint, kBigint}, [](int64_t time, int64_t count, int64_t unit) {
            const int64_t sum = time + (count % kMicrosPerDay) * (unit % kMicrosPerDay) % kMicrosPerDay;
            return sum - floor_divide(sum, kMicrosPerDay) * kMicrosPerDay;
          })};
  return {
      micros,
      for_both("g_add_months", [](int64_t moment, int64_t n) { return add_months(moment, n, MonthEnd::kClamp); }),
      for_both("g_add_months_last", [](int64_t moment, int64_t n) { return add_months(moment, n, MonthEnd::kLast); }),
      for_both("g_add_years",
               [](int64_t moment, int64_t n) {
                 if (std::abs(n) > 300'000) fail_range();
                 return add_months(moment, n * 12, MonthEnd::kOverflow);
               }),
  };
}

std::vector<Overloads> conversions() {
  const auto same = [](int64_t moment) { return moment; };
  const auto order = [](auto a, auto b) { return static_cast<int32_t>(a > b) - static_cast<int32_t>(a < b); };
  return {
      // The session's time zone is UTC: a zone is put on or taken off without a change.
      {function<int64_t>("g_utc", kTimestampTz, {kTimestamp}, same)},
      {function<int64_t>("g_local", kTimestamp, {kTimestampTz}, same)},
      {function<int64_t, int64_t>("g_compare", kInteger, {kTimestamp, kTimestamp}, order),
       function<int64_t, int64_t>("g_compare", kInteger, {kTimestampTz, kTimestampTz}, order),
       function<int32_t, int32_t>("g_compare", kInteger, {kDate, kDate}, order),
       function<std::string_view, std::string_view>("g_compare", kInteger, {kText, kText}, order),
       function<engine::Interval, engine::Interval>(
           "g_compare", kInteger, {kInterval, kInterval},
           [order](auto a, auto b) { return order(interval_order(a), interval_order(b)); })},
      {function<engine::Interval, double>("g_scale_interval", kInterval, {kInterval, kDouble}, scale_interval)},
      {function<int32_t, std::string_view>("g_next_day", kDate, {kDate, kText}, next_day)},
      {function<int64_t, int64_t>("g_months_between", kDouble, {kTimestamp, kTimestamp}, months_between)},
  };
}

}  // namespace

std::vector<Overloads> date_natives() {
  std::vector<Overloads> all = additions();
  for (Overloads& overloads : conversions()) all.push_back(std::move(overloads));
  for (int unit = 0; unit <= static_cast<int>(DateUnit::kMillennium); ++unit) {
    all.push_back(difference(static_cast<DateUnit>(unit)));
  }
  all.push_back(truncations("g_trunc_decade", [](int64_t moment) { return truncate_year(moment, 10, 0); }));
  all.push_back(truncations("g_trunc_century", [](int64_t moment) { return truncate_year(moment, 100, 1); }));
  all.push_back(truncations("g_trunc_millennium", [](int64_t moment) { return truncate_year(moment, 1000, 1); }));
  return all;
}

}  // namespace garland::embedded
