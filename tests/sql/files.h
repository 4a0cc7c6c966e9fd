// Files that tests need: the scripts, and the files that COPY reads.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace garland::sqltest {

/// Every *.test below the folder, sorted by path, whose path (relative to it) holds `only`.
std::vector<std::filesystem::path> find_scripts(const std::filesystem::path& folder, const std::string& only);

std::string read_file(const std::filesystem::path& path);

/// Compressed when the name ends in .gz.
void write_file(const std::filesystem::path& path, const std::string& content);

/// A folder of its own, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace garland::sqltest
