// PostgreSQL's numeric in binary form: digits to the base of 10,000 (src/backend/utils/adt/numeric.c, numeric_send).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/batch.h"

namespace garland::ingest::postgres {

enum class NumericFault { kNotFinite, kTooManyDigits };

/// An exact number: digits / 10^scale.
struct Numeric {
  engine::int128 digits = 0;
  int scale = 0;  // as the source prints it
};

/// The value scaled by 10^scale, of at most `precision` digits; digits that would be lost are a fault. Malformed bytes
/// throw 08P01.
std::optional<NumericFault> read_numeric(std::string_view bytes, int precision, int scale, engine::int128& out);

/// The value with the scale it has itself, for SUPER; more than 38 digits are a fault.
std::optional<NumericFault> read_numeric(std::string_view bytes, Numeric& out);

/// As PostgreSQL prints it, of any size. Malformed bytes throw 08P01.
std::string numeric_text(std::string_view bytes);

}  // namespace garland::ingest::postgres
