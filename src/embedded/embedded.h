// Opens the embedded engine: a warehouse that lives in one folder of this machine and runs on DuckDB. Everything above
// this folder needs this header and engine/engine.h only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "duck/s3_access.h"
#include "engine/engine.h"

namespace garland::embedded {

struct Options {
  /// Holds the warehouse file, the lock file and DuckDB's temporary files; made when it is missing (not its parents).
  std::filesystem::path data_folder;
  /// COPY reads and UNLOAD writes local files below these folders only (links are resolved first); empty: below
  /// data_folder. Relative paths stand below the first one.
  std::vector<std::filesystem::path> copy_folders;
  /// The one S3 endpoint that COPY and UNLOAD may use. None: s3:// is refused.
  std::optional<duck::S3Access> s3;
  /// Worker threads; 0: as many as the machine has.
  int threads = 0;
  /// Memory for data, in bytes; 0: DuckDB's own choice (80 % of the machine's).
  int64_t memory_limit_bytes = 0;
  /// The Unix socket where this process answers other commands, for the lock file; empty: nowhere.
  std::filesystem::path socket;
  /// A statement that takes at least so long is logged at level info, others at debug; 0: none is.
  int64_t slow_statement_ms = 1000;
  /// How long the audit's rows are kept (audit.h); 0: for ever.
  int32_t audit_days = 90;
  /// Where GETDATE, SYSDATE and transaction starts come from; must outlive the engine.
  const Clock* clock = &system_clock();
};

/// Opens the warehouse of the folder, or makes it. Throws 55006 when another process has it (the message names its
/// pid), 58030 when the folder cannot be used, XX001 when the file was written by a newer Garland or is no warehouse.
std::unique_ptr<engine::Engine> open(const Options& options);

/// Where the process that has the folder's warehouse open answers; none: nobody has it open, or answers nobody.
std::optional<std::filesystem::path> owner_socket(const std::filesystem::path& data_folder);

}  // namespace garland::embedded
