#include "ingest/files/file_store.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "ingest/files/bucket_store.h"
#include "ingest/files/find_files.h"

namespace garland::ingest {
namespace {

class FolderStore final : public FileStore {
 public:
  FolderStore(const FileSource& source, const std::filesystem::path& folder) : source_(source), folder_(folder) {}

  std::vector<std::string> find() override { return find_files(folder_, source_.path, name_endings(source_.format)); }

  std::string stamp(const std::string& path) override {
    struct stat found{};
    if (::stat((folder_ / path).c_str(), &found) != 0) {
      const SqlState state = errno == ENOENT || errno == ENOTDIR ? kUndefinedFile : kIoError;
      throw Error(state, fmt::format("could not look at \"{}\": {}", path, std::strerror(errno)));
    }
    return fmt::format("{} {} {} {}.{}", found.st_dev, found.st_ino, found.st_size, found.st_mtim.tv_sec,
                       found.st_mtim.tv_nsec);
  }

  std::unique_ptr<records::ByteSource> open(const std::string& path) override {
    return records::open_file(folder_ / path);
  }

  bool exists(const std::string& path) override {
    std::error_code fault;
    return std::filesystem::exists(folder_ / path, fault);
  }

  std::string location(const std::string& path) override { return std::filesystem::absolute(folder_ / path).string(); }
  duck::Files& files() override {
    if (!files_) files_ = std::make_unique<duck::Files>(duck::FilesOptions{.threads = 1, .temp_folder = {}, .s3 = {}});
    return *files_;
  }
  void check_reached(const std::string&, const duck::DuckError&) override {}

 private:
  const FileSource& source_;
  const std::filesystem::path& folder_;
  std::unique_ptr<duck::Files> files_;
};

}  // namespace

std::optional<Content> KnownObjects::find(const std::string& path, const std::string& stamp) const {
  const std::lock_guard lock(mutex_);
  const auto at = objects_.find(path);
  return at != objects_.end() && at->second.first == stamp ? std::optional(at->second.second) : std::nullopt;
}

void KnownObjects::remember(const std::string& path, std::string stamp, const Content& content) {
  const std::lock_guard lock(mutex_);
  objects_.insert_or_assign(path, std::pair(std::move(stamp), content));
}

std::optional<Content> FileStore::known(const std::string&, const std::string&) const { return std::nullopt; }
void FileStore::remember(const std::string&, const std::string&, const Content&) {}

bool is_in_bucket(const FileSource& source) { return source.path.starts_with(kBucketScheme); }

std::unique_ptr<FileStore> open_store(const FileSource& source, const FileRoots& roots) {
  if (is_in_bucket(source)) return open_bucket(source, roots);
  return std::make_unique<FolderStore>(source, roots.data_folder);
}

}  // namespace garland::ingest
