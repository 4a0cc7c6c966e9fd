#include "duck/files.h"

#include <dlfcn.h>
#include <duckdb.h>

#include <cstdlib>
#include <set>

#include "duck/chunk_writer.h"
#include "duck/failure.h"

namespace garland::duck {

namespace {

[[noreturn]] void fail(duckdb_error_data data) {
  const char* raw = duckdb_error_data_message(data);
  const std::string text = raw ? raw : "IO Error: unknown";
  const duckdb_error_type type = duckdb_error_data_error_type(data);
  duckdb_destroy_error_data(&data);
  throw DuckError(kind_of(type, text), text);
}

/// The extension lies beside the library that is loaded.
std::filesystem::path httpfs_file() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(&duckdb_library_version), &info) == 0 || !info.dli_fname) return {};
  std::error_code code;
  const std::filesystem::path library = std::filesystem::canonical(info.dli_fname, code);
  return library.parent_path() / "httpfs.duckdb_extension";
}

struct Feed {
  std::vector<std::string> columns;
  std::vector<engine::Type> types;
  std::function<const engine::Batch*()> next;
};

struct FeedCall {
  static void bind(duckdb_bind_info info) {
    const auto& feed = *static_cast<const Feed*>(duckdb_bind_get_extra_info(info));
    for (size_t i = 0; i < feed.columns.size(); ++i) {
      duckdb_bind_add_result_column(info, feed.columns[i].c_str(), logical_type(feed.types[i]).get());
    }
  }
  static void init(duckdb_init_info info) { duckdb_init_set_max_threads(info, 1); }
  static void run(duckdb_function_info info, duckdb_data_chunk output) {
    const auto& feed = *static_cast<const Feed*>(duckdb_function_get_extra_info(info));
    try {
      const engine::Batch* batch = feed.next();
      for (size_t i = 0; batch && i < feed.types.size(); ++i) {
        const DuckColumn target = describe(logical_type(feed.types[i]).get());
        write_column(batch->columns[i], batch->rows, duckdb_data_chunk_get_vector(output, i), target);
      }
      duckdb_data_chunk_set_size(output, batch ? batch->rows : 0);
    } catch (const std::exception& error) {
      duckdb_function_set_error(info, error.what());
    }
  }
};

struct TableFunctionDeleter {
  void operator()(duckdb_table_function function) const { duckdb_destroy_table_function(&function); }
};

}  // namespace

std::string glob_text(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[') {
      out += std::string("[") + c + "]";
    } else {
      out += c;
    }
  }
  return out;
}

S3Fault s3_fault(const DuckError& error) {
  const std::string& text = error.text();
  if (text.find("the remote file has changed") != std::string::npos) return S3Fault::kChanged;
  constexpr std::string_view kStatus = "(HTTP ";  // of DuckDB's own words; a path may hold any number
  const size_t at = text.rfind(kStatus);
  const int status = at == std::string::npos ? 0 : std::atoi(text.c_str() + at + kStatus.size());
  if (status == 404) return S3Fault::kMissing;
  if (status == 401 || status == 403) return S3Fault::kDenied;
  if (status == 412) return S3Fault::kChanged;
  return status >= 300 && status < 500 ? S3Fault::kRefused : S3Fault::kUnreachable;
}

std::string quoted_literal(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

std::string quoted_identifier(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

// ---- File

File::~File() { duckdb_destroy_file_handle(&handle_); }

size_t File::read(char* to, size_t size) {
  const int64_t count = duckdb_file_handle_read(handle_, to, static_cast<int64_t>(size));
  if (count < 0) fail(duckdb_file_handle_error_data(handle_));
  return static_cast<size_t>(count);
}

void File::write(const char* from, size_t size) {
  while (size > 0) {
    const int64_t count = duckdb_file_handle_write(handle_, from, static_cast<int64_t>(size));
    if (count <= 0) fail(duckdb_file_handle_error_data(handle_));
    from += count;
    size -= static_cast<size_t>(count);
  }
}

void File::close() {
  if (duckdb_file_handle_close(handle_) != DuckDBSuccess) fail(duckdb_file_handle_error_data(handle_));
}

uint64_t File::size() {
  const int64_t bytes = duckdb_file_handle_size(handle_);
  if (bytes < 0) fail(duckdb_file_handle_error_data(handle_));
  return static_cast<uint64_t>(bytes);
}

// ---- Files

Files::Files(const FilesOptions& options) {
  duckdb_config config = nullptr;
  if (duckdb_create_config(&config) != DuckDBSuccess) {
    throw DuckError(ErrorKind::kOutOfMemory, "Out of Memory Error: no configuration");
  }
  if (options.threads > 0) duckdb_set_config(config, "threads", std::to_string(options.threads).c_str());
  duckdb_set_config(config, "temp_directory", options.temp_folder.c_str());
  duckdb_set_config(config, "memory_limit", "1GB");
  for (const char* forbidden : {"allow_unsigned_extensions", "allow_community_extensions",
                                "autoinstall_known_extensions", "autoload_known_extensions"}) {
    duckdb_set_config(config, forbidden, "false");
  }
  char* text = nullptr;
  const duckdb_state opened = duckdb_open_ext(":memory:", &handle_, config, &text);
  duckdb_destroy_config(&config);
  if (opened != DuckDBSuccess) {
    const std::string message = text ? text : "IO Error: cannot start";
    duckdb_free(text);
    throw DuckError(kind_of(DUCKDB_ERROR_INVALID, message), message);
  }
  try {
    connection_.emplace(connect());
    connection_->query("SET TimeZone = 'UTC'");
    if (options.s3) load_httpfs(*options.s3);
    connection_->query("SET lock_configuration = true");
    handles_.emplace(connect());
    handles_->query("BEGIN");
  } catch (...) {
    handles_.reset();
    connection_.reset();
    duckdb_close(&handle_);
    throw;
  }
}

Files::~Files() {
  handles_.reset();
  connection_.reset();
  duckdb_close(&handle_);
}

Connection Files::connect() {
  duckdb_connection raw = nullptr;
  if (duckdb_connect(handle_, &raw) != DuckDBSuccess) {
    throw DuckError(ErrorKind::kOutOfMemory, "Out of Memory Error: no connection");
  }
  return Connection::adopt(raw);
}

void Files::load_httpfs(const S3Access& access) {
  const std::filesystem::path extension = httpfs_file();
  std::error_code code;
  if (!std::filesystem::exists(extension, code)) {
    throw DuckError(ErrorKind::kIo, "IO Error: httpfs.duckdb_extension is not beside the DuckDB library");
  }
  connection_->query("LOAD " + quoted_literal(extension.string()));
  std::string sql = "CREATE SECRET (TYPE s3, PROVIDER config, KEY_ID " + quoted_literal(access.key_id) + ", SECRET " +
                    quoted_literal(access.secret) + ", REGION " + quoted_literal(access.region) + ", USE_SSL " +
                    (access.tls ? "true" : "false") + ", URL_STYLE " + (access.path_style ? "'path'" : "'vhost'");
  if (!access.endpoint.empty()) sql += ", ENDPOINT " + quoted_literal(access.endpoint);
  if (!access.session_token.empty()) sql += ", SESSION_TOKEN " + quoted_literal(access.session_token);
  try {
    connection_->query(sql + ")");
  } catch (const DuckError&) {
    throw DuckError(ErrorKind::kOther, "Invalid Input Error: the S3 configuration was refused");
  }
}

std::unique_ptr<File> Files::open(const std::string& path) { return open(path, false); }
std::unique_ptr<File> Files::create(const std::string& path) { return open(path, true); }

std::unique_ptr<File> Files::open(const std::string& path, bool write) {
  duckdb_client_context context = nullptr;
  duckdb_connection_get_client_context(handles_->handle(), &context);
  duckdb_file_system system = duckdb_client_context_get_file_system(context);
  duckdb_file_open_options options = duckdb_create_file_open_options();
  duckdb_file_open_options_set_flag(options, write ? DUCKDB_FILE_FLAG_WRITE : DUCKDB_FILE_FLAG_READ, true);
  if (write) duckdb_file_open_options_set_flag(options, DUCKDB_FILE_FLAG_CREATE_NEW, true);
  duckdb_file_handle handle = nullptr;
  const duckdb_state opened = duckdb_file_system_open(system, path.c_str(), options, &handle);
  duckdb_error_data error = opened == DuckDBSuccess ? nullptr : duckdb_file_system_error_data(system);
  duckdb_destroy_file_open_options(&options);
  duckdb_destroy_file_system(&system);
  duckdb_destroy_client_context(&context);
  if (opened != DuckDBSuccess) fail(error);
  return std::make_unique<File>(handle);
}

std::vector<std::string> Files::list(const std::string& prefix) {
  std::set<std::string> found;
  // a star ends at a slash, so that folders below are asked for apart
  for (const char* rest : {"*", "*/**"}) {
    Result result = connection_->query("SELECT file FROM glob(" + quoted_literal(glob_text(prefix) + rest) + ")");
    while (const engine::Batch* batch = result.fetch()) {
      for (size_t row = 0; row < batch->rows; ++row) {
        found.emplace(batch->columns[0].values<std::string_view>()[row]);
      }
    }
  }
  return {found.begin(), found.end()};
}

bool Files::exists(const std::string& path) {
  Result result = connection_->query("SELECT count(*) FROM glob(" + quoted_literal(glob_text(path)) + ")");
  return result.fetch()->columns[0].values<int64_t>()[0] > 0;
}

std::string Files::version(const std::string& path) {
  // The one way to an object's headers is the log of HTTP, in memory, of the HEAD that this statement sends.
  connection_->query("CALL truncate_duckdb_logs()");
  connection_->query("CALL enable_logging('HTTP')");
  try {
    connection_->query("SELECT size FROM read_blob(" + quoted_literal(glob_text(path)) + ")");
  } catch (const DuckError&) {
    connection_->query("CALL disable_logging()");
    throw;
  }
  connection_->query("CALL disable_logging()");
  Result result = connection_->query(
      "SELECT lower(header.key), header.value FROM (SELECT request, unnest(map_entries(response.headers)) AS header "
      "FROM duckdb_logs_parsed('HTTP')) WHERE request.type = 'HEAD' AND lower(header.key) IN ('etag', 'last-modified', "
      "'content-length') ORDER BY 1");
  std::string text;
  bool known = false;
  while (const engine::Batch* batch = result.fetch()) {
    for (size_t row = 0; row < batch->rows; ++row) {
      known = known || batch->columns[0].values<std::string_view>()[row] == "etag";
      text.append(batch->columns[1].values<std::string_view>()[row]).append("\n");
    }
  }
  connection_->query("CALL truncate_duckdb_logs()");
  return known ? text : std::string();
}

void Files::feed(const std::string& name, const std::vector<std::string>& columns,
                 const std::vector<engine::Type>& types, std::function<const engine::Batch*()> next) {
  const std::unique_ptr<_duckdb_table_function, TableFunctionDeleter> function(duckdb_create_table_function());
  duckdb_table_function_set_name(function.get(), name.c_str());
  auto feed = std::make_unique<Feed>(Feed{columns, types, std::move(next)});
  duckdb_table_function_set_extra_info(function.get(), feed.release(), [](void* it) { delete static_cast<Feed*>(it); });
  duckdb_table_function_set_bind(function.get(), FeedCall::bind);
  duckdb_table_function_set_init(function.get(), FeedCall::init);
  duckdb_table_function_set_function(function.get(), FeedCall::run);
  if (duckdb_register_table_function(connection_->handle(), function.get()) != DuckDBSuccess) {
    throw DuckError(ErrorKind::kOther, "Catalog Error: cannot register " + name);
  }
}

}  // namespace garland::duck
