#include "ingest/postgres/source.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <set>

#include "ingest/toml_reader.h"
#include "sql/printer.h"

namespace garland::ingest::postgres {
namespace {

/// PostgreSQL's limit for the names of slots and publications (NAMEDATALEN - 1).
constexpr std::string_view kQuarantine = "the table's changes go to ops.rejects";
constexpr size_t kMaxNameBytes = 63;
constexpr int64_t kMaxRetryS = 86400;
constexpr int64_t kMostThreads = 32;
constexpr int64_t kSecondsPerDay = 86400;

/// The address is parsed where it stands, so that a mistake in it has a line.
void check_uri(const TomlReader& reader, const toml::table& table, const std::string& uri) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(uri.c_str(), &message),
                                                                             PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> owned(message, PQfreemem);
  if (!options) {
    throw reader.error(*table.get("uri"), "\"uri\" is no address of a PostgreSQL database")
        .hint("for instance: postgresql://garland@db.example.com:5432/shop?sslmode=verify-full");
  }
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (std::string_view(option->keyword) != "password" || option->val == nullptr) continue;
    throw reader.error(*table.get("uri"), "\"uri\" holds a password")
        .hint("take it out and name where it lies: password_env = \"…\" or password_file = \"…\"");
  }
}

/// A name of a slot or publication that is made from the source's.
std::string default_name(const std::string& source) {
  std::string name = "garland_";
  for (const char c : source) {
    const auto byte = static_cast<unsigned char>(c);
    name += std::isalnum(byte) ? static_cast<char>(std::tolower(byte)) : '_';
  }
  return name.substr(0, kMaxNameBytes);
}

/// Slots take lower-case letters, digits and _ only (PostgreSQL documentation, "Replication Slots").
std::string read_name(const TomlReader& reader, const toml::table& table, std::string_view key,
                      const std::string& source) {
  const std::string name = reader.text(table, key).value_or(default_name(source));
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (!name.empty() && name.size() <= kMaxNameBytes && std::all_of(name.begin(), name.end(), fits)) return name;
  throw reader.error(*table.get(key), fmt::format("\"{}\" must be of lower-case letters, digits and _", key));
}

std::vector<ClassedColumn> read_classes(const TomlReader& reader, const toml::table& table,
                                        const SensitiveSettings& settings) {
  std::vector<ClassedColumn> classes;
  const toml::array* columns = reader.array(table, "columns");
  if (!columns) return classes;
  for (const toml::node& node : *columns) {
    const toml::table* column = node.as_table();
    if (!column) throw reader.error(node, "a column must be a table: { name = \"…\", pii = \"…\" }");
    reader.allow_keys(*column, "a column", {"name", "pii", "country", "country_from"});
    std::string name = reader.needed_text(*column, "a column", "name");
    reader.needed_text(*column, fmt::format("column \"{}\"", name), "pii");
    if (std::ranges::find(classes, name, &ClassedColumn::name) != classes.end())
      throw reader.error(node, fmt::format("column \"{}\" stands here twice", name));
    ColumnClass read = *read_class(reader, *column, name, settings);
    read.country_from = target_name(read.country_from);
    classes.push_back({std::move(name), std::move(read)});
  }
  return classes;
}

std::vector<std::string> read_ignored(const TomlReader& reader, const toml::table& table,
                                      const std::vector<ClassedColumn>& classes) {
  std::vector<std::string> ignored;
  const toml::array* columns = reader.array(table, "ignore");
  if (!columns) return ignored;
  for (const toml::node& column : *columns) {
    if (!column.is_string()) throw reader.error(column, "\"ignore\" lists names of columns");
    ignored.push_back(*column.value<std::string>());
    if (std::ranges::find(classes, ignored.back(), &ClassedColumn::name) == classes.end()) continue;
    throw reader.error(column, fmt::format("column \"{}\" is ignored and has a class", ignored.back()));
  }
  return ignored;
}

/// "400 days": whole days, as logs are kept by them.
std::optional<int64_t> read_days(const TomlReader& reader, const toml::table& table, std::string_view key,
                                 std::optional<int64_t> otherwise) {
  const auto seconds = reader.seconds(table, key);
  if (!seconds) return otherwise;
  if (*seconds % kSecondsPerDay == 0) return *seconds / kSecondsPerDay;
  throw reader.error(*table.get(key), fmt::format("\"{}\" must be of whole days", key))
      .hint(fmt::format("{} = \"30 days\"", key));
}

/// What holds for a source's tables, or for one.
void read_log_policy(const TomlReader& reader, const toml::table& table, CapturedTable& captured) {
  captured.current_rows = reader.value<bool>(table, "current_rows", "true or false").value_or(captured.current_rows);
  captured.keep_days = read_days(reader, table, "keep", captured.keep_days);
  captured.compact_after_days = read_days(reader, table, "compact_after", captured.compact_after_days);
  if (!captured.keep_days || !captured.compact_after_days || *captured.compact_after_days < *captured.keep_days) return;
  throw reader.error(
      *table.get(table.contains("compact_after") ? "compact_after" : "keep"),
      "changes are gone before they would be compacted: \"compact_after\" must be shorter than \"keep\"");
}

/// `like`: what holds for all of the source's tables.
CapturedTable read_table(const TomlReader& reader, const toml::node& node, const CapturedTable& like,
                         const SensitiveSettings& settings) {
  CapturedTable captured = like;
  captured.place = reader.place(node.source());
  std::string name;
  const toml::node* named = &node;
  if (const toml::table* table = node.as_table()) {
    reader.allow_keys(
        *table, "a table",
        {"name", "table", "drift", "ignore", "columns", "subject", "keep", "compact_after", "current_rows"});
    name = reader.needed_text(*table, "a table", "name");
    named = table->get("name");
    captured.target = reader.text(*table, "table").value_or("");
    captured.drift = read_drift(reader, *table, kQuarantine).value_or(like.drift);
    read_log_policy(reader, *table, captured);
    captured.classes = read_classes(reader, *table, settings);
    captured.ignore = read_ignored(reader, *table, captured.classes);
    if (const auto subject = reader.text(*table, "subject")) captured.subject = target_name(*subject);
  } else if (node.is_string()) {
    name = *node.value<std::string>();
  }
  const size_t dot = name.find('.');
  captured.schema = name.substr(0, dot);
  captured.name = dot == std::string::npos ? "" : name.substr(dot + 1);
  if (captured.schema.empty() || captured.name.empty()) {
    throw reader.error(*named, fmt::format("\"{}\" is no table of the source", name))
        .hint("schema.table, for instance public.orders");
  }
  if (captured.target.empty()) captured.target = target_name(captured.name);
  if (is_plain_name(captured.target) && captured.target.size() + kTwinSuffix.size() <= kMaxIdentifierBytes)
    return captured;
  throw reader.error(*named, fmt::format("\"{}\" is no name of a raw table", captured.target))
      .hint("give it one: { name = \"" + name + "\", table = \"orders\" }");
}

void read_tables(const TomlReader& reader, const toml::table& table, PostgresSource& source,
                 const SensitiveSettings& settings) {
  CapturedTable like;
  like.drift = read_drift(reader, table, kQuarantine).value_or(Drift::kEvolve);
  read_log_policy(reader, table, like);
  const toml::array* tables = reader.array(table, "tables");
  if (!tables || tables->empty()) throw reader.error(table, fmt::format("source \"{}\" needs \"tables\"", source.name));
  std::set<std::string> names;
  for (const toml::node& node : *tables) {
    source.tables.push_back(read_table(reader, node, like, settings));
    if (names.insert(source.tables.back().text()).second) continue;
    throw reader.error(node, fmt::format("table \"{}\" stands here twice", source.tables.back().text()));
  }
}

PostgresSource read_source(const TomlReader& reader, const toml::table& table, const SensitiveSettings& settings) {
  reader.allow_keys(table, "[[source]]",
                    {"name", "kind", "uri", "password_env", "password_file", "schema", "drift", "tables", "publication",
                     "slot", "retry_s", "wal_budget", "drop_slot_past", "keep", "compact_after", "current_rows",
                     "reconcile_every", "snapshot_threads"});
  PostgresSource source;
  source.place = reader.place(table.source());
  source.name = reader.needed_text(table, "[[source]]", "name");
  const std::string where = fmt::format("source \"{}\"", source.name);
  if (source.name.size() > kMaxIdentifierBytes) throw reader.error(*table.get("name"), "the name is too long");
  source.uri = reader.needed_text(table, where, "uri");
  check_uri(reader, table, source.uri);
  source.password_env = reader.text(table, "password_env");
  if (const auto file = reader.text(table, "password_file")) source.password_file = *file;
  if (source.password_env && source.password_file) {
    throw reader.error(*table.get("password_file"), "the password lies in one place: password_env or password_file");
  }
  source.raw_schema = reader.text(table, "schema").value_or(source.raw_schema);
  if (!is_plain_name(source.raw_schema) || source.raw_schema == "ops") {
    throw reader.error(*table.get("schema"), fmt::format("\"{}\" is no schema for raw tables", source.raw_schema))
        .hint("schema = \"raw\"");
  }
  source.publication = read_name(reader, table, "publication", source.name);
  source.slot = read_name(reader, table, "slot", source.name);
  source.retry_s = reader.value<int64_t>(table, "retry_s", "a number of seconds").value_or(source.retry_s);
  if (source.retry_s < 0 || source.retry_s > kMaxRetryS) {
    throw reader.error(*table.get("retry_s"), "\"retry_s\" must be from 0 to 86400 seconds");
  }
  if (const auto threads = reader.value<int64_t>(table, "snapshot_threads", "a number of connections")) {
    if (*threads < 1 || *threads > kMostThreads) {
      throw reader.error(*table.get("snapshot_threads"), "\"snapshot_threads\" must be from 1 to 32");
    }
    source.snapshot_threads = static_cast<unsigned>(*threads);
  }
  source.wal_budget = reader.bytes(table, "wal_budget");
  source.drop_slot_past = reader.bytes(table, "drop_slot_past");
  source.reconcile_every_s = reader.seconds(table, "reconcile_every");
  read_tables(reader, table, source, settings);
  return source;
}

/// Names and raw tables of all sources, each with the source that has it.
class Taken {
 public:
  Taken(const TomlReader& reader, const std::vector<FileSource>& files) : reader_(reader) {
    for (const FileSource& source : files) {
      names_.insert(source.name);
      tables_.insert(source.schema + "." + source.table);
    }
  }
  void take(const toml::node& node, const PostgresSource& source) {
    if (!names_.insert(source.name).second)
      throw reader_.error(node, fmt::format("two sources are named \"{}\"", source.name));
    for (const CapturedTable& table : source.tables) {
      for (const std::string& target :
           {table.target, table.target + "_changes", table.target + std::string(kTwinSuffix)}) {
        const std::string text = source.raw_schema + "." + target;
        if (tables_.insert(text).second) continue;
        throw reader_.error(node, fmt::format("two tables of sources would land in {}", text))
            .hint("give one another name: { name = \"" + table.text() + "\", table = \"…\" }");
      }
    }
  }

 private:
  const TomlReader& reader_;
  std::set<std::string> names_, tables_;
};

}  // namespace

std::string target_name(std::string name) {
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

std::optional<ColumnClass> class_of(const CapturedTable& table, const std::string& target) {
  for (const ClassedColumn& column : table.classes) {
    if (target_name(column.name) == target) return column.sensitive;
  }
  return std::nullopt;
}

bool holds_sensitive(const PostgresSource& source) {
  return std::ranges::any_of(source.tables, [](const CapturedTable& table) {
    return std::ranges::any_of(table.classes,
                               [](const ClassedColumn& column) { return column.sensitive.pii != PiiClass::kNone; });
  });
}

std::vector<PostgresSource> read_postgres_sources(const std::filesystem::path& garland_toml,
                                                  const std::vector<FileSource>& files) {
  const TomlReader reader(garland_toml);
  const toml::table root = reader.parse();
  std::vector<PostgresSource> sources;
  const toml::array* tables = reader.array(root, "source");
  if (!tables) return sources;
  const SensitiveSettings settings = read_sensitive(garland_toml);
  Taken taken(reader, files);
  for (const toml::node& node : *tables) {
    if (source_kind(reader, node) != "postgres") continue;
    sources.push_back(read_source(reader, *node.as_table(), settings));
    if (sources.back().password_file) {
      sources.back().password_file = garland_toml.parent_path() / *sources.back().password_file;
    }
    taken.take(node, sources.back());
  }
  return sources;
}

std::string raw_table(const PostgresSource& source, const CapturedTable& table) {
  return sql::quote_identifier(source.raw_schema) + "." + sql::quote_identifier(table.target);
}

std::string raw_tables(const PostgresSource& source) { return source.raw_schema + ".*"; }

std::string changes_table(const PostgresSource& source, const CapturedTable& table) {
  return sql::quote_identifier(source.raw_schema) + "." + sql::quote_identifier(table.target + "_changes");
}

}  // namespace garland::ingest::postgres
