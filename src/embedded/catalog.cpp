#include "embedded/catalog.h"

#include <algorithm>

namespace garland::embedded {

namespace {
constexpr std::string_view kCatalogSchema = "pg_catalog";
constexpr std::string_view kTemporaryAlias = "pg_temp";
}  // namespace

SessionCatalog::SessionCatalog(CatalogSnapshotPtr catalog, CatalogSnapshotPtr temporary, std::string temporary_schema,
                               const std::vector<std::string>& search_path, const std::string& user,
                               std::string database)
    : catalog_(std::move(catalog)),
      temporary_(std::move(temporary)),
      temporary_schema_(std::move(temporary_schema)),
      database_(std::move(database)) {
  const bool names_catalog = std::ranges::count(search_path, kCatalogSchema) > 0;
  if (!names_catalog) path_.emplace_back(kCatalogSchema);
  for (const std::string& name : search_path) {
    const std::string& schema = name == "$user" ? user : name;
    if (!catalog_->find_schema(schema)) continue;
    if (creation_schema_.empty() && schema != kCatalogSchema) creation_schema_ = schema;
    path_.push_back(schema);
  }
}

const semantics::Relation* SessionCatalog::find_relation(std::string_view schema, std::string_view name) const {
  const auto relation = [](const StoredRelation* stored) { return stored ? &stored->relation : nullptr; };
  if (schema == kTemporaryAlias || schema == temporary_schema_)
    return relation(temporary_->find(temporary_schema_, name));
  if (!schema.empty()) return relation(catalog_->find(schema, name));
  if (const auto* stored = temporary_->find(temporary_schema_, name)) return &stored->relation;
  for (const std::string& candidate : path_) {
    if (const auto* stored = catalog_->find(candidate, name)) return &stored->relation;
  }
  return nullptr;
}

const StoredRelation* SessionCatalog::stored(Oid oid) const {
  const StoredRelation* found = catalog_->find(oid);
  return found ? found : temporary_->find(oid);
}

const RelationDetail& SessionCatalog::detail(Oid relation) const {
  return (catalog_->find(relation) ? catalog_ : temporary_)->objects().detail(relation);
}

std::vector<const semantics::Function*> SessionCatalog::find_functions(std::string_view schema,
                                                                       std::string_view name) const {
  if (!schema.empty()) return catalog_->objects().find_functions(schema, name);
  std::vector<const semantics::Function*> found;
  for (const std::string& candidate : path_) {
    for (const auto* function : catalog_->objects().find_functions(candidate, name)) found.push_back(function);
  }
  return found;
}

const semantics::Relation* SessionCatalog::find_relation(Oid oid) const {
  const StoredRelation* found = stored(oid);
  return found ? &found->relation : nullptr;
}

bool SessionCatalog::has_schema(std::string_view schema) const {
  return catalog_->find_schema(schema) || schema == kTemporaryAlias || schema == temporary_schema_;
}

std::vector<std::string> SessionCatalog::similar_relations(std::string_view schema, std::string_view name) const {
  if (!schema.empty()) return catalog_->similar(schema, name);
  std::vector<std::string> result = temporary_->similar(temporary_schema_, name);
  for (const std::string& candidate : path_) {
    if (candidate == kCatalogSchema) continue;
    for (std::string& similar : catalog_->similar(candidate, name)) result.push_back(std::move(similar));
  }
  return result;
}

}  // namespace garland::embedded
