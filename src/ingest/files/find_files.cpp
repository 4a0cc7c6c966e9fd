// Globs below the data folder.
#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "ingest/files/load.h"

namespace garland::ingest {
namespace {

namespace fs = std::filesystem;

bool matches(const std::string& pattern, const std::string& name) {
  return fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) == 0;
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
  Finder(fs::path root, const std::vector<std::string>& endings) : root_(std::move(root)) {
    for (const std::string& ending : endings) {
      for (const char* packing : {"", ".gz", ".zst"}) meant_.push_back("*" + ending + packing);
    }
  }

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
      if (!matches(parts[part], name.string())) continue;
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
  std::vector<std::string> parts;
  for (const fs::path& part : fs::path(pattern).lexically_normal()) {
    if (!part.empty()) parts.push_back(part.string());
  }
  Finder finder(data_folder, endings);
  if (parts.empty() || parts.front() == ".") {
    finder.find_all({});
  } else {
    finder.find({}, parts, 0);
  }
  return finder.take();
}

}  // namespace garland::ingest
