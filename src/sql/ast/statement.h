// Statements. One struct a statement; definitions stand in definition.h, what serves sessions and upkeep in
// session.h. See expression.h.
#pragma once

#include <map>

#include "sql/ast/access.h"
#include "sql/ast/definition.h"
#include "sql/ast/session.h"

namespace garland::sql {

// ---- data
struct DefaultMarker {
  bool operator==(const DefaultMarker&) const = default;
};  // DEFAULT in VALUES or SET
using ValueOrDefault = std::variant<Expr, DefaultMarker>;
struct Values {
  std::vector<std::vector<ValueOrDefault>> rows;
  bool operator==(const Values&) const = default;
};
struct Insert {
  QualifiedName table;
  std::vector<Name> columns;
  std::variant<Values, Box<Query>, DefaultMarker /* DEFAULT VALUES */> source;
  bool operator==(const Insert&) const = default;
};
struct Assignment {
  Name column;
  ValueOrDefault value;
  bool operator==(const Assignment&) const = default;
};
struct Update {
  std::vector<Cte> with;
  QualifiedName table;
  std::optional<Name> alias;
  std::vector<Assignment> assignments;
  std::vector<TableRef> from;
  std::optional<Expr> where;
  bool recursive = false;  // WITH RECURSIVE
  bool operator==(const Update&) const = default;
};
struct Delete {
  std::vector<Cte> with;
  QualifiedName table;
  std::optional<Name> alias;
  std::vector<TableRef> using_tables;
  std::optional<Expr> where;
  bool recursive = false;  // WITH RECURSIVE
  bool operator==(const Delete&) const = default;
};
struct MergeDelete {
  bool operator==(const MergeDelete&) const = default;
};
struct MergeUpdate {
  std::vector<Assignment> assignments;
  bool operator==(const MergeUpdate&) const = default;
};
struct MergeInsert {
  std::vector<Name> columns;
  std::vector<ValueOrDefault> values;
  bool operator==(const MergeInsert&) const = default;
};
/// REMOVE DUPLICATES has neither `matched` nor `not_matched`.
struct Merge {
  QualifiedName target;
  TableRef source;
  Expr on;
  std::optional<std::variant<MergeUpdate, MergeDelete>> matched;
  std::optional<MergeInsert> not_matched;
  bool remove_duplicates = false;
  bool operator==(const Merge&) const = default;
};

/// One COPY option: upper-case keyword ("DELIMITER", "IGNOREHEADER", "CSV", "IAM_ROLE"), with its arguments as written
/// (strings unescaped, numbers as digits, words upper case).
struct CopyOption {
  std::string name;
  std::vector<std::string> arguments;
  Span span;
  bool operator==(const CopyOption&) const = default;
};
struct Copy {
  QualifiedName table;
  std::vector<Name> columns;
  std::string source;  // the text between quotes
  Span source_span;
  std::vector<CopyOption> options;
  bool operator==(const Copy&) const = default;
};

/// Where the text between quotes stands in the statement: offsets into it become offsets into the statement. Says
/// nothing of what the statement means, so all are equal.
struct QuotedPlace {
  uint32_t begin = 0;             // of the text's first byte
  std::vector<uint32_t> escapes;  // offsets of the bytes that stand as two: a doubled quote, a backslash and its letter
  uint32_t at(uint32_t offset) const {
    uint32_t wider = 0;
    while (wider < escapes.size() && escapes[wider] < offset) ++wider;
    return begin + offset + wider;
  }
  friend bool operator==(const QuotedPlace&, const QuotedPlace&) { return true; }
};
/// UNLOAD ('query') TO 'target' options. The query's own spans count from the query's first byte; `place` moves them.
struct Unload {
  Box<Query> query = Box<Query>(Query{});
  QuotedPlace place;
  std::string target;
  Span target_span;
  std::vector<CopyOption> options;
  std::vector<Name> partition_by;
  bool partition_include = false;
  bool operator==(const Unload&) const = default;
};

// ---- transactions and settings
struct Begin {
  TransactionModes modes;
  bool operator==(const Begin&) const = default;
};
struct Commit {
  bool operator==(const Commit&) const = default;
};
struct Rollback {
  bool operator==(const Rollback&) const = default;
};
/// SET name {TO|=} value, …; no values means DEFAULT.
struct Set {
  bool local = false;
  std::string name;
  std::vector<std::string> values;
  bool operator==(const Set&) const = default;
};
struct Reset {
  std::string name; /* "all" */
  bool operator==(const Reset&) const = default;
};
struct Show {
  std::string name; /* "all" */
  bool operator==(const Show&) const = default;
};

struct Statement {
  struct Node : std::variant<Query, Insert, Update, Delete, Merge, Copy, Unload, CreateTable, CreateTableAs, CreateView,
                             CreateSchema, Drop, AlterTable, Truncate, Begin, Commit, Rollback, Set, Reset, Show,
                             // definition.h
                             AlterSchema, CreateDatabase, AlterDatabase, CommentOn, CreateMaterializedView,
                             RefreshMaterializedView, CreateFunction, DropFunction, AlterFunction,
                             // session.h
                             SetTransaction, Prepare, Execute, Deallocate, DeclareCursor, Fetch, CloseCursor, Explain,
                             Analyze, AnalyzeCompression, Vacuum, Lock,
                             // access.h
                             CreateUser, AlterUser, CreateGroup, AlterGroup, CreateRole, AlterRole, DropPrincipals,
                             SetSessionAuthorization, Grant, AlterDefaultPrivileges, CreatePolicy, AlterPolicy,
                             DropPolicy, AttachPolicy, RowLevelSecurity, ShowObjects> {
    GARLAND_NODE();
    bool operator==(const Node&) const;
  };
  Node node;
  Span span;
  bool operator==(const Statement&) const = default;
};

}  // namespace garland::sql
