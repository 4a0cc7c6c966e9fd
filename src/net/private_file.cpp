#include "net/private_file.h"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace garland::net {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void io_failed(const char* what, const fs::path& file) {
  const int code = errno;
  throw Error(code == ENOSPC ? kDiskFull : kIoError,
              std::string("could not ") + what + " " + file.string() + ": " + std::strerror(code));
}

}  // namespace

void sync_folder(const fs::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened || ::fsync(opened.get()) != 0) io_failed("write", folder);
}

void remove_file(const fs::path& file) {
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) io_failed("remove", file);
}

void write_private(const fs::path& file, const std::string& text) {
  const fs::path half_done = file.string() + ".new";
  remove_file(half_done);
  {
    const Descriptor opened(::open(half_done.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!opened || ::write(opened.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(opened.get()) != 0) {
      io_failed("write", half_done);
    }
  }
  if (::rename(half_done.c_str(), file.c_str()) != 0) io_failed("write", file);
  sync_folder(file.parent_path());
}

}  // namespace garland::net
