// What a COPY's options ask for.
#pragma once

#include <string>

#include "records/load_reader.h"
#include "records/transcode.h"
#include "sql/ast/statement.h"

namespace garland::embedded {

struct CopyRequest {
  enum class Packing { kNone, kGzip, kBzip2, kZstd };

  records::LoadOptions load;
  bool parquet = false;
  bool serialize_to_json = false;
  Packing packing = Packing::kNone;
  records::Encoding encoding = records::Encoding::kUtf8;
  bool manifest = false;
  bool no_load = false;
  uint64_t max_errors = 1;     // so many fail the load
  std::string json_paths;      // the JSONPaths file, as written
  std::string format = "txt";  // as SYS_LOAD_HISTORY names it
};

/// Throws 22023 and 22007 for arguments that mean nothing. The options' agreement was checked before
/// (sql/copy_options.h).
CopyRequest read_copy_options(const std::vector<sql::CopyOption>& options);

}  // namespace garland::embedded
