// Text in other encodings as UTF-8 (COPY's ENCODING, guide page copy-parameters-data-conversion).
#pragma once

#include <memory>

#include "records/byte_source.h"

namespace garland::records {

enum class Encoding { kUtf8, kUtf16 /* by its byte order mark */, kUtf16Le, kUtf16Be, kIso88591 };

/// kUtf8 gives the source itself. What is no character (half a surrogate pair, half a unit) becomes a byte that is no
/// UTF-8, so that whoever reads on refuses that record. Throws 22021 when kUtf16 finds no byte order mark.
std::unique_ptr<ByteSource> as_utf8(std::unique_ptr<ByteSource> source, Encoding encoding);

}  // namespace garland::records
