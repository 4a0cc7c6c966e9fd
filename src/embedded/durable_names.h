// The names in the data folder, on the disk. DuckDB syncs what it writes into a file, never the folder that the file's
// name stands in: a log that was begun anew by a commit could be gone, with the commit, when the machine dies (man page
// fsync(2): the folder wants an fsync of its own).
#pragma once

#include <filesystem>
#include <mutex>

#include "base/clock.h"

namespace garland::embedded {

/// Thread-safe.
class DurableNames {
 public:
  DurableNames(std::filesystem::path folder, const Clock& clock) : folder_(std::move(folder)), clock_(clock) {}

  /// Every name that the folder has now is durable when it returns: to be called after a commit. Costs one stat(2) when
  /// no file was made, renamed or removed since the last time. Throws 58030.
  void settle();

 private:
  const std::filesystem::path folder_;
  const Clock& clock_;
  std::mutex mutex_;
  int64_t settled_us_ = 0;  // the folder's time of change then
};

}  // namespace garland::embedded
