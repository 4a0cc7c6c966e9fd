// What a client binds: the types it declares and the values it sends.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "endpoint/message.h"
#include "endpoint/values.h"
#include "engine/engine.h"

namespace garland::endpoint {

/// Throws 22021; `what` names the text.
void require_utf8(std::string_view text, std::string_view what);

/// The type that an OID of a Parse message stands for, kUnknown for 0; also types that Redshift has under another name.
/// Throws 42704.
engine::Type declared_type(int32_t oid);

/// A count and as many format codes.
std::vector<int16_t> read_format_codes(MessageReader& reader);
/// A length and as many bytes, as the engine takes them. Throws 22P03, 22021, 22003, 08P01.
engine::ParameterValue read_parameter(MessageReader& reader, const engine::Type& type, Format format);

}  // namespace garland::endpoint
