#include "records/byte_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <vector>

#include "base/error.h"
#include "records/unpack.h"

namespace garland::records {
namespace {

constexpr size_t kReadBytes = 256u << 10;

class FileBytes final : public ByteSource {
 public:
  explicit FileBytes(const std::filesystem::path& path) : name_(path.string()) {
    fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd_ >= 0) return;
    const SqlState state = errno == ENOENT ? kUndefinedFile : kIoError;
    throw Error(state, fmt::format("could not open \"{}\": {}", name_, std::strerror(errno)));
  }
  ~FileBytes() override { ::close(fd_); }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  size_t read(char* to, size_t size) override {
    while (true) {
      const ssize_t count = ::read(fd_, to, size);
      if (count >= 0) return static_cast<size_t>(count);
      if (errno != EINTR) throw Error(kIoError, fmt::format("could not read \"{}\": {}", name_, std::strerror(errno)));
    }
  }

 private:
  std::string name_;
  int fd_;
};

class MemoryBytes final : public ByteSource {
 public:
  explicit MemoryBytes(std::string bytes) : bytes_(std::move(bytes)) {}
  size_t read(char* to, size_t size) override {
    const size_t count = std::min(size, bytes_.size() - next_);
    std::memcpy(to, bytes_.data() + next_, count);
    next_ += count;
    return count;
  }

 private:
  std::string bytes_;
  size_t next_ = 0;
};

/// Gives some bytes that were read ahead, then the rest of a source.
class Prefixed final : public ByteSource {
 public:
  Prefixed(std::string head, std::unique_ptr<ByteSource> rest) : head_(std::move(head)), rest_(std::move(rest)) {}
  size_t read(char* to, size_t size) override {
    const size_t from_head = head_.read(to, size);
    return from_head > 0 ? from_head : rest_->read(to, size);
  }

 private:
  MemoryBytes head_;
  std::unique_ptr<ByteSource> rest_;
};

class Gunzip final : public ByteSource {
 public:
  Gunzip(std::unique_ptr<ByteSource> packed, std::string name)
      : packed_(std::move(packed)), name_(std::move(name)), input_(kReadBytes) {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw Error(kOutOfMemory, "no memory to unpack gzip data");
  }
  ~Gunzip() override { inflateEnd(&stream_); }
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  size_t read(char* to, size_t size) override {
    if (size == 0) return 0;
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    const auto room = static_cast<uInt>(std::min<size_t>(size, std::numeric_limits<uInt>::max()));
    stream_.avail_out = room;
    while (stream_.avail_out == room && !at_end()) inflate_some();
    return room - stream_.avail_out;
  }

 private:
  enum class State { kBetweenMembers, kInMember, kEnd };

  bool refill() {
    if (stream_.avail_in > 0) return true;
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(packed_->read(input_.data(), input_.size()));
    return stream_.avail_in > 0;
  }

  /// Between two members: skips zero padding, sees the end of the source.
  bool at_end() {
    while (state_ == State::kBetweenMembers) {
      if (!refill()) {
        if (members_ == 0) throw Error(kBadCopyFileFormat, fmt::format("\"{}\" is empty: no gzip data", name_));
        state_ = State::kEnd;
      } else if (members_ > 0 && *stream_.next_in == 0) {
        ++stream_.next_in;
        --stream_.avail_in;
      } else {
        inflateReset(&stream_);
        state_ = State::kInMember;
      }
    }
    return state_ == State::kEnd;
  }

  void inflate_some() {
    if (!refill()) {
      throw Error(kBadCopyFileFormat, fmt::format("\"{}\" is cut off: its gzip data ends in the middle", name_))
          .hint("deliver the file again, complete");
    }
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      ++members_;
      state_ = State::kBetweenMembers;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      throw Error(kBadCopyFileFormat,
                  fmt::format("\"{}\" is damaged: {}", name_, stream_.msg ? stream_.msg : "bad gzip data"))
          .hint("deliver the file again");
    }
  }

  std::unique_ptr<ByteSource> packed_;
  std::string name_;
  std::vector<char> input_;
  z_stream stream_{};
  State state_ = State::kBetweenMembers;
  size_t members_ = 0;
};

std::string read_head(ByteSource& source, size_t size) {
  std::string head(size, '\0');
  size_t have = 0;
  while (have < size) {
    const size_t count = source.read(head.data() + have, size - have);
    if (count == 0) break;
    have += count;
  }
  head.resize(have);
  return head;
}

}  // namespace

std::unique_ptr<ByteSource> memory_source(std::string bytes) { return std::make_unique<MemoryBytes>(std::move(bytes)); }

std::unique_ptr<ByteSource> gunzip(std::unique_ptr<ByteSource> packed, std::string name) {
  return std::make_unique<Gunzip>(std::move(packed), std::move(name));
}

std::unique_ptr<ByteSource> unpack(std::unique_ptr<ByteSource> bytes, std::string name) {
  std::string head = read_head(*bytes, 4);
  const bool gzip = head.starts_with("\x1f\x8b");
  const bool zstd = head == "\x28\xb5\x2f\xfd";
  bytes = std::make_unique<Prefixed>(std::move(head), std::move(bytes));
  if (gzip) return gunzip(std::move(bytes), std::move(name));
  return zstd ? unpack_zstd(std::move(bytes), std::move(name)) : std::move(bytes);
}

std::unique_ptr<ByteSource> open_file(const std::filesystem::path& path, Compression compression) {
  std::unique_ptr<ByteSource> file = std::make_unique<FileBytes>(path);
  if (compression == Compression::kNone) return file;
  if (compression == Compression::kGzip) return gunzip(std::move(file), path.filename().string());
  return unpack(std::move(file), path.filename().string());
}

}  // namespace garland::records
