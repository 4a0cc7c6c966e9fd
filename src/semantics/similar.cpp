#include "semantics/similar.h"

#include <algorithm>

namespace garland::semantics {
namespace {
constexpr size_t kMostNames = 3;
}

size_t edit_distance(std::string_view a, std::string_view b, size_t limit) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit) return limit + 1;
  std::vector<size_t> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({replaced, previous[j] + 1, current[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        current[j] = std::min(current[j], before[j - 2] + 1);
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return std::min(previous[b.size()], limit + 1);
}

std::vector<std::string> similar_names(std::string_view name, std::span<const std::string_view> candidates) {
  const size_t limit = std::max<size_t>(1, name.size() / 3);
  std::vector<std::pair<size_t, std::string_view>> near;
  for (const std::string_view candidate : candidates) {
    const size_t distance = edit_distance(name, candidate, limit);
    if (distance <= limit && distance < name.size()) near.emplace_back(distance, candidate);
  }
  std::ranges::sort(near);
  const auto repeated = std::ranges::unique(near);
  near.erase(repeated.begin(), repeated.end());
  std::vector<std::string> names;
  for (size_t i = 0; i < std::min(near.size(), kMostNames); ++i) names.emplace_back(near[i].second);
  return names;
}

std::string did_you_mean(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "did you mean \"" : ", \"") + name + "\"";
  return text.empty() ? text : text + "?";
}

}  // namespace garland::semantics
