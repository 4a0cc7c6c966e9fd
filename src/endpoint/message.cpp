#include "endpoint/message.h"

#include <cstring>

#include "base/error.h"

namespace garland::endpoint {

namespace {

constexpr size_t kHeaderBytes = 5;  // the type and the length, which counts itself
constexpr size_t kKeptBytes = 4u << 10;

uint32_t read_number(std::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

[[noreturn]] void too_short() { throw Error(kProtocolViolation, "invalid message format: it ends within a field"); }

}  // namespace

uint8_t MessageReader::byte() { return static_cast<uint8_t>(read_number(bytes(1))); }
int16_t MessageReader::int16() { return static_cast<int16_t>(read_number(bytes(2))); }
int32_t MessageReader::int32() { return static_cast<int32_t>(read_number(bytes(4))); }

std::string_view MessageReader::text() {
  const size_t end = payload_.find('\0', at_);
  if (end == std::string_view::npos) too_short();
  const std::string_view value = payload_.substr(at_, end - at_);
  at_ = end + 1;
  return value;
}

std::string_view MessageReader::bytes(size_t size) {
  if (size > left()) too_short();
  const std::string_view value = payload_.substr(at_, size);
  at_ += size;
  return value;
}

std::string_view MessageReader::rest() { return bytes(left()); }

void MessageReader::expect_end() const {
  if (left() > 0) throw Error(kProtocolViolation, "invalid message format: it goes on behind its last field");
}

void append_int16(std::string& out, int16_t value) {
  const auto bits = static_cast<uint16_t>(value);
  out += static_cast<char>(bits >> 8);
  out += static_cast<char>(bits);
}

void append_int32(std::string& out, int32_t value) {
  const uint32_t bits = __builtin_bswap32(static_cast<uint32_t>(value));
  out.append(reinterpret_cast<const char*>(&bits), sizeof bits);
}

void append_int64(std::string& out, int64_t value) {
  const uint64_t bits = __builtin_bswap64(static_cast<uint64_t>(value));
  out.append(reinterpret_cast<const char*>(&bits), sizeof bits);
}

void MessageWriter::begin(char type) {
  out_ += type;
  length_at_ = out_.size();
  out_.append(4, '\0');
}

void MessageWriter::end() {
  const uint32_t length = __builtin_bswap32(static_cast<uint32_t>(out_.size() - length_at_));
  std::memcpy(out_.data() + length_at_, &length, sizeof length);
}

void MessageWriter::int16(int16_t value) { append_int16(out_, value); }
void MessageWriter::int32(int32_t value) { append_int32(out_, value); }

char* Input::room(size_t size) {
  if (at_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + at_, unread());
    end_ -= at_;
    at_ = 0;
  }
  if (buffer_.size() < end_ + size) buffer_.resize(end_ + size);
  return buffer_.data() + end_;
}

std::optional<char> Input::peek() const {
  if (unread() == 0) return std::nullopt;
  return buffer_[at_];
}

std::optional<Message> Input::next() {
  if (unread() < kHeaderBytes) return std::nullopt;
  const size_t length = read_number(std::string_view(buffer_).substr(at_ + 1, 4));
  if (length < 4) throw Error(kProtocolViolation, "invalid message length");
  if (length > max_bytes_) {
    throw Error(kProgramLimitExceeded, "a message of " + std::to_string(length) + " bytes is too long")
        .hint("The limit is " + std::to_string(max_bytes_) + " bytes.");
  }
  if (unread() < 1 + length) return std::nullopt;
  const Message message{buffer_[at_], std::string_view(buffer_).substr(at_ + kHeaderBytes, length - 4)};
  at_ += 1 + length;
  return message;
}

void Input::put_back(const Message& message) { at_ -= kHeaderBytes + message.payload.size(); }

void Input::shrink() {
  if (unread() > 0 || buffer_.size() <= kKeptBytes) return;
  at_ = end_ = 0;
  buffer_ = {};
}

}  // namespace garland::endpoint
