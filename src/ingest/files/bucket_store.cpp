#include "ingest/files/bucket_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "duck/files.h"
#include "ingest/files/find_files.h"

namespace garland::ingest {
namespace {

/// DuckDB's words may hold a signed address: nothing of them is repeated.
[[noreturn]] void fail(const duck::DuckError& error, const std::string& path, const duck::S3Access& access) {
  switch (duck::s3_fault(error)) {
    case duck::S3Fault::kMissing:
      throw Error(kUndefinedFile, fmt::format("\"{}\" is not there", path))
          .hint("check the names of bucket and key, and [s3] in garland.toml");
    case duck::S3Fault::kDenied:
      throw Error(kInsufficientPrivilege, fmt::format("S3 denies access to \"{}\"", path))
          .hint(access.key_id.empty()
                    ? "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set in the environment"
                    : "the keys in the environment (AWS_ACCESS_KEY_ID …) need s3:ListBucket on the bucket and "
                      "s3:GetObject on its objects");
    case duck::S3Fault::kChanged:
      throw Error(kObjectInUse, fmt::format("\"{}\" changed while it was read", path));
    case duck::S3Fault::kRefused:
      throw Error(kIoError, fmt::format("S3 refused to give \"{}\"", path))
          .hint("check region, tls and path_style of [s3] in garland.toml");
    case duck::S3Fault::kUnreachable:
      break;
  }
  const std::string where = access.endpoint.empty() ? "S3 in region " + access.region : "S3 at " + access.endpoint;
  throw Error(kConnectionFailure, where + " cannot be reached")
      .hint("check [s3] in garland.toml; nothing is lost, the next run goes on");
}

class ObjectBytes final : public records::ByteSource {
 public:
  ObjectBytes(std::unique_ptr<duck::File> file, std::string path, const duck::S3Access& access)
      : file_(std::move(file)), path_(std::move(path)), access_(access) {}
  size_t read(char* to, size_t size) override {
    try {
      return file_->read(to, size);
    } catch (const duck::DuckError& error) {
      fail(error, path_, access_);
    }
  }

 private:
  const std::unique_ptr<duck::File> file_;
  const std::string path_;
  const duck::S3Access& access_;
};

class BucketStore final : public FileStore {
 public:
  BucketStore(const FileSource& source, const duck::S3Access& access, KnownObjects& known)
      : source_(source), access_(access), known_(known) {}

  std::vector<std::string> find() override {
    const std::string below = source_.path.substr(kBucketScheme.size());
    const size_t slash = std::min(below.find('/'), below.size());
    const std::string bucket = std::string(kBucketScheme) + below.substr(0, slash) + "/";
    const KeyPattern pattern(below.substr(std::min(slash + 1, below.size())), name_endings(source_.format));
    return guarded(bucket + pattern.prefix(), [&] {
      std::vector<std::string> found = files().list(bucket + pattern.prefix());
      std::erase_if(found, [&](const std::string& path) { return !pattern.matches(path.substr(bucket.size())); });
      return found;
    });
  }

  std::string stamp(const std::string& path) override {
    refuse_settings(path);
    return guarded(path, [&] { return files().version(path); });
  }

  std::unique_ptr<records::ByteSource> open(const std::string& path) override {
    refuse_settings(path);
    return records::unpack(guarded(path,
                                   [&]() -> std::unique_ptr<records::ByteSource> {
                                     return std::make_unique<ObjectBytes>(files().open(path), path, access_);
                                   }),
                           path.substr(path.rfind('/') + 1));
  }

  bool exists(const std::string& path) override {
    if (has_settings(path)) return true;
    try {
      files().version(path);
      return true;
    } catch (const duck::DuckError& error) {
      if (duck::s3_fault(error) == duck::S3Fault::kMissing) return false;
      fail(error, path, access_);
    }
  }

  std::optional<Content> known(const std::string& path, const std::string& stamp) const override {
    return known_.find(path, stamp);
  }

  void remember(const std::string& path, const std::string& stamp, const Content& content) override {
    if (!stamp.empty()) known_.remember(path, stamp, content);
  }

  std::string location(const std::string& path) override {
    refuse_settings(path);
    return path;
  }

  duck::Files& files() override {
    if (!files_)
      files_ = std::make_unique<duck::Files>(duck::FilesOptions{.threads = 1, .temp_folder = {}, .s3 = access_});
    return *files_;
  }

  void check_reached(const std::string& path, const duck::DuckError& error) override {
    const bool reached =
        error.text().starts_with("Invalid Input Error") || error.text().starts_with("Conversion Error");
    if (!reached) fail(error, path, access_);
  }

 private:
  static bool has_settings(const std::string& path) { return path.find('?') != std::string::npos; }
  static void refuse_settings(const std::string& path) {
    if (has_settings(path))
      throw Error(kIoError, fmt::format("\"{}\" has a ? in its key", path)).hint("rename the object");
  }

  template <class Work>
  auto guarded(const std::string& path, Work work) -> decltype(work()) {
    try {
      return work();
    } catch (const duck::DuckError& error) {
      fail(error, path, access_);
    }
  }

  const FileSource& source_;
  const duck::S3Access& access_;
  KnownObjects& known_;
  std::unique_ptr<duck::Files> files_;
};

}  // namespace

std::unique_ptr<FileStore> open_bucket(const FileSource& source, const FileRoots& roots) {
  if (!roots.s3) {
    throw Error(kObjectNotInPrerequisiteState,
                fmt::format("source \"{}\" lies in a bucket of S3, and nothing says how S3 is reached", source.name))
        .in(source.place)
        .hint(
            "add [s3] to garland.toml: endpoint and region; keys come from AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY");
  }
  if (!roots.s3->key_id.empty() && roots.s3->secret.empty()) {
    throw Error(kInvalidAuthorization, "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not")
        .in(source.place)
        .hint("set both, or neither for a bucket that anybody may read");
  }
  return std::make_unique<BucketStore>(source, *roots.s3, *roots.known);
}

}  // namespace garland::ingest
