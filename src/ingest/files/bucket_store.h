// Files that are objects of a bucket (through DuckDB's httpfs). They are read as a stream and never lie on disk.
//
// Each reading is of one version of its object: the server's ETag is compared with every part of it. A stamp is the
// ETag with the time of change and the size, so that it stands for the content: as long as it is the same, this process
// does not fetch an object again that it has hashed. Another process does.
#pragma once

#include <memory>
#include <string_view>

#include "ingest/files/file_store.h"

namespace garland::ingest {

inline constexpr std::string_view kBucketScheme = "s3://";

/// open_store() for a source in a bucket. Objects whose keys have a ? are refused (58030): httpfs would take what
/// follows for settings of its own, another server among them.
std::unique_ptr<FileStore> open_bucket(const FileSource& source, const FileRoots& roots);

}  // namespace garland::ingest
