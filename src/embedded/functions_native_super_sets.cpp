// Searching, sorting and set operations over arrays of SUPER inside DuckDB (guide pages array_contains, array_position,
// array_positions, array_sort, array_distinct, array_except, array_intersection, array_union). Elements are equal as
// values are, deeply; a null is an element like any other. What is no array gives NULL.
#include <algorithm>
#include <map>

#include "embedded/functions_native_super.h"
#include "engine/super.h"

namespace garland::embedded {
namespace {

using namespace native;
using engine::SuperKind;
using View = std::string_view;
using MaybeText = std::optional<std::string>;

struct Element {
  std::string key;
  View value;
  bool is_null() const { return engine::super_kind(value) == SuperKind::kNull; }
};
using Elements = std::vector<Element>;

std::string key_of(View value) {
  std::string key;
  engine::append_super_key(key, value);
  return key;
}

std::optional<Elements> elements_of(View array) {
  if (engine::super_kind(array) != SuperKind::kArray) return std::nullopt;
  Elements elements;
  for (engine::SuperReader reader(array); reader.next();) elements.push_back({key_of(reader.value()), reader.value()});
  return elements;
}

std::string array_of(const Elements& elements) {
  std::string out = "[";
  for (const Element& element : elements) {
    if (out.size() > 1) out += ',';
    out += element.value;
  }
  return out += ']';
}

/// Where the value stands; nothing (NULL) for what is no array and, unless nulls match, where a null leaves it open.
std::optional<std::vector<int32_t>> places(View array, View wanted, bool nulls_match) {
  const std::optional<Elements> elements = elements_of(array);
  const std::string key = key_of(wanted);
  if (!elements || (!nulls_match && engine::super_kind(wanted) == SuperKind::kNull)) return std::nullopt;
  std::vector<int32_t> found;
  bool nulls = false;
  for (size_t i = 0; i < elements->size(); ++i) {
    nulls |= (*elements)[i].is_null();
    if ((*elements)[i].key == key) found.push_back(static_cast<int32_t>(i));
  }
  if (found.empty() && nulls && !nulls_match) return std::nullopt;
  return found;
}

std::optional<uint8_t> contains(View array, View wanted, uint8_t nulls_match) {
  const auto found = places(array, wanted, nulls_match != 0);
  return found ? std::optional<uint8_t>(found->empty() ? 0 : 1) : std::nullopt;
}

std::optional<int32_t> position(View array, View wanted, uint8_t nulls_match) {
  const auto found = places(array, wanted, nulls_match != 0);
  return found ? std::optional<int32_t>(found->empty() ? -1 : found->front()) : std::nullopt;
}

MaybeText positions(View array, View wanted, uint8_t nulls_match) {
  const auto found = places(array, wanted, nulls_match != 0);
  if (!found) return std::nullopt;
  std::string out = "[";
  for (const int32_t place : *found) out += (out.size() > 1 ? "," : "") + std::to_string(place);
  return out += ']';
}

MaybeText sorted(View array, uint8_t ascending, uint8_t nulls_first) {
  std::optional<Elements> elements = elements_of(array);
  if (!elements) return std::nullopt;
  std::stable_sort(elements->begin(), elements->end(), [&](const Element& a, const Element& b) {
    if (a.is_null() != b.is_null()) return a.is_null() == (nulls_first != 0);
    return ascending != 0 ? a.key < b.key : b.key < a.key;
  });
  return array_of(*elements);
}

Elements distinct_of(const Elements& elements) {
  Elements out;
  std::map<View, bool> seen;
  for (const Element& element : elements) {
    if (seen.emplace(element.key, true).second) out.push_back(element);
  }
  return out;
}

MaybeText distinct(View array) {
  const std::optional<Elements> elements = elements_of(array);
  return elements ? MaybeText(array_of(distinct_of(*elements))) : std::nullopt;
}

MaybeText united(View left, View right) {
  std::optional<Elements> elements = elements_of(left);
  const std::optional<Elements> more = elements_of(right);
  if (!elements || !more) return std::nullopt;
  elements->insert(elements->end(), more->begin(), more->end());
  return array_of(distinct_of(*elements));
}

/// Elements of `left` that `right` has (`common`) or has not, each as often as the multisets say; as sets: once.
MaybeText matched(View left, View right, bool common, bool as_sets) {
  std::optional<Elements> elements = elements_of(left);
  const std::optional<Elements> others = elements_of(right);
  if (!elements || !others) return std::nullopt;
  if (as_sets) elements = distinct_of(*elements);
  std::map<View, int64_t> counts;
  for (const Element& other : *others) ++counts[other.key];
  Elements out;
  for (const Element& element : *elements) {
    const auto other = counts.find(element.key);
    const bool found = other != counts.end() && other->second > 0;
    if (found) --other->second;
    if (found == common) out.push_back(element);
  }
  return array_of(out);
}

Overloads matching(const char* name, bool common) {
  return {nullable<View, View, uint8_t>(
      name, kText, {kText, kText, kBoolean},
      [common](View left, View right, uint8_t as_sets) { return matched(left, right, common, as_sets != 0); })};
}

}  // namespace

std::vector<Overloads> super_set_natives() {
  return {
      {nullable<View, View, uint8_t>("g_super_contains", kBoolean, {kText, kText, kBoolean}, contains)},
      {nullable<View, View, uint8_t>("g_super_position", kInteger, {kText, kText, kBoolean}, position)},
      {nullable<View, View, uint8_t>("g_super_positions", kText, {kText, kText, kBoolean}, positions)},
      {nullable<View, uint8_t, uint8_t>("g_super_sort", kText, {kText, kBoolean, kBoolean}, sorted)},
      {nullable<View>("g_super_distinct", kText, {kText}, distinct)},
      {nullable<View, View>("g_super_union", kText, {kText, kText}, united)},
      matching("g_super_except", false),
      matching("g_super_intersection", true),
      super_transform_native(),
  };
}

}  // namespace garland::embedded
