// ALTER TABLE, ALTER MATERIALIZED VIEW (guide pages r_ALTER_TABLE, r_ALTER_TABLE_APPEND, r_ALTER_MATERIALIZED_VIEW).
#include <algorithm>
#include <array>

#include "semantics/resolver.h"
#include "semantics/table_rules.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

/// Columns with these cannot get another length (guide page r_ALTER_TABLE).
constexpr std::array<std::string_view, 4> kFixedEncodings{"bytedict", "runlength", "text255", "text32k"};

/// What may be done to something that is no table.
bool fits(const Relation& found, const sql::AlterTable& alter) {
  const bool owner = std::holds_alternative<sql::ChangeOwner>(alter.action);
  if (is_view(found)) return owner || std::holds_alternative<sql::RenameTable>(alter.action);
  if (found.kind != RelationKind::kMaterializedView) return false;
  return owner || std::holds_alternative<sql::ChangeAutoRefresh>(alter.action) ||
         std::holds_alternative<sql::ChangeLayout>(alter.action);
}

bool same_columns(const ColumnDef& a, const ColumnDef& b) {
  return a.name == b.name && a.type == b.type && a.not_null == b.not_null && a.encode == b.encode &&
         a.dist_key == b.dist_key && a.sort_key == b.sort_key;
}

}  // namespace

void Resolver::statement(const sql::AlterTable& alter) {
  const Relation& found = relation(alter.table);
  if (alter.materialized_view && found.kind != RelationKind::kMaterializedView)
    refuse(kWrongObjectType, "\"" + found.name + "\" is not a materialized view", alter.table.span);
  if (found.kind == RelationKind::kMaterializedView && !fits(found, alter)) {
    refuse(kFeatureNotSupported, "the definition of materialized view \"" + found.name + "\" cannot be altered",
           alter.table.span);
  }
  const Relation& table = fits(found, alter) ? found : writable(alter.table, "alter columns of");
  BoundAlterTable bound{table.oid, alter, std::nullopt, std::nullopt, 0};
  use(table.oid, -1, Access::kAlter);
  std::visit([&](const auto& action) { this->alter(action, table, bound); }, alter.action);
  result_.node = std::move(bound);
}

void Resolver::alter(const sql::RenameTable& rename, const Relation& table, BoundAlterTable&) {
  if (!table.temporary && rename.to.text.starts_with('#')) {
    refuse(kInvalidName, "a permanent table cannot be renamed to a name that begins with \"#\"", rename.to.span);
  }
  if (catalog_.find_relation(table.schema, rename.to.text))
    refuse(kDuplicateTable, "Relation \"" + rename.to.text + "\" already exists", rename.to.span);
}

void Resolver::alter(const sql::RenameColumn& rename, const Relation& table, BoundAlterTable&) {
  target_column(table, rename.from);
  if (table.find_column(rename.to.text)) {
    refuse(kDuplicateColumn, "column \"" + rename.to.text + "\" of relation \"" + table.name + "\" already exists",
           rename.to.span);
  }
}

void Resolver::alter(const sql::AddColumn& add, const Relation& table, BoundAlterTable& bound) {
  bound.added = added_column(table, add.column);
}

void Resolver::alter(const sql::DropColumn& dropped, const Relation& table, BoundAlterTable&) {
  const ColumnDef& column = table.columns[static_cast<size_t>(target_column(table, dropped.column))];
  if (column.dist_key || column.sort_key > 0) {
    refuse(kFeatureNotSupported, "cannot drop column \"" + column.name + "\": it is a distribution or sort key",
           dropped.column.span);
  }
  if (table.columns.size() == 1)
    refuse(kFeatureNotSupported, "cannot drop the last column of table \"" + table.name + "\"", dropped.column.span);
}

/// Only VARCHAR, only its length, and not of every column.
void Resolver::alter(const sql::ChangeColumnType& change, const Relation& table, BoundAlterTable& bound) {
  ColumnDef column = table.columns[static_cast<size_t>(target_column(table, change.column))];
  const Type type = resolve_type(change.type);
  if (column.type.id != TypeId::kVarchar || type.id != TypeId::kVarchar) {
    refuse(kFeatureNotSupported, "ALTER COLUMN … TYPE changes the length of VARCHAR columns only", change.type.span);
  }
  if (column.default_text)
    refuse(kFeatureNotSupported, "cannot alter the type of a column with a default value", change.column.span);
  if (std::ranges::find(kFixedEncodings, column.encode) != kFixedEncodings.end()) {
    refuse(kFeatureNotSupported, "cannot alter the type of a column with encoding " + column.encode,
           change.column.span);
  }
  column.type = type;
  bound.added = std::move(column);
}

void Resolver::alter(const sql::ChangeEncodings& change, const Relation& table, BoundAlterTable&) {
  std::vector<int32_t> seen;
  for (const sql::ColumnEncoding& each : change.columns) {
    const int32_t number = target_column(table, each.column);
    const ColumnDef& column = table.columns[static_cast<size_t>(number)];
    if (std::ranges::find(seen, number) != seen.end())
      refuse(kDuplicateColumn, "column \"" + column.name + "\" is altered more than once", each.column.span);
    seen.push_back(number);
    check_encoding(each.encode, column, each.column.span);
    if (column.encode != each.encode) continue;
    refuse(kInvalidColumnDefinition, "column \"" + column.name + "\" has encoding " + each.encode + " already",
           each.column.span);
  }
}

void Resolver::alter(const sql::ChangeLayout& layout, const Relation& table, BoundAlterTable&) {
  if (layout.dist_key) {
    const auto number = static_cast<size_t>(target_column(table, *layout.dist_key));
    check_key(table.columns[number], "distribution key", layout.dist_key->span);
  }
  if (layout.sort_keys.size() > kMostCompoundKeys)
    refuse(kProgramLimitExceeded, "a compound sort key has at most 400 columns", layout.sort_keys.back().span);
  for (size_t i = 0; i < layout.sort_keys.size(); ++i) {
    const sql::Name& name = layout.sort_keys[i];
    check_key(table.columns[static_cast<size_t>(target_column(table, name))], "sort key", name.span);
    for (size_t j = 0; j < i; ++j) {
      if (layout.sort_keys[j].text == name.text)
        refuse(kDuplicateColumn, "column \"" + name.text + "\" specified more than once", name.span);
    }
  }
}

void Resolver::alter(const sql::AddConstraint& add, const Relation& table, BoundAlterTable& bound) {
  bound.constraint = constraint(add.constraint, table);
  if (add.constraint.kind != sql::ConstraintKind::kPrimaryKey) return;
  for (const int32_t number : bound.constraint->columns) {
    const ColumnDef& column = table.columns[static_cast<size_t>(number)];
    if (column.not_null) continue;
    refuse(kInvalidTableDefinition, "cannot add a primary key to nullable column \"" + column.name + "\"",
           add.constraint.columns[0].span);
  }
}

/// Columns are matched by name; both tables must have the same, but for the extra ones that the statement allows.
void Resolver::alter(const sql::AppendFrom& append, const Relation& table, BoundAlterTable& bound) {
  const Relation& source = writable(append.source, "append from");
  if (source.oid == table.oid)
    refuse(kInvalidTableDefinition, "a table cannot be appended to itself", append.source.span);
  if (table.temporary || source.temporary)
    refuse(kFeatureNotSupported, "ALTER TABLE APPEND is for permanent tables only", append.source.span);
  use(source.oid, -1, Access::kSelect);
  use(source.oid, -1, Access::kDelete);
  bound.source = source.oid;
  for (const ColumnDef& column : source.columns) {
    const ColumnDef* target = table.find_column(column.name);
    if (!target && append.fill == sql::AppendFill::kIgnoreExtra) continue;
    if (!target) {
      throw Error(kDatatypeMismatch, "column \"" + column.name + "\" of the source table is not in the target table")
          .hint("IGNOREEXTRA leaves such columns out.")
          .at(append.source.span.begin);
    }
    if (!same_columns(column, *target)) {
      refuse(kDatatypeMismatch, "column \"" + column.name + "\" differs between the source and the target table",
             append.source.span);
    }
    if (column.identity && target->identity)
      refuse(kFeatureNotSupported, "cannot append between tables that both have an identity column",
             append.source.span);
  }
  for (const ColumnDef& column : table.columns) {
    if (source.find_column(column.name)) continue;
    if (append.fill != sql::AppendFill::kFillTarget) {
      throw Error(kDatatypeMismatch, "column \"" + column.name + "\" of the target table is not in the source table")
          .hint("FILLTARGET fills such columns.")
          .at(append.source.span.begin);
    }
    if (column.not_null && !column.default_text && !column.identity)
      refuse(kNotNullViolation, "null value in column \"" + column.name + "\" violates not-null constraint",
             append.source.span);
  }
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
