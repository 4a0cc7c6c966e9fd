// What events become in the warehouse, whatever brings them: the raw table of a source and where each of its columns
// lies in an event, which is one JSON object.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/engine.h"
#include "engine/type.h"
#include "ingest/json_reader.h"
#include "ingest/sensitive/columns.h"
#include "ingest/table.h"
#include "ingest/toml_reader.h"

namespace garland::ingest::events {

struct EventTable : JsonShape {
  std::string source;                    // its name: stands in _source
  std::string schema, table;             // of the raw table
  std::optional<size_t> subject;         // the column of the shop's customer id, whose originals a row holds
  FilePlace place;                       // where the source stands in garland.toml
  std::vector<TableColumn> own_columns;  // what the kind of source adds before the provenance
};

/// The keys `table`, `columns`, `rest`, `subject` and `max_event_bytes` of a source. Throws F0000.
EventTable read_event_table(const TomlReader& reader, const toml::table& source, const SensitiveSettings& settings,
                            std::vector<TableColumn> own_columns);

/// Those of the raw table: as they are stored, the kind's own, the provenance.
std::vector<TableColumn> raw_columns(const EventTable& table);
/// `schema.table`, quoted where SQL needs it.
std::string raw_table(const EventTable& table);

/// Creates the raw table where it is missing. Throws 42804 when it has other columns.
void provide_raw_table(engine::Session& session, const EventTable& table);

}  // namespace garland::ingest::events
