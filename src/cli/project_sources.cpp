#include "cli/project_sources.h"

namespace garland::cli {

ProjectSources read_project_sources(const std::filesystem::path& garland_toml) {
  ProjectSources sources;
  sources.files = ingest::read_sources(garland_toml);
  sources.databases = ingest::postgres::read_postgres_sources(garland_toml, sources.files);
  sources.webhooks = ingest::events::read_webhook_sources(garland_toml, sources.files, sources.databases);
  sources.topics = ingest::events::read_kafka_sources(garland_toml, sources.files, sources.databases, sources.webhooks);
  return sources;
}

}  // namespace garland::cli
