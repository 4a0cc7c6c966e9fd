#include "ingest/toml_columns.h"

#include <fmt/format.h>

#include "semantics/resolve.h"
#include "sql/parser.h"

namespace garland::ingest {

engine::Type read_column_type(const TomlReader& reader, const toml::table& column, std::string_view name) {
  const std::string text = reader.needed_text(column, fmt::format("column \"{}\"", name), "type");
  try {
    const sql::Expr expression = sql::parse_expression("cast(null as " + text + ")");
    if (const auto* cast = std::get_if<sql::Cast>(&expression.node)) {
      const engine::Type type = semantics::resolve_type(cast->type);
      if (type.id != engine::TypeId::kHllSketch) return type;
    }
  } catch (const Error& error) {
    if (error.state() != kSyntaxError) throw reader.error(column, error.message()).hint(error.hint());
  }
  throw reader.error(column, fmt::format("\"{}\" is no type of a column to load", text))
      .hint("for instance: varchar(40), integer, decimal(12,2), date, timestamp");
}

std::string read_column_name(const TomlReader& reader, const toml::table& column) {
  std::string name = reader.needed_text(column, "a column", "name");
  if (is_plain_name(name) && name.front() != '_') return name;
  throw reader.error(*column.get("name"), fmt::format("\"{}\" is no name of a column", name))
      .hint("lower-case letters, digits and _, not beginning with _, which marks the columns that ingest adds");
}

std::optional<Drift> read_drift(const TomlReader& reader, const toml::table& table, std::string_view quarantine) {
  const auto text = reader.text(table, "drift");
  if (!text) return std::nullopt;
  if (*text == "evolve") return Drift::kEvolve;
  if (*text == "freeze") return Drift::kFreeze;
  if (*text == "quarantine") return Drift::kQuarantine;
  throw reader.error(*table.get("drift"), fmt::format("\"{}\" is no way to treat changed columns", *text))
      .hint(
          fmt::format("drift = \"evolve\" (new columns arrive), \"freeze\" (they are left out) or \"quarantine\" ({})",
                      quarantine));
}

RawTableName read_raw_table_name(const TomlReader& reader, const toml::table& source, std::string_view name) {
  const std::string text = reader.needed_text(source, fmt::format("source \"{}\"", name), "table");
  const size_t dot = text.find('.');
  RawTableName read{text.substr(0, dot), dot == std::string::npos ? "" : text.substr(dot + 1)};
  if (is_plain_name(read.schema) && is_plain_name(read.table) && read.schema != "ops") return read;
  throw reader.error(*source.get("table"), fmt::format("\"{}\" is no name of a raw table", text))
      .hint("schema.table in lower case, for instance raw.orders");
}

}  // namespace garland::ingest
