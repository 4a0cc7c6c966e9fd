// Files beyond the warehouse's own: Parquet in and out, and objects of S3 (through DuckDB's httpfs). A DuckDB instance
// of its own, apart from the warehouse's, which reaches no file: nothing that a user writes runs here.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "duck/connection.h"
#include "duck/s3_access.h"
#include "engine/batch.h"

struct _duckdb_database;
struct _duckdb_file_handle;

namespace garland::duck {

struct FilesOptions {
  int threads = 0;
  std::filesystem::path temp_folder;  // for what statements spill; empty: they may not
  std::optional<S3Access> s3;         // none: no remote file is reachable
};

/// An open file. Used by one thread at a time; must not outlive its Files. Errors are DuckError.
class File {
 public:
  explicit File(_duckdb_file_handle* handle) : handle_(handle) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();
  /// Up to `size` bytes; 0 at the end only.
  size_t read(char* to, size_t size);
  void write(const char* from, size_t size);
  /// Completes what was written. Without it a remote object does not come to be.
  void close();
  uint64_t size();

 private:
  _duckdb_file_handle* handle_;
};

/// Used by one thread at a time.
class Files {
 public:
  /// Throws DuckError, also when S3 is wanted and the httpfs extension is not beside the library.
  explicit Files(const FilesOptions& options);
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  ~Files();

  std::unique_ptr<File> open(const std::string& path);
  std::unique_ptr<File> create(const std::string& path);
  /// The objects whose path begins with the prefix, sorted.
  std::vector<std::string> list(const std::string& prefix);
  bool exists(const std::string& path);
  /// What tells an object's content from any other that its path has had or will have: its ETag, with its time of
  /// change and its size (Amazon S3 API Reference, "Object": "The ETag reflects changes only to the contents of an
  /// object"). Empty where the server sends no ETag.
  std::string version(const std::string& path);

  /// For Parquet: read_parquet() and COPY … TO run here.
  Connection& connection() { return *connection_; }

  /// Makes `name`() a table of one-thread-at-a-time batches; `next` gives nullptr at the end. What it throws fails the
  /// statement that reads it. `next` must outlive that statement.
  void feed(const std::string& name, const std::vector<std::string>& columns, const std::vector<engine::Type>& types,
            std::function<const engine::Batch*()> next);

 private:
  Connection connect();
  void load_httpfs(const S3Access& access);
  std::unique_ptr<File> open(const std::string& path, bool write);
  _duckdb_database* handle_ = nullptr;
  std::optional<Connection> connection_;
  std::optional<Connection> handles_;  // open files belong to it; always in a transaction, which httpfs asks for
};

/// What keeps an object from being reached.
enum class S3Fault {
  kMissing,      // the object, or the bucket
  kDenied,       // the keys do not open it
  kChanged,      // it was written to while it was read
  kRefused,      // the server answers otherwise: of another region, …
  kUnreachable,  // no answer, or one of a server in trouble; it may go by itself
};
S3Fault s3_fault(const DuckError& error);

/// The path as a pattern that matches nothing else.
std::string glob_text(const std::string& path);
/// 'it''s'
std::string quoted_literal(const std::string& text);
/// "a ""b"""
std::string quoted_identifier(const std::string& text);

}  // namespace garland::duck
