// A project's garland.toml as the commands need it, and where its data lies. The [[source]] part is ingest's to read.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "embedded/embedded.h"
#include "endpoint/server.h"

namespace garland::cli {

/// `[[answer]]`: a question that `garland run` answers at its end.
struct Answer {
  std::string title;
  std::string sql;
};

/// `[serve]`: how `garland serve` listens.
struct ServeSettings {
  endpoint::ServerOptions options;
  std::optional<std::filesystem::path> certificate, key;  // PEM; none: a self-made one
  std::optional<LogFormat> log;
};

struct ProjectFile {
  std::filesystem::path folder;
  std::filesystem::path file;        // <folder>/garland.toml
  std::string name;                  // default: the folder's name
  std::string time_zone = "UTC";     // IANA name
  std::optional<std::string> as_of;  // YYYY-MM-DD; none: today in time_zone
  std::filesystem::path
      source_folder;  // where source files lie: [project] data, relative to the project; default `data`
  std::vector<std::filesystem::path>
      copy_folders;                  // [copy] folders: what COPY and UNLOAD may use besides source_folder
  std::optional<duck::S3Access> s3;  // [s3] endpoint, region, tls, path_style; keys from the environment
  std::vector<Answer> answers;
  ServeSettings serve;
  int64_t slow_statement_ms = 1000;  // [serve]; embedded.h says what it does
  int32_t audit_days = 90;           // [audit] days
  int64_t memory_bytes = 0;          // [warehouse] memory; embedded.h says of what
};

/// Reads `<folder>/garland.toml`. Throws F0000 with file, line and column for what is not understood.
ProjectFile read_project_file(const std::filesystem::path& folder);

/// `<project>/.garland`, or where the environment's GARLAND_DATA says.
std::filesystem::path warehouse_folder(const ProjectFile& project);

/// The project's warehouse, opened by this process. COPY and UNLOAD may use the source folder and [copy] folders.
/// `socket`: where this process answers others; empty: nowhere.
std::unique_ptr<engine::Engine> open_warehouse(const ProjectFile& project, const std::filesystem::path& source_folder,
                                               const std::filesystem::path& socket = {});

/// The same, or, where a server has the warehouse open, that server: sessions over its Unix socket.
std::unique_ptr<engine::Engine> reach_warehouse(const ProjectFile& project, const std::filesystem::path& source_folder);

/// The login of a command at the machine's own terminal: the warehouse's administrator.
engine::Login local_login(const char* command);

/// 'YYYY-MM-DD' → days since 1970-01-01; throws 22007.
int32_t parse_as_of(const std::string& text);

}  // namespace garland::cli
