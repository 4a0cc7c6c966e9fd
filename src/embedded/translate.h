// Bound statement → DuckDB SQL. Reads nothing but the bound tree; depends on no DuckDB setting: integer division, NULL
// order, every cast and parameter type are written out. No user's name reaches DuckDB: tables are t<oid>, columns
// c<attnum>, aliases generated.
//
// What it guarantees where DuckDB differs from Redshift: division and % by zero raise (22012), numeric overflow raises
// (22003), bad text raises (22P02), string lengths are checked or cut, trailing blanks are insignificant in
// comparisons. Errors that DuckDB raises at run time come back through duck/ and are given their SQLSTATE by
// translate_error().
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "semantics/bound.h"

namespace garland::embedded {

/// How stored relations are called in DuckDB.
struct PhysicalNames {
  /// The full name, e.g. `w.main.t100123` or `temp.main.t100124`.
  std::function<std::string(semantics::Oid)> table;
  /// The catalog's relation of an oid.
  std::function<const semantics::Relation&(semantics::Oid)> relation;
  /// Whether a system relation is computed: its columns travel as lists. Missing: none is.
  std::function<bool(semantics::Oid)> computed = {};
};

/// A list of constants that travels as data: bound as a DuckDB LIST value to parameter number `parameter`.
struct ListParameter {
  int32_t parameter;
  engine::Type element;
  std::vector<std::optional<std::string>> values;  // text forms
  /// Not 0: instead of `values`, a column (from 0) of a computed relation, as it is when the statement runs.
  semantics::Oid relation = 0;
  size_t column = 0;
};

/// SQL for DuckDB. Parameters 1…n are the user's, then the statement's session values, then the lists; a text mentions
/// only those it needs, by their numbers ($3), so values are bound by name.
struct Translation {
  std::string sql;
  std::vector<ListParameter> lists;
};

/// `parameters` counts the user's parameters and the session values: lists are numbered behind them.
/// Texts longer than kMaxEngineTextBytes throw 54001.
Translation translate_query(const semantics::BoundQuery& query, const PhysicalNames& names, int32_t parameters);

/// UPDATE. NOT NULL is checked in the text (23502). When several rows of FROM match one target row, one of them decides
/// (the same one for the same data), or, with `error_on_multiple_matches`, it is 21000 (guide page
/// r_error_on_nondeterministic_update). The row count that DuckDB reports is the number of target rows.
Translation translate_update(const semantics::BoundUpdate& update, const PhysicalNames& names, int32_t parameters,
                             bool error_on_multiple_matches = false);
Translation translate_delete(const semantics::BoundDelete& statement, const PhysicalNames& names, int32_t parameters);

/// A query whose result fills the table's stored columns in the order of inserted_columns(), defaults included, for
/// INSERT … SELECT and for VALUES that are not all constants. NULLs are not checked: whoever writes the rows does.
Translation translate_insert(const semantics::BoundInsert& insert, const PhysicalNames& names, int32_t parameters);
/// Column numbers (index into Relation::columns) of translate_insert's result columns: all, but identity columns that
/// the statement gives no value for.
std::vector<int32_t> inserted_columns(const semantics::BoundInsert& insert, const semantics::Relation& table);

/// One statement of a MERGE. They run in order, in one transaction, on one connection.
enum class MergeStep {
  kStage,    // makes the temporary table kMergeStage: the matches. The only one with parameters
  kCheck,    // a query without rows; raises 21000 when a target row is matched twice
  kUpdate,   // its row count counts
  kDelete,   // its row count counts
  kInsert,   // a query whose rows are to be inserted, in the order of merge_inserted_columns()
  kCleanup,  // drops kMergeStage; also to be run when an earlier step failed outside DuckDB's rollback
};
inline constexpr std::string_view kMergeStage = "temp.main.merge_stage";
struct MergeStatement {
  MergeStep step;
  Translation translation;
};
std::vector<MergeStatement> translate_merge(const semantics::BoundMerge& merge, const PhysicalNames& names,
                                            int32_t parameters);
/// Column numbers of the kInsert query's result; identity columns without a value are left out.
std::vector<int32_t> merge_inserted_columns(const semantics::BoundMerge& merge, const semantics::Relation& table);

/// DuckDB column type for a stored column: `DECIMAL(12,2)`, `VARCHAR`, `BLOB`, `TIMESTAMP`, `TIMESTAMPTZ`, `HUGEINT`
/// never.
std::string duck_type(const engine::Type& type);

/// Turns a DuckDB run-time error text into Redshift's error (SQLSTATE and wording); texts raised by our own checks
/// carry their SQLSTATE. An unknown text becomes XX000 with a neutral message: no DuckDB wording reaches a user.
Error translate_error(std::string_view duckdb_message);

}  // namespace garland::embedded
