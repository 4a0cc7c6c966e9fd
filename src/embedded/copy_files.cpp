#include "embedded/copy_files.h"

#include <algorithm>

#include "base/error.h"
#include "engine/text.h"

namespace garland::embedded {

namespace fs = std::filesystem;

namespace {

bool is_below(const fs::path& path, const fs::path& folder) {
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  (void)ignored;
  return end == folder.end();
}

void require_allowed(const fs::path& file, const Options& options) {
  for (const fs::path& folder : options.copy_folders) {
    std::error_code code;
    const fs::path real = fs::canonical(folder, code);
    if (!code && is_below(file, real)) return;
  }
  throw Error(kInsufficientPrivilege, "permission denied to read " + file.string())
      .hint("COPY reads files below the configured folders only.");
}

std::vector<fs::path> in_folder(const fs::path& folder, const std::string& prefix) {
  std::vector<fs::path> files;
  std::error_code code;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, code)) {
    if (entry.is_regular_file() && entry.path().filename().string().starts_with(prefix)) files.push_back(entry.path());
  }
  return files;
}

}  // namespace

std::vector<fs::path> files_to_copy(const std::string& source, const Options& options) {
  const size_t scheme = source.find("://");
  if (scheme != std::string::npos && !source.starts_with("file://")) {
    throw Error(kFeatureNotSupported, "COPY from " + source.substr(0, scheme + 3) + " is not supported")
        .hint("This engine reads local files.");
  }
  const std::string text = scheme == std::string::npos ? source : source.substr(scheme + 3);
  const fs::path path = fs::path(text).is_absolute() ? fs::path(text) : options.copy_folders.front() / text;
  // What is not allowed must not even be told to exist.
  require_allowed(fs::weakly_canonical(path), options);
  std::vector<fs::path> found;
  if (fs::is_regular_file(path)) {
    found = {path};
  } else if (fs::is_directory(path)) {
    found = in_folder(path, "");
  } else {
    found = in_folder(path.parent_path(), path.filename().string());
  }
  if (found.empty()) throw Error(kUndefinedFile, "The specified path \"" + source + "\" does not exist");
  std::vector<fs::path> files;
  for (const fs::path& file : found) {
    files.push_back(fs::canonical(file));
    require_allowed(files.back(), options);
  }
  std::ranges::sort(files);
  return files;
}

std::string printable(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    size_t bad = 0;
    if (engine::is_utf8(bytes, &bad)) return out.append(bytes);
    out.append(bytes.substr(0, bad)).push_back('?');
    bytes.remove_prefix(bad + 1);
  }
  return out;
}

}  // namespace garland::embedded
