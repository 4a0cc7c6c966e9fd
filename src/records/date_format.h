// DATEFORMAT and TIMEFORMAT strings of COPY (guide page r_DATEFORMAT_and_TIMEFORMAT_strings).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace garland::records {

/// A format taken apart: YYYY, YY, MM, MON, DD, HH (24 hours here), HH24, HH12, MI, SS (with a fraction), AM or PM, and
/// separators, which match themselves. Upper or lower case. TZ and OF are not allowed: the text's own offset, where it
/// has one, is read behind the format. Immutable.
class DateTimeFormat {
 public:
  /// Throws 22007 for a format with something else in it.
  explicit DateTimeFormat(std::string_view format);

  struct Moment {
    int64_t micros;                         // since 1970, as written
    std::optional<int32_t> offset_seconds;  // east of UTC, when the text ends with +hh[:mm], -hh[:mm] or Z
  };
  /// Nothing when the text does not match the format or is no moment of the calendar. A date without a time is
  /// midnight.
  std::optional<Moment> read(std::string_view text) const;

 private:
  enum class Part : uint8_t {
    kLiteral,
    kYear4,
    kYear2,
    kMonth,
    kMonthName,
    kDay,
    kHour24,
    kHour12,
    kMinute,
    kSecond,
    kMeridian
  };
  struct Piece {
    Part part;
    char literal = 0;
  };
  struct Clock;
  bool read_piece(const Piece& piece, bool packed, std::string_view& text, Clock& clock) const;
  std::vector<Piece> pieces_;
};

}  // namespace garland::records
