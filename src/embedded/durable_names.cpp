#include "embedded/durable_names.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "net/private_file.h"

namespace garland::embedded {
namespace {

/// A folder's time of change moves with the kernel's ticks (up to 10 ms): one that is so young may stay the same with
/// the next change.
constexpr int64_t kTickUs = 20'000;

int64_t changed_us(const std::filesystem::path& folder) {
  struct stat found{};
  if (::stat(folder.c_str(), &found) != 0) {
    throw Error(kIoError, "could not look at " + folder.string() + ": " + std::strerror(errno));
  }
  return int64_t{found.st_mtim.tv_sec} * 1'000'000 + found.st_mtim.tv_nsec / 1'000;
}

}  // namespace

void DurableNames::settle() {
  const int64_t changed = changed_us(folder_);
  const std::lock_guard lock(mutex_);
  if (changed == settled_us_) return;
  const int64_t now = clock_.now_us();
  net::sync_folder(folder_);
  settled_us_ = now - changed < kTickUs ? 0 : changed;
}

}  // namespace garland::embedded
