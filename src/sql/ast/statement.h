// Statements. One struct a statement; families (DDL, DML, transactions, COPY) stand together. See expression.h.
#pragma once

#include <map>

#include "sql/ast/access.h"
#include "sql/ast/query.h"

namespace garland::sql {

// ---- table definitions
enum class DistStyle { kDefault, kAuto, kEven, kKey, kAll };
enum class SortStyle { kDefault, kAuto, kCompound, kInterleaved };
struct Identity {
  int64_t seed = 1;
  int64_t step = 1;
  bool by_default = false;
  bool operator==(const Identity&) const = default;
};
/// Constraints other than NOT NULL are informational in Redshift; they are kept.
struct Reference {
  QualifiedName table;
  std::vector<Name> columns;
  bool operator==(const Reference&) const = default;
};
struct ColumnDefinition {
  Name name;
  TypeName type;
  std::optional<Expr> default_value;
  std::optional<Identity> identity;
  std::optional<std::string> encode;  // lower case
  bool dist_key = false, sort_key = false, not_null = false, unique = false, primary_key = false;
  std::optional<Reference> references;
  std::optional<bool> case_sensitive;  // COLLATE
  bool operator==(const ColumnDefinition&) const = default;
};
enum class ConstraintKind { kUnique, kPrimaryKey, kForeignKey };
struct TableConstraint {
  ConstraintKind kind;
  std::optional<Name> name;
  std::vector<Name> columns;
  std::optional<Reference> references;
  bool operator==(const TableConstraint&) const = default;
};
struct LikeClause {
  QualifiedName table;
  bool including_defaults = false;
  bool operator==(const LikeClause&) const = default;
};
struct TableAttributes {
  std::optional<bool> backup;
  DistStyle dist_style = DistStyle::kDefault;
  std::optional<Name> dist_key;
  SortStyle sort_style = SortStyle::kDefault;
  std::vector<Name> sort_keys;
  bool encode_auto = false;
  /// CREATE TABLE AS may number its columns, from 1: then dist_key and sort_keys hold digits.
  bool by_position = false;
  bool operator==(const TableAttributes&) const = default;
};
struct CreateTable {
  QualifiedName name;
  bool temporary = false;
  bool if_not_exists = false;
  std::vector<std::variant<ColumnDefinition, TableConstraint, LikeClause>> elements;
  TableAttributes attributes;
  bool operator==(const CreateTable&) const = default;
};
struct CreateTableAs {
  QualifiedName name;
  bool temporary = false;
  std::vector<Name> columns;
  TableAttributes attributes;
  Box<Query> query;
  bool operator==(const CreateTableAs&) const = default;
};
struct CreateView {
  QualifiedName name;
  bool or_replace = false;
  bool late_binding = false;  // WITH NO SCHEMA BINDING
  std::vector<Name> columns;
  Box<Query> query;
  bool operator==(const CreateView&) const = default;
};
struct CreateSchema {
  bool if_not_exists = false;
  Name name;
  std::optional<Name> owner;
  bool operator==(const CreateSchema&) const = default;
};

enum class ObjectKind { kTable, kView, kSchema };
struct Drop {
  ObjectKind kind;
  bool if_exists = false;
  std::vector<QualifiedName> names;
  bool cascade = false;
  bool operator==(const Drop&) const = default;
};
struct RenameTable {
  Name to;
  bool operator==(const RenameTable&) const = default;
};
struct RenameColumn {
  Name from, to;
  bool operator==(const RenameColumn&) const = default;
};
struct AddColumn {
  ColumnDefinition column;
  bool operator==(const AddColumn&) const = default;
};
struct DropColumn {
  Name column;
  bool cascade = false;
  bool operator==(const DropColumn&) const = default;
};
struct AlterTable {
  QualifiedName table;
  std::variant<RenameTable, RenameColumn, AddColumn, DropColumn> action;
  bool operator==(const AlterTable&) const = default;
};
struct Truncate {
  QualifiedName table;
  bool operator==(const Truncate&) const = default;
};

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

// ---- transactions and settings
struct Begin {
  std::optional<std::string> isolation;
  std::optional<bool> read_only;
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
  using Node = std::variant<Query, Insert, Update, Delete, Merge, Copy, CreateTable, CreateTableAs, CreateView,
                            CreateSchema, Drop, AlterTable, Truncate, Begin, Commit, Rollback, Set, Reset, Show,
                            CreateUser, AlterUser, CreateGroup, AlterGroup, CreateRole, AlterRole, DropPrincipals,
                            SetSessionAuthorization, Grant, AlterDefaultPrivileges, CreatePolicy, AlterPolicy,
                            DropPolicy, AttachPolicy, RowLevelSecurity, ShowObjects>;
  Node node;
  Span span;
  bool operator==(const Statement&) const = default;
};

}  // namespace garland::sql
