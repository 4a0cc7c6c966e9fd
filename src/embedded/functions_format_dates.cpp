#include <fmt/format.h>

#include <algorithm>

#include "embedded/functions_calendar.h"
#include "embedded/functions_format.h"
#include "embedded/functions_native.h"

namespace garland::embedded {
namespace {

struct Pattern {
  std::string_view spelling;  // upper case
  DateField field;
};

// The longest spelling that fits comes first.
constexpr Pattern kPatterns[] = {
    {"Y,YYY", DateField::kYearComma},
    {"YYYY", DateField::kYear4},
    {"YYY", DateField::kYear3},
    {"YY", DateField::kYear2},
    {"Y", DateField::kYear1},
    {"IYYY", DateField::kIsoYear4},
    {"IYY", DateField::kIsoYear3},
    {"IY", DateField::kIsoYear2},
    {"IW", DateField::kIsoWeek},
    {"ID", DateField::kIsoWeekday},
    {"I", DateField::kIsoYear1},
    {"MONTH", DateField::kMonthName},
    {"MON", DateField::kMonthShort},
    {"MM", DateField::kMonth},
    {"MI", DateField::kMinute},
    {"MS", DateField::kMillisecond},
    {"RM", DateField::kRoman},
    {"DAY", DateField::kDayName},
    {"DY", DateField::kDayShort},
    {"DDD", DateField::kDayOfYear},
    {"DD", DateField::kDay},
    {"D", DateField::kWeekday},
    {"WW", DateField::kWeekOfYear},
    {"W", DateField::kWeekOfMonth},
    {"CC", DateField::kCentury},
    {"J", DateField::kJulian},
    {"Q", DateField::kQuarter},
    {"HH24", DateField::kHour24},
    {"HH12", DateField::kHour12},
    {"HH", DateField::kHour12},
    {"SSSSS", DateField::kSecondOfDay},
    {"SSSS", DateField::kSecondOfDay},
    {"SS", DateField::kSecond},
    {"US", DateField::kMicrosecond},
    {"A.M.", DateField::kMeridianDots},
    {"P.M.", DateField::kMeridianDots},
    {"AM", DateField::kMeridian},
    {"PM", DateField::kMeridian},
    {"B.C.", DateField::kEraDots},
    {"A.D.", DateField::kEraDots},
    {"BC", DateField::kEra},
    {"AD", DateField::kEra},
    {"TZ", DateField::kZone},
    {"OF", DateField::kOffset},
};

constexpr std::string_view kRomanMonths[] = {"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"};
constexpr int64_t kJulianOfEpoch = 2'440'588;

char upper(char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); }
char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool starts_with_folded(std::string_view text, std::string_view upper_prefix) {
  if (text.size() < upper_prefix.size()) return false;
  for (size_t i = 0; i < upper_prefix.size(); ++i) {
    if (upper(text[i]) != upper(upper_prefix[i])) return false;
  }
  return true;
}

const Pattern* find_pattern(std::string_view format) {
  for (const Pattern& pattern : kPatterns) {
    if (starts_with_folded(format, pattern.spelling)) return &pattern;
  }
  return nullptr;
}

LetterCase case_of(std::string_view spelling) {
  if (spelling[0] == lower(spelling[0])) return LetterCase::kLower;
  return spelling.size() > 1 && spelling[1] == lower(spelling[1]) && spelling[1] != '.' ? LetterCase::kCapital
                                                                                        : LetterCase::kUpper;
}

void add_literal(std::vector<DatePiece>& pieces, char c) {
  if (pieces.empty() || pieces.back().field != DateField::kLiteral) pieces.emplace_back();
  pieces.back().literal += c;
}

/// "…" in a format stands for itself; returns the offset behind it.
size_t read_quoted(std::string_view format, size_t i, std::vector<DatePiece>& pieces) {
  for (++i; i < format.size() && format[i] != '"'; ++i) {
    if (format[i] == '\\' && i + 1 < format.size()) ++i;
    add_literal(pieces, format[i]);
  }
  return i + 1;
}

std::string cased(std::string_view name, LetterCase letters) {
  std::string out(name);
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] =
        letters == LetterCase::kUpper || (letters == LetterCase::kCapital && i == 0) ? upper(out[i]) : lower(out[i]);
  }
  return out;
}

struct Moment {
  int64_t days;
  int64_t micros;  // of the day
  Civil date;
};

int64_t printed_year(int64_t year) { return year > 0 ? year : 1 - year; }

std::string name_piece(std::string_view name, size_t width, const DatePiece& piece) {
  std::string out = cased(name, piece.letters);
  if (piece.fill && out.size() < width) out.resize(width, ' ');
  return out;
}

std::string number_piece(int64_t value, int width, const DatePiece& piece) {
  std::string out = piece.fill ? fmt::format("{:0{}}", value, width) : fmt::format("{}", value);
  if (!piece.ordinal) return out;
  const int64_t tens = value % 100;
  const int64_t ones = tens >= 11 && tens <= 13 ? 0 : value % 10;
  const std::string_view ending = ones == 1 ? "st" : ones == 2 ? "nd" : ones == 3 ? "rd" : "th";
  return out + cased(ending, piece.letters == LetterCase::kUpper ? LetterCase::kUpper : LetterCase::kLower);
}

std::string year_piece(int64_t year, int digits, const DatePiece& piece) {
  constexpr int64_t kModulus[] = {0, 10, 100, 1000};
  return number_piece(digits < 4 ? year % kModulus[digits] : year, digits, piece);
}

std::string date_piece(const Moment& moment, const DatePiece& piece) {
  const Civil& date = moment.date;
  const int64_t year = printed_year(date.year);
  switch (piece.field) {
    case DateField::kYear4:
      return year_piece(year, 4, piece);
    case DateField::kYear3:
      return year_piece(year, 3, piece);
    case DateField::kYear2:
      return year_piece(year, 2, piece);
    case DateField::kYear1:
      return year_piece(year, 1, piece);
    case DateField::kYearComma:
      return fmt::format("{},{:03}", year / 1000, year % 1000);
    case DateField::kIsoYear4:
      return year_piece(iso_week(moment.days).year, 4, piece);
    case DateField::kIsoYear3:
      return year_piece(iso_week(moment.days).year, 3, piece);
    case DateField::kIsoYear2:
      return year_piece(iso_week(moment.days).year, 2, piece);
    case DateField::kIsoYear1:
      return year_piece(iso_week(moment.days).year, 1, piece);
    case DateField::kMonth:
      return number_piece(date.month, 2, piece);
    case DateField::kMonthName:
      return name_piece(kMonthNames[static_cast<size_t>(date.month - 1)], 9, piece);
    case DateField::kMonthShort:
      return name_piece(kMonthNames[static_cast<size_t>(date.month - 1)].substr(0, 3), 3, piece);
    case DateField::kRoman:
      return name_piece(kRomanMonths[date.month - 1], 4, piece);
    case DateField::kDay:
      return number_piece(date.day, 2, piece);
    case DateField::kDayOfYear:
      return number_piece(day_of_year(moment.days), 3, piece);
    case DateField::kWeekday:
      return number_piece(weekday_of(moment.days) + 1, 1, piece);
    case DateField::kIsoWeekday:
      return number_piece((weekday_of(moment.days) + 6) % 7 + 1, 1, piece);
    case DateField::kDayName:
      return name_piece(kDayNames[static_cast<size_t>(weekday_of(moment.days))], 9, piece);
    case DateField::kDayShort:
      return name_piece(kDayNames[static_cast<size_t>(weekday_of(moment.days))].substr(0, 3), 3, piece);
    case DateField::kWeekOfMonth:
      return number_piece((date.day - 1) / 7 + 1, 1, piece);
    case DateField::kWeekOfYear:
      return number_piece((day_of_year(moment.days) - 1) / 7 + 1, 2, piece);
    case DateField::kIsoWeek:
      return number_piece(iso_week(moment.days).week, 2, piece);
    case DateField::kCentury:
      return number_piece(floor_divide(date.year - 1, 100) + 1, 2, piece);
    case DateField::kJulian:
      return number_piece(moment.days + kJulianOfEpoch, 1, piece);
    case DateField::kQuarter:
      return number_piece((date.month - 1) / 3 + 1, 1, piece);
    default:
      return {};
  }
}

std::string time_piece(const Moment& moment, const DatePiece& piece) {
  const int64_t seconds = moment.micros / kMicrosPerSecond, hour = seconds / 3600;
  const bool afternoon = hour >= 12, before_christ = moment.date.year <= 0;
  switch (piece.field) {
    case DateField::kHour12:
      return number_piece((hour + 11) % 12 + 1, 2, piece);
    case DateField::kHour24:
      return number_piece(hour, 2, piece);
    case DateField::kMinute:
      return number_piece(seconds / 60 % 60, 2, piece);
    case DateField::kSecond:
      return number_piece(seconds % 60, 2, piece);
    case DateField::kMillisecond:
      return number_piece(moment.micros / 1000 % 1000, 3, piece);
    case DateField::kMicrosecond:
      return number_piece(moment.micros % kMicrosPerSecond, 6, piece);
    case DateField::kSecondOfDay:
      return number_piece(seconds, 1, piece);
    case DateField::kMeridian:
      return cased(afternoon ? "PM" : "AM", piece.letters);
    case DateField::kMeridianDots:
      return cased(afternoon ? "P.M." : "A.M.", piece.letters);
    case DateField::kEra:
      return cased(before_christ ? "BC" : "AD", piece.letters);
    case DateField::kEraDots:
      return cased(before_christ ? "B.C." : "A.D.", piece.letters);
    case DateField::kZone:
      return cased("UTC", piece.letters);
    case DateField::kOffset:
      return "+00";
    default:
      return date_piece(moment, piece);
  }
}

/// What a text says, field by field.
struct Fields {
  int64_t year = 1;
  int64_t month = 1, day = 1, hour = 0, minute = 0, second = 0, micros = 0;
  int64_t day_of_year = 0, julian = 0;
  bool twelve_hours = false, afternoon = false, before_christ = false;
};

class MomentReader {
 public:
  explicit MomentReader(std::string_view text) : text_(text) {}

  void read(const DatePiece& piece) {
    if (piece.field == DateField::kLiteral) return skip(piece.literal);
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    // A text may end before its format does: the rest keeps its default.
    if (at_ == text_.size()) return;
    read_field(piece);
  }

  const Fields& fields() const { return fields_; }

 private:
  void skip(std::string_view literal) {
    for (const char c : literal) {
      if (c == ' ') {
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
      } else if (at_ < text_.size()) {
        ++at_;
      }
    }
  }

  int64_t number(size_t digits) {
    int64_t value = 0;
    const size_t start = at_;
    while (at_ < text_.size() && at_ - start < digits && std::isdigit(static_cast<unsigned char>(text_[at_])))
      value = value * 10 + (text_[at_++] - '0');
    if (at_ == start)
      fail(kInvalidDatetimeFormat, fmt::format("invalid value \"{}\" for a date or time field", text_.substr(at_, 8)));
    return value;
  }

  /// µs of a fraction's digits: "5" in MS is 500 ms.
  int64_t fraction(size_t digits) {
    const size_t start = at_;
    int64_t value = number(digits);
    for (size_t i = at_ - start; i < 6; ++i) value *= 10;
    return value;
  }

  template <size_t n>
  int64_t name(const std::array<std::string_view, n>& names, bool whole) {
    for (size_t i = 0; i < n; ++i) {
      const std::string_view wanted = whole ? names[i] : names[i].substr(0, 3);
      if (!starts_with_folded(text_.substr(at_), wanted)) continue;
      at_ += wanted.size();
      return static_cast<int64_t>(i);
    }
    fail(kInvalidDatetimeFormat, fmt::format("invalid value \"{}\" for a date or time field", text_.substr(at_, 9)));
  }

  bool marker(std::string_view first, std::string_view second) {
    const std::string_view rest = text_.substr(at_);
    for (const auto& [word, result] : {std::pair(first, false), std::pair(second, true)}) {
      if (!starts_with_folded(rest, word)) continue;
      at_ += word.size();
      return result;
    }
    fail(kInvalidDatetimeFormat, fmt::format("invalid value \"{}\" for a date or time field", rest.substr(0, 4)));
  }

  void short_year(size_t digits) {
    const size_t start = at_;
    fields_.year = number(digits);
    if (at_ - start > 2)
      fields_.year += fields_.year < 520 ? 2000 : 1000;
    else if (at_ - start <= 2)
      fields_.year += fields_.year < 70 ? 2000 : 1900;
  }

  void read_field(const DatePiece& piece) {
    switch (piece.field) {
      case DateField::kYear4:
        fields_.year = number(4);
        return;
      case DateField::kYearComma:
        fields_.year = number(1) * 1000;
        skip(",");
        fields_.year += number(3);
        return;
      case DateField::kYear3:
        return short_year(3);
      case DateField::kYear2:
        return short_year(2);
      case DateField::kYear1:
        fields_.year = 2000 + number(1);
        return;
      case DateField::kMonth:
        fields_.month = number(2);
        return;
      case DateField::kMonthName:
        fields_.month = name(kMonthNames, true) + 1;
        return;
      case DateField::kMonthShort:
        fields_.month = name(kMonthNames, false) + 1;
        return;
      case DateField::kDay:
        fields_.day = number(2);
        return;
      case DateField::kDayOfYear:
        fields_.day_of_year = number(3);
        return;
      case DateField::kDayName:
        name(kDayNames, true);
        return;
      case DateField::kDayShort:
        name(kDayNames, false);
        return;
      case DateField::kWeekday:
      case DateField::kIsoWeekday:
      case DateField::kQuarter:
        number(1);
        return;
      case DateField::kJulian:
        fields_.julian = number(9);
        return;
      default:
        return read_time(piece);
    }
  }

  void read_time(const DatePiece& piece) {
    switch (piece.field) {
      case DateField::kHour12:
        fields_.hour = number(2);
        return;
      case DateField::kHour24:
        fields_.hour = number(2);
        return;
      case DateField::kMinute:
        fields_.minute = number(2);
        return;
      case DateField::kSecond:
        fields_.second = number(2);
        return;
      case DateField::kMillisecond:
        fields_.micros += fraction(3);
        return;
      case DateField::kMicrosecond:
        fields_.micros += fraction(6);
        return;
      case DateField::kSecondOfDay: {
        const int64_t seconds = number(5);
        fields_.hour = seconds / 3600, fields_.minute = seconds / 60 % 60, fields_.second = seconds % 60;
        return;
      }
      case DateField::kMeridian:
        fields_.twelve_hours = true;
        fields_.afternoon = marker("AM", "PM");
        return;
      case DateField::kMeridianDots:
        fields_.twelve_hours = true;
        fields_.afternoon = marker("A.M.", "P.M.");
        return;
      case DateField::kEra:
        fields_.before_christ = marker("AD", "BC");
        return;
      case DateField::kEraDots:
        fields_.before_christ = marker("A.D.", "B.C.");
        return;
      default:
        fail(kFeatureNotSupported, "this part of the format is not supported for reading dates yet");
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  Fields fields_;
};

[[noreturn]] void fail_field(std::string_view text) {
  fail(kDatetimeFieldOverflow, fmt::format("date/time field value out of range: {}", text));
}

/// Not strict: hours, minutes and seconds past their ends run on (r_TO_TIMESTAMP).
int64_t time_of(const Fields& fields, std::string_view text, bool strict) {
  int64_t hour = fields.hour;
  if (fields.twelve_hours) {
    if (hour < 1 || hour > 12) fail_field(text);
    hour = hour % 12 + (fields.afternoon ? 12 : 0);
  }
  if (strict && (hour > 23 || fields.minute > 59 || fields.second > 59)) {
    fail(kDatetimeFieldOverflow, fmt::format("date/time field time value out of range: {:02}:{:02}:{:02}.{}", hour,
                                             fields.minute, fields.second, fields.micros));
  }
  return ((hour * 60 + fields.minute) * 60 + fields.second) * kMicrosPerSecond + fields.micros;
}

int64_t days_of(const Fields& fields, std::string_view text, bool strict) {
  if (fields.julian > 0) return fields.julian - kJulianOfEpoch;
  const int64_t year = fields.before_christ ? 1 - fields.year : fields.year;
  if (fields.day_of_year > 0) return from_civil({year, 1, 1}) + fields.day_of_year - 1;
  if (fields.month < 1 || fields.month > 12 || fields.day < 1 || fields.day > 31) fail_field(text);
  const int month = static_cast<int>(fields.month);
  if (strict && fields.day > days_in_month(year, month)) {
    fail(kDatetimeFieldOverflow,
         fmt::format("date/time field date value out of range: {}-{}-{}", year, month, fields.day));
  }
  return from_civil({year, month, 1}) + fields.day - 1;
}

}  // namespace

std::vector<DatePiece> parse_date_format(std::string_view format) {
  std::vector<DatePiece> pieces;
  bool fill = true;
  for (size_t i = 0; i < format.size();) {
    const std::string_view rest = format.substr(i);
    if (format[i] == '"') {
      i = read_quoted(format, i, pieces);
    } else if (starts_with_folded(rest, "FM") || starts_with_folded(rest, "FX")) {
      fill = !starts_with_folded(rest, "FM");
      i += 2;
    } else if (const Pattern* pattern = find_pattern(rest)) {
      const std::string_view spelling = rest.substr(0, pattern->spelling.size());
      i += spelling.size();
      const bool ordinal = starts_with_folded(format.substr(i), "TH");
      const LetterCase letters = ordinal ? case_of(format.substr(i)) : case_of(spelling);
      pieces.push_back({pattern->field, letters, fill, ordinal, {}});
      if (ordinal) i += 2;
      fill = true;
    } else {
      add_literal(pieces, format[i++]);
    }
  }
  return pieces;
}

std::string format_moment(int64_t micros, const std::vector<DatePiece>& format) {
  const int64_t days = floor_divide(micros, kMicrosPerDay);
  const Moment moment{days, micros - days * kMicrosPerDay, to_civil(days)};
  std::string out;
  for (const DatePiece& piece : format)
    out += piece.field == DateField::kLiteral ? piece.literal : time_piece(moment, piece);
  return out;
}

int64_t parse_moment(std::string_view text, const std::vector<DatePiece>& format, bool strict) {
  MomentReader reader(text);
  for (const DatePiece& piece : format) reader.read(piece);
  const int64_t days = days_of(reader.fields(), text, strict);
  return days * kMicrosPerDay + time_of(reader.fields(), text, strict);
}

}  // namespace garland::embedded
