// JSON text taken apart without building a tree: values stay slices of the text. Paths as COPY's JSONPaths files have
// them (guide pages copy-parameters-data-format, copy-usage_notes-copy-from-json).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace garland::records {

/// The text must be well-formed JSON (engine::is_json). Calls `member` with each key, unescaped, and its value's slice.
void for_each_member(std::string_view object,
                     const std::function<void(std::string_view key, std::string_view value)>& member);
void for_each_element(std::string_view array, const std::function<void(std::string_view value)>& element);
/// The text of a JSON string, quotes and escapes taken away.
std::string json_string(std::string_view value);
/// Appends the text as a JSON string, in quotes.
void append_json_string(std::string& out, std::string_view text);

class JsonPath {
 public:
  /// `$['a']['b'][0]` or `$.a.b[0]`. Throws 22023 for anything else.
  explicit JsonPath(std::string_view text);

  enum class Found { kValue, kMissing, kNoElement /* not an array or index out of range */ };
  Found find(std::string_view document, std::string_view& value) const;

  using Step = std::variant<std::string, size_t>;  // a member's name, an element's index
  const std::vector<Step>& steps() const { return steps_; }

 private:
  std::vector<Step> steps_;
};

/// The paths of a JSONPaths file; nothing when its key is not "jsonpaths", which means 'auto'. Throws 22P04 for a file
/// that is no single object, or whose paths are no strings.
std::optional<std::vector<JsonPath>> read_json_paths(std::string_view file);

}  // namespace garland::records
