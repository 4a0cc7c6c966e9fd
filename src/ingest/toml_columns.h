// What `[[source]]` tables of every kind say in the same words: columns with their types, the raw table.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/type.h"
#include "ingest/toml_reader.h"

namespace garland::ingest {

/// The key `type` of a column's table. Throws F0000 for what is no type of Redshift, or none that text can be loaded
/// into.
engine::Type read_column_type(const TomlReader& reader, const toml::table& column, std::string_view name);

/// The key `name` of a column's table: one that needs no quotes and is none of ingest's own.
std::string read_column_name(const TomlReader& reader, const toml::table& column);

/// What becomes of columns that a source did not have before.
enum class Drift { kQuarantine, kFreeze, kEvolve };
/// The key `drift` of a table; nothing without it. `quarantine`: what it does there, for the hint. Throws F0000.
std::optional<Drift> read_drift(const TomlReader& reader, const toml::table& table, std::string_view quarantine);

struct RawTableName {
  std::string schema, table;
};
/// The key `table` of a source. Throws F0000.
RawTableName read_raw_table_name(const TomlReader& reader, const toml::table& source, std::string_view name);

}  // namespace garland::ingest
