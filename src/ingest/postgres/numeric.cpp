#include "ingest/postgres/numeric.h"

#include <algorithm>

#include "base/limits.h"
#include "ingest/postgres/wire_reader.h"

namespace garland::ingest::postgres {
namespace {

using engine::int128;

constexpr int kBase = 10'000;
constexpr int kBaseDigits = 4;
constexpr uint16_t kNegative = 0x4000;

int128 power_of_ten(int exponent) {
  int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

struct Header {
  int count = 0, weight = 0, scale = 0;
  uint16_t sign = 0;
};

Header read_header(WireReader& reader) {
  Header header;
  header.count = reader.number<int16_t>();
  header.weight = reader.number<int16_t>();
  header.sign = reader.number<uint16_t>();
  header.scale = reader.number<int16_t>();
  if (header.count < 0 || header.scale < 0) throw reader.malformed("a negative length");
  return header;
}

/// The digits after the header, as an integer of base 10,000 times 10,000^(weight - count + 1).
std::optional<NumericFault> read_digits(WireReader& reader, const Header& header, int scale, int128& out) {
  int128 value = 0;
  for (int i = 0; i < header.count; ++i) {
    const int digit = reader.number<int16_t>();
    if (digit < 0 || digit >= kBase) throw reader.malformed("a digit out of range");
    const bool too_large =
        __builtin_mul_overflow(value, int128{kBase}, &value) || __builtin_add_overflow(value, int128{digit}, &value);
    if (too_large) return NumericFault::kTooManyDigits;
  }
  reader.finish();
  if (value == 0) return out = 0, std::nullopt;
  int exponent = kBaseDigits * (header.weight - header.count + 1) + scale;
  for (; exponent > 0; --exponent) {
    if (__builtin_mul_overflow(value, int128{10}, &value)) return NumericFault::kTooManyDigits;
  }
  for (; exponent < 0; ++exponent) {
    if (value % 10 != 0) return NumericFault::kTooManyDigits;
    value /= 10;
  }
  out = header.sign == kNegative ? -value : value;
  return std::nullopt;
}

bool is_finite(const Header& header) { return header.sign == 0 || header.sign == kNegative; }

bool fits(int128 value, int precision) {
  const int128 limit = power_of_ten(precision);
  return value < limit && value > -limit;
}

}  // namespace

std::optional<NumericFault> read_numeric(std::string_view bytes, int precision, int scale, int128& out) {
  WireReader reader(bytes, "value of type numeric");
  const Header header = read_header(reader);
  if (!is_finite(header)) return NumericFault::kNotFinite;
  const auto fault = read_digits(reader, header, scale, out);
  if (fault) return fault;
  return fits(out, precision) ? std::nullopt : std::optional(NumericFault::kTooManyDigits);
}

std::optional<NumericFault> read_numeric(std::string_view bytes, Numeric& out) {
  WireReader reader(bytes, "value of type numeric");
  const Header header = read_header(reader);
  if (!is_finite(header)) return NumericFault::kNotFinite;
  out.scale = std::min(header.scale, kMaxDecimalPrecision);
  const auto fault = read_digits(reader, header, out.scale, out.digits);
  if (fault) return fault;
  return fits(out.digits, kMaxDecimalPrecision) ? std::nullopt : std::optional(NumericFault::kTooManyDigits);
}

}  // namespace garland::ingest::postgres
