// Queries: SELECT, set operations, WITH. See expression.h for how trees behave.
#pragma once

#include "sql/ast/expression.h"

namespace garland::sql {

struct TableRef;

/// `alias (column, …)` behind a relation.
struct Alias {
  Name name;
  std::vector<Name> columns;
  bool operator==(const Alias&) const = default;
};

struct NamedTable {
  QualifiedName name;
  std::optional<Alias> alias;
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
  std::variant<NamedTable, DerivedTable, FunctionTable, Join> node;
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

struct Select {
  bool distinct = false;
  std::optional<Box<Expr>> top;
  std::vector<SelectItem> items;
  std::vector<TableRef> from;  // comma list
  std::optional<Expr> where;
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
  std::variant<Select, SetOperation, Box<Query>> node;
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
