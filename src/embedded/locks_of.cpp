#include "base/box.h"
#include "embedded/access_statements.h"
#include "embedded/ddl.h"

namespace garland::embedded {

using semantics::Relation;

namespace {

/// Collects the locks of one statement.
class Collector {
 public:
  explicit Collector(const Plan& plan) : plan_(plan) {}
  std::vector<NeededLock> take() { return std::move(locks_); }
  void add(std::vector<NeededLock> more) {
    for (NeededLock& lock : more) locks_.push_back(std::move(lock));
  }

  void relation(Oid oid, LockMode mode) {
    const Relation* found = plan_.catalog->find_relation(oid);
    if (!found || found->temporary) return;
    locks_.push_back({{oid, ""}, mode, found->name});
  }
  /// The relation that the statement writes or changes.
  void target(Oid oid, LockMode mode) {
    const Relation* found = plan_.catalog->find_relation(oid);
    if (found && found->kind == semantics::RelationKind::kSystemTable) {
      throw Error(kInsufficientPrivilege, "permission denied: \"" + found->name + "\" is a system catalog");
    }
    relation(oid, mode);
  }
  void name(const Relation& relation, const std::string& name) {
    if (relation.temporary) return;
    schema(relation.schema, LockMode::kShared);
    locks_.push_back({{0, relation.schema + "." + name}, LockMode::kAccessExclusive, name});
  }
  void schema(const std::string& name, LockMode mode) { locks_.push_back({{0, name}, mode, name}); }

  void create(const Relation& table) { name(table, table.name); }

  /// Functions of one name, in whatever schema.
  void function(const std::string& name) {
    locks_.push_back({{0, "function " + name}, LockMode::kAccessExclusive, name});
  }

  void named(const semantics::BoundNamed& node) {
    const bool exclusive = std::holds_alternative<sql::Lock>(node.statement.node) ||
                           std::holds_alternative<sql::RefreshMaterializedView>(node.statement.node);
    const bool comment = std::holds_alternative<sql::CommentOn>(node.statement.node);
    if (!exclusive && !comment) return;  // VACUUM locks one table after the other, ANALYZE only reads
    for (const Oid oid : node.relations) relation(oid, exclusive ? LockMode::kAccessExclusive : LockMode::kShared);
  }

  void plain(const sql::Statement& statement) {
    if (const auto* schema = std::get_if<sql::CreateSchema>(&statement.node)) {
      this->schema(schema->name.text, LockMode::kAccessExclusive);
    } else if (const auto* alter = std::get_if<sql::AlterSchema>(&statement.node)) {
      this->schema(alter->schema.text, LockMode::kAccessExclusive);
      const auto* rename = std::get_if<sql::RenameObject>(&alter->action);
      if (!rename) return;
      this->schema(rename->to.text, LockMode::kAccessExclusive);
      for (const auto& [oid, stored] : plan_.catalog->snapshot().relations()) {
        const bool inside = stored->relation.schema == alter->schema.text;
        if (inside || stored->relation.kind == semantics::RelationKind::kView) {
          relation(oid, LockMode::kAccessExclusive);
        }
      }
    } else if (const auto* created = std::get_if<sql::CreateDatabase>(&statement.node)) {
      database(created->database.text);
    } else if (const auto* altered = std::get_if<sql::AlterDatabase>(&statement.node)) {
      database(altered->database.text);
    } else if (const auto* dropped = std::get_if<sql::Drop>(&statement.node)) {
      database(dropped->names[0].last().text);
    }
  }
  void database(const std::string& name) {
    locks_.push_back({{0, "database " + name}, LockMode::kAccessExclusive, name});
  }

  void create_view(const semantics::BoundCreateView& statement) {
    create(statement.view);
    if (const auto* old = plan_.catalog->find_relation(statement.view.schema, statement.view.name)) {
      relation(old->oid, LockMode::kAccessExclusive);
    }
    for (const semantics::Use& use : plan_.bound.uses) relation(use.relation, LockMode::kShared);
  }

  /// With the views that CASCADE takes along.
  void drop_relation(Oid oid, bool cascade) {
    const StoredRelation* stored = plan_.catalog->stored(oid);
    if (!stored || stored->relation.temporary) return;
    relation(oid, LockMode::kAccessExclusive);
    name(stored->relation, stored->relation.name);
    if (!cascade) return;
    for (const StoredRelation* view : plan_.catalog->snapshot().users_of(oid)) drop_relation(view->relation.oid, true);
  }

  void drop(const semantics::BoundDrop& statement) {
    for (const Oid oid : statement.relations) drop_relation(oid, statement.cascade);
    for (const std::string& name : statement.schemas) {
      schema(name, LockMode::kAccessExclusive);
      for (const StoredRelation* stored : plan_.catalog->snapshot().in_schema(name)) {
        drop_relation(stored->relation.oid, true);
      }
    }
  }

  void alter(const semantics::BoundAlterTable& statement) {
    target(statement.table, LockMode::kAccessExclusive);
    if (statement.source != 0) target(statement.source, LockMode::kAccessExclusive);
    const Relation& table = *plan_.catalog->find_relation(statement.table);
    if (const auto* rename = std::get_if<sql::RenameTable>(&statement.statement.action)) {
      name(table, table.name);
      name(table, rename->to.text);
      // standard views follow the table
      for (const StoredRelation* view : plan_.catalog->snapshot().users_of(table.oid)) {
        relation(view->relation.oid, LockMode::kAccessExclusive);
      }
    }
    if (const auto* dropped = std::get_if<sql::DropColumn>(&statement.statement.action); dropped && dropped->cascade) {
      for (const StoredRelation* view : plan_.catalog->snapshot().users_of(table.oid)) {
        drop_relation(view->relation.oid, true);
      }
    }
  }

 private:
  const Plan& plan_;
  std::vector<NeededLock> locks_;
};

}  // namespace

std::vector<NeededLock> locks_of(const Plan& plan) {
  Collector locks(plan);
  std::visit(
      overloaded{[&](const semantics::BoundInsert& node) { locks.target(node.table, LockMode::kShared); },
                 [&](const semantics::BoundCopy& node) { locks.target(node.table, LockMode::kShared); },
                 [&](const semantics::BoundUpdate& node) { locks.target(node.table, LockMode::kExclusive); },
                 [&](const semantics::BoundDelete& node) { locks.target(node.table, LockMode::kExclusive); },
                 [&](const semantics::BoundMerge& node) { locks.target(node.table, LockMode::kExclusive); },
                 [&](const semantics::BoundTruncate& node) { locks.target(node.table, LockMode::kAccessExclusive); },
                 [&](const semantics::BoundCreateTable& node) { locks.create(node.table); },
                 [&](const semantics::BoundCreateTableAs& node) { locks.create(node.table); },
                 [&](const semantics::BoundCreateView& node) { locks.create_view(node); },
                 [&](const semantics::BoundDrop& node) { locks.drop(node); },
                 [&](const semantics::BoundAlterTable& node) { locks.alter(node); },
                 [&](const semantics::BoundPlain& node) {
                   locks.plain(node.statement);
                   locks.add(access_locks(node.statement, *plan.catalog));
                 },
                 [&](const semantics::BoundCreateMaterializedView& node) {
                   locks.create(node.view);
                   for (const semantics::Use& use : plan.bound.uses) locks.relation(use.relation, LockMode::kShared);
                 },
                 [&](const semantics::BoundNamed& node) { locks.named(node); },
                 [&](const semantics::BoundFunction& node) { locks.function(node.function.name); },
                 [&](const semantics::BoundChangeFunction& node) {
                   const auto* drop = std::get_if<sql::DropFunction>(&node.statement.node);
                   const auto* alter = std::get_if<sql::AlterFunction>(&node.statement.node);
                   locks.function((drop ? drop->function : alter->function).name.last().text);
                 },
                 [](const semantics::BoundExplain&) {}, [](const semantics::BoundQuery&) {},
                 [](const semantics::BoundUnload&) {}},
      plan.bound.node);
  return locks.take();
}

}  // namespace garland::embedded
