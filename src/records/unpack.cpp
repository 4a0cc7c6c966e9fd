#include "records/unpack.h"

#include <bzlib.h>
#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <vector>

#include "base/error.h"

namespace garland::records {
namespace {

constexpr size_t kInputBytes = 256u << 10;

[[noreturn]] void damaged(const std::string& name, std::string_view format) {
  throw Error(kBadCopyFileFormat, fmt::format("\"{}\" is damaged: bad {} data", name, format))
      .hint("deliver the file again");
}
[[noreturn]] void cut_off(const std::string& name, std::string_view format) {
  throw Error(kBadCopyFileFormat, fmt::format("\"{}\" is cut off: its {} data ends in the middle", name, format))
      .hint("deliver the file again, complete");
}

class Bunzip final : public ByteSource {
 public:
  Bunzip(std::unique_ptr<ByteSource> packed, std::string name)
      : packed_(std::move(packed)), name_(std::move(name)), input_(kInputBytes) {
    open();
  }
  ~Bunzip() override { BZ2_bzDecompressEnd(&stream_); }
  Bunzip(const Bunzip&) = delete;
  Bunzip& operator=(const Bunzip&) = delete;

  size_t read(char* to, size_t size) override {
    const auto room = static_cast<unsigned>(std::min<size_t>(size, 1u << 30));
    stream_.next_out = to;
    stream_.avail_out = room;
    while (stream_.avail_out == room && room > 0) {
      if (stream_.avail_in == 0 && !refill()) {
        if (begun_) cut_off(name_, "bzip2");
        break;
      }
      begun_ = true;
      const int result = BZ2_bzDecompress(&stream_);
      if (result == BZ_STREAM_END) {
        next_stream();
      } else if (result != BZ_OK) {
        damaged(name_, "bzip2");
      }
    }
    return room - stream_.avail_out;
  }

 private:
  void open() {
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw Error(kOutOfMemory, "no memory to unpack bzip2 data");
  }
  bool refill() {
    stream_.next_in = input_.data();
    stream_.avail_in = static_cast<unsigned>(packed_->read(input_.data(), input_.size()));
    return stream_.avail_in > 0;
  }
  void next_stream() {
    const bz_stream old = stream_;
    BZ2_bzDecompressEnd(&stream_);
    stream_ = {};
    open();
    stream_.next_in = old.next_in;
    stream_.avail_in = old.avail_in;
    stream_.next_out = old.next_out;
    stream_.avail_out = old.avail_out;
    begun_ = false;
  }

  std::unique_ptr<ByteSource> packed_;
  std::string name_;
  std::vector<char> input_;
  bz_stream stream_{};
  bool begun_ = false;  // inside a stream
};

class Unzstd final : public ByteSource {
 public:
  Unzstd(std::unique_ptr<ByteSource> packed, std::string name)
      : packed_(std::move(packed)),
        name_(std::move(name)),
        input_(ZSTD_DStreamInSize()),
        stream_(ZSTD_createDStream()) {
    if (!stream_) throw Error(kOutOfMemory, "no memory to unpack zstd data");
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, 27);  // 128 MB: what `zstd -d` takes without being asked
  }
  ~Unzstd() override { ZSTD_freeDStream(stream_); }
  Unzstd(const Unzstd&) = delete;
  Unzstd& operator=(const Unzstd&) = delete;

  size_t read(char* to, size_t size) override {
    ZSTD_outBuffer out{to, size, 0};
    while (out.pos == 0 && size > 0) {
      if (in_.pos == in_.size && !refill()) {
        if (left_ != 0) cut_off(name_, "zstd");
        break;
      }
      left_ = ZSTD_decompressStream(stream_, &out, &in_);
      if (ZSTD_isError(left_)) damaged(name_, "zstd");
    }
    return out.pos;
  }

 private:
  bool refill() {
    in_ = {input_.data(), packed_->read(input_.data(), input_.size()), 0};
    return in_.size > 0;
  }

  std::unique_ptr<ByteSource> packed_;
  std::string name_;
  std::vector<char> input_;
  ZSTD_DStream* stream_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  size_t left_ = 0;  // 0: between frames
};

}  // namespace

std::unique_ptr<ByteSource> unpack_bzip2(std::unique_ptr<ByteSource> packed, std::string name) {
  return std::make_unique<Bunzip>(std::move(packed), std::move(name));
}

std::unique_ptr<ByteSource> unpack_zstd(std::unique_ptr<ByteSource> packed, std::string name) {
  return std::make_unique<Unzstd>(std::move(packed), std::move(name));
}

}  // namespace garland::records
