// The `[[source]]` tables of a project's garland.toml: all kinds, read in one place, since names and raw tables are
// taken once among all of them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ingest/events/kafka_source.h"
#include "ingest/events/webhook_source.h"
#include "ingest/files/config.h"
#include "ingest/postgres/source.h"

namespace garland::cli {

/// Each kind in file order.
struct ProjectSources {
  std::vector<ingest::FileSource> files;
  std::vector<ingest::postgres::PostgresSource> databases;
  std::vector<ingest::events::WebhookSource> webhooks;
  std::vector<ingest::events::KafkaSource> topics;
  size_t size() const { return files.size() + databases.size() + webhooks.size() + topics.size(); }
};

/// Throws F0000 with file, line and column for what is not understood.
ProjectSources read_project_sources(const std::filesystem::path& garland_toml);

}  // namespace garland::cli
