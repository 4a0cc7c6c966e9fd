#include "duck/database.h"

#include <duckdb.h>

#include "duck/chunk_feed.h"
#include "duck/failure.h"

namespace garland::duck {

namespace {

/// Written into the file; older libraries of 1.x read it. Raising it needs a migration of the warehouse's format.
constexpr const char* kStorageVersion = "v1.4.0";

class Config {
 public:
  Config() {
    if (duckdb_create_config(&handle_) != DuckDBSuccess) {
      throw DuckError(ErrorKind::kOutOfMemory, "Out of Memory Error: no configuration");
    }
  }
  Config(const Config&) = delete;
  Config& operator=(const Config&) = delete;
  ~Config() { duckdb_destroy_config(&handle_); }
  void set(const char* name, const std::string& value) {
    if (duckdb_set_config(handle_, name, value.c_str()) != DuckDBSuccess) {
      throw DuckError(ErrorKind::kOther, std::string("Settings Error: ") + name + " = " + value);
    }
  }
  duckdb_config handle() const { return handle_; }

 private:
  duckdb_config handle_ = nullptr;
};

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

}  // namespace

Database::Database(const DatabaseOptions& options) {
  Config config;
  if (options.threads > 0) config.set("threads", std::to_string(options.threads));
  if (options.memory_limit_bytes > 0) config.set("memory_limit", std::to_string(options.memory_limit_bytes) + "B");
  if (options.checkpoint_bytes > 0) config.set("checkpoint_threshold", std::to_string(options.checkpoint_bytes) + "B");
  if (!options.temp_folder.empty()) config.set("temp_directory", options.temp_folder.string());
  config.set("allow_unsigned_extensions", "false");
  config.set("allow_community_extensions", "false");
  config.set("autoinstall_known_extensions", "false");
  config.set("autoload_known_extensions", "false");
  char* text = nullptr;
  if (duckdb_open_ext(":memory:", &handle_, config.handle(), &text) != DuckDBSuccess) {
    const std::string message = text ? text : "IO Error: cannot start";
    duckdb_free(text);
    throw DuckError(kind_of(DUCKDB_ERROR_INVALID, message), message);
  }
  try {
    start_task_threads();
  } catch (...) {  // of whatever kind, and thrown on: without an object nobody else closes it
    duckdb_close(&handle_);
    throw;
  }
}

Database::~Database() {
  task_threads_.reset();
  duckdb_close(&handle_);
}

/// Statements plan for as many threads as before; DuckDB starts none of its own.
void Database::start_task_threads() {
  Connection connection = connect();
  Result threads = connection.query("SELECT current_setting('threads')::BIGINT");
  const engine::Batch* batch = threads.fetch();
  const int64_t count = batch->columns[0].values<int64_t>()[0];
  if (count < 2) return;
  connection.query("SET GLOBAL external_threads = " + std::to_string(count));
  task_threads_ = std::make_unique<TaskThreads>(handle_, static_cast<size_t>(count) - 1);
}

Connection Database::connect() {
  duckdb_connection raw = nullptr;
  if (duckdb_connect(handle_, &raw) != DuckDBSuccess) {
    throw DuckError(ErrorKind::kOutOfMemory, "Out of Memory Error: no connection");
  }
  return Connection(raw, task_threads_.get());
}

void Database::attach(const std::filesystem::path& file) {
  connect().query("ATTACH " + quoted(file.string()) + " AS w (STORAGE_VERSION '" + kStorageVersion + "')");
}

void Database::lock_down() {
  Connection connection = connect();
  ChunkFeed::register_function(connection.handle());
  connection.query("SET GLOBAL TimeZone = 'UTC'");
  // DuckDB 1.5 counts deleted rows when it leaves row groups out of ORDER BY … LIMIT: rows are missing then (its issue
  // tracker, pull request 22949).
  connection.query("SET GLOBAL disabled_optimizers = 'row_group_pruner'");
  connection.query("SET GLOBAL enable_external_access = false");
  connection.query("SET GLOBAL lock_configuration = true");
}

}  // namespace garland::duck
