#include "records/transcode.h"

#include <cstdint>
#include <cstring>
#include <string>

#include "base/error.h"
#include "base/utf8.h"

namespace garland::records {
namespace {

constexpr char kNoCharacter = '\xFF';

class Transcoded final : public ByteSource {
 public:
  Transcoded(std::unique_ptr<ByteSource> source, Encoding encoding) : source_(std::move(source)), encoding_(encoding) {}

  size_t read(char* to, size_t size) override {
    while (at_ == out_.size() && !ended_) fill();
    const size_t count = std::min(size, out_.size() - at_);
    std::memcpy(to, out_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  void fill() {
    char buffer[64 << 10];
    const size_t count = source_->read(buffer, sizeof buffer);
    ended_ = count == 0;
    at_ = 0;
    out_.clear();
    if (encoding_ == Encoding::kIso88591) {
      for (size_t i = 0; i < count; ++i) append_utf8(out_, static_cast<unsigned char>(buffer[i]));
      return;
    }
    rest_.append(buffer, count);
    if (encoding_ == Encoding::kUtf16 && !find_mark()) return;
    units();
    if (ended_ && (!rest_.empty() || high_ != 0)) out_ += kNoCharacter;
  }

  /// False while the first two bytes are not there yet.
  bool find_mark() {
    if (rest_.size() < 2 && !ended_) return false;
    if (rest_.empty()) return false;
    const bool little = rest_.starts_with("\xFF\xFE");
    if (!little && !rest_.starts_with("\xFE\xFF")) {
      throw Error(kCharacterNotInRepertoire, "the file is not UTF-16 text with a byte order mark")
          .hint("UTF16LE and UTF16BE need none.");
    }
    encoding_ = little ? Encoding::kUtf16Le : Encoding::kUtf16Be;
    return true;
  }

  void units() {
    size_t at = 0;
    for (; at + 1 < rest_.size(); at += 2) {
      const auto first = static_cast<unsigned char>(rest_[at]), second = static_cast<unsigned char>(rest_[at + 1]);
      const bool little = encoding_ == Encoding::kUtf16Le;
      unit(static_cast<uint32_t>(little ? first | second << 8 : first << 8 | second));
    }
    rest_.erase(0, at);
  }

  void unit(uint32_t code) {
    const bool low = code >= 0xDC00 && code <= 0xDFFF;
    if (high_ != 0 && low) {
      append_utf8(out_, 0x10000 + ((high_ - 0xD800) << 10) + (code - 0xDC00));
      high_ = 0;
      return;
    }
    if (high_ != 0 || low) out_ += kNoCharacter;
    high_ = code >= 0xD800 && code <= 0xDBFF ? code : 0;
    if (high_ == 0 && !low) append_utf8(out_, code);
  }

  std::unique_ptr<ByteSource> source_;
  Encoding encoding_;
  std::string rest_;   // bytes that make no whole unit yet
  uint32_t high_ = 0;  // first half of a pair
  std::string out_;
  size_t at_ = 0;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> as_utf8(std::unique_ptr<ByteSource> source, Encoding encoding) {
  if (encoding == Encoding::kUtf8) return source;
  return std::make_unique<Transcoded>(std::move(source), encoding);
}

}  // namespace garland::records
