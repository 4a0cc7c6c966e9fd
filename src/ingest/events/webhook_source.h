// The `[[source]]` tables of kind "events" in a project's garland.toml: what is sent to POST /events/<name>.
//
//   [[source]]
//   name = "reviews"
//   kind = "events"
//   table = "raw.reviews"
//   secret_env = "REVIEWS_SECRET"            # or secret_file = "…"; signatures are made with it
//   previous_secret_env = "REVIEWS_SECRET_1" # likewise: taken beside it while senders change over
//   rest = "payload"                         # members that no column takes, as SUPER
//   subject = "customer_id"
//   max_event_bytes = 1048576
//   columns = [
//     { name = "event_id", type = "varchar(40)", required = true },
//     { name = "sku",      type = "varchar(40)", path = "$.product.sku" },
//     { name = "email",    type = "varchar(254)", pii = "email" },
//   ]
#pragma once

#include <filesystem>
#include <set>
#include <vector>

#include "ingest/events/event_table.h"
#include "ingest/events/secret.h"
#include "ingest/files/config.h"
#include "ingest/postgres/source.h"

namespace garland::ingest::events {

struct WebhookSource {
  EventTable table;
  SecretPlace secret;
  std::optional<SecretPlace> previous_secret;
  const std::string& name() const { return table.source; }
};

/// In file order. Throws F0000 as read_sources() does; the others are the same file's other sources: names and raw
/// tables are taken once.
std::vector<WebhookSource> read_webhook_sources(const std::filesystem::path& garland_toml,
                                                const std::vector<FileSource>& files,
                                                const std::vector<postgres::PostgresSource>& databases);

/// Names and raw tables of a file's sources, each with the source that has it.
class TakenNames {
 public:
  TakenNames(const std::vector<FileSource>& files, const std::vector<postgres::PostgresSource>& databases);
  /// Throws F0000 at `node` when the source's name or raw table is another's.
  void take(const TomlReader& reader, const toml::node& node, const EventTable& table);

 private:
  std::set<std::string> names_, tables_;
};

}  // namespace garland::ingest::events
