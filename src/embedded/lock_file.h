// One process owns a warehouse: the lock file of its data folder names it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace garland::embedded {

/// Its name in the data folder.
inline constexpr const char* kLockFile = "lock";

/// Holds the folder's lock from construction to destruction. The kernel frees it when the process dies, so a dead
/// owner's file is taken over. Not inherited by programs that this one starts.
class LockFile {
 public:
  /// `socket`: where this process answers others, for the file; empty: nowhere. Throws 55006 with the owner's pid when
  /// another process (or another engine of this one) holds it; 58030 when it cannot be made.
  explicit LockFile(const std::filesystem::path& file, const std::filesystem::path& socket = {});
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  ~LockFile();

  struct Owner {
    std::string process;           // its pid; empty: it has only just begun
    std::filesystem::path socket;  // empty: it answers nobody
  };
  /// None: nobody holds the file, or there is none.
  static std::optional<Owner> owner(const std::filesystem::path& file);

 private:
  int descriptor_ = -1;
};

}  // namespace garland::embedded
