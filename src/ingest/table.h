// A table that ingest makes and fills, whatever the source is: what it holds, that it exists, how rows get into it.
#pragma once

#include <charconv>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "semantics/catalog.h"

namespace garland::ingest {

struct TableColumn {
  std::string name;
  engine::Type type;
  bool not_null = false;
  std::string_view encoding = {};  // as ENCODE has it; empty: the engine chooses
};

std::vector<std::string> column_names(const std::vector<TableColumn>& columns);
std::vector<engine::Type> column_types(const std::vector<TableColumn>& columns);

/// The columns of a table, nothing when there is none. `table`, here and below: schema.table, quoted.
std::optional<std::vector<engine::ResultColumn>> columns_of(engine::Session& session, const std::string& table);
/// What keeps a raw table's columns from being those that its source wants, in words; nothing when they are.
std::optional<std::string> column_difference(const std::string& table, const std::vector<engine::ResultColumn>& found,
                                             const std::vector<TableColumn>& wanted, const std::string& source);
/// Creates a table where it is missing.
void create_table(engine::Session& session, const std::string& table, const std::vector<TableColumn>& columns);
/// The table as checks without an engine know it.
semantics::Relation as_relation(const std::string& schema, const std::string& name,
                                const std::vector<TableColumn>& columns);

/// True when every value of `from` is one of `to`: columns may be changed so.
bool widens(const engine::Type& from, const engine::Type& to);
/// Gives the column another type, which must widen its own; its rows keep their values. ALTER COLUMN TYPE widens texts
/// only, so the column is made anew beside the old one and then takes its name: in two transactions, since DuckDB
/// alters no table that a transaction has changed. Interrupted between them, it begins anew. Outside a transaction.
void widen_column(engine::Session& session, const std::string& table, const std::string& column,
                  const engine::Type& type);

/// Prepares the insertion of a row into `table`; its parameters are the columns in order.
std::unique_ptr<engine::Statement> prepare_insert(engine::Session& session, const std::string& table,
                                                  const std::vector<TableColumn>& columns);

/// Inserts the row.
void insert_row(engine::Session& session, const std::string& table, const std::vector<TableColumn>& columns,
                std::span<const engine::ParameterValue> values);
/// The columns in a statement: "a, b", quoted where SQL needs it.
std::string name_list(const std::vector<TableColumn>& columns);

/// Where the next row of `columns` goes.
engine::BatchBuilder& open_batch(std::deque<engine::BatchBuilder>& rows, const std::vector<TableColumn>& columns);
/// Loads the rows, if any, and takes them away. `table` is not quoted.
void load_rows(engine::Session& session, const std::string& table, const std::vector<TableColumn>& columns,
               std::deque<engine::BatchBuilder>& rows);

/// Microseconds since 1970 as a timestamp's text.
std::string moment_text(int64_t micros);
/// A whole number of a result; 0 for NULL.
template <class Number = int64_t>
Number number_in(const std::optional<std::string>& text) {
  Number value = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

}  // namespace garland::ingest
