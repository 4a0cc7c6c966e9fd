// Dates, times and timestamps from text: ISO forms by a short path, the other documented forms (guide page
// r_Date_and_time_literals, DateStyle MDY) by splitting the text into numbers, words and separators.
#include <algorithm>
#include <chrono>
#include <string>

#include "engine/text.h"
#include "engine/text_scan.h"
#include "engine/zones.h"

namespace garland::engine {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

std::optional<int32_t> to_days(int year, int month, int day) {
  if (year < 1 || year > 9999) return std::nullopt;
  using namespace std::chrono;
  const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return sys_days{date}.time_since_epoch().count();
}

/// The value of `count` digits at `p`, or -1.
int fixed_digits(const char* p, int count) {
  int value = 0;
  for (int i = 0; i < count; ++i) {
    if (!is_digit(p[i])) return -1;
    value = value * 10 + (p[i] - '0');
  }
  return value;
}

/// 'YYYY-MM-DD' exactly.
std::optional<int32_t> iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const char* p = text.data();
  const int year = fixed_digits(p, 4), month = fixed_digits(p + 5, 2), day = fixed_digits(p + 8, 2);
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  return to_days(year, month, day);
}

/// A number or word of a date, with the separator that follows it.
struct Piece {
  std::string_view text;
  char separator = 0;
  bool is_number() const { return is_digit(text.front()); }
  int number() const { return text.size() > 9 ? -1 : fixed_digits(text.data(), static_cast<int>(text.size())); }
};

bool is_date_separator(char c) { return c == '-' || c == '/' || c == '.' || c == ',' || is_blank(c); }

/// Splits into at most three pieces; 0 when the text has another shape.
int split_date(std::string_view text, Piece (&pieces)[3]) {
  int count = 0;
  while (!text.empty()) {
    if (count == 3 || !(is_digit(text.front()) || is_letter(text.front()))) return 0;
    const bool digits = is_digit(text.front());
    size_t length = 1;
    while (length < text.size() && (digits ? is_digit(text[length]) : is_letter(text[length]))) ++length;
    Piece& piece = pieces[count++];
    piece = {text.substr(0, length), 0};
    text.remove_prefix(length);
    if (text.empty()) break;
    if (!is_date_separator(text.front())) return 0;
    piece.separator = text.front();
    text.remove_prefix(1);
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    if (text.empty()) return 0;
  }
  return count;
}

int month_of(std::string_view word) {
  static constexpr std::string_view kMonths[] = {"january", "february", "march",     "april",   "may",      "june",
                                                 "july",    "august",   "september", "october", "november", "december"};
  for (int i = 0; i < 12; ++i) {
    const std::string_view name = kMonths[i];
    if (equals_folded(word, name) || equals_folded(word, name.substr(0, 3))) return i + 1;
  }
  return equals_folded(word, "sept") ? 9 : -1;
}

/// Two-digit years: 00–69 are 2000–2069, 70–99 are 1970–1999.
int year_of(const Piece& piece) {
  const int value = piece.number();
  if (piece.text.size() > 2) return piece.text.size() == 4 ? value : -1;
  return value < 70 ? 2000 + value : 1900 + value;
}

std::optional<int32_t> day_of_year(int year, int day) {
  const auto first = to_days(year, 1, 1);
  if (!first || day < 1) return std::nullopt;
  const bool leap = std::chrono::year{year}.is_leap();
  if (day > (leap ? 366 : 365)) return std::nullopt;
  return *first + day - 1;
}

/// '20080215', '080215'.
std::optional<int32_t> packed_date(std::string_view digits) {
  const char* p = digits.data();
  if (digits.size() == 8) return to_days(fixed_digits(p, 4), fixed_digits(p + 4, 2), fixed_digits(p + 6, 2));
  if (digits.size() == 6) {
    return to_days(year_of({digits.substr(0, 2)}), fixed_digits(p + 2, 2), fixed_digits(p + 4, 2));
  }
  return std::nullopt;
}

/// Three pieces: the month may be a word anywhere; all numbers are YMD when the first has four digits, else
/// MDY, or DMY between dots where the first is no month.
std::optional<int32_t> three_pieces(const Piece (&pieces)[3]) {
  int word = -1;
  for (int i = 0; i < 3; ++i) {
    if (pieces[i].is_number()) continue;
    if (word >= 0) return std::nullopt;
    word = i;
  }
  const bool year_first = pieces[0].is_number() && pieces[0].text.size() == 4;
  if (word < 0) {
    // Between dots both orders are documented: 12.17.1997 (automatic-recognition), 17.12.1997 (r_Datetime_types).
    const bool dotted = pieces[0].separator == '.' && pieces[1].separator == '.';
    if (dotted && !year_first && pieces[0].number() > 12) {
      return to_days(year_of(pieces[2]), pieces[1].number(), pieces[0].number());
    }
    return year_first ? to_days(year_of(pieces[0]), pieces[1].number(), pieces[2].number())
                      : to_days(year_of(pieces[2]), pieces[0].number(), pieces[1].number());
  }
  const int month = month_of(pieces[word].text);
  if (month < 0) return std::nullopt;
  const Piece& first = pieces[word == 0 ? 1 : 0];
  const Piece& last = pieces[word == 2 ? 1 : 2];
  return year_first ? to_days(year_of(first), month, last.number()) : to_days(year_of(last), month, first.number());
}

/// 'J2451187': a Julian day (guide page automatic-recognition).
std::optional<int32_t> julian_date(std::string_view text) {
  constexpr int kEpoch = 2'440'588;                     // of 1970-01-01
  constexpr int kFirst = 1'721'426, kLast = 5'373'484;  // 0001-01-01, 9999-12-31
  if (text.size() != 8 || to_lower(text.front()) != 'j') return std::nullopt;
  const int day = fixed_digits(text.data() + 1, 7);
  if (day < kFirst || day > kLast) return std::nullopt;
  return day - kEpoch;
}

std::optional<int32_t> any_date(std::string_view text) {
  if (const auto days = julian_date(text)) return days;
  Piece pieces[3];
  const int count = split_date(text, pieces);
  if (count == 1) return pieces[0].is_number() ? packed_date(pieces[0].text) : std::nullopt;
  if (count == 2 && pieces[0].separator == '.' && pieces[0].text.size() == 4 && pieces[1].text.size() == 3) {
    return day_of_year(pieces[0].number(), pieces[1].number());  // '2008.366'
  }
  return count == 3 ? three_pieces(pieces) : std::nullopt;
}

// ---- times

/// Reads up to two digits; -1 when there is none.
int short_number(std::string_view& text) {
  if (text.empty() || !is_digit(text.front())) return -1;
  const size_t length = text.size() > 1 && is_digit(text[1]) ? 2 : 1;
  const int value = fixed_digits(text.data(), static_cast<int>(length));
  text.remove_prefix(length);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// The digits after a decimal point as microseconds; the seventh rounds. -1 when there is none.
int64_t fraction_micros(std::string_view& text) {
  int64_t micros = 0;
  int count = 0;
  while (!text.empty() && is_digit(text.front())) {
    const int digit = text.front() - '0';
    if (count < 6) micros = micros * 10 + digit;
    if (count == 6 && digit >= 5) ++micros;
    ++count;
    text.remove_prefix(1);
  }
  if (count == 0) return -1;
  for (; count < 6; ++count) micros *= 10;
  return micros;
}

/// 'HH:MI[:SS[.ffffff]]', 'HHMI', 'HHMISS[.ffffff]' at the start of `text`, which keeps the rest. 24:00:00 is allowed,
/// and so is second 60, which counts as the next minute (as PostgreSQL reads them).
std::optional<int64_t> take_clock(std::string_view& text) {
  const bool packed = text.size() >= 4 && fixed_digits(text.data(), 4) >= 0;
  const int hour = short_number(text);
  if (hour < 0 || (!packed && !take(text, ':'))) return std::nullopt;
  const int minute = short_number(text);
  if (minute < 0) return std::nullopt;
  int second = 0;
  int64_t micros = 0;
  const bool more = packed ? !text.empty() && is_digit(text.front()) : take(text, ':');
  if (more) {
    second = short_number(text);
    if (second < 0) return std::nullopt;
    if (take(text, '.') && (micros = fraction_micros(text)) < 0) return std::nullopt;
  }
  if (hour > 24 || minute > 59 || second > 60) return std::nullopt;
  const int64_t value = (hour * 3600 + minute * 60 + second) * kMicrosPerSecond + micros;
  if (value > kMicrosPerDay) return std::nullopt;
  return value;
}

/// 'AM' or 'PM' after a clock reading of 1 to 12 hours.
std::optional<int64_t> apply_meridiem(int64_t micros, std::string_view& text) {
  std::string_view rest = trim_blanks(text);
  if (rest.size() < 2) return micros;
  const bool am = equals_folded(rest.substr(0, 2), "am"), pm = equals_folded(rest.substr(0, 2), "pm");
  if (!am && !pm) return micros;
  const int64_t hour = micros / (3600 * kMicrosPerSecond);
  if (hour < 1 || hour > 12) return std::nullopt;
  text = rest.substr(2);
  const int64_t base = micros - hour * 3600 * kMicrosPerSecond;
  return base + (hour % 12 + (pm ? 12 : 0)) * 3600 * kMicrosPerSecond;
}

/// '+hh', '+hhmm', '+hh:mm[:ss]', an abbreviation such as 'PST' or 'Z', or nothing; seconds east of UTC. Zone names
/// such as 'America/New_York' need zone data, which this floor does not have: they are no value here.
std::optional<int32_t> read_offset(std::string_view text) {
  text = trim_blanks(text);
  if (text.empty()) return 0;
  const bool east = text.front() == '+';
  if (!east && text.front() != '-') return zone_offset(text);
  text.remove_prefix(1);
  const int hours = short_number(text);
  int minutes = 0, seconds = 0;
  if (!text.empty()) {
    take(text, ':');
    minutes = short_number(text);
    if (take(text, ':')) seconds = short_number(text);
  }
  if (hours < 0 || minutes < 0 || seconds < 0 || !text.empty()) return std::nullopt;
  if (hours > 15 || minutes > 59 || seconds > 59) return std::nullopt;
  const int size = hours * 3600 + minutes * 60 + seconds;
  return east ? size : -size;
}

struct Moment {
  int64_t micros;  // local
  int32_t offset_seconds;
};

/// Where the date of a timestamp ends: before a 'T' between digits, or before the blank that stands before a time.
size_t date_end(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) {
    const size_t t = text.find_first_of("Tt");
    if (t != std::string_view::npos && t > 0 && is_digit(text[t - 1])) return t;
    const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const bool packed = (digits == 8 || digits == 6) && digits < text.size() && is_blank(text[digits]);
    return packed ? digits : std::string_view::npos;  // '19960108 040809'
  }
  size_t start = colon;
  while (start > 0 && is_digit(text[start - 1])) --start;
  return start == 0 ? 0 : start - 1;
}

/// The date before a clock reading, or around it: '17 Dec 07:37:16 1997 PST' (guide page automatic-recognition). Takes
/// the year from `rest`.
std::optional<int32_t> date_around(std::string_view before, std::string_view& rest) {
  if (const auto days = read_date(before)) return days;
  const std::string_view year = trim_blanks(rest).substr(0, 4);
  if (year.size() < 4 || fixed_digits(year.data(), 4) < 0) return std::nullopt;
  rest = trim_blanks(rest).substr(4);
  return read_date(std::string(before) + " " + std::string(year));
}

std::optional<Moment> any_moment(std::string_view text) {
  const size_t end = date_end(text);
  if (end == std::string_view::npos) {
    const auto days = read_date(text);
    return days ? std::optional(Moment{*days * kMicrosPerDay, 0}) : std::nullopt;
  }
  if (!is_blank(text[end]) && to_lower(text[end]) != 't') return std::nullopt;
  std::string_view rest = trim_blanks(text.substr(end + 1));
  const auto clock = take_clock(rest);
  if (!clock) return std::nullopt;
  const auto micros = apply_meridiem(*clock, rest);
  const auto days = date_around(text.substr(0, end), rest);
  if (!days) return std::nullopt;
  const auto offset = read_offset(rest);
  if (!micros || !offset) return std::nullopt;
  return Moment{*days * kMicrosPerDay + *micros, *offset};
}

std::optional<TimeTz> read_clock(std::string_view text) {
  text = trim_blanks(text);
  const auto clock = take_clock(text);
  if (!clock) return std::nullopt;
  const auto micros = apply_meridiem(*clock, text);
  const auto offset = read_offset(text);
  if (!micros || !offset) return std::nullopt;
  return TimeTz{*micros, *offset};
}

/// 'YYYY-MM-DD HH:MI:SS' exactly.
std::optional<int64_t> iso_timestamp(std::string_view text) {
  if (text.size() != 19 || (text[10] != ' ' && text[10] != 'T') || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto days = iso_date(text.substr(0, 10));
  const char* p = text.data() + 11;
  const int hour = fixed_digits(p, 2), minute = fixed_digits(p + 3, 2), second = fixed_digits(p + 6, 2);
  if (!days || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
  return *days * kMicrosPerDay + (hour * 3600 + minute * 60 + second) * kMicrosPerSecond;
}

std::optional<int64_t> within_years(int64_t micros) {
  constexpr int64_t kFirst = -62'135'596'800 * kMicrosPerSecond;  // 0001-01-01
  constexpr int64_t kEnd = 253'402'300'800 * kMicrosPerSecond;    // 10000-01-01
  if (micros < kFirst || micros >= kEnd) return std::nullopt;
  return micros;
}

}  // namespace

std::optional<int32_t> read_date(std::string_view text) {
  if (const auto days = iso_date(text)) return days;
  text = trim_blanks(text);
  return any_date(text);
}

std::optional<int64_t> read_time(std::string_view text) {
  const auto value = read_clock(text);
  if (!value) return std::nullopt;
  return value->micros;  // the zone is read and ignored
}

std::optional<TimeTz> read_timetz(std::string_view text) {
  if (const auto value = read_clock(text)) return value;
  if (text.find(':') == std::string_view::npos) return std::nullopt;
  const auto moment = any_moment(trim_blanks(text));  // a date before the time means nothing
  if (!moment) return std::nullopt;
  const int64_t time = moment->micros % kMicrosPerDay;
  return TimeTz{time < 0 ? time + kMicrosPerDay : time, moment->offset_seconds};
}

TimeTz in_utc(TimeTz time) {
  const int64_t utc = (time.micros - time.offset_seconds * kMicrosPerSecond) % kMicrosPerDay;
  return {utc < 0 ? utc + kMicrosPerDay : utc, 0};
}

std::optional<int64_t> read_timestamp(std::string_view text) {
  if (const auto micros = iso_timestamp(text)) return micros;
  const auto moment = any_moment(trim_blanks(text));
  if (!moment) return std::nullopt;
  return within_years(moment->micros);  // the zone is read and ignored (guide page r_Datetime_types)
}

std::optional<int64_t> read_timestamptz(std::string_view text) {
  if (const auto micros = iso_timestamp(text)) return micros;
  const auto moment = any_moment(trim_blanks(text));
  if (!moment) return std::nullopt;
  return within_years(moment->micros - moment->offset_seconds * kMicrosPerSecond);
}

}  // namespace garland::engine
