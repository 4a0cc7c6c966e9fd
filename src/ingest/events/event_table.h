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
#include "ingest/sensitive/columns.h"
#include "ingest/table.h"
#include "ingest/toml_reader.h"
#include "records/json_path.h"

namespace garland::ingest::events {

struct EventColumn {
  std::string name;  // lower case, as in the raw table
  engine::Type type;
  std::string path;                      // `$.product.sku`; empty: the member named as the column is
  bool required = false;                 // an event without a value is refused
  std::optional<ColumnClass> sensitive;  // type is that of the original
};

struct EventTable {
  std::string source;         // its name: stands in _source
  std::string schema, table;  // of the raw table
  std::vector<EventColumn> columns;
  std::string rest;               // the SUPER column of what no column takes; empty: that is not kept
  std::optional<size_t> subject;  // the column of the shop's customer id, whose originals a row holds
  uint64_t max_event_bytes = 1u << 20;
  FilePlace place;                       // where the source stands in garland.toml
  std::vector<TableColumn> own_columns;  // what the kind of source adds before the provenance
};

/// The keys `table`, `columns`, `rest`, `subject` and `max_event_bytes` of a source. Throws F0000.
EventTable read_event_table(const TomlReader& reader, const toml::table& source, const SensitiveSettings& settings,
                            std::vector<TableColumn> own_columns);

/// The columns as events bring them, `rest` last.
std::vector<ColumnPlan> column_plans(const EventTable& table);
/// Those of the raw table: as they are stored, the kind's own, the provenance.
std::vector<TableColumn> raw_columns(const EventTable& table);
/// `schema.table`, quoted where SQL needs it.
std::string raw_table(const EventTable& table);

/// Creates the raw table where it is missing. Throws 42804 when it has other columns.
void provide_raw_table(engine::Session& session, const EventTable& table);

}  // namespace garland::ingest::events
