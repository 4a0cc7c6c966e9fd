// Loaded before libc (LD_PRELOAD): notes every change of the files below a folder in a journal, with what it replaced,
// so that faulty_disk.py can undo what a crash of the machine may lose: all that no fsync made durable. Kills the
// process at the n-th change.
//
//   DISK_FOLDER    the folder whose files are watched, as the process names it
//   DISK_JOURNAL   a folder of the same file system: the journal, and a link to each file that was touched, so that a
//                  file whose name goes stays, and no inode number comes twice
//   DISK_KILL      the change after which the process dies, from 1; a write is then done by half. 0: none
//   DISK_ROOM      as many bytes may be written there, then the disk is full (ENOSPC). Nothing: no limit
//
// One record: its letter, the inode, an offset, the file's size before, the length of its bytes, the bytes.
//   W  bytes were written at the offset, or cut off after it: what stood there before
//   S  the file was synced            D  the folder of this name was
//   C  made under this name           M  a folder was made
//   U  the name was removed           R  renamed: both names, a zero byte between
//
// x86-64 and the calls that Garland and DuckDB make; others (mmap, pwritev, fopen) are not seen.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace {

struct Header {
  uint64_t inode, offset, size_before, length;
};

struct OpenFile {
  std::string path;
  uint64_t inode = 0;
  bool is_folder = false;
  bool appends = false;
};

std::string setting(const char* name) {
  const char* text = std::getenv(name);
  return text ? text : "";
}

class Journal {
 public:
  Journal() : folder_(setting("DISK_FOLDER")), journal_(setting("DISK_JOURNAL")) {
    left_ = std::strtoull(setting("DISK_KILL").c_str(), nullptr, 10);
    if (const std::string room = setting("DISK_ROOM"); !room.empty()) room_ = std::stoll(room);
    if (folder_.empty()) return;
    const std::string path = journal_ + "/journal";
    file_ =
        static_cast<int>(syscall(SYS_openat, AT_FDCWD, path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (file_ < 0) abort();
  }

  bool watches(std::string_view path) const {
    return file_ >= 0 && path.substr(0, folder_.size()) == folder_ &&
           (path.size() == folder_.size() || path[folder_.size()] == '/');
  }

  void add(char kind, uint64_t inode, uint64_t offset, uint64_t size_before, std::string_view bytes) {
    const Header header{inode, offset, size_before, bytes.size()};
    std::string record(1, kind);
    record.append(reinterpret_cast<const char*>(&header), sizeof header).append(bytes);
    if (syscall(SYS_write, file_, record.data(), record.size()) != static_cast<int64_t>(record.size())) abort();
  }

  /// Before a change: true when the process is to die of it.
  bool is_last() { return left_ > 0 && --left_ == 0; }
  [[noreturn]] static void die() {
    syscall(SYS_kill, getpid(), SIGKILL);
    while (true) pause();
  }

  /// False when the disk is full.
  bool takes(size_t length) {
    if (!room_) return true;
    if (*room_ < static_cast<int64_t>(length)) return false;
    *room_ -= static_cast<int64_t>(length);
    return true;
  }

  void keep(const std::string& path, uint64_t inode) const {
    syscall(SYS_link, path.c_str(), (journal_ + "/" + std::to_string(inode)).c_str());
  }

  std::mutex mutex;
  std::map<int, OpenFile> open;

 private:
  const std::string folder_, journal_;
  int file_ = -1;
  uint64_t left_ = 0;
  std::optional<int64_t> room_;
};

Journal& journal() {
  static Journal& one = *new Journal;  // never destroyed: the last writes come late
  return one;
}

uint64_t inode_of(const char* path) {
  struct stat found;
  return syscall(SYS_newfstatat, AT_FDCWD, path, &found, AT_SYMLINK_NOFOLLOW) == 0 ? found.st_ino : 0;
}

/// The file under a descriptor, where it is watched.
const OpenFile* watched(const Journal& at, int descriptor) {
  const auto found = at.open.find(descriptor);
  return found == at.open.end() ? nullptr : &found->second;
}

/// What a change of `length` bytes at `offset` replaces.
void note_change(Journal& at, int descriptor, const OpenFile& file, uint64_t offset, uint64_t length) {
  struct stat now;
  syscall(SYS_fstat, descriptor, &now);
  const auto size = static_cast<uint64_t>(now.st_size);
  std::string before(offset < size ? std::min(length, size - offset) : 0, '\0');
  if (!before.empty()) {
    const auto self = std::to_string(descriptor);  // it may be open for writing only
    const int reader = static_cast<int>(syscall(SYS_openat, AT_FDCWD, ("/proc/self/fd/" + self).c_str(), O_RDONLY));
    const int64_t got = reader < 0 ? -1 : syscall(SYS_pread64, reader, before.data(), before.size(), offset);
    if (got != static_cast<int64_t>(before.size())) abort();
    syscall(SYS_close, reader);
  }
  at.add('W', file.inode, offset, size, before);
}

int opened(const char* path, int flags, unsigned mode) {
  Journal& at = journal();
  const bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_DIRECTORY);
  if (!writes || !at.watches(path)) return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
  const std::lock_guard lock(at.mutex);
  const bool is_new = inode_of(path) == 0;
  const bool last = is_new && (flags & O_CREAT) && at.is_last();
  const int descriptor = static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags & ~O_TRUNC, mode));
  if (descriptor < 0) return descriptor;
  OpenFile file{path, inode_of(path), (flags & O_DIRECTORY) != 0, (flags & O_APPEND) != 0};
  if (!file.is_folder) at.keep(file.path, file.inode);
  if (is_new) at.add('C', file.inode, 0, 0, file.path);
  if (last) Journal::die();
  if (flags & O_TRUNC) {
    note_change(at, descriptor, file, 0, UINT64_MAX);
    syscall(SYS_ftruncate, descriptor, 0);
  }
  at.open[descriptor] = std::move(file);
  return descriptor;
}

int64_t written(int descriptor, const void* bytes, size_t length, int64_t offset) {
  Journal& at = journal();
  std::unique_lock lock(at.mutex);
  const OpenFile* file = watched(at, descriptor);
  if (!file) lock.unlock();  // a pipe, a socket: it may wait
  const bool positioned = offset >= 0;
  bool last = false;
  if (file && !at.takes(length)) {
    errno = ENOSPC;
    return -1;
  }
  if (file) {
    const int64_t place = positioned ? offset : syscall(SYS_lseek, descriptor, 0, file->appends ? SEEK_END : SEEK_CUR);
    last = at.is_last();
    if (last) length = (length + 1) / 2;
    note_change(at, descriptor, *file, static_cast<uint64_t>(place), length);
  }
  const int64_t done = positioned ? syscall(SYS_pwrite64, descriptor, bytes, length, offset)
                                  : syscall(SYS_write, descriptor, bytes, length);
  if (last) Journal::die();
  return done;
}

int truncated(int descriptor, int64_t size) {
  Journal& at = journal();
  const std::lock_guard lock(at.mutex);
  const OpenFile* file = watched(at, descriptor);
  const bool last = file && at.is_last();
  if (file) note_change(at, descriptor, *file, static_cast<uint64_t>(size), UINT64_MAX);
  const int done = static_cast<int>(syscall(SYS_ftruncate, descriptor, size));
  if (last) Journal::die();
  return done;
}

int synced(int descriptor, int64_t call) {
  Journal& at = journal();
  const std::lock_guard lock(at.mutex);
  const OpenFile* file = watched(at, descriptor);
  if (!file) return static_cast<int>(syscall(call, descriptor));
  if (at.is_last()) Journal::die();  // on its way to the disk
  file->is_folder ? at.add('D', 0, 0, 0, file->path) : at.add('S', file->inode, 0, 0, "");
  return 0;  // the machine does not crash: nothing needs to reach the disk
}

int removed(const char* path) {
  Journal& at = journal();
  if (!at.watches(path)) return static_cast<int>(syscall(SYS_unlink, path));
  const std::lock_guard lock(at.mutex);
  const uint64_t inode = inode_of(path);
  const bool last = inode && at.is_last();
  if (inode) at.keep(path, inode);
  const int done = static_cast<int>(syscall(SYS_unlink, path));
  if (done == 0) at.add('U', inode, 0, 0, path);
  if (last) Journal::die();
  return done;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = flags & O_CREAT ? va_arg(rest, unsigned) : 0;
  va_end(rest);
  return opened(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = flags & O_CREAT ? va_arg(rest, unsigned) : 0;
  va_end(rest);
  return opened(path, flags, mode);
}
int creat(const char* path, mode_t mode) { return opened(path, O_WRONLY | O_CREAT | O_TRUNC, mode); }
int close(int descriptor) {
  Journal& at = journal();
  const std::lock_guard lock(at.mutex);
  at.open.erase(descriptor);
  return static_cast<int>(syscall(SYS_close, descriptor));
}
ssize_t write(int descriptor, const void* bytes, size_t length) { return written(descriptor, bytes, length, -1); }
ssize_t pwrite(int descriptor, const void* bytes, size_t length, off_t offset) {
  return written(descriptor, bytes, length, offset);
}
ssize_t pwrite64(int descriptor, const void* bytes, size_t length, off64_t offset) {
  return written(descriptor, bytes, length, offset);
}
int ftruncate(int descriptor, off_t size) noexcept { return truncated(descriptor, size); }
int ftruncate64(int descriptor, off64_t size) noexcept { return truncated(descriptor, size); }
int fsync(int descriptor) { return synced(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return synced(descriptor, SYS_fdatasync); }
int unlink(const char* path) noexcept { return removed(path); }
int mkdir(const char* path, mode_t mode) noexcept {
  Journal& at = journal();
  if (!at.watches(path)) return static_cast<int>(syscall(SYS_mkdir, path, mode));
  const std::lock_guard lock(at.mutex);
  const bool last = inode_of(path) == 0 && at.is_last();
  const int done = static_cast<int>(syscall(SYS_mkdir, path, mode));
  if (done == 0) at.add('M', inode_of(path), 0, 0, path);
  if (last) Journal::die();
  return done;
}
int rename(const char* from, const char* to) noexcept {
  Journal& at = journal();
  if (!at.watches(from) && !at.watches(to)) return static_cast<int>(syscall(SYS_rename, from, to));
  const std::lock_guard lock(at.mutex);
  const bool last = at.is_last();
  const uint64_t inode = inode_of(from);
  at.keep(from, inode);
  if (const uint64_t replaced = inode_of(to)) at.keep(to, replaced);
  const int done = static_cast<int>(syscall(SYS_rename, from, to));
  if (done == 0) at.add('R', inode, 0, 0, std::string(from) + '\0' + to);
  if (last) Journal::die();
  return done;
}

}  // extern "C"
