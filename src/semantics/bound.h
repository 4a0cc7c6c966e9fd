// The bound tree: what a statement means. Every name is an object, every expression has its Redshift type, every
// conversion is a BoundCast. Translation to DuckDB, result types, privileges and lineage read this and nothing else.
//
// The tree keeps SQL's shape (SELECT with FROM, WHERE, GROUP BY …), so that a translation is a print. Relation
// instances are numbered within a statement; a column is (relation instance, column number from 0). Plain values: Box
// copies deeply.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/box.h"
#include "engine/batch.h"
#include "engine/type.h"
#include "semantics/catalog.h"
#include "sql/ast/statement.h"

namespace garland::semantics {

using engine::Type;
using sql::Span;

struct BoundExpr;
struct BoundQuery;
struct BoundRelation;

/// A relation instance of a statement (one mention in FROM), unique within the statement.
using RelationNo = int32_t;

// ---- expressions

/// A constant with its type; exact text form (engine/text.h reads it): '12.50', '2011-12-09', 't'. NULL has no text.
struct BoundConstant {
  std::optional<std::string> text;
};
struct BoundColumn {
  RelationNo relation;
  int32_t column;
};  // `column` counts the relation's output columns from 0
struct BoundParameter {
  int32_t number;
};  // from 1
/// A scalar function, operator or conversion of Redshift's own function table (semantics/functions.h), by its canonical
/// lower-case name. Operators: "+", "-", "*", "/", "%", "^", "||", "=", "<>", "<", "<=", ">", ">=", "neg", "abs", "&",
/// "|", "#", "<<", ">>", "~", "like", "ilike", "similar", "regex", "regex_i" (2 or 3 arguments: escape), "is null",
/// "and" (n-ary), "or" (n-ary), "not", "is true", "is false", "is unknown", "at time zone". Negations are "not" around
/// them. Date parts are constant text arguments in canonical form ("day", "month", "dow", …). Arguments have exactly
/// the types the overload takes.
struct BoundCall {
  std::string function;
  std::vector<BoundExpr> arguments;
};
/// To the expression's type. `implicit`: put in by resolution; then overlong strings are errors where SQL says so.
enum class CastContext {
  kExplicit,
  kImplicit,
  kAssignment,  // INSERT, UPDATE: overlong strings are errors
  kStrict,      // from SUPER, any of these where cast_super_null_on_error is off: what cannot be cast is an error
};
struct BoundCast {
  CastContext context;
  Box<BoundExpr> operand;
};
struct BoundWhen {
  Box<BoundExpr> condition, result;
};
/// CASE, also what DECODE and NVL2 become when their NULL rules need it. Searched form only.
struct BoundCase {
  std::vector<BoundWhen> whens;
  std::optional<Box<BoundExpr>> otherwise;
};
/// `operand [not] in (list)`; more than a few dozen constants travel as data, not text.
struct BoundInList {
  Box<BoundExpr> operand;
  std::vector<BoundExpr> list;
};
/// A row of expressions compared with a query's row.
struct BoundInQuery {
  std::vector<BoundExpr> operands;
  Box<BoundQuery> query;
};
struct BoundExists {
  Box<BoundQuery> query;
};
struct BoundScalarQuery {
  Box<BoundQuery> query;
};
struct BoundQuantified {
  std::string op;
  bool all;
  Box<BoundExpr> operand;
  Box<BoundQuery> query;
};

struct BoundOrder;
/// An aggregate of the enclosing (or, if correlated, outer) query block: "count", "sum", "avg", "min", "max",
/// "listagg", … count(*) has no arguments.
struct BoundAggregate {
  std::string function;
  std::vector<BoundExpr> arguments;
  bool distinct = false;
  bool approximate = false;
  std::vector<BoundOrder> within_group;
};
struct BoundFrameEdge {
  sql::FrameBound bound;
  std::optional<Box<BoundExpr>> offset;
};
struct BoundFrame {
  sql::FrameUnit unit;
  BoundFrameEdge start, end;
};
/// A window function or an aggregate used as one.
struct BoundWindow {
  std::string function;
  std::vector<BoundExpr> arguments;
  bool distinct = false;
  bool ignore_nulls = false;
  std::vector<BoundOrder> within_group;
  std::vector<BoundExpr> partition_by;
  std::vector<BoundOrder> order_by;
  std::optional<BoundFrame> frame;
};
/// GROUPING(expr, …)
struct BoundGrouping {
  std::vector<BoundExpr> arguments;
};

struct BoundExpr {
  struct Node : std::variant<BoundConstant, BoundColumn, BoundParameter, BoundCall, BoundCast, BoundCase, BoundInList,
                             BoundInQuery, BoundExists, BoundScalarQuery, BoundQuantified, BoundAggregate,
                             Box<BoundWindow>,  // the largest by far, and rare: literals pay for a node's size
                             BoundGrouping> {
    GARLAND_NODE();
  };
  Node node;
  Type type;
  Span span;  // in the user's text; empty inside expanded views
};

struct BoundOrder {
  BoundExpr expr;
  bool descending = false;
  bool nulls_first = false;  // resolved: Redshift's NULLs are highest
};

// ---- relations

struct OutputColumn {
  std::string name;
  Type type;
  bool may_have_trailing_blanks = true;  // strings
};

/// A stored relation: a table, or a system table. Output column i is columns[i] of the catalog's relation.
struct BoundTable {
  Oid oid;
};
/// A derived table or an expanded view (`view` != 0).
struct BoundSubquery {
  Box<BoundQuery> query;
  Oid view = 0;
};
/// A mention of the CTE with this number (BoundCte::number).
struct BoundCteRef {
  int32_t cte;
};
/// The elements of a SUPER array, or the attributes of an object: columns value (SUPER) and, where it is asked for, the
/// index from 0 (BIGINT) or the name (VARCHAR). The expression reads relations before this one.
struct BoundUnnest {
  Box<BoundExpr> value;
  bool object;
};
enum class BoundJoinKind { kInner, kLeft, kRight, kFull, kCross };
/// The condition covers ON, USING and NATURAL; merged USING columns are expressions (coalesce) over both sides.
struct BoundJoin {
  BoundJoinKind kind;
  Box<BoundRelation> left, right;
  std::optional<BoundExpr> on;
};
/// One row without columns: SELECT without FROM.
struct BoundNothing {};

struct BoundRelation {
  struct Node : std::variant<BoundTable, BoundSubquery, BoundCteRef, BoundJoin, BoundUnnest, BoundNothing> {
    GARLAND_NODE();
  };
  Node node;
  RelationNo number = -1;             // -1 for joins and BoundNothing
  std::vector<OutputColumn> columns;  // empty for joins
  std::string alias;                  // what the statement calls it; for EXPLAIN only
};

// ---- queries

struct BoundOutput {
  std::string name;
  BoundExpr expr;
};

struct BoundSelect {
  bool distinct = false;
  std::vector<BoundOutput> outputs;
  BoundRelation from;  // comma lists are cross joins
  std::optional<BoundExpr> where;
  bool grouped = false;                                            // GROUP BY, or aggregates without it
  std::vector<BoundExpr> group_by;                                 // distinct grouping expressions
  std::optional<std::vector<std::vector<int32_t>>> grouping_sets;  // indexes into group_by
  std::optional<BoundExpr> having;
  std::optional<BoundExpr> qualify;
};
struct BoundBody;
struct BoundSetOperation {
  sql::SetOp op;
  bool all;
  Box<BoundBody> left, right;
};  // both sides already have equal column types
struct BoundBody {
  struct Node : std::variant<BoundSelect, BoundSetOperation, Box<BoundQuery>> {
    GARLAND_NODE();
  };
  Node node;
};

struct BoundCte {
  int32_t number;
  std::string name;
  std::vector<OutputColumn> columns;
  bool recursive = false;
  Box<BoundQuery> query;
};

/// ORDER BY stands either on an output column (by number) or, over a plain SELECT, on an expression of its scope.
struct BoundQueryOrder {
  std::variant<int32_t, BoundExpr> key;
  bool descending = false;
  bool nulls_first = false;
};

struct BoundQuery {
  std::vector<BoundCte> with;
  BoundBody body;
  std::vector<OutputColumn> columns;
  std::vector<BoundQueryOrder> order_by;
  std::optional<BoundExpr> limit, offset;  // constants or parameters, bigint
};

// ---- statements

/// INSERT: one expression source for every stored column, in attnum order of the catalog's columns.
struct BoundInsert {
  Oid table;
  /// Column numbers (index into Relation::columns) that the source's columns fill, in the source's order.
  std::vector<int32_t> targets;
  /// Literal rows (casts applied), or a query whose columns have the targets' types (assignment casts applied).
  std::variant<std::vector<std::vector<BoundExpr>>, BoundQuery> source;
  /// What every other column gets: its default, or nothing (NULL; identity columns are filled by the engine).
  std::vector<std::optional<BoundExpr>> defaults;  // by column number
};
struct BoundAssignment {
  int32_t column;
  BoundExpr value;
};
struct BoundUpdate {
  std::vector<BoundCte> with;
  Oid table;
  RelationNo target;
  std::optional<BoundRelation> from;
  std::optional<BoundExpr> where;
  std::vector<BoundAssignment> assignments;
};
struct BoundDelete {
  std::vector<BoundCte> with;
  Oid table;
  RelationNo target;
  std::optional<BoundRelation> from;
  std::optional<BoundExpr> where;
};
struct BoundMerge {
  Oid table;
  RelationNo target;
  BoundRelation source;
  BoundExpr on;
  bool matched_delete = false;
  std::vector<BoundAssignment> matched_update;
  std::vector<std::optional<BoundExpr>> insert_values;  // by column number; all empty: no NOT MATCHED clause
  bool remove_duplicates = false;
};
/// A constraint of a table by column numbers; `referenced` 0: the table itself, which is only being made.
struct BoundConstraint {
  sql::ConstraintKind kind;
  std::string name;
  std::vector<int32_t> columns;
  Oid referenced = 0;
  std::vector<int32_t> referenced_columns;
};
/// The relation to be made, complete but for its oid.
struct BoundCreateTable {
  bool if_not_exists;
  Relation table;
  sql::TableAttributes attributes;
  std::vector<BoundConstraint> constraints;
};
struct BoundCreateTableAs {
  Relation table;
  sql::TableAttributes attributes;
  BoundQuery query;
};
struct BoundCreateView {
  bool or_replace;
  Relation view;
  std::optional<BoundQuery> query; /* none when late-binding */
};
/// `view` has the query's text; `attributes` as in CREATE TABLE AS.
struct BoundCreateMaterializedView {
  Relation view;
  sql::TableAttributes attributes;
  bool auto_refresh;
  bool incremental;  // Redshift would refresh it incrementally (guide page materialized-view-refresh-sql-command)
  BoundQuery query;
};
struct BoundDrop {
  std::vector<Oid> relations;
  std::vector<std::string> schemas;
  bool cascade;
};
struct BoundAlterTable {
  Oid table;
  sql::AlterTable statement;
  std::optional<ColumnDef> added;  // ADD COLUMN; ALTER COLUMN … TYPE: what becomes of the column
  std::optional<BoundConstraint> constraint;
  Oid source = 0;  // APPEND FROM
};
struct BoundTruncate {
  Oid table;
};
struct BoundCopy {
  Oid table;
  std::vector<int32_t> targets;
  sql::Copy statement;
};
struct BoundUnload {
  BoundQuery query;
  std::vector<int32_t> partition_by;  // outputs of the query, from 0
  sql::Unload statement;
};
/// Statements whose only names are relations: LOCK, ANALYZE, VACUUM, COMMENT, REFRESH MATERIALIZED VIEW.
struct BoundNamed {
  sql::Statement statement;
  std::vector<Oid> relations;
};
struct BoundStatement;
struct BoundExplain {
  Box<BoundStatement> statement;
};
struct BoundFunction {
  bool or_replace;
  Function function;
};
/// DROP FUNCTION, ALTER FUNCTION; `function` 0: there is none (IF EXISTS).
struct BoundChangeFunction {
  sql::Statement statement;
  Oid function;
};
/// Statements that need no names: transactions, settings, CREATE SCHEMA.
struct BoundPlain {
  sql::Statement statement;
};

/// One (relation, column) that a statement reads or writes; for privileges, lineage and dependencies.
enum class Access { kSelect, kInsert, kUpdate, kDelete, kDrop, kAlter };
struct Use {
  Oid relation;
  int32_t column /* -1: the relation as a whole */;
  Access access;
  friend bool operator==(const Use&, const Use&) = default;
};

struct BoundStatement {
  struct Node : std::variant<BoundQuery, BoundInsert, BoundUpdate, BoundDelete, BoundMerge, BoundCopy, BoundUnload,
                             BoundCreateTable, BoundCreateTableAs, BoundCreateView, BoundDrop, BoundAlterTable,
                             BoundTruncate, BoundPlain, BoundCreateMaterializedView, BoundNamed, BoundExplain,
                             BoundFunction, BoundChangeFunction> {
    GARLAND_NODE();
  };
  Node node;
  std::vector<OutputColumn> columns;  // of the result; empty when the statement returns no rows
  std::vector<Type> parameters;       // type of $1, $2, …
  std::vector<Use> uses;              // without duplicates
  /// The SQL functions that the statement calls itself: what views and other functions call was their maker's to check.
  std::vector<Oid> functions;
  /// Names of settings and per-session functions that were bound as parameters after the user's ones:
  /// "getdate", "sysdate", "current_user", "current_setting:app.x", "current_setting_or_null:app.x" (NULL when it is
  /// not set) … in order; their values come with execution.
  std::vector<std::string> session_values;
};

}  // namespace garland::semantics
