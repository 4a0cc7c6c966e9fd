// A project read and resolved whole, without an engine: what `garland check` shows and `garland run` begins with.
#pragma once

#include <map>
#include <vector>

#include "cli/project.h"
#include "ingest/events/kafka_source.h"
#include "ingest/events/webhook_source.h"
#include "ingest/files/config.h"
#include "ingest/postgres/source.h"
#include "models/project.h"

namespace garland::cli {

struct CheckedProject {
  ProjectFile file;
  std::vector<ingest::FileSource> sources;
  ingest::SensitiveSettings sensitive;
  std::vector<ingest::postgres::PostgresSource> databases;
  std::vector<ingest::events::WebhookSource> webhooks;
  std::vector<ingest::events::KafkaSource> topics;
  models::Project models;
  std::map<models::ModelName, semantics::Relation> relations;  // what each model's columns are
};

/// Throws models::ProjectErrors with everything that is wrong, or the first Error of garland.toml.
CheckedProject check_whole_project(const std::filesystem::path& folder);

}  // namespace garland::cli
