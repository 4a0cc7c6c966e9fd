// SUPER values as bytes that compare.
#include <algorithm>

#include "engine/super.h"
#include "engine/text_scan.h"

namespace garland::engine {
namespace {

enum Tag : char {
  kEnd = 0,
  kAttribute = 1,
  kBoolean = 0x10,
  kNumber = 0x20,
  kString = 0x30,
  kArray = 0x40,
  kObject = 0x50,
  kNull = 0x60
};

/// Ends with two zero bytes; zero bytes inside are followed by 0xFF.
void append_text_key(std::string& out, std::string_view value) {
  std::string text = super_string(value);
  text.erase(text.find_last_not_of(' ') + 1);
  for (const char c : text) {
    out += c;
    if (c == '\0') out += '\xFF';
  }
  out.append(2, '\0');
}

/// Sign, exponent, digits: 1.50, 1.5 and 1.5e+0 have one key. Negative numbers have the bytes of their absolute value
/// turned over.
void append_number_key(std::string& out, std::string_view value) {
  const bool negative = value.starts_with('-');
  if (negative) value.remove_prefix(1);
  std::string digits;
  int exponent = 0;
  bool point = false;
  for (size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '.') {
      point = true;
    } else if (value[i] == 'e') {
      const bool minus = value[i + 1] == '-';
      int written = 0;
      for (i += 2; i < value.size(); ++i) written = written * 10 + (value[i] - '0');
      exponent += minus ? -written : written;
    } else {
      if (!point && !(digits.empty() && value[i] == '0')) ++exponent;
      if (point && digits.empty() && value[i] == '0') --exponent;
      if (!(digits.empty() && value[i] == '0')) digits += value[i];
    }
  }
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.empty()) return out += '\x80', void();
  const size_t start = out.size();
  const auto biased = static_cast<uint16_t>(exponent + 0x4000);
  out += static_cast<char>(biased >> 8);
  out += static_cast<char>(biased & 0xFF);
  out += digits;
  out += '\0';
  if (negative)
    std::for_each(out.begin() + static_cast<long>(start), out.end(), [](char& c) { c = static_cast<char>(~c); });
  out.insert(start, 1, negative ? '\x40' : '\xC0');
}

void append_object_key(std::string& out, std::string_view value) {
  std::vector<std::string> attributes;
  for (SuperReader reader(value); reader.next();) {
    std::string key;
    append_text_key(key, reader.name());
    append_super_key(key, reader.value());
    attributes.push_back(std::move(key));
  }
  std::sort(attributes.begin(), attributes.end());
  for (const std::string& attribute : attributes) out.append(1, kAttribute).append(attribute);
  out += kEnd;
}

}  // namespace

void append_super_key(std::string& out, std::string_view value) {
  switch (super_kind(value)) {
    case SuperKind::kNull:
      out += kNull;
      break;
    case SuperKind::kBoolean:
      out.append(1, kBoolean).append(1, value == "true" ? '\1' : '\0');
      break;
    case SuperKind::kNumber:
      out += kNumber;
      append_number_key(out, value);
      break;
    case SuperKind::kString:
      out += kString;
      append_text_key(out, value);
      break;
    case SuperKind::kArray:
      out += kArray;
      for (SuperReader reader(value); reader.next();) append_super_key(out, reader.value());
      out += kEnd;
      break;
    case SuperKind::kObject:
      out += kObject;
      append_object_key(out, value);
      break;
  }
}

}  // namespace garland::engine
