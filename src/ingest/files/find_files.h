// Globs: *, ?, […] within a name, ** for any folders; a folder means the files in it whose names end as the format's
// do. Names that begin with a dot are taken only where the pattern says the dot.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ingest/files/config.h"

namespace garland::ingest {

/// The files that a source's path names now, relative to `data_folder`, sorted. `endings`: of the names of files that a
/// folder means (name_endings()). Throws 58P01 when the data folder is not there.
std::vector<std::string> find_files(const std::filesystem::path& data_folder, const std::string& pattern,
                                    const std::vector<std::string>& endings = name_endings(FileFormat::kCsv));

/// The same rules for names that are there already: keys of a bucket, with / between their parts.
class KeyPattern {
 public:
  KeyPattern(const std::string& pattern, const std::vector<std::string>& endings);
  /// What every key that matches begins with.
  const std::string& prefix() const { return prefix_; }
  bool matches(const std::string& key) const;

 private:
  bool matches(size_t part, const std::vector<std::string>& names, size_t name) const;

  std::vector<std::string> parts_;
  std::vector<std::string> meant_;  // patterns of names that a folder stands for
  std::string prefix_;
};

}  // namespace garland::ingest
