// What changed columns of a source's table do to its raw table. Pure: the plan is carried out by the table's writer.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ingest/postgres/decoded_rows.h"
#include "ingest/postgres/source_table.h"

namespace garland::ingest::postgres {

struct DriftPlan {
  struct Added {
    TableColumn column;
    std::string source_name;
    std::optional<std::string> value;  // of the rows that were there before, as text
    bool classed = false;
  };
  std::vector<Added> added;
  std::vector<std::pair<std::string, engine::Type>> widened;
  std::vector<RowColumn> columns;    // of the raw table afterwards, in its order, the added ones last
  std::string quarantine;            // why the table's changes are rejected from now on; empty: they are not
  std::vector<std::string> notices;  // for people
  /// The raw tables must change before rows of the relation can land in them.
  bool changes_tables() const { return !added.empty() || !widened.empty(); }
};

/// `raw`: the source's columns as the raw table has them. `previous`: the columns that the source sent last, none when
/// this is the first time. Throws 55000 when the relation's key is not the table's; what check_tokens() throws; and
/// when a sensitive column went as a text without a class came, which may be the same one under another name.
///
///   a new column       evolve: added, with its default in the rows that are there; freeze: left out
///   a wider type       evolve: the raw column is widened; freeze: values that do not fit are rejected
///   a narrower type    nothing: the raw column holds its values
///   a column gone      it stays, with NULLs from now on; with a new one of its type: reported as maybe renamed
///   another type       the table's changes are rejected
/// A tokenised column is as wide as its token whatever its type at the source, as long as that is a text; a new one
/// leaves its default out of the rows that are there.
/// quarantine: any of these but the third rejects the table's changes.
///
/// A column that was added with a default has that value in the rows that were there, which are not in the log:
/// PostgreSQL keeps it apart, and so it is taken from `table`, the catalog as it is now, unless columns may have been
/// renamed since.
DriftPlan plan_drift(const SourceTable& table, const std::vector<TableColumn>& raw, const Relation& relation,
                     const Relation* previous, const SourceTypes& types);

/// What lies in the raw table in clear does not become a token, nor the other way round: throws 55000 when a column has
/// got a class or lost it since. `sent`: the source's columns, by their names in the raw table.
void check_tokens(const SourceTable& table, const std::vector<TableColumn>& raw, const std::vector<std::string>& sent);

}  // namespace garland::ingest::postgres
