// Queries: SELECT, set operations, WITH. See expression.h for how trees behave.
#pragma once

#include "sql/ast/expression.h"

namespace garland::sql {

struct TableRef;

/// `alias (column, …)` behind a relation; `alias at index` behind an unnested array.
struct Alias {
  Name name;
  std::vector<Name> columns;
  std::optional<Name> index = std::nullopt;
  bool operator==(const Alias&) const = default;
};

/// Also a path into a relation before it that needs no more than names: `from t, t.a x`. `written` as in ColumnRef.
struct NamedTable {
  QualifiedName name;
  std::optional<Alias> alias;
  std::vector<Attribute> written = {};
  bool operator==(const NamedTable&) const = default;
};
struct DerivedTable {
  Box<Query> query;
  std::optional<Alias> alias;
  bool operator==(const DerivedTable&) const;
};
struct FunctionTable {
  Call call;
  std::optional<Alias> alias;
  bool operator==(const FunctionTable&) const = default;
};
/// An array of SUPER as a relation of its elements: a path, `unnest(path) [with offset]`, or `unpivot path`, which
/// lists an object's attributes.
enum class UnnestForm { kPath, kFunction, kFunctionWithOffset, kUnpivot };
struct Unnest {
  UnnestForm form;
  Expr value;
  std::optional<Alias> alias;
  bool operator==(const Unnest&) const = default;
};
/// `input pivot (aggregate [as alias] for column in (value [as alias], …))`.
struct PivotValue {
  Expr value;
  std::optional<Name> alias;
  bool operator==(const PivotValue&) const = default;
};
struct Pivot {
  Box<TableRef> input;
  Expr aggregate;
  std::optional<Name> aggregate_alias;
  Name column;
  std::vector<PivotValue> values;
  std::optional<Alias> alias;
  bool operator==(const Pivot&) const;
};
/// `input unpivot [include nulls] (value for name in (column [as alias], …))`.
struct UnpivotColumn {
  Name column;
  std::optional<Name> alias;
  bool operator==(const UnpivotColumn&) const = default;
};
struct Unpivot {
  Box<TableRef> input;
  bool include_nulls;
  Name value, name;
  std::vector<UnpivotColumn> columns;
  std::optional<Alias> alias;
  bool operator==(const Unpivot&) const;
};
enum class JoinKind { kInner, kLeft, kRight, kFull, kCross };
struct Join {
  JoinKind kind;
  bool natural = false;
  Box<TableRef> left, right;
  std::optional<Expr> on;
  std::vector<Name> using_columns;
  bool operator==(const Join&) const;
};
struct TableRef {
  struct Node : std::variant<NamedTable, DerivedTable, FunctionTable, Join, Unnest, Pivot, Unpivot> {
    GARLAND_NODE();
    bool operator==(const Node&) const;
  };
  Node node;
  Span span;
  bool operator==(const TableRef&) const = default;
};

struct SelectItem {
  Expr expr;
  std::optional<Name> alias;
  bool operator==(const SelectItem&) const = default;
};

/// One element of GROUP BY: an expression (an ordinal is a NumberLiteral), or grouping sets over expression lists.
enum class GroupingKind { kRollup, kCube, kSets };
struct GroupingSets {
  GroupingKind kind;
  std::vector<std::vector<Expr>> sets;
  bool operator==(const GroupingSets&) const = default;
};
using GroupItem = std::variant<Expr, GroupingSets>;

/// SELECT … INTO table: the statement is CREATE TABLE AS (guide page r_SELECT_INTO). Only of a statement's first
/// SELECT.
struct IntoTable {
  QualifiedName name;
  bool temporary = false;
  bool operator==(const IntoTable&) const = default;
};

struct Select {
  bool distinct = false;
  std::optional<Box<Expr>> top;
  std::vector<SelectItem> items;
  std::optional<Box<IntoTable>> into;
  std::vector<TableRef> from;  // comma list
  std::optional<Expr> where;
  std::optional<Expr> start_with, connect_by;  // START WITH only beside CONNECT BY
  bool group_by_all = false;
  std::vector<GroupItem> group_by;
  std::optional<Expr> having;
  std::optional<Expr> qualify;
  bool operator==(const Select&) const = default;
};

enum class SetOp { kUnion, kIntersect, kExcept /* also MINUS */ };
struct QueryBody;
struct SetOperation {
  SetOp op;
  bool all = false;
  Box<QueryBody> left, right;
  bool operator==(const SetOperation&) const;
};
/// A query in parentheses is a Box<Query>: it may carry its own ORDER BY and LIMIT.
struct QueryBody {
  struct Node : std::variant<Select, SetOperation, Box<Query>> {
    GARLAND_NODE();
    bool operator==(const Node&) const;
  };
  Node node;
  Span span;
  bool operator==(const QueryBody&) const;
};

struct Cte {
  Name name;
  std::vector<Name> columns;
  Box<Query> query;
  bool operator==(const Cte&) const;
};

struct Query {
  bool recursive = false;
  std::vector<Cte> with;
  QueryBody body;
  std::vector<OrderItem> order_by;
  std::optional<Expr> limit;  // LIMIT ALL is no limit
  std::optional<Expr> offset;
  Span span;
  bool operator==(const Query&) const = default;
};

}  // namespace garland::sql
