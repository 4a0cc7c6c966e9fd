#include "models/near_names.h"

#include <algorithm>

#include "semantics/similar.h"

namespace garland::models {
namespace {

std::string_view last_part(std::string_view name) {
  size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

size_t near_limit(std::string_view name) { return name.size() / 3; }

}  // namespace

std::vector<std::string> near_names(std::string_view name, const std::vector<std::string>& candidates, size_t limit) {
  std::string_view table = last_part(name);
  std::vector<std::pair<size_t, std::string>> found;
  for (const std::string& candidate : candidates) {
    size_t whole = semantics::edit_distance(name, candidate, near_limit(name));
    size_t part = semantics::edit_distance(table, last_part(candidate), near_limit(table));
    bool is_near = whole <= near_limit(name) || part <= near_limit(table);
    if (is_near) found.emplace_back(std::min(whole, part + 1), candidate);
  }
  std::sort(found.begin(), found.end());
  if (found.size() > limit) found.resize(limit);
  std::vector<std::string> names;
  for (auto& [distance, candidate] : found) names.push_back(std::move(candidate));
  return names;
}

}  // namespace garland::models
