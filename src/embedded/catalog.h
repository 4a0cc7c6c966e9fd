// What names mean to one session: the transaction's snapshot of the catalog, the session's temporary tables and its
// search path.
#pragma once

#include <string>
#include <vector>

#include "embedded/snapshot.h"
#include "embedded/system_relations.h"
#include "semantics/catalog.h"

namespace garland::embedded {

/// Holds its snapshots; answers live as long as it. Guide page r_search_path: temporary tables and pg_catalog come
/// first.
class SessionCatalog : public semantics::Catalog {
 public:
  SessionCatalog(CatalogSnapshotPtr catalog, CatalogSnapshotPtr temporary, std::string temporary_schema,
                 const std::vector<std::string>& search_path, const std::string& user, std::string database);

  const semantics::Relation* find_relation(std::string_view schema, std::string_view name) const override;
  const semantics::Relation* find_relation(Oid oid) const override;
  bool has_schema(std::string_view schema) const override;
  std::string_view database() const override { return database_; }
  std::string_view creation_schema() const override { return creation_schema_; }
  std::vector<const semantics::Function*> find_functions(std::string_view schema, std::string_view name) const override;
  bool is_missing_system_relation(std::string_view name) const override { return is_missing_system_view(name); }
  std::vector<std::string> similar_relations(std::string_view schema, std::string_view name) const override;

  const StoredRelation* stored(Oid oid) const;
  const RelationDetail& detail(Oid relation) const;
  const CatalogSnapshot& snapshot() const { return *catalog_; }
  uint64_t version() const { return catalog_->version(); }
  uint64_t temporary_version() const { return temporary_->version(); }

 private:
  CatalogSnapshotPtr catalog_, temporary_;
  std::string temporary_schema_, database_, creation_schema_;
  std::vector<std::string> path_;  // existing schemas only, pg_catalog first
};

}  // namespace garland::embedded
