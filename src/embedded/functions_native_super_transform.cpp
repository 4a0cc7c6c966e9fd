// OBJECT_TRANSFORM over SUPER inside DuckDB (guide page r_object_transform_function).
#include <algorithm>

#include "embedded/functions_native_super.h"
#include "engine/super.h"

namespace garland::embedded {
namespace {

using namespace native;
using engine::SuperKind;
using engine::SuperReader;
using View = std::string_view;

/// Names as string values, from the outside in.
using Path = std::vector<View>;
struct Change {
  Path path;
  View value;
};

Path path_of(View array) {
  Path path;
  for (SuperReader reader(array); reader.next();) path.push_back(reader.value());
  return path;
}

std::vector<Path> paths_of(View arrays) {
  std::vector<Path> paths;
  for (SuperReader reader(arrays); reader.next();) paths.push_back(path_of(reader.value()));
  return paths;
}

/// Objects of the input as they become, and new ones that changes make.
class Transform {
 public:
  Transform(std::vector<Path> kept, std::vector<Change> changes)
      : kept_(std::move(kept)), changes_(std::move(changes)) {}

  /// The object at `at`; `all`: what is not changed stays, else only what is kept.
  std::string object(View input, const Path& at, bool all) const {
    std::string out = "{";
    std::vector<View> written;
    const auto add = [&](View name, const std::string& value) {
      out.append(out.size() > 1 ? "," : "").append(name).append(":").append(value);
      written.push_back(name);
    };
    if (engine::super_kind(input) == SuperKind::kObject) {
      for (SuperReader reader(input); reader.next();) {
        if (const auto value = attribute(reader.name(), reader.value(), at, all)) add(reader.name(), *value);
      }
    }
    for (const Change& change : changes_) {
      if (!within(change.path, at) || change.path.size() == at.size()) continue;
      const View name = change.path[at.size()];
      if (std::ranges::find(written, name) == written.end()) add(name, *attribute(name, "null", at, all));
    }
    return out += '}';
  }

 private:
  static bool within(const Path& path, const Path& at) {
    return path.size() >= at.size() && std::equal(at.begin(), at.end(), path.begin());
  }

  /// What becomes of an attribute; nothing when it goes.
  std::optional<std::string> attribute(View name, View value, const Path& at, bool all) const {
    Path path = at;
    path.push_back(name);
    const Change* exact = nullptr;
    bool inside = false, partly = false;
    for (const Change& change : changes_) {
      if (!within(change.path, path)) continue;
      if (change.path.size() == path.size()) exact = &change;
      inside = true;
    }
    if (exact) return std::string(exact->value);
    for (const Path& kept : kept_) {
      all |= kept == path;
      partly |= within(kept, path);
    }
    const bool is_object = engine::super_kind(value) == SuperKind::kObject;
    if (inside || (partly && !all && is_object)) return object(value, path, all);
    return all ? std::optional(std::string(value)) : std::nullopt;
  }

  std::vector<Path> kept_;
  std::vector<Change> changes_;
};

std::string transformed(View input, View kept, View paths, View values) {
  if (engine::super_kind(input) != SuperKind::kObject) return std::string(input);
  std::vector<Change> changes;
  for (Path& path : paths_of(paths)) changes.push_back({std::move(path), {}});
  size_t i = 0;
  for (SuperReader reader(values); reader.next() && i < changes.size();) changes[i++].value = reader.value();
  const bool all = engine::super_kind(kept) != SuperKind::kArray;
  return Transform(all ? std::vector<Path>() : paths_of(kept), std::move(changes)).object(input, {}, all);
}

}  // namespace

Overloads super_transform_native() {
  return {function<View, View, View, View>("g_super_transform", kText, {kText, kText, kText, kText}, transformed)};
}

}  // namespace garland::embedded
