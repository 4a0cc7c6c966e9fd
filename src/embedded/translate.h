// Bound statement → DuckDB SQL. Reads nothing but the bound tree; depends on no DuckDB setting: integer division, NULL order, every cast and
// parameter type are written out. No user's name reaches DuckDB: tables are t<oid>, columns c<attnum>, aliases generated.
//
// What it guarantees where DuckDB differs from Redshift: division and % by zero raise (22012), numeric overflow raises (22003), bad text raises (22P02),
// string lengths are checked or cut, trailing blanks are insignificant in comparisons. Errors that DuckDB raises at run time come back through
// duck/ and are given their SQLSTATE by translate_error().
#pragma once

#include <functional>
#include <string>
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
};

/// A list of constants that travels as data: bound as a DuckDB LIST value to parameter number `parameter`.
struct ListParameter {
  int32_t parameter;
  engine::Type element;
  std::vector<std::optional<std::string>> values;  // text forms
};

/// SQL for DuckDB. Parameters 1…n are the user's, then the statement's session values, then the lists.
struct Translation {
  std::string sql;
  std::vector<ListParameter> lists;
};

Translation translate_query(const semantics::BoundQuery& query, const PhysicalNames& names, int32_t parameters);
Translation translate_update(const semantics::BoundUpdate& update, const PhysicalNames& names, int32_t parameters);
Translation translate_delete(const semantics::BoundDelete& statement, const PhysicalNames& names, int32_t parameters);
/// A query whose result fills the table's stored columns (in attnum order, defaults included; identity columns are left out and are filled by
/// the session), for INSERT … SELECT.
Translation translate_insert(const semantics::BoundInsert& insert, const PhysicalNames& names, int32_t parameters);
/// The statements of a MERGE in order; the first ones are checks or deletes/updates, the last the insert. All run in one transaction.
std::vector<Translation> translate_merge(const semantics::BoundMerge& merge, const PhysicalNames& names, int32_t parameters);
/// DuckDB column type for a stored column: `DECIMAL(12,2)`, `VARCHAR`, `BLOB`, `TIMESTAMP`, `TIMESTAMPTZ`, `HUGEINT` never.
std::string duck_type(const engine::Type& type);

/// Turns a DuckDB run-time error text into Redshift's error (SQLSTATE and wording); texts raised by our own checks carry their SQLSTATE.
/// An unknown text becomes XX000 with a neutral message: no DuckDB wording reaches a user.
Error translate_error(std::string_view duckdb_message);

}  // namespace garland::embedded
