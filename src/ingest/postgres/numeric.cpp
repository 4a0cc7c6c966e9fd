#include "ingest/postgres/numeric.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"
#include "ingest/postgres/wire_reader.h"

namespace garland::ingest::postgres {
namespace {

using engine::int128;

constexpr int kBase = 10'000;
constexpr int kBaseDigits = 4;
constexpr uint16_t kNegative = 0x4000, kNotANumber = 0xC000, kInfinity = 0xD000, kMinusInfinity = 0xF000;

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

/// value * factor + added; false when that is too large.
bool append_digits(int128& value, int128 factor, int128 added) {
  return !__builtin_mul_overflow(value, factor, &value) && !__builtin_add_overflow(value, added, &value);
}

/// The digits after the header, as an integer scaled by 10^scale.
std::optional<NumericFault> read_digits(WireReader& reader, const Header& header, int scale, int128& out) {
  int128 value = 0;
  int exponent = kBaseDigits * header.weight + scale;  // of ten, for the next digit's units
  bool fits = true;
  for (int i = 0; i < header.count; ++i, exponent -= kBaseDigits) {
    const int digit = reader.number<int16_t>();
    if (digit < 0 || digit >= kBase) throw reader.malformed("a digit out of range");
    if (exponent >= 0) {
      fits = fits && append_digits(value, kBase, digit);
    } else if (exponent > -kBaseDigits) {
      const auto cut = static_cast<int>(power_of_ten(-exponent));
      fits = fits && digit % cut == 0 && append_digits(value, kBase / cut, digit / cut);
    } else {
      fits = fits && digit == 0;
    }
  }
  reader.finish();
  for (exponent += kBaseDigits; fits && value != 0 && exponent > 0; --exponent) fits = append_digits(value, 10, 0);
  if (!fits) return NumericFault::kTooManyDigits;
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

std::string numeric_text(std::string_view bytes) {
  WireReader reader(bytes, "value of type numeric");
  const Header header = read_header(reader);
  if (header.sign == kNotANumber) return "NaN";
  if (header.sign == kInfinity) return "Infinity";
  if (header.sign == kMinusInfinity) return "-Infinity";
  std::string whole, fraction;
  for (int place = header.weight; place > header.weight - header.count; --place) {
    const std::string digits = fmt::format("{:04}", reader.number<int16_t>());
    if (place < 0 && fraction.empty()) fraction.assign(static_cast<size_t>(kBaseDigits * (-1 - place)), '0');
    (place >= 0 ? whole : fraction) += digits;
  }
  reader.finish();
  if (header.weight >= header.count)
    whole.append(static_cast<size_t>(kBaseDigits * (header.weight + 1 - header.count)), '0');
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  fraction.resize(static_cast<size_t>(header.scale), '0');
  return fmt::format("{}{}{}{}", header.sign == kNegative ? "-" : "", whole.empty() ? "0" : whole,
                     header.scale > 0 ? "." : "", fraction);
}

}  // namespace garland::ingest::postgres
