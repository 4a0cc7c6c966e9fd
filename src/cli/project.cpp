#include "cli/project.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "cli/logging.h"
#include "engine/text.h"
#include "ingest/toml_reader.h"
#include "redshift/redshift.h"

namespace garland::cli {
namespace {

FilePlace place_of(const std::filesystem::path& file, const toml::source_region& region) {
  return {file.string(), region.begin.line, region.begin.column};
}

Error config_error(const std::filesystem::path& file, const toml::node& node, std::string message) {
  return Error(kConfigFileError, std::move(message)).in(place_of(file, node.source()));
}

/// Keys that nobody reads are mistakes.
void allow_keys(const std::filesystem::path& file, const toml::table& table, std::string_view where,
                std::initializer_list<std::string_view> keys) {
  for (const auto& [key, node] : table) {
    if (std::find(keys.begin(), keys.end(), key.str()) != keys.end()) continue;
    throw config_error(file, node, fmt::format("unknown key \"{}\" in {}", key.str(), where))
        .hint(fmt::format("known here: {}", fmt::join(keys, ", ")));
  }
}

std::optional<std::string> text_at(const std::filesystem::path& file, const toml::table& table, std::string_view key) {
  const toml::node* node = table.get(key);
  if (!node) return std::nullopt;
  if (const auto text = node->value<std::string>(); node->is_string() && text) return *text;
  if (node->is_date()) {
    const toml::date date = *node->value<toml::date>();
    return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
  }
  throw config_error(file, *node, fmt::format("\"{}\" must be a text", key));
}

const toml::table* table_at(const std::filesystem::path& file, const toml::table& root, std::string_view key) {
  const toml::node* node = root.get(key);
  if (!node) return nullptr;
  if (!node->is_table()) throw config_error(file, *node, fmt::format("\"{}\" must be a table: [{}]", key, key));
  return node->as_table();
}

void read_shop(ProjectFile& project, const toml::table& shop) {
  allow_keys(project.file, shop, "[shop]", {"time_zone", "currency", "as_of"});
  project.time_zone = text_at(project.file, shop, "time_zone").value_or("UTC");
  project.as_of = text_at(project.file, shop, "as_of");
  if (project.as_of && !engine::read_date(*project.as_of)) {
    throw config_error(project.file, *shop.get("as_of"), fmt::format("as_of \"{}\" is not a date", *project.as_of))
        .hint("write it as YYYY-MM-DD");
  }
}

void read_answers(ProjectFile& project, const toml::node& node) {
  const toml::array* answers = node.as_array();
  if (!answers) throw config_error(project.file, node, "\"answer\" must be an array of tables: [[answer]]");
  for (const toml::node& entry : *answers) {
    const toml::table* answer = entry.as_table();
    if (!answer) throw config_error(project.file, entry, "\"answer\" must be an array of tables: [[answer]]");
    allow_keys(project.file, *answer, "[[answer]]", {"title", "sql"});
    const auto title = text_at(project.file, *answer, "title");
    const auto sql = text_at(project.file, *answer, "sql");
    if (!title || !sql) throw config_error(project.file, entry, "an [[answer]] needs a title and sql");
    project.answers.push_back({*title, *sql});
  }
}

void read_copy_folders(ProjectFile& project, const toml::table& table) {
  allow_keys(project.file, table, "[copy]", {"folders"});
  const toml::array* folders = table["folders"].as_array();
  if (!folders) throw config_error(project.file, table, "[copy] needs folders = [\"…\"]");
  for (const toml::node& folder : *folders) {
    const auto text = folder.value<std::string>();
    if (!text) throw config_error(project.file, folder, "a folder must be a string");
    project.copy_folders.push_back(project.folder / *text);
  }
}

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// Keys come from the environment, as Amazon's own tools take them: they do not belong into a file.
void read_s3(ProjectFile& project, const toml::table& table) {
  allow_keys(project.file, table, "[s3]", {"endpoint", "region", "tls", "path_style"});
  duck::S3Access& s3 = project.s3.emplace();
  if (const auto endpoint = text_at(project.file, table, "endpoint")) s3.endpoint = *endpoint;
  if (const auto region = text_at(project.file, table, "region")) s3.region = *region;
  s3.tls = table["tls"].value_or(true);
  s3.path_style = table["path_style"].value_or(false);
  s3.key_id = from_environment("AWS_ACCESS_KEY_ID");
  s3.secret = from_environment("AWS_SECRET_ACCESS_KEY");
  s3.session_token = from_environment("AWS_SESSION_TOKEN");
}

std::optional<int64_t> number_at(const std::filesystem::path& file, const toml::table& table, std::string_view key,
                                 int64_t most) {
  const toml::node* node = table.get(key);
  if (!node) return std::nullopt;
  const auto number = node->value_exact<int64_t>();
  if (number && *number >= 0 && *number <= most) return number;
  throw config_error(file, *node, fmt::format("\"{}\" must be a whole number from 0 to {}", key, most));
}

void read_serve(ProjectFile& project, const toml::table& table) {
  allow_keys(project.file, table, "[serve]",
             {"host", "port", "max_connections", "slots", "certificate", "key", "login_timeout_s", "idle_timeout_s",
              "idle_in_transaction_timeout_s", "drain_s", "http_port", "log", "slow_statement_ms"});
  endpoint::ServerOptions& options = project.serve.options;
  const auto number = [&](std::string_view key, auto& target, int64_t most) {
    using Target = std::remove_reference_t<decltype(target)>;
    if (const auto value = number_at(project.file, table, key, most)) target = Target(*value);
  };
  constexpr int64_t kMostSeconds = 30 * 24 * 3600;
  if (const auto host = text_at(project.file, table, "host")) options.host = *host;
  number("port", options.port, 65535);
  if (const auto port = number_at(project.file, table, "http_port", 65535)) options.http_port = uint16_t(*port);
  number("max_connections", options.max_connections, 2000);  // a cluster's limit
  number("slots", options.slots, 500);
  number("login_timeout_s", options.login_timeout, kMostSeconds);
  number("idle_timeout_s", options.idle_timeout, kMostSeconds);
  number("idle_in_transaction_timeout_s", options.idle_in_transaction_timeout, kMostSeconds);
  number("drain_s", options.drain, kMostSeconds);
  number("slow_statement_ms", project.slow_statement_ms, kMostSeconds * 1000);
  if (const auto log = text_at(project.file, table, "log")) {
    project.serve.log = log_format_named(*log);
    if (!project.serve.log) throw config_error(project.file, *table.get("log"), "\"log\" must be \"text\" or \"json\"");
  }
  if (const auto certificate = text_at(project.file, table, "certificate")) {
    project.serve.certificate = project.folder / *certificate;
  }
  if (const auto key = text_at(project.file, table, "key")) project.serve.key = project.folder / *key;
  if (project.serve.certificate.has_value() != project.serve.key.has_value()) {
    throw config_error(project.file, table, "[serve] needs certificate and key together");
  }
}

void read_audit(ProjectFile& project, const toml::table& table) {
  constexpr int64_t kMostDays = 36'500;
  allow_keys(project.file, table, "[audit]", {"days"});
  if (const auto days = number_at(project.file, table, "days", kMostDays)) {
    project.audit_days = static_cast<int32_t>(*days);
  }
}

void read_warehouse(ProjectFile& project, const toml::table& table) {
  constexpr uint64_t kLeast = 128u << 20;
  allow_keys(project.file, table, "[warehouse]", {"memory"});
  const auto bytes = ingest::TomlReader(project.file).bytes(table, "memory");
  if (bytes && *bytes < kLeast)
    throw config_error(project.file, *table.get("memory"), "\"memory\" must be 128MB or more");
  project.memory_bytes = static_cast<int64_t>(bytes.value_or(0));
}

toml::table parse(const std::filesystem::path& file) {
  try {
    return toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    throw Error(kConfigFileError, std::string(error.description())).in(place_of(file, error.source()));
  }
}

}  // namespace

ProjectFile read_project_file(const std::filesystem::path& folder) {
  ProjectFile project;
  project.folder = folder;
  project.file = folder / "garland.toml";
  if (!std::filesystem::exists(project.file)) {
    throw Error(kConfigFileError, fmt::format("{} is no project: it has no garland.toml", folder.string()))
        .hint("go to a project's folder or name it: --project DIR");
  }
  const toml::table root = parse(project.file);
  allow_keys(project.file, root, "garland.toml",
             {"project", "shop", "source", "sensitive", "answer", "copy", "s3", "serve", "audit", "warehouse"});
  project.name = std::filesystem::weakly_canonical(folder).filename().string();
  project.source_folder = folder / "data";
  if (const toml::table* table = table_at(project.file, root, "project")) {
    allow_keys(project.file, *table, "[project]", {"name", "data"});
    if (const auto name = text_at(project.file, *table, "name")) project.name = *name;
    if (const auto data = text_at(project.file, *table, "data")) project.source_folder = folder / *data;
  }
  if (const toml::table* shop = table_at(project.file, root, "shop")) read_shop(project, *shop);
  if (const toml::table* copy = table_at(project.file, root, "copy")) read_copy_folders(project, *copy);
  if (const toml::table* s3 = table_at(project.file, root, "s3")) read_s3(project, *s3);
  if (const toml::table* serve = table_at(project.file, root, "serve")) read_serve(project, *serve);
  if (const toml::table* audit = table_at(project.file, root, "audit")) read_audit(project, *audit);
  if (const toml::table* warehouse = table_at(project.file, root, "warehouse")) read_warehouse(project, *warehouse);
  if (const toml::node* answers = root.get("answer")) read_answers(project, *answers);
  return project;
}

std::filesystem::path warehouse_folder(const ProjectFile& project) {
  const char* moved = std::getenv("GARLAND_DATA");
  return moved && *moved ? std::filesystem::path(moved) : project.folder / ".garland";
}

std::unique_ptr<engine::Engine> open_warehouse(const ProjectFile& project, const std::filesystem::path& source_folder,
                                               const std::filesystem::path& socket) {
  embedded::Options options;
  options.data_folder = warehouse_folder(project);
  options.copy_folders = {source_folder};
  options.copy_folders.insert(options.copy_folders.end(), project.copy_folders.begin(), project.copy_folders.end());
  options.s3 = project.s3;
  options.socket = socket;
  options.slow_statement_ms = project.slow_statement_ms;
  options.audit_days = project.audit_days;
  options.memory_limit_bytes = project.memory_bytes;
  return embedded::open(options);
}

std::unique_ptr<engine::Engine> reach_warehouse(const ProjectFile& project,
                                                const std::filesystem::path& source_folder) {
  const auto socket = embedded::owner_socket(warehouse_folder(project));
  return socket ? redshift::open({.host = socket->parent_path().string()}) : open_warehouse(project, source_folder);
}

engine::Login local_login(const char* command) { return {"admin", "dev", std::string("garland ") + command}; }

int32_t parse_as_of(const std::string& text) {
  const auto day = engine::read_date(text);
  if (!day)
    throw Error(kInvalidDatetimeFormat, fmt::format("\"{}\" is not a date", text))
        .hint("write it as YYYY-MM-DD: --as-of 2011-12-09");
  return *day;
}

}  // namespace garland::cli
