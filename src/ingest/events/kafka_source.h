// The `[[source]]` tables of kind "kafka" in a project's garland.toml: topics whose messages are events.
//
//   [[source]]
//   name = "sessions"
//   kind = "kafka"
//   brokers = "kafka-1.example.com:9093,kafka-2.example.com:9093"
//   topics = ["shop.sessions"]
//   table = "raw.sessions"             # and columns, rest, subject, max_event_bytes as kind "events" has them
//   start = "earliest"                 # of a partition that the warehouse does not know yet; or "latest"
//   group = "garland_sessions"         # under which Kafka is told how far the warehouse is; default garland_<name>
//   security = "sasl_ssl"              # plaintext (the default), ssl, sasl_plaintext, sasl_ssl
//   ca_file = "kafka-ca.pem"           # else the system's; certificate_file and key_file where brokers ask for one
//   mechanism = "SCRAM-SHA-512"        # of sasl: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512
//   user = "garland"
//   password_env = "KAFKA_PASSWORD"    # or password_file = "…"
//   retry_s = 30                       # how long a run waits for brokers that are down
#pragma once

#include <filesystem>
#include <vector>

#include "ingest/events/event_table.h"
#include "ingest/events/secret.h"
#include "ingest/events/webhook_source.h"

namespace garland::ingest::events {

enum class KafkaStart { kEarliest, kLatest };

struct KafkaSource {
  EventTable table;
  std::string brokers;
  std::vector<std::string> topics;
  std::string group;
  KafkaStart start = KafkaStart::kEarliest;
  int64_t retry_s = 30;
  std::string security = "plaintext";
  std::filesystem::path ca_file, certificate_file, key_file;  // empty: none
  std::string mechanism, user;
  std::optional<SecretPlace> password;
  const std::string& name() const { return table.source; }
};

/// In file order. Throws F0000 as read_webhook_sources() does, with the same file's other sources.
std::vector<KafkaSource> read_kafka_sources(const std::filesystem::path& garland_toml,
                                            const std::vector<FileSource>& files,
                                            const std::vector<postgres::PostgresSource>& databases,
                                            const std::vector<WebhookSource>& webhooks);

}  // namespace garland::ingest::events
