// Intervals from text: guide pages r_interval_literals, r_interval_data_types.
#include <charconv>
#include <cmath>
#include <limits>

#include "engine/text.h"
#include "engine/text_scan.h"

namespace garland::engine {
namespace {

constexpr double kMicrosPerSecond = 1e6;
constexpr int kDaysPerMonth = 30;  // fractions of a month spill into days as PostgreSQL counts them

struct Unit {
  std::string_view names[6];
  int months;
  double days;
  double seconds;
};

// The names are those of guide page r_Dateparts_for_datetime_functions.
constexpr Unit kUnits[] = {
    {{"millennium", "millennia", "mil", "mils"}, 12'000, 0, 0},
    {{"century", "centuries", "c", "cent", "cents"}, 1'200, 0, 0},
    {{"decade", "decades", "dec", "decs"}, 120, 0, 0},
    {{"year", "years", "y", "yr", "yrs"}, 12, 0, 0},
    {{"quarter", "quarters", "qtr", "qtrs"}, 3, 0, 0},
    {{"month", "months", "mon", "mons"}, 1, 0, 0},
    {{"week", "weeks", "w"}, 0, 7, 0},
    {{"day", "days", "d"}, 0, 1, 0},
    {{"hour", "hours", "h", "hr", "hrs"}, 0, 0, 3600},
    {{"minute", "minutes", "m", "min", "mins"}, 0, 0, 60},
    {{"second", "seconds", "s", "sec", "secs"}, 0, 0, 1},
    {{"millisecond", "milliseconds", "ms", "msec", "msecs", "millisecon"}, 0, 0, 1e-3},
    {{"microsecond", "microseconds", "us", "usec", "usecs", "microsec"}, 0, 0, 1e-6},
};

const Unit* find_unit(std::string_view word) {
  for (const Unit& unit : kUnits) {
    for (const std::string_view name : unit.names) {
      if (!name.empty() && equals_folded(word, name)) return &unit;
    }
  }
  return nullptr;
}

/// Sums of the parts in doubles: the fields' ranges are checked once, at the end.
struct Parts {
  double months = 0, days = 0, micros = 0;

  void add(double amount, const Unit& unit) {
    const double all_months = amount * unit.months;
    const double whole_months = std::trunc(all_months);
    const double all_days = amount * unit.days + (all_months - whole_months) * kDaysPerMonth;
    const double whole_days = std::trunc(all_days);
    months += whole_months;
    days += whole_days;
    micros += std::round((amount * unit.seconds + (all_days - whole_days) * 86'400) * kMicrosPerSecond);
  }
};

bool skip_blanks(std::string_view& text) {
  while (!text.empty() && (is_blank(text.front()) || text.front() == ',')) text.remove_prefix(1);
  return !text.empty();
}

std::optional<double> take_amount(std::string_view& text, bool* fractional = nullptr) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (fault != std::errc{} || !std::isfinite(value)) return std::nullopt;
  const std::string_view taken = text.substr(0, static_cast<size_t>(end - text.data()));
  if (fractional) *fractional = taken.find('.') != std::string_view::npos;
  text.remove_prefix(taken.size());
  return value;
}

/// After "hh:" : the rest of 'hh:mi[:ss[.f]]'.
bool take_clock(std::string_view& text, double hours, bool negative, Parts& parts) {
  double seconds = hours * 3600;
  double weight = 60;
  while (weight >= 1 && !text.empty() && text.front() == ':') {
    text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front())) return false;
    const auto amount = take_amount(text);
    if (!amount || *amount >= 61) return false;
    seconds += *amount * weight;
    weight /= 60;
  }
  parts.micros += std::round((negative ? -seconds : seconds) * kMicrosPerSecond);
  return text.empty() || is_blank(text.front());
}

bool take_part(std::string_view& text, Parts& parts) {
  const bool negative = text.front() == '-';
  bool fractional = false;
  const auto amount = take_amount(text, &fractional);
  if (!amount) return false;
  if (!text.empty() && text.front() == ':' && !fractional) return take_clock(text, std::abs(*amount), negative, parts);
  if (text.size() > 1 && text.front() == '-' && is_digit(text[1]) && !fractional) {  // '1-2': years and months
    text.remove_prefix(1);
    const auto months = take_amount(text, &fractional);
    if (!months || fractional || *months > 11) return false;
    parts.months += (std::abs(*amount) * 12 + *months) * (negative ? -1 : 1);
    return text.empty() || is_blank(text.front());
  }
  const bool more = skip_blanks(text);
  size_t length = 0;
  while (length < text.size() && is_letter(text[length])) ++length;
  if (length == 0) {
    parts.micros += std::round(*amount * kMicrosPerSecond);
    return !more;
  }
  const Unit* unit = find_unit(text.substr(0, length));
  if (!unit) return false;
  text.remove_prefix(length);
  parts.add(*amount, *unit);
  return true;
}

template <class T>
bool fits(double value) {
  return value >= -9.2e18 && value <= 9.2e18 && value >= static_cast<double>(std::numeric_limits<T>::min()) &&
         value <= static_cast<double>(std::numeric_limits<T>::max());
}

}  // namespace

std::optional<Interval> read_interval(std::string_view text) {
  text = trim_blanks(text);
  if (text.empty()) return std::nullopt;
  Parts parts;
  while (skip_blanks(text)) {
    if (!take_part(text, parts)) return std::nullopt;
  }
  if (!fits<int32_t>(parts.months) || !fits<int32_t>(parts.days) || !fits<int64_t>(parts.micros)) return std::nullopt;
  return Interval{static_cast<int32_t>(parts.months), static_cast<int32_t>(parts.days),
                  static_cast<int64_t>(parts.micros)};
}

}  // namespace garland::engine
