#include "ingest/events/webhook_source.h"

#include <fmt/format.h>

#include <algorithm>

namespace garland::ingest::events {
namespace {

/// It stands in a URL as it is.
void check_name(const TomlReader& reader, const toml::table& table, const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (name.size() <= kMaxIdentifierBytes && std::ranges::all_of(name, fits)) return;
  throw reader.error(*table.get("name"), fmt::format("\"{}\" is no name of a source of events", name))
      .hint("letters, digits, _ and -: it stands in the address, POST /events/reviews");
}

WebhookSource read_source(const TomlReader& reader, const toml::table& table, const SensitiveSettings& settings,
                          const std::filesystem::path& folder) {
  reader.allow_keys(table, "[[source]]",
                    {"name", "kind", "table", "columns", "rest", "subject", "max_event_bytes", "secret_env",
                     "secret_file", "previous_secret_env", "previous_secret_file"});
  WebhookSource source;
  source.table = read_event_table(reader, table, settings, {});
  check_name(reader, table, source.name());
  const auto secret = read_secret_place(reader, table, "secret", folder);
  if (!secret) {
    throw reader.error(table, fmt::format("source \"{}\" needs a secret, which its senders sign with", source.name()))
        .hint("name where it lies: secret_env = \"…\" or secret_file = \"…\"");
  }
  source.secret = *secret;
  source.previous_secret = read_secret_place(reader, table, "previous_secret", folder);
  return source;
}

}  // namespace

TakenNames::TakenNames(const std::vector<FileSource>& files, const std::vector<postgres::PostgresSource>& databases) {
  for (const FileSource& source : files) {
    names_.insert(source.name);
    tables_.insert(source.schema + "." + source.table);
  }
  for (const postgres::PostgresSource& source : databases) {
    names_.insert(source.name);
    for (const postgres::CapturedTable& table : source.tables) {
      tables_.insert(source.raw_schema + "." + table.target);
      tables_.insert(source.raw_schema + "." + table.target + "_changes");
    }
  }
}

void TakenNames::take(const TomlReader& reader, const toml::node& node, const EventTable& table) {
  if (!names_.insert(table.source).second)
    throw reader.error(node, fmt::format("two sources are named \"{}\"", table.source));
  const std::string raw = table.schema + "." + table.table;
  if (!tables_.insert(raw).second) throw reader.error(node, fmt::format("two sources would land in {}", raw));
}

std::vector<WebhookSource> read_webhook_sources(const std::filesystem::path& garland_toml,
                                                const std::vector<FileSource>& files,
                                                const std::vector<postgres::PostgresSource>& databases) {
  const TomlReader reader(garland_toml);
  const toml::table root = reader.parse();
  std::vector<WebhookSource> sources;
  const toml::array* tables = reader.array(root, "source");
  if (!tables) return sources;
  const SensitiveSettings settings = read_sensitive(garland_toml);
  TakenNames taken(files, databases);
  for (const toml::node& node : *tables) {
    if (source_kind(reader, node) != "events") continue;
    sources.push_back(read_source(reader, *node.as_table(), settings, garland_toml.parent_path()));
    taken.take(reader, node, sources.back().table);
  }
  return sources;
}

}  // namespace garland::ingest::events
