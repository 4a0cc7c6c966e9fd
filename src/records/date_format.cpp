#include "records/date_format.h"

#include <chrono>

#include "base/error.h"
#include "engine/text_scan.h"

namespace garland::records {

using engine::is_digit;
using engine::to_lower;

struct DateTimeFormat::Clock {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int64_t fraction = 0;  // µs
  bool twelve = false;
  std::optional<bool> afternoon;
};

namespace {

constexpr std::string_view kMonths[] = {"january", "february", "march",     "april",   "may",      "june",
                                        "july",    "august",   "september", "october", "november", "december"};

bool starts_folded(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && engine::equals_folded(text.substr(0, lower.size()), lower);
}

bool take_number(std::string_view& text, size_t least, size_t most, int& value) {
  size_t digits = 0;
  int read = 0;
  while (digits < most && digits < text.size() && is_digit(text[digits])) read = read * 10 + (text[digits++] - '0');
  if (digits < least) return false;
  value = read;
  text.remove_prefix(digits);
  return true;
}

bool take_month(std::string_view& text, int& month) {
  for (int i = 0; i < 12; ++i) {
    const std::string_view name = kMonths[i];
    const size_t size = starts_folded(text, name) ? name.size() : starts_folded(text, name.substr(0, 3)) ? 3 : 0;
    if (size == 0) continue;
    month = i + 1;
    text.remove_prefix(size);
    return true;
  }
  return false;
}

void take_fraction(std::string_view& text, int64_t& micros) {
  if (text.size() < 2 || text[0] != '.' || !is_digit(text[1])) return;
  text.remove_prefix(1);
  int64_t unit = 100'000;
  for (; !text.empty() && is_digit(text[0]); text.remove_prefix(1), unit /= 10) micros += (text[0] - '0') * unit;
}

/// What may stand behind the format: nothing, Z, or an offset from UTC.
bool take_offset(std::string_view text, std::optional<int32_t>& offset) {
  text = engine::trim_blanks(text);
  if (text.empty()) return true;
  if (engine::equals_folded(text, "z") || engine::equals_folded(text, "utc")) {
    offset = 0;
    return true;
  }
  if (text[0] != '+' && text[0] != '-') return false;
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!take_number(text, 1, 2, hours)) return false;
  if (!text.empty() && text[0] == ':') text.remove_prefix(1);
  if (!text.empty() && !take_number(text, 2, 2, minutes)) return false;
  if (!text.empty() || hours > 15 || minutes > 59) return false;
  offset = sign * (hours * 3600 + minutes * 60);
  return true;
}

}  // namespace

DateTimeFormat::DateTimeFormat(std::string_view format) {
  struct Word {
    std::string_view text;
    Part part;
  };
  static constexpr Word kWords[] = {{"yyyy", Part::kYear4},    {"yy", Part::kYear2},    {"month", Part::kMonthName},
                                    {"mon", Part::kMonthName}, {"mm", Part::kMonth},    {"mi", Part::kMinute},
                                    {"dd", Part::kDay},        {"hh24", Part::kHour24}, {"hh12", Part::kHour12},
                                    {"hh", Part::kHour24},     {"ss", Part::kSecond},   {"am", Part::kMeridian},
                                    {"pm", Part::kMeridian}};
  const std::string_view whole = format;
  while (!format.empty()) {
    const Word* found = nullptr;
    for (const Word& word : kWords) {
      if (!found && starts_folded(format, word.text)) found = &word;
    }
    const bool separator = !engine::is_letter(format[0]) || to_lower(format[0]) == 't';
    if (!found && !separator) {
      throw Error(kInvalidDatetimeFormat, "invalid date or time format \"" + std::string(whole) + "\"")
          .hint("It may hold YYYY, YY, MM, MON, DD, HH, HH12, HH24, MI, SS, AM or PM, and separators.");
    }
    pieces_.push_back(found ? Piece{found->part} : Piece{Part::kLiteral, format[0]});
    format.remove_prefix(found ? found->text.size() : 1);
  }
}

/// `packed`: another number follows at once, so this one has all its digits.
bool DateTimeFormat::read_piece(const Piece& piece, bool packed, std::string_view& text, Clock& clock) const {
  const size_t least = packed ? 2 : 1;
  switch (piece.part) {
    case Part::kLiteral:
      if (engine::is_blank(piece.literal)) {
        if (text.empty() || !engine::is_blank(text[0])) return false;
        while (!text.empty() && engine::is_blank(text[0])) text.remove_prefix(1);
        return true;
      }
      if (text.empty() || to_lower(text[0]) != to_lower(piece.literal)) return false;
      text.remove_prefix(1);
      return true;
    case Part::kYear4:
      return take_number(text, 4, 4, clock.year);
    case Part::kYear2:
      if (!take_number(text, 2, 2, clock.year)) return false;
      clock.year += clock.year < 70 ? 2000 : 1900;
      return true;
    case Part::kMonth:
      return take_number(text, least, 2, clock.month);
    case Part::kMonthName:
      return take_month(text, clock.month);
    case Part::kDay:
      return take_number(text, least, 2, clock.day);
    case Part::kHour12:
      clock.twelve = true;
      return take_number(text, least, 2, clock.hour) && clock.hour >= 1 && clock.hour <= 12;
    case Part::kHour24:
      return take_number(text, least, 2, clock.hour);
    case Part::kMinute:
      return take_number(text, least, 2, clock.minute);
    case Part::kSecond:
      if (!take_number(text, least, 2, clock.second)) return false;
      take_fraction(text, clock.fraction);
      return true;
    case Part::kMeridian:
      if (!starts_folded(text, "am") && !starts_folded(text, "pm")) return false;
      clock.afternoon = to_lower(text[0]) == 'p';
      text.remove_prefix(2);
      return true;
  }
  return false;
}

std::optional<DateTimeFormat::Moment> DateTimeFormat::read(std::string_view text) const {
  text = engine::trim_blanks(text);
  Clock clock;
  for (size_t i = 0; i < pieces_.size(); ++i) {
    const bool packed = i + 1 < pieces_.size() && pieces_[i + 1].part != Part::kLiteral;
    if (!read_piece(pieces_[i], packed, text, clock)) return std::nullopt;
  }
  Moment moment{0, std::nullopt};
  if (!take_offset(text, moment.offset_seconds)) return std::nullopt;
  if (clock.afternoon && clock.hour <= 12) clock.hour = clock.hour % 12 + (*clock.afternoon ? 12 : 0);
  if (clock.hour > 23 || clock.minute > 59 || clock.second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(clock.year),
                                         std::chrono::month(static_cast<unsigned>(clock.month)),
                                         std::chrono::day(static_cast<unsigned>(clock.day))};
  if (!date.ok() || clock.year < 1) return std::nullopt;
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  moment.micros = ((days * 24 + clock.hour) * 3600 + clock.minute * 60 + clock.second) * 1'000'000 + clock.fraction;
  return moment;
}

}  // namespace garland::records
