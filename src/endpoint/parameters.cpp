#include "endpoint/parameters.h"

#include "base/error.h"
#include "base/limits.h"
#include "engine/text.h"

namespace garland::endpoint {

namespace {

/// A NUMERIC parameter comes without precision and scale, but a DECIMAL has both: half of its digits stand behind the
/// point. A value that would lose digits is refused.
const engine::Type kAnyNumeric = engine::Type::decimal(kMaxDecimalPrecision, 18);

void require_scale(std::string_view text, const engine::Type& type) {
  const size_t point = text.find('.');
  if (type != kAnyNumeric || point == std::string_view::npos) return;
  const size_t last = text.find_last_not_of("0 ");
  if (last == std::string_view::npos || last <= point + static_cast<size_t>(kAnyNumeric.scale)) return;
  throw Error(kNumericValueOutOfRange, "a parameter of type numeric has more than " +
                                           std::to_string(kAnyNumeric.scale) + " digits behind the point")
      .hint("Bind it as text and cast it: cast($1 as decimal(38, 30)).");
}

}  // namespace

void require_utf8(std::string_view text, std::string_view what) {
  size_t bad = 0;
  if (engine::is_utf8(text, &bad)) return;
  throw Error(kCharacterNotInRepertoire,
              std::string(what) + " is not valid UTF-8: the byte at offset " + std::to_string(bad));
}

std::vector<int16_t> read_format_codes(MessageReader& reader) {
  const int count = reader.int16();
  if (count < 0) throw Error(kProtocolViolation, "a negative number of formats");
  std::vector<int16_t> codes;
  for (int i = 0; i < count; ++i) codes.push_back(reader.int16());
  return codes;
}

engine::ParameterValue read_parameter(MessageReader& reader, const engine::Type& type, Format format) {
  const int32_t size = reader.int32();
  if (size == -1) return std::nullopt;
  if (size < 0) throw Error(kProtocolViolation, "a parameter has a negative length");
  const std::string_view bytes = reader.bytes(static_cast<size_t>(size));
  if (format == Format::kText) require_utf8(bytes, "a parameter");
  std::string text = format == Format::kBinary ? text_of_binary(type, bytes) : std::string(bytes);
  require_scale(text, type);
  return text;
}

engine::Type declared_type(int32_t oid) {
  constexpr int32_t kBytea = 17, kOid = 26, kJson = 114, kInterval = 1186, kNumeric = 1700;
  switch (oid) {
    case kBytea:
      return {engine::TypeId::kVarbyte, kMaxVarbyteBytes, 0, 0};
    case kOid:
      return engine::Type::of(engine::TypeId::kBigint);
    case kJson:
      return engine::Type::of(engine::TypeId::kUnknown);
    case kNumeric:
      return kAnyNumeric;
    case kInterval:
      return engine::Type::of(engine::TypeId::kIntervalDayToSecond);
    default:
      return engine::type_of(static_cast<uint32_t>(oid), -1);
  }
}

}  // namespace garland::endpoint
