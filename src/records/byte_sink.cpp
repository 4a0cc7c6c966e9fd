#include "records/byte_sink.h"

#include <bzlib.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/error.h"

namespace garland::records {
namespace {

constexpr size_t kBufferBytes = 256u << 10;
constexpr SqlState kDuplicateFile{"58P02"};

class FileSink final : public ByteSink {
 public:
  FileSink(const std::filesystem::path& path, bool replace) : name_(path.string()) {
    const int existing = replace ? O_TRUNC : O_EXCL;
    fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | existing, 0644);
    if (fd_ < 0) fail("make", errno == EEXIST ? kDuplicateFile : kIoError);
    buffer_.reserve(kBufferBytes);
  }
  ~FileSink() override {
    if (fd_ >= 0) ::close(fd_);
  }
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  void write(std::string_view bytes) override {
    written_ += bytes.size();
    if (buffer_.size() + bytes.size() > kBufferBytes) flush();
    if (bytes.size() > kBufferBytes) {
      put(bytes);
    } else {
      buffer_.append(bytes);
    }
  }
  void close() override {
    flush();
    if (::close(std::exchange(fd_, -1)) != 0) fail("write", kIoError);
  }
  uint64_t written() const override { return written_; }

 private:
  void flush() {
    put(buffer_);
    buffer_.clear();
  }
  void put(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail("write", kIoError);
      bytes.remove_prefix(static_cast<size_t>(count));
    }
  }
  [[noreturn]] void fail(const char* what, SqlState state) const {
    throw Error(state, fmt::format("could not {} \"{}\": {}", what, name_, std::strerror(errno)));
  }

  std::string name_;
  int fd_ = -1;
  std::string buffer_;
  uint64_t written_ = 0;
};

class GzipSink final : public ByteSink {
 public:
  explicit GzipSink(std::unique_ptr<ByteSink> sink) : sink_(std::move(sink)), out_(kBufferBytes) {
    constexpr int kGzip = 16 + MAX_WBITS;
    if (deflateInit2(&stream_, 6, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw Error(kOutOfMemory, "no memory to pack gzip data");
    }
  }
  ~GzipSink() override { deflateEnd(&stream_); }
  GzipSink(const GzipSink&) = delete;
  GzipSink& operator=(const GzipSink&) = delete;

  void write(std::string_view bytes) override { pack(bytes, Z_NO_FLUSH); }
  void close() override {
    pack({}, Z_FINISH);
    sink_->close();
  }
  uint64_t written() const override { return sink_->written(); }

 private:
  void pack(std::string_view bytes, int flush) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
      stream_.avail_out = static_cast<uInt>(out_.size());
      deflate(&stream_, flush);
      sink_->write({out_.data(), out_.size() - stream_.avail_out});
    } while (stream_.avail_out == 0);
  }

  std::unique_ptr<ByteSink> sink_;
  std::vector<char> out_;
  z_stream stream_{};
};

class Bzip2Sink final : public ByteSink {
 public:
  explicit Bzip2Sink(std::unique_ptr<ByteSink> sink) : sink_(std::move(sink)), out_(kBufferBytes) {
    if (BZ2_bzCompressInit(&stream_, 9, 0, 0) != BZ_OK) throw Error(kOutOfMemory, "no memory to pack bzip2 data");
  }
  ~Bzip2Sink() override { BZ2_bzCompressEnd(&stream_); }
  Bzip2Sink(const Bzip2Sink&) = delete;
  Bzip2Sink& operator=(const Bzip2Sink&) = delete;

  void write(std::string_view bytes) override {
    stream_.next_in = const_cast<char*>(bytes.data());
    stream_.avail_in = static_cast<unsigned>(bytes.size());
    while (stream_.avail_in > 0) step(BZ_RUN);
  }
  void close() override {
    while (step(BZ_FINISH) != BZ_STREAM_END) continue;
    sink_->close();
  }
  uint64_t written() const override { return sink_->written(); }

 private:
  int step(int action) {
    stream_.next_out = out_.data();
    stream_.avail_out = static_cast<unsigned>(out_.size());
    const int result = BZ2_bzCompress(&stream_, action);
    sink_->write({out_.data(), out_.size() - stream_.avail_out});
    return result;
  }

  std::unique_ptr<ByteSink> sink_;
  std::vector<char> out_;
  bz_stream stream_{};
};

class ZstdSink final : public ByteSink {
 public:
  explicit ZstdSink(std::unique_ptr<ByteSink> sink) : sink_(std::move(sink)), out_(ZSTD_CStreamOutSize()) {
    stream_ = ZSTD_createCCtx();
    if (!stream_) throw Error(kOutOfMemory, "no memory to pack zstd data");
  }
  ~ZstdSink() override { ZSTD_freeCCtx(stream_); }
  ZstdSink(const ZstdSink&) = delete;
  ZstdSink& operator=(const ZstdSink&) = delete;

  void write(std::string_view bytes) override {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    while (in.pos < in.size) step(in, ZSTD_e_continue);
  }
  void close() override {
    ZSTD_inBuffer none{nullptr, 0, 0};
    while (step(none, ZSTD_e_end) != 0) continue;
    sink_->close();
  }
  uint64_t written() const override { return sink_->written(); }

 private:
  size_t step(ZSTD_inBuffer& in, ZSTD_EndDirective how) {
    ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    const size_t left = ZSTD_compressStream2(stream_, &out, &in, how);
    if (ZSTD_isError(left)) throw Error(kOutOfMemory, std::string("packing zstd data: ") + ZSTD_getErrorName(left));
    sink_->write({out_.data(), out.pos});
    return left;
  }

  std::unique_ptr<ByteSink> sink_;
  std::vector<char> out_;
  ZSTD_CCtx* stream_;
};

}  // namespace

std::unique_ptr<ByteSink> create_file(const std::filesystem::path& path, bool replace) {
  return std::make_unique<FileSink>(path, replace);
}

std::unique_ptr<ByteSink> packed(std::unique_ptr<ByteSink> sink, Packing packing) {
  switch (packing) {
    case Packing::kGzip:
      return std::make_unique<GzipSink>(std::move(sink));
    case Packing::kBzip2:
      return std::make_unique<Bzip2Sink>(std::move(sink));
    case Packing::kZstd:
      return std::make_unique<ZstdSink>(std::move(sink));
    case Packing::kNone:
      break;
  }
  return sink;
}

}  // namespace garland::records
