#include "files.h"

#include <stdlib.h>
#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace garland::sqltest {

namespace fs = std::filesystem;

std::vector<fs::path> find_scripts(const fs::path& folder, const std::string& only) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".test") continue;
    if (fs::relative(entry.path(), folder).string().find(only) != std::string::npos) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return text.str();
}

void write_file(const fs::path& path, const std::string& content) {
  if (path.extension() == ".gz") {
    gzFile out = gzopen(path.c_str(), "wb");
    bool written =
        out && gzwrite(out, content.data(), static_cast<unsigned>(content.size())) == static_cast<int>(content.size());
    if (out) written = gzclose(out) == Z_OK && written;
    if (!written) throw std::runtime_error("cannot write " + path.string());
    return;
  }
  std::ofstream out(path, std::ios::binary);
  out << content;
  if (!out) throw std::runtime_error("cannot write " + path.string());
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "garland-sql-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace garland::sqltest
