// Messages of PostgreSQL's protocol v3 (PostgreSQL documentation, "Message Formats"): bounds-checked reading of what a
// client sent, and building of what it gets. Numbers are in network byte order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace garland::endpoint {

/// Reads one message's payload. Whatever does not fit throws 08P01. Views point into the payload.
class MessageReader {
 public:
  explicit MessageReader(std::string_view payload) : payload_(payload) {}

  uint8_t byte();
  int16_t int16();
  int32_t int32();
  /// Up to the next zero byte, which is skipped.
  std::string_view text();
  std::string_view bytes(size_t size);
  std::string_view rest();
  size_t left() const { return payload_.size() - at_; }
  /// A message must end where its fields end.
  void expect_end() const;

 private:
  std::string_view payload_;
  size_t at_ = 0;
};

/// Appends messages to a buffer.
class MessageWriter {
 public:
  explicit MessageWriter(std::string& out) : out_(out) {}

  void begin(char type);
  void end();

  void byte(char value) { out_ += value; }
  void int16(int16_t value);
  void int32(int32_t value);
  /// With a zero byte behind it.
  void text(std::string_view value) { out_.append(value) += '\0'; }
  void bytes(std::string_view value) { out_.append(value); }
  /// A whole message without fields.
  void empty(char type) {
    begin(type);
    end();
  }

 private:
  std::string& out_;
  size_t length_at_ = 0;
};

void append_int16(std::string& out, int16_t value);
void append_int32(std::string& out, int32_t value);
void append_int64(std::string& out, int64_t value);

/// A command's text (command.h) holds arguments, no data.
inline constexpr int32_t kMaxCommandBytes = 1 << 20;

/// A message of an established connection.
struct Message {
  char type = 0;
  std::string_view payload;
};

/// What arrived from a client and was not yet answered. `next()` and `peek()` throw 08P01 for a length below 4, 54000
/// for one above `max_bytes`: nothing that follows can be understood then.
class Input {
 public:
  explicit Input(size_t max_bytes) : max_bytes_(max_bytes) {}

  /// Room for more bytes; what was read there is made known by commit().
  char* room(size_t size);
  void commit(size_t size) { end_ += size; }
  /// The next whole message, taken from the buffer. Valid until room().
  std::optional<Message> next();
  /// Makes the message that next() just gave the next one again.
  void put_back(const Message& message);
  /// The type of the next message, as soon as its first byte is there.
  std::optional<char> peek() const;
  /// Gives memory back that a large message took.
  void shrink();

 private:
  size_t unread() const { return end_ - at_; }

  size_t max_bytes_;
  std::string buffer_;
  size_t at_ = 0, end_ = 0;
};

}  // namespace garland::endpoint
