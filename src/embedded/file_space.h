// The files that COPY and UNLOAD may touch: local ones below the configured folders, and objects of the configured S3
// endpoint.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "duck/files.h"
#include "embedded/warehouse.h"
#include "records/byte_sink.h"
#include "records/byte_source.h"
#include "sql/ast/statement.h"

namespace garland::embedded {

/// One statement's view. Places are canonical local paths, or `s3://bucket/key`. Local paths outside the allowed
/// folders are 42501, links resolved first; s3:// without a configured endpoint and other schemes are 0A000. Used by
/// the session's thread.
class FileSpace {
 public:
  /// `options`: the statement's; keys given there take the place of the configured ones.
  FileSpace(Warehouse& warehouse, const std::vector<sql::CopyOption>& options);

  /// The file, or those whose place begins with the source, sorted; a local folder means the files in it. Throws 58P01
  /// (local) or XX000 (S3) when there is none.
  std::vector<std::string> find(const std::string& source);
  /// Exactly this file; empty when it is not there.
  std::string find_one(const std::string& source);
  std::unique_ptr<records::ByteSource> open(const std::string& place);
  /// The whole file, up to 64 MB: manifests and JSONPaths files.
  std::string read(const std::string& place);
  uint64_t size(const std::string& place);

  /// The place for a file to be made at target + name; local folders below the target's are made when `make` is set.
  std::string target(const std::string& target);
  /// Files whose place begins so.
  std::vector<std::string> beginning_with(const std::string& place);
  std::unique_ptr<records::ByteSink> create(const std::string& place, bool replace);
  /// Local files only.
  void remove(const std::string& place);
  /// Removes a file that was only begun, while its error is on its way: what fails here is logged. A part of an S3
  /// object is none, so there is nothing to remove.
  void discard(const std::string& place) noexcept;

  static bool is_remote(const std::string& place) { return place.starts_with("s3://"); }
  /// As users write it: the local path, or the URL.
  duck::Files& files();

 private:
  Warehouse& warehouse_;
  std::optional<duck::S3Access> s3_;
  std::unique_ptr<duck::Files> files_;
};

}  // namespace garland::embedded
