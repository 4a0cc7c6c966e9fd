// The catalog in memory: one immutable snapshot for each committed version. Transactions work on a copy and keep the
// list of their changes, which commit applies to the latest version.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "embedded/access.h"
#include "embedded/objects.h"
#include "semantics/catalog.h"
#include "sql/ast/statement.h"

namespace garland::embedded {

using semantics::Oid;

/// A view's use of a relation; `column` is an attnum, 0 for the relation as a whole.
struct Dependency {
  Oid relation = 0;
  int16_t column = 0;
  friend bool operator==(const Dependency&, const Dependency&) = default;
};

struct StoredRelation {
  semantics::Relation relation;
  Oid schema = 0;
  int16_t last_attnum = 0;  // also counts dropped columns
  sql::DistStyle dist_style = sql::DistStyle::kDefault;
  std::vector<Dependency> uses;  // standard views
  bool computed = false;         // system relations: the rows are made when a statement reads them
  bool superuser_only = false;   // system views
};
using StoredRelationPtr = std::shared_ptr<const StoredRelation>;

struct PutRelation {
  StoredRelationPtr relation;
};  // new, or in place of the one with its oid
struct DropRelation {
  Oid oid;
};
struct PutSchema {
  Oid oid;
  std::string name;
};
struct DropSchema {
  std::string name;
};
/// The column may hold trailing blanks from now on.
struct FlagBlanks {
  Oid relation;
  int16_t attnum;
};
/// Its relations and functions go with it.
struct RenameSchema {
  std::string from, to;
};
using CatalogChange = std::variant<PutRelation, DropRelation, PutSchema, DropSchema, FlagBlanks, RenameSchema,
                                   ObjectChange, AccessChange>;

/// Value type; shared as `shared_ptr<const CatalogSnapshot>` once complete.
class CatalogSnapshot {
 public:
  /// Grows with every change anywhere; equal versions are equal catalogs.
  uint64_t version() const { return version_; }
  void apply(const CatalogChange& change);

  const StoredRelation* find(std::string_view schema, std::string_view name) const;
  const StoredRelation* find(Oid oid) const;
  const Oid* find_schema(std::string_view name) const;
  const std::map<std::string, Oid, std::less<>>& schemas() const { return schemas_; }
  const std::unordered_map<Oid, StoredRelationPtr>& relations() const { return relations_; }
  /// Relations of a schema, by name.
  std::vector<const StoredRelation*> in_schema(std::string_view schema) const;
  /// Standard and materialized views that use the relation (a column of it: `attnum` not 0), directly.
  std::vector<const StoredRelation*> users_of(Oid relation, int16_t attnum = 0) const;
  /// Materialized views over the relation, directly.
  std::vector<const StoredRelation*> materialized_over(Oid relation) const;
  std::vector<std::string> similar(std::string_view schema, std::string_view name) const;
  const Access& access() const { return *access_; }
  const Objects& objects() const { return *objects_; }

 private:
  void put(const PutRelation& change);
  void drop(Oid oid);
  void flag(const FlagBlanks& change);
  void change_access(const AccessChange& change);
  void forget(ObjectClass object_class, Oid oid);
  void rename(const RenameSchema& change);
  void change_objects(const ObjectChange& change);

  uint64_t version_ = 0;
  std::map<std::string, Oid, std::less<>> schemas_;
  std::unordered_map<Oid, StoredRelationPtr> relations_;
  std::map<std::pair<std::string, std::string>, Oid> names_;
  std::shared_ptr<const Access> access_ = std::make_shared<const Access>();
  std::shared_ptr<const Objects> objects_ = std::make_shared<const Objects>();
};
using CatalogSnapshotPtr = std::shared_ptr<const CatalogSnapshot>;

}  // namespace garland::embedded
