#include "embedded/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>

#include "base/error.h"

namespace garland::embedded {

namespace {

/// Two lines: the pid, and the socket.
LockFile::Owner owner_of(int descriptor) {
  char bytes[4096] = {};
  const ssize_t count = pread(descriptor, bytes, sizeof bytes, 0);
  const std::string_view text(bytes, count > 0 ? static_cast<size_t>(count) : 0);
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view rest = text.substr(std::min(end + 1, text.size()));
  return {std::string(text.substr(0, end)), std::string(rest.substr(0, rest.find('\n')))};
}

void write_owner(int descriptor, const std::filesystem::path& socket) {
  const std::string text = std::to_string(getpid()) + "\n" + socket.string() + "\n";
  if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, text.data(), text.size(), 0) != ssize_t(text.size())) {
    throw Error(errno == ENOSPC ? kDiskFull : kIoError,
                std::string("could not write the lock file: ") + std::strerror(errno));
  }
}

/// A process that only looks who the owner is has the file for a moment (owner()); it writes nothing there.
bool lock_soon(int descriptor) {
  constexpr int kTries = 5;
  constexpr auto kBetween = std::chrono::milliseconds(20);
  for (int i = 0; i < kTries; ++i) {
    if (i > 0) std::this_thread::sleep_for(kBetween);
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK || !owner_of(descriptor).process.empty()) return false;
  }
  errno = EWOULDBLOCK;
  return false;
}

}  // namespace

LockFile::LockFile(const std::filesystem::path& file, const std::filesystem::path& socket) {
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor_ < 0) {
    throw Error(kIoError, "could not open the lock file " + file.string() + ": " + std::strerror(errno));
  }
  if (!lock_soon(descriptor_)) {
    const int reason = errno;
    const std::string owner = owner_of(descriptor_).process;
    ::close(descriptor_);
    if (reason != EWOULDBLOCK) {
      throw Error(kIoError, "could not lock " + file.string() + ": " + std::strerror(reason));
    }
    throw Error(kObjectInUse, "the warehouse in " + file.parent_path().string() + " is in use by process " +
                                  (owner.empty() ? "(starting)" : owner))
        .hint(
            "One process at a time can have a warehouse open: wait until that one ends, or end it. Beside garland "
            "serve, garland sql and garland run work.");
  }
  try {
    write_owner(descriptor_, socket);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

std::optional<LockFile::Owner> LockFile::owner(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  std::optional<Owner> owner;
  if (flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) owner = owner_of(descriptor);
  ::close(descriptor);
  return owner;
}

LockFile::~LockFile() {
  // The file stays: removing it would let two processes lock two files of one name.
  if (ftruncate(descriptor_, 0) != 0) errno = 0;
  ::close(descriptor_);
}

}  // namespace garland::embedded
