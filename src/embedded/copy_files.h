// Which files a COPY means.
#pragma once

#include <string>
#include <vector>

#include "embedded/file_space.h"

namespace garland::embedded {

/// The places of the files: those that the source names, or that its manifest lists (guide page
/// loading-data-files-using-manifest): a file listed twice is loaded twice, one that is not there is an error when it
/// is mandatory and passed over otherwise. Throws 58P01, XX000 and what FileSpace throws when there is none, 22P04 for
/// a manifest that is none.
std::vector<std::string> files_to_copy(FileSpace& space, const std::string& source, bool manifest);

}  // namespace garland::embedded
