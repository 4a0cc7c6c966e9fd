// One process owns a warehouse: the lock file of its data folder names it.
#pragma once

#include <filesystem>

namespace garland::embedded {

/// Holds the folder's lock from construction to destruction. The kernel frees it when the process dies, so a dead
/// owner's file is taken over. Not inherited by programs that this one starts.
class LockFile {
 public:
  /// Throws 55006 with the owner's pid when another process (or another engine of this one) holds it; 58030 when it
  /// cannot be made.
  explicit LockFile(const std::filesystem::path& file);
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  ~LockFile();

 private:
  int descriptor_ = -1;
};

}  // namespace garland::embedded
