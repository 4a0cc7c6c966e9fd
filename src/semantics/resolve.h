// Statement + catalog → bound statement. One pass; pure; thread-safe. Errors as Redshift words them, with SQLSTATE and
// position.
#pragma once

#include <span>
#include <vector>

#include "semantics/bound.h"

namespace garland::semantics {

/// What the session's settings say of SUPER (guide page super-configurations).
struct SuperRules {
  bool case_sensitive_identifiers = false;  // enable_case_sensitive_identifier: attributes in double quotes
  bool case_sensitive_attributes = false;   // enable_case_sensitive_super_attribute
  bool strict_navigation = false;           // navigate_super_null_on_error off
  bool strict_casts = false;                // cast_super_null_on_error off
  bool null_on_parse_error = false;         // parse_super_null_on_error
  bool dedup_attributes = false;            // json_parse_dedup_attributes
  bool truncate_strings = false;            // json_parse_truncate_strings
};

struct ResolveOptions {
  /// Types the client announced for $1, $2, …; kUnknown or missing ones are inferred (42P18 when that is impossible).
  std::span<const Type> parameter_types = {};
  SuperRules super = {};
  /// The statement is the engine's own: it may name the base relations of system views.
  bool internal = false;
};

/// `text` is the statement's text, used in messages only.
BoundStatement resolve(const sql::Statement& statement, const Catalog& catalog, const ResolveOptions& options = {});

/// The Redshift type a written type names; throws 42704 for names that Redshift lacks, 0A000 for ones Garland does not
/// do yet, 22023 for modifiers out of range. Guide pages c_Supported_data_types, r_Character_types, r_Numeric_types201.
Type resolve_type(const sql::TypeName& name);

/// Where an output column's values come from: the stored columns that its expression reads (value lineage), through
/// views, CTEs, subqueries and set operations; filters and join conditions are not lineage.
struct ColumnLineage {
  std::string name;
  std::vector<Use> sources;
};
std::vector<ColumnLineage> lineage(const BoundQuery& query);

/// Relations named in a statement's FROM clauses and subqueries, as written, without CTE names; no catalog needed.
/// Models find their references with it.
std::vector<sql::QualifiedName> referenced_relations(const sql::Statement& statement);

/// The names of functions called, lower case, with their positions; for the ban on wall-clock functions in models.
struct CalledFunction {
  std::string name;
  Span span;
};
std::vector<CalledFunction> called_functions(const sql::Statement& statement);

}  // namespace garland::semantics
