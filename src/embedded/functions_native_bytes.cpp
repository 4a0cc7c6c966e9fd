// VARBYTE inside DuckDB: texts in hexadecimal, binary and base64, bits, bitwise operators. Guide pages r_VARBYTE_type,
// r_VARBYTE_OPERATORS, r_FROM_HEX, r_TO_HEX, r_TO_VARBYTE, r_FROM_VARBYTE, r_GETBIT.
#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "embedded/functions_native.h"
#include "engine/text.h"

namespace garland::embedded {
namespace {

using namespace native;
using View = std::string_view;

[[noreturn]] void fail_digits(View format, View text) {
  fail(kInvalidTextRepresentation, fmt::format("invalid {} digits: \"{}\"", format, text.substr(0, 200)));
}

/// An odd first digit stands for itself: '4' is 04 (r_TO_VARBYTE).
std::string from_hex(View text) {
  std::string bytes;
  bytes.reserve(text.size() / 2 + 1);
  int pending = text.size() % 2 == 0 ? -1 : 0;
  for (const char c : text) {
    const int value = hex_digit(c);
    if (value < 0) fail_digits("hexadecimal", text);
    if (pending < 0) {
      pending = value;
    } else {
      bytes += static_cast<char>(pending << 4 | value);
      pending = -1;
    }
  }
  return bytes;
}

std::string to_hex(View bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string from_binary(View text) {
  std::string bytes;
  unsigned value = 0;
  size_t left = text.size();
  for (const char c : text) {
    if (c != '0' && c != '1') fail_digits("binary", text);
    value = value << 1 | static_cast<unsigned>(c - '0');
    if (--left % 8 == 0) bytes += static_cast<char>(std::exchange(value, 0));
  }
  return bytes;
}

std::string to_binary(View bytes) {
  std::string text;
  for (const unsigned char byte : bytes) {
    for (int bit = 7; bit >= 0; --bit) text += (byte >> bit) & 1 ? '1' : '0';
  }
  return text;
}

constexpr View kBase64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string from_base64(View text) {
  View digits = text;
  while (digits.ends_with('=')) digits.remove_suffix(1);
  if (digits.size() % 4 == 1) fail_digits("base64", text);
  std::string bytes;
  uint32_t value = 0;
  int bits = 0;
  for (const char c : digits) {
    const size_t digit = kBase64Digits.find(c);
    if (digit == View::npos) fail_digits("base64", text);
    value = value << 6 | static_cast<uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(value >> bits & 0xFF);
  }
  return bytes;
}

std::string to_base64(View bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t present = std::min<size_t>(3, bytes.size() - i);
    uint32_t value = 0;
    for (size_t j = 0; j < 3; ++j) value = value << 8 | (j < present ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (size_t j = 0; j < 4; ++j) text += j <= present ? kBase64Digits[value >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

enum class ByteFormat { kHex, kBinary, kBase64, kUtf8 };

ByteFormat format_of(View name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (lower == "hex") return ByteFormat::kHex;
  if (lower == "binary") return ByteFormat::kBinary;
  if (lower == "base64") return ByteFormat::kBase64;
  if (lower == "utf8" || lower == "utf-8") return ByteFormat::kUtf8;
  fail(kInvalidParameterValue, fmt::format("format \"{}\" is none of hex, binary, base64 and utf-8", name));
}

std::string to_varbyte(View text, View format) {
  switch (format_of(format)) {
    case ByteFormat::kHex:
      return from_hex(text);
    case ByteFormat::kBinary:
      return from_binary(text);
    case ByteFormat::kBase64:
      return from_base64(text);
    case ByteFormat::kUtf8:
      break;
  }
  return std::string(text);
}

std::string valid_text(View bytes) {
  if (!engine::is_utf8(bytes)) fail(kCharacterNotInRepertoire, "the bytes are not valid UTF-8");
  if (bytes.find('\0') != View::npos) fail(kCharacterNotInRepertoire, "a text must not hold the zero byte");
  return std::string(bytes);
}

std::string from_varbyte(View bytes, View format) {
  switch (format_of(format)) {
    case ByteFormat::kHex:
      return to_hex(bytes);
    case ByteFormat::kBinary:
      return to_binary(bytes);
    case ByteFormat::kBase64:
      return to_base64(bytes);
    case ByteFormat::kUtf8:
      break;
  }
  return valid_text(bytes);
}

/// Bit 0 is the last byte's lowest (r_GETBIT).
int32_t get_bit(View bytes, int32_t index) {
  if (index < 0 || static_cast<size_t>(index) / 8 >= bytes.size()) {
    fail(kInvalidParameterValue,
         fmt::format("bit index {} out of valid range, 0..{}", index, static_cast<int64_t>(bytes.size()) * 8 - 1));
  }
  const auto byte = static_cast<unsigned char>(bytes[bytes.size() - 1 - static_cast<size_t>(index) / 8]);
  return byte >> (index % 8) & 1;
}

template <class Combine>
Overloads bitwise(const char* name, Combine combine) {
  return {function<View, View>(name, kBytes, {kBytes, kBytes}, [combine](View left, View right) {
    if (left.size() != right.size()) {
      fail(kInvalidParameterValue, "bitwise operators need binary values of the same length");
    }
    std::string result(left);
    for (size_t i = 0; i < result.size(); ++i) result[i] = static_cast<char>(combine(left[i], right[i]));
    return result;
  })};
}

std::string inverted(View bytes) {
  std::string result(bytes);
  for (char& byte : result) byte = static_cast<char>(~byte);
  return result;
}

/// Characters are bytes here; start counts from 1 and may be below.
std::string byte_substring(View bytes, int64_t start, int64_t length) {
  if (length < 0) fail(kInvalidParameterValue, "negative substring length not allowed");
  const int64_t end = std::clamp<int64_t>(start + length, 1, static_cast<int64_t>(bytes.size()) + 1);
  const int64_t begin = std::clamp<int64_t>(start, 1, end);
  return std::string(bytes.substr(static_cast<size_t>(begin - 1), static_cast<size_t>(end - begin)));
}

/// As many bytes as the integer's type has, the highest first (r_VARBYTE_type).
template <class Integer>
std::string integer_bytes(Integer value) {
  std::string bytes;
  for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(value >> shift & 0xFF);
  }
  return bytes;
}

template <class Integer>
Integer bytes_integer(View bytes) {
  if (bytes.size() > sizeof(Integer)) {
    fail(kNumericValueOutOfRange,
         fmt::format("a binary value of {} bytes is no integer of {}", bytes.size(), sizeof(Integer)));
  }
  uint64_t value = 0;
  for (const unsigned char byte : bytes) value = value << 8 | byte;
  return static_cast<Integer>(value);
}

}  // namespace

std::vector<Overloads> byte_natives() {
  const auto tail = [](View bytes, int32_t start) { return byte_substring(bytes, start, int64_t{1} << 31); };
  return {
      {function<View>("g_from_hex", kBytes, {kText}, from_hex)},
      {function<View>("g_bytes_hex", kText, {kBytes}, to_hex)},
      {function<View, View>("g_to_varbyte", kBytes, {kText, kText}, to_varbyte)},
      {function<View, View>("g_from_varbyte", kText, {kBytes, kText}, from_varbyte)},
      {function<View>("g_bytes_text", kText, {kBytes}, valid_text)},
      {function<View, int32_t>("g_getbit", kInteger, {kBytes, kInteger}, get_bit)},
      bitwise("g_bytes_and", [](char a, char b) { return a & b; }),
      bitwise("g_bytes_or", [](char a, char b) { return a | b; }),
      bitwise("g_bytes_xor", [](char a, char b) { return a ^ b; }),
      {function<View>("g_bytes_not", kBytes, {kBytes}, inverted)},
      {function<View, int32_t, int32_t>("g_byte_substring", kBytes, {kBytes, kInteger, kInteger}, byte_substring),
       function<View, int32_t>("g_byte_substring", kBytes, {kBytes, kInteger}, tail)},
      {function<int16_t>("g_integer_bytes", kBytes, {kSmallint}, integer_bytes<int16_t>),
       function<int32_t>("g_integer_bytes", kBytes, {kInteger}, integer_bytes<int32_t>),
       function<int64_t>("g_integer_bytes", kBytes, {kBigint}, integer_bytes<int64_t>)},
      {function<View>("g_bytes_smallint", kSmallint, {kBytes}, bytes_integer<int16_t>)},
      {function<View>("g_bytes_integer", kInteger, {kBytes}, bytes_integer<int32_t>)},
      {function<View>("g_bytes_bigint", kBigint, {kBytes}, bytes_integer<int64_t>)},
  };
}

}  // namespace garland::embedded
