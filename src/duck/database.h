// A DuckDB instance: an in-memory main database, to which the warehouse's file is attached under the name `w`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "duck/connection.h"
#include "duck/task_threads.h"

struct _duckdb_database;

namespace garland::duck {

struct DatabaseOptions {
  int threads = 0;                 // 0: as many as the machine has
  int64_t memory_limit_bytes = 0;  // 0: DuckDB's choice
  std::filesystem::path temp_folder;
  int64_t checkpoint_bytes = 0;  // of the log, past which a commit checkpoints, too; 0: DuckDB's choice
};

/// Thread-safe. Extensions are never fetched nor loaded by themselves. Once locked, SQL reaches no file but the
/// attached ones.
class Database {
 public:
  explicit Database(const DatabaseOptions& options);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  /// Checkpoints and closes attached files when the last connection is gone.
  ~Database();

  Connection connect();
  /// Attaches the file as `w`, read-write; makes it, with the pinned storage version, when it is missing.
  void attach(const std::filesystem::path& file);
  /// From now on no file can be opened and no setting changed by SQL.
  void lock_down();

 private:
  void start_task_threads();

  _duckdb_database* handle_ = nullptr;
  std::unique_ptr<TaskThreads> task_threads_;
};

}  // namespace garland::duck
