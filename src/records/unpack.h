// Unpackers besides gzip's (byte_source.h).
#pragma once

#include <memory>
#include <string>

#include "records/byte_source.h"

namespace garland::records {

/// Both read concatenated streams one after the other, as the tools `bzip2` and `zstd` do. `name` stands in messages.
/// Throws 22P04 for damaged or truncated data.
std::unique_ptr<ByteSource> unpack_bzip2(std::unique_ptr<ByteSource> packed, std::string name);
std::unique_ptr<ByteSource> unpack_zstd(std::unique_ptr<ByteSource> packed, std::string name);

}  // namespace garland::records
