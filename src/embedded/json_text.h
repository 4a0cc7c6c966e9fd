// JSON kept as text: what the JSON functions over VARCHAR need. Strict RFC 8259, nested at most engine's is_json()
// deep. Pure, no allocation but for results.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace garland::embedded {

/// The text without blanks around it, when it is a JSON object (array) and nothing else.
std::optional<std::string_view> json_object(std::string_view text);
std::optional<std::string_view> json_array(std::string_view text);

/// The raw text of the object's member of that name (the last one, when there are several), or nothing.
/// `object` comes from json_object() or is a value inside such a text.
std::optional<std::string_view> json_member(std::string_view object, std::string_view name);
/// The raw text of the array's element (from 0), or nothing.
std::optional<std::string_view> json_element(std::string_view array, int64_t index);
int64_t json_length(std::string_view array);

/// A value as VARCHAR: strings without quotes and escapes, everything else as it is written; nothing for null.
std::optional<std::string> json_value(std::string_view value);

}  // namespace garland::embedded
