#include "models/planned_catalog.h"

#include "models/near_names.h"

namespace garland::models {

PlannedCatalog::PlannedCatalog(const std::vector<semantics::Relation>& known) {
  for (const semantics::Relation& relation : known) add(relation);
}

void PlannedCatalog::add(semantics::Relation relation) {
  relation.oid = kFirstOid + static_cast<semantics::Oid>(relations_.size());
  relation.kind = semantics::RelationKind::kTable;
  schemas_.insert(relation.schema);
  relations_.push_back(std::move(relation));
  const semantics::Relation& added = relations_.back();
  by_name_.emplace(std::pair(added.schema, added.name), &added);
}

const semantics::Relation* PlannedCatalog::find_relation(std::string_view schema, std::string_view name) const {
  auto found = by_name_.find(std::pair(std::string(schema.empty() ? creation_schema() : schema), std::string(name)));
  return found == by_name_.end() ? nullptr : found->second;
}

const semantics::Relation* PlannedCatalog::find_relation(semantics::Oid oid) const {
  if (oid < kFirstOid || oid - kFirstOid >= relations_.size()) return nullptr;
  return &relations_[oid - kFirstOid];
}

bool PlannedCatalog::has_schema(std::string_view schema) const { return schemas_.find(schema) != schemas_.end(); }

std::vector<std::string> PlannedCatalog::similar_relations(std::string_view schema, std::string_view name) const {
  std::vector<std::string> candidates;
  for (const semantics::Relation& relation : relations_) candidates.push_back(relation.schema + "." + relation.name);
  return near_names(std::string(schema) + "." + std::string(name), candidates, 3);
}

}  // namespace garland::models
