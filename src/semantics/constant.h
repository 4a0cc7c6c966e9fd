// Literals: from text to a typed constant in canonical text form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "semantics/bound.h"

namespace garland::semantics {

/// The type of digits as written: INTEGER or BIGINT when they fit, else DECIMAL; with a point DECIMAL of its digits;
/// with an exponent DOUBLE. Throws 22003 for more than 38 digits.
Type number_type(std::string_view text);

/// `text` as a value of `type`, in the text form that engine/text.h prints. Throws what the cast would: 22P02, 22003,
/// 22007, 22008, 22001 (unless `context` is explicit: then overlong strings are cut). A type without a literal
/// form (VARBYTE) gives nothing: it is cast at run time.
std::optional<std::string> read_constant(std::string_view text, const Type& type, CastContext context);

/// The text of a typed constant as a constant of another type, when that needs no rounding and no cutting; else
/// nothing, and the cast is left to the engine.
std::optional<std::string> convert_constant(std::string_view text, const Type& from, const Type& to);

/// The strictest context that has this conversion. Where operators and functions chose the type, the conversion is
/// theirs: a string beside a date is read as a date, a BIGINT where a function takes an INTEGER is narrowed.
CastContext matched_context(const Type& from, const Type& to);

/// An interval literal: `qualifier` is what stood behind it ("day to second", "month", ""). Without a qualifier, months
/// alone make it a year-to-month interval. Throws 22007.
struct IntervalConstant {
  std::string text;
  Type type;
};
IntervalConstant read_interval_constant(std::string_view text, std::string_view qualifier);

}  // namespace garland::semantics
