#include <algorithm>

#include "embedded/ddl.h"
#include "embedded/defaults.h"
#include "embedded/definitions.h"
#include "embedded/table_writer.h"
#include "embedded/upkeep.h"
#include "semantics/ast_walk.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::embedded {

using semantics::ColumnDef;
using semantics::Relation;

namespace {

/// A materialized view stands in no change's way: it cannot be refreshed afterwards, says the guide
/// (materialized-view-create-sql-command).
bool is_materialized(const StoredRelation* view) {
  return view->relation.kind == semantics::RelationKind::kMaterializedView;
}

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
    for (const StoredRelation* view : catalog_->snapshot().users_of(old_.relation.oid)) {
      if (!is_materialized(view)) rename_in(*view, action.to);
    }
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
    const std::string type = duck_type(added.type);
    reshape("ADD COLUMN " + name + " " + type, "*, CAST(NULL AS " + type + ") AS " + name);
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
    const std::string name = "c" + std::to_string(column.attnum);
    reshape("DROP COLUMN " + name, "* EXCLUDE (" + name + ")");
    std::erase_if(changed_->relation.columns, [&](const ColumnDef& other) { return other.attnum == column.attnum; });
    put();
    RelationDetail kept = detail();
    const auto names_it = [&](const Constraint& each) { return std::ranges::count(each.columns, column.attnum) > 0; };
    if (std::erase_if(kept.constraints, names_it) > 0) put(std::move(kept));
  }

  void operator()(const sql::ChangeColumnType& action) {
    const ColumnDef& column = existing(action.column);
    refuse_used(column);
    for (const Constraint& constraint : detail().constraints) {
      if (std::ranges::count(constraint.columns, column.attnum) == 0) continue;
      throw Error(kFeatureNotSupported,
                  "cannot alter the type of a column with constraint \"" + constraint.name + "\"");
    }
    const std::string longest = "SELECT max(strlen(c" + std::to_string(column.attnum) + ")) FROM " + physical();
    duck::Result result = context_.run(longest);
    const engine::Batch* batch = result.fetch();
    const bool empty = !batch || batch->columns[0].is_null(0);
    if (!empty && batch->columns[0].values<int64_t>()[0] > statement_.added->type.length) {
      throw Error(kStringDataRightTruncation,
                  "cannot make column \"" + column.name + "\" shorter than its longest value");
    }
    find(action.column)->type = statement_.added->type;
    put();
  }

  void operator()(const sql::ChangeEncodings& action) {
    if (detail().sort_style == sql::SortStyle::kInterleaved) {
      throw Error(kFeatureNotSupported, "cannot alter encodings of a table with an interleaved sort key");
    }
    for (const sql::ColumnEncoding& each : action.columns) find(each.column)->encode = each.encode;
    put();
    RelationDetail changed = detail();
    changed.encode_auto = false;
    put(changed);
  }

  /// What one machine does not show: distribution and sorting are kept; VACUUM sorts.
  void operator()(const sql::ChangeLayout& action) {
    RelationDetail changed = detail();
    const bool distribution = action.dist_style != sql::DistStyle::kDefault;
    if (distribution && changed.sort_style == sql::SortStyle::kInterleaved) {
      throw Error(kFeatureNotSupported, "cannot alter the distribution of a table with an interleaved sort key");
    }
    if (distribution && old_.relation.temporary) {
      throw Error(kFeatureNotSupported, "cannot alter the distribution of a temporary table");
    }
    if (distribution) {
      changed_->dist_style = action.dist_style;
      const bool keeps = action.dist_style == sql::DistStyle::kAuto;
      for (ColumnDef& column : changed_->relation.columns) column.dist_key = keeps && column.dist_key;
      if (action.dist_key) find(*action.dist_key)->dist_key = true;
    }
    if (action.sort_none || !action.sort_keys.empty()) {
      for (ColumnDef& column : changed_->relation.columns) column.sort_key = 0;
      int16_t place = 0;
      for (const sql::Name& name : action.sort_keys) find(name)->sort_key = ++place;
    }
    if (action.sort_none) {
      changed.sort_style = sql::SortStyle::kDefault;
    } else if (action.sort_style != sql::SortStyle::kDefault) {
      changed.sort_style = action.sort_style;
    }
    changed.encode_auto = changed.encode_auto || action.encode_auto;
    put();
    put(changed);
  }

  void operator()(const sql::AddConstraint& action) {
    RelationDetail changed = detail();
    const auto is_key = [](const Constraint& each) { return each.kind == sql::ConstraintKind::kPrimaryKey; };
    if (action.constraint.kind == sql::ConstraintKind::kPrimaryKey &&
        std::ranges::any_of(changed.constraints, is_key)) {
      throw Error(kInvalidTableDefinition,
                  "multiple primary keys for table \"" + old_.relation.name + "\" are not allowed");
    }
    semantics::BoundConstraint bound = *statement_.constraint;
    if (bound.kind == sql::ConstraintKind::kForeignKey && bound.referenced == 0) bound.referenced = old_.relation.oid;
    changed.constraints.push_back(stored_constraint(context_, old_.relation, bound, changed.constraints));
    put(changed);
  }

  void operator()(const sql::DropConstraint& action) {
    RelationDetail changed = detail();
    const auto found = std::ranges::find(changed.constraints, action.constraint.text, &Constraint::name);
    if (found == changed.constraints.end()) {
      throw Error(kUndefinedObject, "constraint \"" + action.constraint.text + "\" of relation \"" +
                                        old_.relation.name + "\" does not exist")
          .at(action.constraint.span.begin);
    }
    drop_references(*found, action.cascade);
    changed.constraints.erase(found);
    put(changed);
  }

  /// Moves the source's rows: the source is empty afterwards (guide page r_ALTER_TABLE_APPEND).
  void operator()(const sql::AppendFrom&) {
    const Relation& source = *catalog_->find_relation(statement_.source);
    const Relation& target = old_.relation;
    std::string columns, sources;
    std::vector<duck::Value> values;
    std::vector<int16_t> blanks;
    prepare_identities(context_, target);
    for (size_t i = 0; i < target.columns.size(); ++i) {
      const ColumnDef& column = target.columns[i];
      const ColumnDef* from = source.find_column(column.name);
      columns += (i == 0 ? "c" : ", c") + std::to_string(column.attnum);
      sources += (i == 0 ? "" : ", ") + (from ? "c" + std::to_string(from->attnum) : filled(i, values));
      if (column.type.id == engine::TypeId::kVarchar && (!from || from->may_have_trailing_blanks)) {
        blanks.push_back(column.attnum);
      }
    }
    const std::string from = Context::physical_name(source);
    context_.connection.prepare("INSERT INTO " + physical() + " (" + columns + ") SELECT " + sources + " FROM " + from)
        .run(values);
    context_.run("DELETE FROM " + from);
    context_.transaction.changed_rows(source.oid);
    flag_blanks(context_, target.oid, blanks);
  }

  void operator()(const sql::ChangeAutoRefresh& action) {
    RelationDetail changed = detail();
    changed.view->auto_refresh = action.on;
    put(changed);
  }

  void operator()(const sql::ChangeOwner& action) {
    if (old_.relation.temporary) {
      throw Error(kFeatureNotSupported, "the owner of a temporary table cannot be changed");
    }
    change_owner(context_, {ObjectClass::kRelation, old_.relation.oid}, action.owner);
  }

 private:
  /// DuckDB 1.5 fails the commit of a transaction that changes rows and then columns of one table ("another transaction
  /// has altered this table"): such a table is written anew, as `columns` of it.
  void reshape(const std::string& alteration, const std::string& columns) {
    if (context_.transaction.has_changed_rows(old_.relation.oid)) {
      write_anew(context_, old_.relation, columns, "rowid");
    } else {
      context_.run("ALTER TABLE " + physical() + " " + alteration);
    }
  }
  std::string physical() const { return Context::physical_name(old_.relation); }
  void put() { context_.transaction.change(PutRelation{changed_}); }
  void put(RelationDetail changed) { context_.transaction.change(PutDetail{old_.relation.oid, std::move(changed)}); }
  const RelationDetail& detail() const { return catalog_->detail(old_.relation.oid); }

  /// What a column that the source lacks gets: its default, its next identity value, or NULL.
  std::string filled(size_t number, std::vector<duck::Value>& values) {
    const ColumnDef& column = old_.relation.columns[number];
    if (column.identity) {
      return "CAST(garland_identity(" + std::to_string(old_.relation.oid) + "::BIGINT, " +
             std::to_string(column.attnum) + "::BIGINT) AS " + duck_type(column.type) + ")";
    }
    const auto value = default_value(context_, old_.relation, static_cast<int32_t>(number));
    if (!value) return "CAST(NULL AS " + duck_type(column.type) + ")";
    values.push_back(duck::Value::of(value->batch->columns[0], 0));
    return "$" + std::to_string(values.size());
  }

  /// Foreign keys that mean the constraint go with it, or keep it.
  void drop_references(const Constraint& constraint, bool cascade) {
    if (constraint.kind == sql::ConstraintKind::kForeignKey) return;
    for (const auto& [oid, other] : catalog_->snapshot().objects().details()) {
      RelationDetail changed = other;
      const size_t gone = std::erase_if(changed.constraints, [&](const Constraint& key) {
        return key.referenced == old_.relation.oid &&
               std::ranges::is_permutation(key.referenced_columns, constraint.columns);
      });
      if (gone == 0 || oid == old_.relation.oid) continue;
      if (!cascade) {
        throw Error(kDependentObjectsStillExist, "cannot drop constraint " + constraint.name + " on table " +
                                                     old_.relation.name + " because other objects depend on it")
            .hint("Use DROP ... CASCADE to drop the dependent objects too.");
      }
      context_.transaction.change(PutDetail{oid, std::move(changed)});
    }
  }

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
    sql::Query query = sql::parse_query(view.relation.view_text, sql::QuotedNames::kKeep);
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
    auto users = catalog_->snapshot().users_of(old_.relation.oid, column.attnum);
    std::erase_if(users, is_materialized);
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
      if (!is_materialized(view)) users.push_back(view->relation.oid);
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
    context_.transaction.changed_rows(old_.relation.oid);
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
  return {statement.statement.materialized_view ? "ALTER MATERIALIZED VIEW" : "ALTER TABLE"};
}

}  // namespace garland::embedded
