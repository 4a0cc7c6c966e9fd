#include "ingest/events/kafka_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "ingest/events/kafka_tables.h"

namespace garland::ingest::events {
namespace {

constexpr int64_t kMostRetryS = 86400;
/// Kafka's limit for names of topics (its source, org.apache.kafka.common.internals.Topic).
constexpr size_t kMostTopicBytes = 249;

/// One of the words that a key may have.
std::string read_word(const TomlReader& reader, const toml::table& table, std::string_view key,
                      std::initializer_list<std::string_view> words, std::string_view otherwise) {
  std::string word = reader.text(table, key).value_or(std::string(otherwise));
  if (std::ranges::find(words, word) != words.end()) return word;
  throw reader.error(*table.get(key), fmt::format("\"{}\" is no {} that is known", word, key))
      .hint(fmt::format("one of {}", fmt::join(words, ", ")));
}

void read_topics(const TomlReader& reader, const toml::table& table, KafkaSource& source) {
  const toml::array* topics = reader.array(table, "topics");
  if (!topics || topics->empty())
    throw reader.error(table, fmt::format("source \"{}\" needs \"topics\"", source.name()));
  for (const toml::node& node : *topics) {
    const auto topic = node.value_exact<std::string>();
    const auto fits = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
             c == '-';
    };
    if (!topic || topic->empty() || topic->size() > kMostTopicBytes || !std::ranges::all_of(*topic, fits)) {
      throw reader.error(node, "a topic is a text of letters, digits, ., _ and -");
    }
    if (std::ranges::find(source.topics, *topic) != source.topics.end())
      throw reader.error(node, fmt::format("topic \"{}\" stands here twice", *topic));
    source.topics.push_back(*topic);
  }
}

void read_security(const TomlReader& reader, const toml::table& table, KafkaSource& source,
                   const std::filesystem::path& folder) {
  source.security =
      read_word(reader, table, "security", {"plaintext", "ssl", "sasl_plaintext", "sasl_ssl"}, source.security);
  const auto file = [&](std::string_view key) {
    const auto path = reader.text(table, key);
    return path ? folder / *path : std::filesystem::path();
  };
  source.ca_file = file("ca_file");
  source.certificate_file = file("certificate_file");
  source.key_file = file("key_file");
  source.password = read_secret_place(reader, table, "password", folder);
  const bool sasl = source.security.starts_with("sasl");
  if (!sasl) {
    for (const char* const key : {"mechanism", "user", "password_env", "password_file"}) {
      if (!table.contains(key)) continue;
      throw reader.error(*table.get(key), fmt::format("\"{}\" goes with security = \"sasl_ssl\"", key));
    }
    return;
  }
  source.mechanism =
      read_word(reader, table, "mechanism", {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}, "SCRAM-SHA-512");
  source.user = reader.needed_text(table, fmt::format("source \"{}\"", source.name()), "user");
  if (!source.password) {
    throw reader.error(table, fmt::format("source \"{}\" needs a password", source.name()))
        .hint("name where it lies: password_env = \"…\" or password_file = \"…\"");
  }
}

KafkaSource read_source(const TomlReader& reader, const toml::table& table, const SensitiveSettings& settings,
                        const std::filesystem::path& folder) {
  reader.allow_keys(
      table, "[[source]]",
      {"name",      "kind",  "table",        "columns",      "rest",     "subject", "max_event_bytes",  "brokers",
       "topics",    "group", "start",        "retry_s",      "security", "ca_file", "certificate_file", "key_file",
       "mechanism", "user",  "password_env", "password_file"});
  KafkaSource source;
  source.table = read_event_table(reader, table, settings, kafka_columns());
  source.brokers = reader.needed_text(table, fmt::format("source \"{}\"", source.name()), "brokers");
  read_topics(reader, table, source);
  source.group = reader.text(table, "group").value_or("garland_" + source.name());
  const bool latest = read_word(reader, table, "start", {"earliest", "latest"}, "earliest") == "latest";
  source.start = latest ? KafkaStart::kLatest : KafkaStart::kEarliest;
  source.retry_s = reader.value<int64_t>(table, "retry_s", "a number of seconds").value_or(source.retry_s);
  if (source.retry_s < 0 || source.retry_s > kMostRetryS) {
    throw reader.error(*table.get("retry_s"), "\"retry_s\" must be from 0 to 86400 seconds");
  }
  read_security(reader, table, source, folder);
  return source;
}

}  // namespace

std::vector<KafkaSource> read_kafka_sources(const std::filesystem::path& garland_toml,
                                            const std::vector<FileSource>& files,
                                            const std::vector<postgres::PostgresSource>& databases,
                                            const std::vector<WebhookSource>& webhooks) {
  const TomlReader reader(garland_toml);
  const toml::table root = reader.parse();
  std::vector<KafkaSource> sources;
  const toml::array* tables = reader.array(root, "source");
  if (!tables) return sources;
  const SensitiveSettings settings = read_sensitive(garland_toml);
  TakenNames taken(files, databases);
  for (const WebhookSource& source : webhooks) taken.take(reader, *tables, source.table);
  for (const toml::node& node : *tables) {
    if (source_kind(reader, node) != "kafka") continue;
    sources.push_back(read_source(reader, *node.as_table(), settings, garland_toml.parent_path()));
    taken.take(reader, node, sources.back().table);
  }
  return sources;
}

}  // namespace garland::ingest::events
