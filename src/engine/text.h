// The text forms of Redshift's types: how values print (DateStyle ISO, MDY) and how text is read, by COPY, ingest,
// literals and parameters alike. Sources: guide pages r_Numeric_types201, r_Datetime_types,
// r_DATEFORMAT_and_TIMEFORMAT_strings, r_Boolean_type.
//
// Readers return nothing when the text is no value of the type; they never throw, so that millions of bad fields stay
// cheap. Blanks around numbers, dates and booleans are ignored, as PostgreSQL does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/batch.h"

namespace garland::engine {

/// Appends the value of `row` as a client sees it: 't', '12.50', '2011-12-09 08:26:00', CHAR padded to its length,
/// VARBYTE in hex. The row must not be NULL.
void append_text(std::string& out, const Column& column, size_t row);

/// Why a field was refused, for ops.rejects and STL_LOAD_ERRORS.
enum class TextFault { kInvalid, kOverflow, kTooLong, kInvalidUtf8, kNotNull };

std::optional<bool> read_boolean(std::string_view text);
/// Integers with sign; overflow of the wanted width is for the caller (`read_integer` covers 64 bits).
std::optional<int64_t> read_integer(std::string_view text);
std::optional<double> read_double(std::string_view text);
/// A decimal scaled by 10^scale. Digits beyond the scale are rounded half away from zero (`truncate` cuts them, as COPY
/// does without ROUNDEC). Nothing when it is no number or needs more than `precision` digits; `overflow` tells which.
std::optional<int128> read_decimal(std::string_view text, int precision, int scale, bool truncate,
                                   bool* overflow = nullptr);
/// ISO forms, 'YYYY-MM-DD' first.
std::optional<int32_t> read_date(std::string_view text);
std::optional<int64_t> read_time(std::string_view text);
std::optional<int64_t> read_timestamp(std::string_view text);
/// Without an offset in the text the value is taken as UTC.
std::optional<int64_t> read_timestamptz(std::string_view text);
/// With the offset as written, 0 without one. Tables keep TIMETZ in UTC (guide page r_Datetime_types): in_utc().
std::optional<TimeTz> read_timetz(std::string_view text);
TimeTz in_utc(TimeTz time);
/// '1 year 2 mons', '3 days, 04:05:06.7', '1-2', '7 h 59 m'; a bare number counts seconds (guide page
/// r_interval_literals). Nothing when a part does not fit its field.
std::optional<Interval> read_interval(std::string_view text);

/// Reads a field of any type into the row that `out` is building. On a fault nothing is set and the fault is returned.
/// VARCHAR and CHAR longer than the type are kTooLong, unless the excess is blanks only, which is cut. CHAR holds
/// single-byte characters only (guide page r_Character_types); VARBYTE is read as hexadecimal digits (guide page
/// r_VARBYTE_type), SUPER as JSON, HLLSKETCH as sketch.h says. Date and time fields have no kOverflow: a value out of
/// range is kInvalid. `truncate_decimals`: digits beyond a DECIMAL's scale are cut, as COPY does without
/// ROUNDEC; else they are rounded.
std::optional<TextFault> read_field(std::string_view text, const Type& type, BatchBuilder& out, size_t column,
                                    bool truncate_decimals = false);

/// True when the bytes are well-formed UTF-8 (no surrogates, no overlong forms); else `*bad` is the offset of the first
/// bad byte.
bool is_utf8(std::string_view text, size_t* bad = nullptr);

/// True when the text is one JSON value (RFC 8259), nested at most kMaxNesting deep.
bool is_json(std::string_view text);

}  // namespace garland::engine
