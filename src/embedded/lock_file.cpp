#include "embedded/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.h"

namespace garland::embedded {

namespace {

std::string owner_of(int descriptor) {
  char text[32] = {};
  const ssize_t count = pread(descriptor, text, sizeof text - 1, 0);
  std::string owner(text, count > 0 ? static_cast<size_t>(count) : 0);
  owner.erase(owner.find_last_not_of(" \n") + 1);
  return owner;
}

void write_pid(int descriptor) {
  const std::string text = std::to_string(getpid()) + "\n";
  if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, text.data(), text.size(), 0) != ssize_t(text.size())) {
    throw Error(kIoError, std::string("could not write the lock file: ") + std::strerror(errno));
  }
}

}  // namespace

LockFile::LockFile(const std::filesystem::path& file) {
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor_ < 0) {
    throw Error(kIoError, "could not open the lock file " + file.string() + ": " + std::strerror(errno));
  }
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    const std::string owner = owner_of(descriptor_);
    ::close(descriptor_);
    if (reason != EWOULDBLOCK) {
      throw Error(kIoError, "could not lock " + file.string() + ": " + std::strerror(reason));
    }
    throw Error(kObjectInUse, "the warehouse in " + file.parent_path().string() + " is in use by process " +
                                  (owner.empty() ? "(starting)" : owner))
        .hint("One process at a time can have a warehouse open: wait until that one ends, or end it.");
  }
  try {
    write_pid(descriptor_);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

LockFile::~LockFile() {
  // The file stays: removing it would let two processes lock two files of one name.
  if (ftruncate(descriptor_, 0) != 0) errno = 0;
  ::close(descriptor_);
}

}  // namespace garland::embedded
