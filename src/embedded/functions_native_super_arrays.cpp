// Arrays and objects of SUPER inside DuckDB (guide pages operators-functions, r_array_concat, array_flatten,
// r_subarray, split_to_array, get_array_length, r_lower_attribute_names). What is no array gives NULL.
#include <algorithm>

#include "embedded/functions_native_super.h"
#include "engine/super.h"

namespace garland::embedded {
namespace {

using namespace native;
using engine::SuperKind;
using engine::SuperReader;
using View = std::string_view;
using MaybeText = std::optional<std::string>;

bool is_array(View value) { return engine::super_kind(value) == SuperKind::kArray; }

/// Elements written one after the other into one array.
class ArrayWriter {
 public:
  void add(View element) {
    out_ += out_.size() > 1 ? "," : "";
    out_ += element;
  }
  std::string take() { return std::move(out_ += ']'); }

 private:
  std::string out_ = "[";
};

MaybeText concatenated(View left, View right) {
  if (!is_array(left) || !is_array(right)) return std::nullopt;
  ArrayWriter out;
  for (const View array : {left, right}) {
    for (SuperReader reader(array); reader.next();) out.add(reader.value());
  }
  return out.take();
}

void add_flat(ArrayWriter& out, View array) {
  for (SuperReader reader(array); reader.next();) {
    is_array(reader.value()) ? add_flat(out, reader.value()) : out.add(reader.value());
  }
}

MaybeText flattened(View value) {
  if (!is_array(value)) return std::nullopt;
  ArrayWriter out;
  add_flat(out, value);
  return out.take();
}

MaybeText part_of(View value, int64_t start, int64_t length) {
  if (!is_array(value)) return std::nullopt;
  ArrayWriter out;
  int64_t index = 0;
  for (SuperReader reader(value); reader.next(); ++index) {
    if (index >= start && index - start < length) out.add(reader.value());
  }
  return out.take();
}

std::string split(View text, View delimiter) {
  ArrayWriter out;
  const auto add = [&out](View part) {
    std::string element;
    engine::append_super_string(element, part);
    out.add(element);
  };
  for (size_t at = 0; !delimiter.empty() && (at = text.find(delimiter)) != View::npos;) {
    add(text.substr(0, at));
    text.remove_prefix(at + delimiter.size());
  }
  add(text);
  return out.take();
}

std::optional<int32_t> array_length(View value) {
  return is_array(value) ? std::optional(static_cast<int32_t>(engine::super_size(value))) : std::nullopt;
}

void add_renamed(std::string& out, View value, bool upper) {
  const SuperKind kind = engine::super_kind(value);
  if (kind != SuperKind::kArray && kind != SuperKind::kObject) return out.append(value), void();
  out += value.front();
  bool first = true;
  for (SuperReader reader(value); reader.next(); first = false) {
    if (!first) out += ',';
    if (kind == SuperKind::kObject) {
      std::string name = engine::super_string(reader.name());
      for (char& c : name) {
        if (upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z') c = static_cast<char>(c ^ 0x20);
      }
      engine::append_super_string(out, name);
      out += ':';
    }
    add_renamed(out, reader.value(), upper);
  }
  out += value.back();
}

/// A function whose rows are lists.
template <class F>
duck::ScalarFunction listing(const char* name, F add_elements) {
  duck::ScalarFunction made{.name = name, .arguments = {kText}, .result = kText, .call = {}};
  made.lists = true;
  made.call = [add_elements](const engine::Batch& batch, duck::ResultWriter& out) {
    std::vector<std::string> elements;
    for (size_t row = 0; row < batch.rows; ++row) {
      elements.clear();
      if (!batch.columns[0].is_null(row)) add_elements(batch.columns[0].values<View>()[row], elements);
      out.set_list(row, elements);
    }
  };
  return made;
}

}  // namespace

std::vector<Overloads> super_array_natives() {
  const auto values = [](SuperKind kind) {
    return [kind](View value, std::vector<std::string>& out) {
      if (engine::super_kind(value) != kind) return;
      for (SuperReader reader(value); reader.next();) out.emplace_back(reader.value());
    };
  };
  const auto names = [](View value, std::vector<std::string>& out) {
    if (engine::super_kind(value) != SuperKind::kObject) return;
    for (SuperReader reader(value); reader.next();) out.push_back(engine::super_string(reader.name()));
  };
  return {
      {nullable<View, View>("g_super_concat", kText, {kText, kText}, concatenated)},
      {nullable<View>("g_super_flatten", kText, {kText}, flattened)},
      {nullable<View, int64_t, int64_t>("g_super_subarray", kText, {kText, kBigint, kBigint}, part_of)},
      {function<View, View>("g_super_split", kText, {kText, kText}, split)},
      {nullable<View>("g_super_length", kInteger, {kText}, array_length)},
      {function<View, uint8_t>("g_super_renamed", kText, {kText, kBoolean},
                               [](View value, uint8_t upper) {
                                 std::string out;
                                 add_renamed(out, value, upper != 0);
                                 return out;
                               })},
      {listing("g_super_elements", values(SuperKind::kArray))},
      {listing("g_super_attributes", values(SuperKind::kObject))},
      {listing("g_super_names", names)},
  };
}

}  // namespace garland::embedded
