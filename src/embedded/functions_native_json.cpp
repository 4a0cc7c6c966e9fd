// JSON functions over VARCHAR. Guide pages json-functions, JSON_EXTRACT_PATH_TEXT, JSON_EXTRACT_ARRAY_ELEMENT_TEXT,
// JSON_ARRAY_LENGTH, IS_VALID_JSON (objects only), IS_VALID_JSON_ARRAY.
#include <fmt/format.h>

#include "embedded/functions_native.h"
#include "embedded/json_text.h"

namespace garland::embedded {
namespace {

using namespace native;
using View = std::string_view;

/// The checked text, or nothing where null_if_invalid asks for NULL.
std::optional<View> checked(std::optional<View> json, View text, bool null_if_invalid, View what) {
  if (!json && !null_if_invalid) {
    fail(kInvalidTextRepresentation,
         fmt::format("JSON parsing error: invalid JSON {}: \"{}\"", what, text.substr(0, 200)));
  }
  return json;
}

void put_value(duck::ResultWriter& out, size_t row, std::optional<View> found) {
  if (!found) return out.set_string(row, "");
  const std::optional<std::string> value = json_value(*found);
  value ? out.set_string(row, *value) : out.set_null(row);
}

/// (text, name…, null_if_invalid)
void extract_path(const engine::Batch& batch, duck::ResultWriter& out) {
  const size_t flag = batch.columns.size() - 1;
  for (size_t row = 0; row < batch.rows; ++row) {
    if (any_null(batch, row)) continue;
    const View text = batch.columns[0].values<View>()[row];
    std::optional<View> value =
        checked(json_object(text), text, batch.columns[flag].values<uint8_t>()[row] != 0, "object");
    if (!value) {
      out.set_null(row);
      continue;
    }
    for (size_t i = 1; i < flag && value; ++i) value = json_member(*value, batch.columns[i].values<View>()[row]);
    put_value(out, row, value);
  }
}

/// (text, index, null_if_invalid)
void extract_element(const engine::Batch& batch, duck::ResultWriter& out) {
  for (size_t row = 0; row < batch.rows; ++row) {
    if (any_null(batch, row)) continue;
    const View text = batch.columns[0].values<View>()[row];
    const auto array = checked(json_array(text), text, batch.columns[2].values<uint8_t>()[row] != 0, "array");
    array ? put_value(out, row, json_element(*array, batch.columns[1].values<int32_t>()[row])) : out.set_null(row);
  }
}

/// (text, null_if_invalid)
void array_length(const engine::Batch& batch, duck::ResultWriter& out) {
  for (size_t row = 0; row < batch.rows; ++row) {
    if (any_null(batch, row)) continue;
    const View text = batch.columns[0].values<View>()[row];
    const auto array = checked(json_array(text), text, batch.columns[1].values<uint8_t>()[row] != 0, "array");
    array ? out.set<int32_t>(row, static_cast<int32_t>(json_length(*array))) : out.set_null(row);
  }
}

constexpr size_t kDeepestPath = 5;

}  // namespace

std::vector<Overloads> json_natives() {
  const Type boolean = Type::of(TypeId::kBoolean);
  Overloads paths;
  for (size_t names = 1; names <= kDeepestPath; ++names) {
    std::vector<Type> types(names + 1, kText);
    types.push_back(boolean);
    paths.push_back({.name = "g_json_path", .arguments = std::move(types), .result = kText, .call = extract_path});
  }
  const auto is_object = [](View text) { return static_cast<uint8_t>(json_object(text).has_value()); };
  const auto is_array = [](View text) { return static_cast<uint8_t>(json_array(text).has_value()); };
  return {
      paths,
      {{.name = "g_json_element", .arguments = {kText, kInteger, boolean}, .result = kText, .call = extract_element}},
      {{.name = "g_json_length", .arguments = {kText, boolean}, .result = kInteger, .call = array_length}},
      {function<View>("g_json_is_object", boolean, {kText}, is_object)},
      {function<View>("g_json_is_array", boolean, {kText}, is_array)},
  };
}

}  // namespace garland::embedded
