#include "ingest/files/find_files.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <set>

#include "base/error.h"

namespace garland::ingest {
namespace {

namespace fs = std::filesystem;

bool is_match(const std::string& pattern, const std::string& name) {
  return fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) == 0;
}

/// Patterns of the names of files that a folder stands for.
std::vector<std::string> meant_names(const std::vector<std::string>& endings) {
  std::vector<std::string> patterns;
  for (const std::string& ending : endings) {
    for (const char* packing : {"", ".gz", ".zst"}) patterns.push_back("*" + ending + packing);
  }
  return patterns;
}

std::vector<std::string> parts_of(const std::string& pattern) {
  std::vector<std::string> parts;
  for (const fs::path& part : fs::path(pattern).lexically_normal()) {
    if (!part.empty()) parts.push_back(part.string());
  }
  if (!parts.empty() && parts.front() == ".") parts.clear();
  return parts;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code fault;
  std::vector<fs::path> entries;
  for (fs::directory_iterator at(folder, fault), end; !fault && at != end; at.increment(fault)) {
    entries.push_back(at->path().filename());
  }
  if (fault) throw Error(kIoError, fmt::format("could not list \"{}\": {}", folder.string(), fault.message()));
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// Collects files below one data folder by the parts of a pattern. Links to folders are followed only where the pattern
/// names a level, never by **, so that a circle of links ends.
class Finder {
 public:
  /// `endings`: of the names of files that a folder stands for, unpacked.
  Finder(fs::path root, const std::vector<std::string>& endings)
      : root_(std::move(root)), meant_(meant_names(endings)) {}

  void find(const fs::path& below, const std::vector<std::string>& parts, size_t part) {
    const bool last = part + 1 == parts.size();
    if (parts[part] == "**") {
      if (!last) find(below, parts, part + 1);
      for (const fs::path& name : entries_of(root_ / below)) {
        const fs::path at = below / name;
        if (name.string().front() == '.') continue;
        if (fs::is_directory(fs::symlink_status(root_ / at))) find(at, parts, part);
        if (last && is_file(at)) found_.insert(at.generic_string());
      }
      return;
    }
    for (const fs::path& name : entries_of(root_ / below)) {
      if (!is_match(parts[part], name.string())) continue;
      const fs::path at = below / name;
      if (last && is_file(at)) found_.insert(at.generic_string());
      if (last && fs::is_directory(root_ / at)) find_all(at);
      if (!last && fs::is_directory(root_ / at)) find(at, parts, part + 1);
    }
  }

  /// The files that a folder stands for.
  void find_all(const fs::path& folder) {
    for (const std::string& pattern : meant_) find(folder, {pattern}, 0);
  }

  std::vector<std::string> take() { return {found_.begin(), found_.end()}; }

 private:
  bool is_file(const fs::path& path) const { return fs::is_regular_file(root_ / path); }
  fs::path root_;
  std::vector<std::string> meant_;
  std::set<std::string> found_;
};

}  // namespace

std::vector<std::string> find_files(const fs::path& data_folder, const std::string& pattern,
                                    const std::vector<std::string>& endings) {
  std::error_code fault;
  if (!fs::is_directory(data_folder, fault)) {
    throw Error(kUndefinedFile, fmt::format("the data folder \"{}\" is not there", data_folder.string()))
        .hint("name the folder of the source files: --data DIR");
  }
  const std::vector<std::string> parts = parts_of(pattern);
  Finder finder(data_folder, endings);
  if (parts.empty()) {
    finder.find_all({});
  } else {
    finder.find({}, parts, 0);
  }
  return finder.take();
}

KeyPattern::KeyPattern(const std::string& pattern, const std::vector<std::string>& endings)
    : parts_(parts_of(pattern)), meant_(meant_names(endings)) {
  for (const std::string& part : parts_) {
    const size_t special = part.find_first_of("*?[\\");
    prefix_ += (prefix_.empty() ? "" : "/") + part.substr(0, special);
    if (special != std::string::npos) break;
  }
}

bool KeyPattern::matches(const std::string& key) const {
  std::vector<std::string> names;
  for (size_t at = 0; at <= key.size();) {
    const size_t end = std::min(key.find('/', at), key.size());
    names.push_back(key.substr(at, end - at));
    at = end + 1;
  }
  return !names.back().empty() && matches(0, names, 0);  // a key that ends in / is a folder's mark
}

bool KeyPattern::matches(size_t part, const std::vector<std::string>& names, size_t name) const {
  const bool is_file = name + 1 == names.size();
  if (part == parts_.size()) {
    return is_file && std::ranges::any_of(meant_, [&](const auto& meant) { return is_match(meant, names[name]); });
  }
  const bool last = part + 1 == parts_.size();
  if (parts_[part] == "**") {
    if (!last && matches(part + 1, names, name)) return true;
    if (names[name].starts_with('.')) return false;
    return is_file ? last : matches(part, names, name + 1);
  }
  if (!is_match(parts_[part], names[name])) return false;
  return is_file ? last : matches(part + 1, names, name + 1);
}

}  // namespace garland::ingest
