// TO_CHAR, TO_DATE, TO_TIMESTAMP and TO_NUMBER: format strings (guide pages r_FORMAT_strings, r_Numeric_formating,
// r_TO_CHAR, r_TO_DATE_function, r_TO_NUMBER; what they leave open follows PostgreSQL's formats). Pure; errors by
// fail(). Internal to embedded/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "duck/function.h"
#include "engine/batch.h"

namespace garland::embedded {

enum class DateField : uint8_t {
  kLiteral,
  kYear4,
  kYear3,
  kYear2,
  kYear1,
  kYearComma,
  kIsoYear4,
  kIsoYear3,
  kIsoYear2,
  kIsoYear1,
  kMonth,
  kMonthName,
  kMonthShort,
  kRoman,
  kDay,
  kDayOfYear,
  kWeekday,
  kIsoWeekday,
  kDayName,
  kDayShort,
  kWeekOfMonth,
  kWeekOfYear,
  kIsoWeek,
  kCentury,
  kJulian,
  kQuarter,
  kHour12,
  kHour24,
  kMinute,
  kSecond,
  kMillisecond,
  kMicrosecond,
  kSecondOfDay,
  kMeridian,
  kMeridianDots,
  kEra,
  kEraDots,
  kZone,
  kOffset
};

enum class LetterCase : uint8_t { kUpper, kCapital, kLower };

struct DatePiece {
  DateField field = DateField::kLiteral;
  LetterCase letters = LetterCase::kUpper;
  bool fill = true;      // no FM before it: padded with blanks or zeros
  bool ordinal = false;  // TH or th after it
  std::string literal;
};

/// A date format, taken apart.
std::vector<DatePiece> parse_date_format(std::string_view format);

/// The moment, µs since 1970 in UTC; `zone` is printed for TZ.
std::string format_moment(int64_t micros, const std::vector<DatePiece>& format);

/// Reads a moment. Not strict: days past a month's end run into the next one; strict: 22008.
int64_t parse_moment(std::string_view text, const std::vector<DatePiece>& format, bool strict);

/// A number given as digits with a sign and a point ("-12.50") in a numeric format. Digits beyond the format's are
/// rounded.
std::string format_number(std::string_view digits, std::string_view format);

/// TEXT_TO_INT_ALT, TEXT_TO_NUMERIC_ALT (functions_format_teradata.cpp).
std::vector<std::vector<duck::ScalarFunction>> teradata_natives();

/// The digits of a number printed in a numeric format, as plain text ("-12454.8").
std::string parse_number(std::string_view text, std::string_view format);

}  // namespace garland::embedded
