// Reads PostgreSQL's binary forms: big-endian numbers, counted bytes, strings that end with NUL. Bounds-checked; bytes
// that end too early throw what the reader was told to throw.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/error.h"

namespace garland::ingest::postgres {

/// Borrows its bytes; what it gives points into them.
class WireReader {
 public:
  /// `what` names the bytes in errors: "Insert message", "value of type numeric". `state` is the errors' SQLSTATE.
  WireReader(std::string_view bytes, std::string_view what, SqlState state = kProtocolViolation)
      : rest_(bytes), what_(what), state_(state) {}

  template <std::integral T>
  T number() {
    std::make_unsigned_t<T> value = 0;
    for (const char byte : take(sizeof(T))) {
      value =
          static_cast<std::make_unsigned_t<T>>((static_cast<uint64_t>(value) << 8) | static_cast<unsigned char>(byte));
    }
    return static_cast<T>(value);
  }
  float real() { return std::bit_cast<float>(number<uint32_t>()); }
  double double_precision() { return std::bit_cast<double>(number<uint64_t>()); }
  char letter() { return take(1).front(); }
  /// `count` may come from the wire: negative and too large ones are refused.
  std::string_view bytes(int64_t count) { return take(count); }
  /// Up to a NUL, which is skipped.
  std::string_view text() {
    const size_t end = rest_.find('\0');
    if (end == std::string_view::npos) throw malformed("a text without an end");
    const std::string_view found = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return found;
  }
  std::string_view rest() const { return rest_; }
  /// Throws when something is left.
  void finish() const {
    if (!rest_.empty()) throw malformed(std::to_string(rest_.size()) + " bytes too many");
  }
  Error malformed(const std::string& why) const {
    return Error(state_, "the source sent a malformed " + std::string(what_) + ": " + why);
  }

 private:
  std::string_view take(int64_t count) {
    if (count < 0) throw malformed("a negative length");
    const auto wanted = static_cast<size_t>(count);
    if (wanted > rest_.size()) throw malformed("it ends too early");
    const std::string_view found = rest_.substr(0, wanted);
    rest_.remove_prefix(wanted);
    return found;
  }

  std::string_view rest_, what_;
  SqlState state_;
};

}  // namespace garland::ingest::postgres
