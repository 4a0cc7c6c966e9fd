// Where the files of a source lie: below the data folder, or in a bucket of S3. Whoever loads them does not know which.
//
// A file's path is what ops.batches knows it by: relative to the data folder, or `s3://bucket/key`.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "duck/files.h"
#include "ingest/files/config.h"
#include "ingest/files/content_hash.h"
#include "records/byte_source.h"

namespace garland::ingest {

/// What is known of objects' contents by this process: an object whose stamp is still the same need not be fetched to
/// be hashed. Thread-safe.
class KnownObjects {
 public:
  std::optional<Content> find(const std::string& path, const std::string& stamp) const;
  void remember(const std::string& path, std::string stamp, const Content& content);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::pair<std::string, Content>> objects_;
};

/// Where files may lie. A process that loads again and again keeps one.
struct FileRoots {
  FileRoots(std::filesystem::path folder, std::optional<duck::S3Access> access = {})
      : data_folder(std::move(folder)), s3(std::move(access)) {}

  std::filesystem::path data_folder;
  std::optional<duck::S3Access> s3;  // none: s3:// is refused
  std::shared_ptr<KnownObjects> known = std::make_shared<KnownObjects>();
};

/// Used by one thread at a time, and what open() gave by one at a time with it.
///
/// Errors: 58P01 what is not there, 58030 and 42501 what cannot be read. Class 08 is no fault of a file: S3 cannot be
/// reached at all.
class FileStore {
 public:
  virtual ~FileStore() = default;
  /// The files that the source's path names now, sorted.
  virtual std::vector<std::string> find() = 0;
  /// What changes when the file is written to or exchanged.
  virtual std::string stamp(const std::string& path) = 0;
  /// Unpacked (records::unpack). Throws 55006 when the file is written to meanwhile and that shows.
  virtual std::unique_ptr<records::ByteSource> open(const std::string& path) = 0;
  virtual bool exists(const std::string& path) = 0;

  /// For readers that seek: where DuckDB finds the file, and with what.
  virtual std::string location(const std::string& path) = 0;
  virtual duck::Files& files() = 0;
  /// Throws what keeps the file from being reached; returns where the error is of its content.
  virtual void check_reached(const std::string& path, const duck::DuckError& error) = 0;

  /// The content of a file with this stamp, where stamps say enough; else nothing.
  virtual std::optional<Content> known(const std::string& path, const std::string& stamp) const;
  /// The file had this stamp before and after it was read.
  virtual void remember(const std::string& path, const std::string& stamp, const Content& content);
};

/// Both must outlive it. Throws 55000 for a source in a bucket where there is no access to S3; reaches nothing yet.
std::unique_ptr<FileStore> open_store(const FileSource& source, const FileRoots& roots);

/// The source's path begins with s3://.
bool is_in_bucket(const FileSource& source);

}  // namespace garland::ingest
