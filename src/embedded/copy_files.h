// Which files a COPY may read, and which it means.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "embedded/embedded.h"

namespace garland::embedded {

/// The source is a path (relative ones stand below the first allowed folder), or the beginning of several, as on S3; a
/// folder means the files in it. Sorted. Links are resolved before the folder is checked. Throws 0A000 for s3:// and
/// the like, 42501 for a file outside the allowed folders, 58P01 when there is none.
std::vector<std::filesystem::path> files_to_copy(const std::string& source, const Options& options);

/// Bytes as UTF-8 text: what is none becomes '?'.
std::string printable(std::string_view bytes);

}  // namespace garland::embedded
