#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <queue>
#include <set>

#include "models/near_names.h"
#include "models/project.h"

namespace garland::models {
namespace {

constexpr size_t kEverything = SIZE_MAX;

/// `2+core.orders+`: how far to go up and down from the models that the name selects.
struct Selector {
  std::string name;
  size_t up = 0, down = 0;
};

std::string_view digits_at(std::string_view text, bool at_end) {
  size_t count = 0;
  while (count < text.size() &&
         std::isdigit(static_cast<unsigned char>(at_end ? text[text.size() - 1 - count] : text[count])))
    ++count;
  return at_end ? text.substr(text.size() - count) : text.substr(0, count);
}

size_t depth(std::string_view digits, std::string_view token) {
  if (digits.empty()) return kEverything;
  if (digits.size() > 4) throw Error(kInvalidParameterValue, fmt::format("\"{}\" goes too far", token));
  return std::stoul(std::string(digits));
}

Selector parse_selector(std::string_view token) {
  Selector selector;
  std::string_view name = token;
  std::string_view digits = digits_at(name, false);
  if (digits.size() < name.size() && name[digits.size()] == '+') {
    selector.up = depth(digits, token);
    name.remove_prefix(digits.size() + 1);
  }
  digits = digits_at(name, true);
  if (digits.size() < name.size() && name[name.size() - digits.size() - 1] == '+') {
    selector.down = depth(digits, token);
    name.remove_suffix(digits.size() + 1);
  }
  selector.name = name;
  for (char& c : selector.name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return selector;
}

std::vector<std::string_view> tokens_of(std::string_view text) {
  std::vector<std::string_view> tokens;
  for (size_t at = 0; at < text.size();) {
    size_t begin = text.find_first_not_of(" \t\r\n,", at);
    if (begin == std::string_view::npos) break;
    at = std::min(text.find_first_of(" \t\r\n,", begin), text.size());
    tokens.push_back(text.substr(begin, at - begin));
  }
  return tokens;
}

std::set<size_t> named(const Project& project, const std::string& name) {
  std::set<size_t> found, of_schema;
  for (size_t i = 0; i < project.models.size(); ++i) {
    const ModelName& model = project.models[i].name;
    if (model.text() == name || model.name == name) found.insert(i);
    if (name == "*" || model.schema + ".*" == name || model.schema == name) of_schema.insert(i);
  }
  if (found.empty()) found = of_schema;
  if (!found.empty()) return found;
  std::vector<std::string> candidates;
  for (const Model& model : project.models) {
    candidates.push_back(model.name.text());
    candidates.push_back(model.name.schema + ".*");
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  auto near = near_names(name, candidates, 3);
  throw Error(kInvalidParameterValue, fmt::format("\"{}\" selects no model", name))
      .hint(near.empty() ? "Name models as schema.name, schema.*, +name or name+."
                         : fmt::format("did you mean {}?", fmt::join(near, ", ")));
}

void walk(std::set<size_t>& selected, const std::set<size_t>& from, size_t far,
          const std::vector<std::vector<size_t>>& edges) {
  std::vector<size_t> distance(edges.size(), kEverything);
  std::queue<size_t> waiting;
  for (size_t start : from) distance[start] = 0, waiting.push(start);
  while (!waiting.empty()) {
    size_t at = waiting.front();
    waiting.pop();
    selected.insert(at);
    if (distance[at] == far) continue;
    for (size_t next : edges[at]) {
      if (distance[next] == kEverything) distance[next] = distance[at] + 1, waiting.push(next);
    }
  }
}

}  // namespace

std::vector<size_t> select_models(const Project& project, std::string_view selector) {
  size_t count = project.models.size();
  std::map<ModelName, size_t> numbers;
  for (size_t i = 0; i < count; ++i) numbers[project.models[i].name] = i;
  std::vector<std::vector<size_t>> up(count), down(count);
  for (size_t i = 0; i < count; ++i) {
    for (const ModelName& name : project.models[i].references) {
      auto found = numbers.find(name);
      if (found == numbers.end()) continue;
      up[i].push_back(found->second);
      down[found->second].push_back(i);
    }
  }
  std::set<size_t> selected;
  for (std::string_view token : tokens_of(selector)) {
    Selector wanted = parse_selector(token);
    std::set<size_t> found = named(project, wanted.name);
    walk(selected, found, wanted.up, up);
    walk(selected, found, wanted.down, down);
  }
  if (selected.empty())
    throw Error(kInvalidParameterValue, "the selection names no model")
        .hint("Name models as schema.name, schema.*, +name or name+.");
  return {selected.begin(), selected.end()};
}

}  // namespace garland::models
