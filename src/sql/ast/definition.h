// Definitions of tables, views, schemas, databases, functions, and their changes. See expression.h.
#pragma once

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
/// The limit of a schema's space, or none (UNLIMITED).
struct Quota {
  std::optional<int64_t> megabytes;
  bool operator==(const Quota&) const = default;
};
struct CreateSchema {
  bool if_not_exists = false;
  Name name;
  std::optional<Name> owner;
  std::optional<Quota> quota;
  bool operator==(const CreateSchema&) const = default;
};

enum class ObjectKind { kTable, kView, kSchema, kMaterializedView, kDatabase };
struct Drop {
  ObjectKind kind;
  bool if_exists = false;
  std::vector<QualifiedName> names;
  bool cascade = false;
  bool force = false;  // DROP DATABASE … FORCE
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
struct ChangeOwner {
  Name owner;
  bool operator==(const ChangeOwner&) const = default;
};
struct ChangeColumnType {
  Name column;
  TypeName type;
  bool operator==(const ChangeColumnType&) const = default;
};
struct ColumnEncoding {
  Name column;
  std::string encode;  // lower case
  bool operator==(const ColumnEncoding&) const = default;
};
struct ChangeEncodings {
  std::vector<ColumnEncoding> columns;
  bool operator==(const ChangeEncodings&) const = default;
};
/// ALTER DISTKEY, DISTSTYLE, SORTKEY, ENCODE AUTO, alone or combined; what is not named stays.
struct ChangeLayout {
  DistStyle dist_style = DistStyle::kDefault;
  std::optional<Name> dist_key;
  SortStyle sort_style = SortStyle::kDefault;  // kCompound where keys are given
  std::vector<Name> sort_keys;
  bool sort_none = false;
  bool encode_auto = false;
  bool operator==(const ChangeLayout&) const = default;
};
struct AddConstraint {
  TableConstraint constraint;
  bool operator==(const AddConstraint&) const = default;
};
struct DropConstraint {
  Name constraint;
  bool cascade = false;
  bool operator==(const DropConstraint&) const = default;
};
enum class AppendFill { kNone, kIgnoreExtra, kFillTarget };
struct AppendFrom {
  QualifiedName source;
  AppendFill fill = AppendFill::kNone;
  bool operator==(const AppendFrom&) const = default;
};
/// ALTER MATERIALIZED VIEW … AUTO REFRESH, ALTER TABLE … ALTER AUTOREFRESH.
struct ChangeAutoRefresh {
  bool on;
  bool operator==(const ChangeAutoRefresh&) const = default;
};
struct AlterTable {
  QualifiedName table;
  std::variant<RenameTable, RenameColumn, AddColumn, DropColumn, ChangeOwner, ChangeColumnType, ChangeEncodings,
               ChangeLayout, AddConstraint, DropConstraint, AppendFrom, ChangeAutoRefresh>
      action;
  bool materialized_view = false;  // ALTER MATERIALIZED VIEW
  bool operator==(const AlterTable&) const = default;
};
struct Truncate {
  QualifiedName table;
  bool operator==(const Truncate&) const = default;
};

// ---- schemas, databases, comments
struct RenameObject {
  Name to;
  bool operator==(const RenameObject&) const = default;
};
struct AlterSchema {
  Name schema;
  std::variant<RenameObject, ChangeOwner, Quota> action;
  bool operator==(const AlterSchema&) const = default;
};
struct DatabaseOptions {
  std::optional<Name> owner;
  std::optional<int32_t> connection_limit;  // -1: UNLIMITED
  std::optional<bool> case_sensitive;       // COLLATE
  std::optional<std::string> isolation;     // "serializable", "snapshot"
  bool operator==(const DatabaseOptions&) const = default;
};
struct CreateDatabase {
  Name database;
  DatabaseOptions options;
  bool operator==(const CreateDatabase&) const = default;
};
struct AlterDatabase {
  Name database;
  std::variant<RenameObject, DatabaseOptions /* exactly one of them */> action;
  bool operator==(const AlterDatabase&) const = default;
};
enum class CommentKind { kTable, kView, kColumn, kConstraint, kDatabase };
struct CommentOn {
  CommentKind kind;
  QualifiedName object;             // the relation, or the database
  std::optional<Name> part;         // the column or constraint
  std::optional<std::string> text;  // none: IS NULL
  bool operator==(const CommentOn&) const = default;
};

// ---- materialized views and functions
struct CreateMaterializedView {
  QualifiedName name;
  TableAttributes attributes;
  std::optional<bool> auto_refresh;
  Box<Query> query;
  bool operator==(const CreateMaterializedView&) const = default;
};
struct RefreshMaterializedView {
  QualifiedName view;
  bool cascade = false;
  bool operator==(const RefreshMaterializedView&) const = default;
};
enum class Volatility { kVolatile, kStable, kImmutable };
/// A SQL function; its arguments have no names of their own ($1, $2, …), though one may be written.
struct CreateFunction {
  bool or_replace = false;
  QualifiedName name;
  std::vector<TypeName> arguments;
  TypeName returns;
  Volatility volatility = Volatility::kVolatile;
  std::string body;
  Span body_span;  // of the quoted text
  bool operator==(const CreateFunction&) const = default;
};
struct FunctionSignature {
  QualifiedName name;
  std::vector<TypeName> arguments;
  bool operator==(const FunctionSignature&) const = default;
};
struct DropFunction {
  FunctionSignature function;
  bool if_exists = false;
  bool cascade = false;
  bool operator==(const DropFunction&) const = default;
};
struct AlterFunction {
  FunctionSignature function;
  std::variant<RenameObject, ChangeOwner> action;
  bool operator==(const AlterFunction&) const = default;
};

}  // namespace garland::sql
