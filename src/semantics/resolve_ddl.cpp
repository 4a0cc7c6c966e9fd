// CREATE TABLE, CREATE TABLE AS, ALTER TABLE, DROP, CREATE SCHEMA (guide pages r_CREATE_TABLE_NEW, r_CREATE_TABLE_AS,
// r_ALTER_TABLE).
#include <algorithm>
#include <array>

#include "semantics/ast_walk.h"
#include "semantics/resolver.h"
#include "semantics/similar.h"
#include "sql/printer.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

constexpr size_t kMostCompoundKeys = 400;
constexpr size_t kMostInterleavedKeys = 8;

[[noreturn]] void refuse(SqlState state, std::string message, Span span) {
  throw Error(state, std::move(message)).at(span.begin);
}

bool can_be_key(const Type& type) {
  return type.id != TypeId::kSuper && type.id != TypeId::kVarbyte && type.id != TypeId::kHllSketch;
}

void check_key(const ColumnDef& column, std::string_view what, Span span) {
  if (can_be_key(column.type)) return;
  refuse(
      kFeatureNotSupported,
      "column \"" + column.name + "\" of type " + engine::to_string(column.type) + " cannot be a " + std::string(what),
      span);
}

/// Guide page c_Compression_encodings.
bool encoding_fits(std::string_view encoding, const Type& type) {
  const bool number = type.is_integer() || type.id == TypeId::kDecimal;
  const bool moment = type.id == TypeId::kDate || type.id == TypeId::kTimestamp || type.id == TypeId::kTimestampTz;
  const bool time = type.id == TypeId::kTime || type.id == TypeId::kTimeTz;
  const bool wide = type.id == TypeId::kInteger || type.id == TypeId::kBigint;
  if (encoding == "raw") return true;
  if (encoding == "az64") return number || moment || time;
  if (encoding == "bytedict") return number || type.is_float() || type.is_string() || moment;
  if (encoding == "delta") return type.id == TypeId::kSmallint || wide || moment || type.id == TypeId::kDecimal;
  if (encoding == "delta32k") return wide || moment || type.id == TypeId::kDecimal;
  if (encoding == "lzo")
    return number || type.is_string() || moment || type.id == TypeId::kSuper || type.id == TypeId::kVarbyte;
  if (encoding == "mostly8") return number;
  if (encoding == "mostly16") return wide || type.id == TypeId::kDecimal;
  if (encoding == "mostly32") return type.id == TypeId::kBigint || type.id == TypeId::kDecimal;
  if (encoding == "text255" || encoding == "text32k") return type.id == TypeId::kVarchar;
  const bool common = number || type.is_float() || type.is_string() || moment || type.id == TypeId::kBoolean;
  if (encoding == "runlength") return common;
  return common || type.id == TypeId::kSuper || type.id == TypeId::kVarbyte;  // zstd
}

void check_encoding(const std::string& encoding, const ColumnDef& column, Span span) {
  constexpr std::array<std::string_view, 13> kEncodings{"raw",     "az64",      "bytedict", "delta",    "delta32k",
                                                        "lzo",     "mostly8",   "mostly16", "mostly32", "text255",
                                                        "text32k", "runlength", "zstd"};
  if (std::ranges::find(kEncodings, encoding) == kEncodings.end()) {
    throw Error(kSyntaxError, "unknown encoding \"" + encoding + "\"")
        .hint(did_you_mean(similar_names(encoding, kEncodings)))
        .at(span.begin);
  }
  if (!encoding_fits(encoding, column.type)) {
    refuse(kInvalidColumnDefinition,
           "encoding " + encoding + " is not supported for column \"" + column.name + "\" of type " +
               engine::to_string(column.type),
           span);
  }
}

ColumnDef* column_of(Relation& table, const sql::Name& name) {
  for (ColumnDef& column : table.columns) {
    if (column.name == name.text) return &column;
  }
  return nullptr;
}

ColumnDef& key_column(Relation& table, const sql::Name& name) {
  if (ColumnDef* column = column_of(table, name)) return *column;
  std::vector<std::string_view> names;
  for (const ColumnDef& column : table.columns) names.push_back(column.name);
  throw Error(kUndefinedColumn, "column \"" + name.text + "\" named in key does not exist")
      .hint(did_you_mean(similar_names(name.text, names)))
      .at(name.span.begin);
}

/// The keys of a CREATE TABLE AS that numbers its columns, by their names (guide page r_CTAS_examples).
void name_keys(sql::TableAttributes& attributes, const Relation& table) {
  if (!attributes.by_position) return;
  const auto name = [&](sql::Name& key) {
    const size_t number = std::stoul(key.text);
    if (number == 0 || number > table.columns.size())
      refuse(kInvalidColumnReference, "key position " + key.text + " is not in the select list", key.span);
    key.text = table.columns[number - 1].name;
  };
  if (attributes.dist_key) name(*attributes.dist_key);
  for (sql::Name& key : attributes.sort_keys) name(key);
  attributes.by_position = false;
}

void check_columns(const Relation& table, Span span) {
  if (table.columns.empty())
    refuse(kInvalidTableDefinition, "table \"" + table.name + "\" must have at least one column", span);
  if (table.columns.size() > kMaxColumns) {
    refuse(kTooManyColumns, "tables can have at most " + std::to_string(kMaxColumns) + " columns", span);
  }
}

void add_column(Relation& table, ColumnDef column, Span span) {
  if (table.find_column(column.name))
    refuse(kDuplicateColumn, "column \"" + column.name + "\" specified more than once", span);
  column.attnum = static_cast<int16_t>(table.columns.size() + 1);
  table.columns.push_back(std::move(column));
}

bool holds_query(const sql::Expr& expr) {
  bool found = false;
  walk_expression(expr, overloaded{[&](const sql::Query&) { found = true; }, [](const auto&) {}});
  return found;
}

void check_constraint(Relation& table, const sql::TableConstraint& constraint) {
  for (const sql::Name& name : constraint.columns) {
    ColumnDef& column = key_column(table, name);
    if (constraint.kind == sql::ConstraintKind::kPrimaryKey) column.not_null = true;
  }
}

}  // namespace

ColumnDef Resolver::column_definition(const sql::ColumnDefinition& definition) {
  ColumnDef column;
  column.name = definition.name.text;
  column.type = resolve_type(definition.type);
  column.not_null = definition.not_null || definition.primary_key || definition.identity.has_value();
  if (definition.case_sensitive && !*definition.case_sensitive) {
    refuse(kFeatureNotSupported, "COLLATE CASE_INSENSITIVE is not supported yet", definition.name.span);
  }
  if (definition.identity) {
    if (column.type.id != TypeId::kInteger && column.type.id != TypeId::kBigint) {
      refuse(kInvalidColumnDefinition, "identity column \"" + column.name + "\" must be INTEGER or BIGINT",
             definition.type.span);
    }
    if (definition.identity->step == 0)
      refuse(kInvalidParameterValue, "identity step cannot be 0", definition.name.span);
    if (definition.default_value) {
      refuse(kSyntaxError, "column \"" + column.name + "\" has both a default and an identity", definition.name.span);
    }
    column.identity =
        IdentitySpec{definition.identity->seed, definition.identity->step, definition.identity->by_default};
  }
  if (definition.encode) {
    check_encoding(*definition.encode, column, definition.name.span);
    column.encode = *definition.encode;
  }
  if (definition.default_value) {
    Scope scope;
    scope.clause = Clause::kDefault;
    if (holds_query(*definition.default_value)) {
      refuse(kFeatureNotSupported, "cannot use subquery in default expression", definition.default_value->span);
    }
    assigned(expression(*definition.default_value, scope), column);
    column.default_text = sql::print(*definition.default_value);
  }
  column.may_have_trailing_blanks = false;  // an empty table has none; every write path says when that changes
  return column;
}

void Resolver::add_like(const sql::LikeClause& like, Relation& table) {
  const Relation& source = relation(like.table);
  if (source.kind != RelationKind::kTable)
    refuse(kWrongObjectType, "\"" + source.name + "\" is not a table", like.table.span);
  use(source.oid, -1, Access::kSelect);
  int16_t sort_key = 0;
  for (const ColumnDef& column : table.columns) sort_key = std::max(sort_key, column.sort_key);
  for (ColumnDef column : source.columns) {
    if (!like.including_defaults) column.default_text.reset();
    column.identity.reset();
    column.may_have_trailing_blanks = false;
    if (column.sort_key > 0) column.sort_key = static_cast<int16_t>(column.sort_key + sort_key);
    add_column(table, std::move(column), like.table.span);
  }
}

void Resolver::apply_attributes(const sql::TableAttributes& attributes, Relation& table) {
  if (attributes.dist_key) {
    for (const ColumnDef& column : table.columns) {
      if (column.dist_key)
        refuse(kSyntaxError, "multiple distribution keys are not allowed", attributes.dist_key->span);
    }
    key_column(table, *attributes.dist_key).dist_key = true;
  }
  const auto key = std::ranges::find_if(table.columns, [](const ColumnDef& column) { return column.dist_key; });
  const bool keyed = key != table.columns.end();
  const Span span = attributes.dist_key ? attributes.dist_key->span : Span{};
  if (keyed) check_key(*key, "distribution key", span);
  if (keyed && (attributes.dist_style == sql::DistStyle::kAll || attributes.dist_style == sql::DistStyle::kEven)) {
    refuse(kInvalidTableDefinition, "a distribution key needs DISTSTYLE KEY", span);
  }
  if (!keyed && attributes.dist_style == sql::DistStyle::kKey)
    refuse(kInvalidTableDefinition, "DISTSTYLE KEY needs a distribution key", span);
  if (!attributes.sort_keys.empty()) {
    const bool interleaved = attributes.sort_style == sql::SortStyle::kInterleaved;
    const size_t most = interleaved ? kMostInterleavedKeys : kMostCompoundKeys;
    if (attributes.sort_keys.size() > most) {
      refuse(kProgramLimitExceeded,
             std::string(interleaved ? "an interleaved" : "a compound") + " sort key has at most " +
                 std::to_string(most) + " columns",
             attributes.sort_keys[most].span);
    }
    for (const ColumnDef& column : table.columns) {
      if (column.sort_key > 0)
        refuse(kSyntaxError, "sort key is specified more than once", attributes.sort_keys[0].span);
    }
    int16_t position = 0;
    for (const sql::Name& name : attributes.sort_keys) {
      ColumnDef& column = key_column(table, name);
      if (column.sort_key > 0)
        refuse(kDuplicateColumn, "column \"" + name.text + "\" specified more than once", name.span);
      column.sort_key = ++position;
    }
  }
  for (const ColumnDef& column : table.columns) {
    if (column.sort_key > 0)
      check_key(column, "sort key", attributes.sort_keys.empty() ? Span{} : attributes.sort_keys[0].span);
  }
}

void Resolver::statement(const sql::CreateTable& create) {
  BoundCreateTable bound{create.if_not_exists, new_relation(create.name, create.temporary, create.if_not_exists),
                         create.attributes};
  Relation& table = bound.table;
  int16_t sort_key = 0;
  for (const auto& element : create.elements) {
    if (const auto* definition = std::get_if<sql::ColumnDefinition>(&element)) {
      ColumnDef column = column_definition(*definition);
      const bool second = std::ranges::any_of(table.columns, [](const ColumnDef& other) { return other.dist_key; });
      if (definition->dist_key && second)
        refuse(kSyntaxError, "multiple distribution keys are not allowed", definition->name.span);
      column.dist_key = definition->dist_key;
      if (definition->sort_key) column.sort_key = ++sort_key;
      add_column(table, std::move(column), definition->name.span);
      if (definition->references) relation(definition->references->table);
    } else if (const auto* like = std::get_if<sql::LikeClause>(&element)) {
      add_like(*like, table);
    }
  }
  check_columns(table, create.name.span);
  for (const auto& element : create.elements) {
    const auto* constraint = std::get_if<sql::TableConstraint>(&element);
    if (!constraint) continue;
    check_constraint(table, *constraint);
    if (constraint->references) relation(constraint->references->table);
  }
  apply_attributes(create.attributes, table);
  result_.node = std::move(bound);
}

void Resolver::statement(const sql::CreateTableAs& create) {
  if (user_parameters_ > 0)
    throw Error(kUndefinedParameter, "there is no parameter $1").hint("CREATE TABLE AS has no parameters");
  BoundCreateTableAs bound{new_relation(create.name, create.temporary, false), create.attributes,
                           query(*create.query, nullptr)};
  std::vector<OutputColumn> columns = bound.query.columns;
  rename_columns(columns, create.columns, bound.table.name,
                 create.columns.empty() ? create.name.span : create.columns[0].span);
  for (OutputColumn& column : columns) {
    ColumnDef definition;
    definition.name = std::move(column.name);
    definition.type = column.type;
    definition.may_have_trailing_blanks = column.type.id == TypeId::kVarchar && column.may_have_trailing_blanks;
    add_column(bound.table, std::move(definition), create.query->span);
  }
  check_columns(bound.table, create.name.span);
  name_keys(bound.attributes, bound.table);
  apply_attributes(bound.attributes, bound.table);
  result_.node = std::move(bound);
}

void Resolver::statement(const sql::CreateSchema& create) {
  if (!create.if_not_exists && catalog_.has_schema(create.name.text)) {
    throw Error(kDuplicateSchema, "schema \"" + create.name.text + "\" already exists").at(create.name.span.begin);
  }
  if (create.name.text.starts_with("pg_")) {
    throw Error(SqlState("42939"), "unacceptable schema name \"" + create.name.text + "\"")
        .detail("The prefix \"pg_\" is reserved for system schemas.")
        .at(create.name.span.begin);
  }
  result_.node = BoundPlain{sql::Statement{create, {}}};
}

void Resolver::statement(const sql::Drop& drop) {
  BoundDrop bound{{}, {}, drop.cascade};
  for (const sql::QualifiedName& name : drop.names) {
    if (drop.kind == sql::ObjectKind::kSchema) {
      if (catalog_.has_schema(name.last().text)) {
        bound.schemas.push_back(name.last().text);
      } else if (!drop.if_exists) {
        refuse(kInvalidSchemaName, "schema \"" + name.last().text + "\" does not exist", name.span);
      }
      continue;
    }
    const bool wants_view = drop.kind == sql::ObjectKind::kView;
    const Relation* found = find_relation(name);
    if (!found) {
      if (drop.if_exists) continue;
      const std::string schema = name.parts.size() > 1 ? name.parts[name.parts.size() - 2].text : std::string();
      throw Error(kUndefinedTable,
                  std::string(wants_view ? "view" : "table") + " \"" + name.last().text + "\" does not exist")
          .hint(did_you_mean(catalog_.similar_relations(schema, name.last().text)))
          .at(name.span.begin);
    }
    const bool view = found->kind == RelationKind::kView || found->kind == RelationKind::kLateBindingView;
    if (view != wants_view) {
      throw Error(kWrongObjectType, "\"" + found->name + "\" is not a " + (wants_view ? "view" : "table"))
          .hint(wants_view ? "Use DROP TABLE to remove a table." : "Use DROP VIEW to remove a view.")
          .at(name.span.begin);
    }
    if (found->kind == RelationKind::kSystemTable) {
      refuse(kInsufficientPrivilege, "permission denied: \"" + found->name + "\" is a system catalog", name.span);
    }
    use(found->oid, -1, Access::kDrop);
    if (std::ranges::find(bound.relations, found->oid) == bound.relations.end()) bound.relations.push_back(found->oid);
  }
  result_.node = std::move(bound);
}

void Resolver::statement(const sql::AlterTable& alter) {
  const Relation& found = relation(alter.table);
  const bool rename = std::holds_alternative<sql::RenameTable>(alter.action);
  // ALTER TABLE … RENAME TO is also how views are renamed.
  const bool view = found.kind == RelationKind::kView || found.kind == RelationKind::kLateBindingView;
  const Relation& table = view && rename ? found : writable(alter.table, "alter columns of");
  BoundAlterTable bound{table.oid, alter, std::nullopt};
  use(table.oid, -1, Access::kAlter);
  if (const auto* to = std::get_if<sql::RenameTable>(&alter.action)) {
    if (catalog_.find_relation(table.schema, to->to.text)) {
      refuse(kDuplicateTable, "Relation \"" + to->to.text + "\" already exists", to->to.span);
    }
  } else if (const auto* columns = std::get_if<sql::RenameColumn>(&alter.action)) {
    target_column(table, columns->from);
    if (table.find_column(columns->to.text)) {
      refuse(kDuplicateColumn, "column \"" + columns->to.text + "\" of relation \"" + table.name + "\" already exists",
             columns->to.span);
    }
  } else if (const auto* add = std::get_if<sql::AddColumn>(&alter.action)) {
    bound.added = added_column(table, add->column);
  } else {
    const auto& dropped = std::get<sql::DropColumn>(alter.action);
    const ColumnDef& column = table.columns[static_cast<size_t>(target_column(table, dropped.column))];
    if (column.dist_key || column.sort_key > 0) {
      refuse(kFeatureNotSupported, "cannot drop column \"" + column.name + "\": it is a distribution or sort key",
             dropped.column.span);
    }
    if (table.columns.size() == 1) {
      refuse(kFeatureNotSupported, "cannot drop the last column of table \"" + table.name + "\"", dropped.column.span);
    }
  }
  result_.node = std::move(bound);
}

/// ADD COLUMN: no keys, no identity; NOT NULL needs a default (guide page r_ALTER_TABLE).
ColumnDef Resolver::added_column(const Relation& table, const sql::ColumnDefinition& definition) {
  const Span span = definition.name.span;
  if (table.find_column(definition.name.text)) {
    refuse(kDuplicateColumn,
           "column \"" + definition.name.text + "\" of relation \"" + table.name + "\" already exists", span);
  }
  if (definition.identity) refuse(kFeatureNotSupported, "an identity column cannot be added", span);
  if (definition.dist_key || definition.sort_key || definition.unique || definition.primary_key ||
      definition.references) {
    refuse(kFeatureNotSupported, "ADD COLUMN does not take keys or constraints other than NOT NULL", span);
  }
  if (definition.not_null && !definition.default_value) {
    refuse(kInvalidTableDefinition,
           "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression", span);
  }
  if (table.columns.size() >= kMaxColumns) {
    refuse(kTooManyColumns, "tables can have at most " + std::to_string(kMaxColumns) + " columns", span);
  }
  ColumnDef column = column_definition(definition);
  column.may_have_trailing_blanks = column.type.id == TypeId::kVarchar && column.default_text.has_value();
  return column;
}

}  // namespace garland::semantics
