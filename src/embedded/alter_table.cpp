#include <algorithm>

#include "embedded/ddl.h"
#include "embedded/defaults.h"
#include "semantics/ast_walk.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::embedded {

using semantics::ColumnDef;
using semantics::Relation;

namespace {

/// One ALTER TABLE.
class Alteration {
 public:
  Alteration(Context& context, const semantics::BoundAlterTable& statement)
      : context_(context),
        statement_(statement),
        catalog_(context.catalog()),
        old_(*catalog_->stored(statement.table)),
        changed_(std::make_shared<StoredRelation>(old_)) {}

  void operator()(const sql::RenameTable& action) {
    if (catalog_->find_relation(old_.relation.temporary ? "pg_temp" : old_.relation.schema, action.to.text)) {
      throw Error(kDuplicateTable, "relation \"" + action.to.text + "\" already exists").at(action.to.span.begin);
    }
    changed_->relation.name = action.to.text;
    put();
    for (const StoredRelation* view : catalog_->snapshot().users_of(old_.relation.oid)) rename_in(*view, action.to);
  }

  void operator()(const sql::RenameColumn& action) {
    if (find(action.to)) {
      throw Error(kDuplicateColumn,
                  "column \"" + action.to.text + "\" of relation \"" + old_.relation.name + "\" already exists")
          .at(action.to.span.begin);
    }
    const ColumnDef& column = existing(action.from);
    refuse_used(column);
    find(action.from)->name = action.to.text;
    put();
  }

  void operator()(const sql::AddColumn& action) {
    ColumnDef added = *statement_.added;
    if (find(action.column.name)) {
      throw Error(kDuplicateColumn,
                  "column \"" + added.name + "\" of relation \"" + old_.relation.name + "\" already exists")
          .at(action.column.name.span.begin);
    }
    if (added.identity) throw Error(kFeatureNotSupported, "ALTER TABLE ADD COLUMN with IDENTITY is not supported");
    added.attnum = ++changed_->last_attnum;
    added.may_have_trailing_blanks = false;
    const std::string name = "c" + std::to_string(added.attnum);
    context_.run("ALTER TABLE " + physical() + " ADD COLUMN " + name + " " + duck_type(added.type));
    changed_->relation.columns.push_back(added);
    put();
    if (added.default_text) fill(added);
    if (added.not_null && !added.default_text && has_rows()) {
      throw Error(kNotNullViolation, "column \"" + added.name + "\" contains null values")
          .hint("Give the column a DEFAULT.");
    }
  }

  void operator()(const sql::DropColumn& action) {
    const ColumnDef column = existing(action.column);
    if (old_.relation.columns.size() == 1) {
      throw Error(kInvalidTableDefinition, "cannot drop the only column of table \"" + old_.relation.name + "\"");
    }
    if (column.dist_key || column.sort_key != 0) {
      throw Error(kObjectNotInPrerequisiteState, "cannot drop distkey or sortkey column \"" + column.name + "\"");
    }
    if (action.cascade) {
      drop_users(column);
    } else {
      refuse_used(column);
    }
    context_.run("ALTER TABLE " + physical() + " DROP COLUMN c" + std::to_string(column.attnum));
    std::erase_if(changed_->relation.columns, [&](const ColumnDef& other) { return other.attnum == column.attnum; });
    put();
  }

 private:
  std::string physical() const { return Context::physical_name(old_.relation); }
  void put() { context_.transaction.change(PutRelation{changed_}); }

  ColumnDef* find(const sql::Name& name) {
    const auto found = std::ranges::find(changed_->relation.columns, name.text, &ColumnDef::name);
    return found == changed_->relation.columns.end() ? nullptr : &*found;
  }
  const ColumnDef& existing(const sql::Name& name) {
    if (const ColumnDef* found = find(name)) return *found;
    throw Error(kUndefinedColumn,
                "column \"" + name.text + "\" of relation \"" + old_.relation.name + "\" does not exist")
        .at(name.span.begin);
  }

  /// A standard view follows its tables: its text names the table anew; where it called it by its own name, that
  /// becomes the alias.
  void rename_in(const StoredRelation& view, const sql::Name& to) {
    const Relation& table = old_.relation;
    sql::Query query = sql::parse_query(view.relation.view_text);
    semantics::walk_query(query, overloaded{[&](sql::TableRef& ref) {
                                              auto* named = std::get_if<sql::NamedTable>(&ref.node);
                                              if (!named || named->name.parts.size() != 2) return;
                                              std::vector<sql::Name>& parts = named->name.parts;
                                              if (parts[0].text != table.schema || parts[1].text != table.name) return;
                                              if (!named->alias) named->alias = sql::Alias{parts[1], {}};
                                              parts[1].text = to.text;
                                            },
                                            [](auto&) {}});
    auto changed = std::make_shared<StoredRelation>(view);
    changed->relation.view_text = sql::print(query);
    context_.transaction.change(PutRelation{changed});
  }

  /// Standard views hold their text by names, so a column they use keeps its own.
  void refuse_used(const ColumnDef& column) const {
    const auto users = catalog_->snapshot().users_of(old_.relation.oid, column.attnum);
    if (users.empty()) return;
    const Relation& view = users.front()->relation;
    throw Error(kDependentObjectsStillExist, "cannot change column \"" + column.name + "\" of table \"" +
                                                 old_.relation.name + "\" because other objects depend on it")
        .detail("view " + view.schema + "." + view.name + " uses it")
        .hint("Drop the view first, or make it WITH NO SCHEMA BINDING.");
  }

  void drop_users(const ColumnDef& column) {
    std::vector<Oid> users;
    for (const StoredRelation* view : catalog_->snapshot().users_of(old_.relation.oid, column.attnum)) {
      users.push_back(view->relation.oid);
    }
    drop_relations(context_, users, true);
  }

  bool has_rows() { return context_.run("SELECT 1 FROM " + physical() + " LIMIT 1").fetch() != nullptr; }

  /// Old rows get the default of the new column.
  void fill(const ColumnDef& column) {
    if (!has_rows()) return;
    const auto value =
        default_value(context_, changed_->relation, static_cast<int32_t>(changed_->relation.columns.size() - 1));
    if (!value) return;
    std::vector<duck::Value> values;
    values.push_back(duck::Value::of(value->batch->columns[0], 0));
    const std::string name = "c" + std::to_string(column.attnum);
    context_.connection.prepare("UPDATE " + physical() + " SET " + name + " = $1").run(values);
  }

  Context& context_;
  const semantics::BoundAlterTable& statement_;
  std::shared_ptr<const SessionCatalog> catalog_;
  const StoredRelation& old_;
  std::shared_ptr<StoredRelation> changed_;
};

}  // namespace

Outcome alter_table(Context& context, const semantics::BoundAlterTable& statement) {
  std::visit(Alteration(context, statement), statement.statement.action);
  return {"ALTER TABLE"};
}

}  // namespace garland::embedded
