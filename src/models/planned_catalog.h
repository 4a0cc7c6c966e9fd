// A catalog of relations that a project plans, so that its SQL can be resolved without an engine.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>

#include "models/project.h"
#include "semantics/catalog.h"

namespace garland::models {

/// Relations are never views here: a view's columns are what its query gives, so every relation resolves like a table.
/// Names must be qualified. Not thread-safe while relations are added.
class PlannedCatalog : public semantics::Catalog {
 public:
  explicit PlannedCatalog(const std::vector<semantics::Relation>& known);
  /// Adds a relation under the next oid. Its oid and kind are ours.
  void add(semantics::Relation relation);
  void add_schema(const std::string& schema) { schemas_.insert(schema); }

  const semantics::Relation* find_relation(std::string_view schema, std::string_view name) const override;
  const semantics::Relation* find_relation(semantics::Oid oid) const override;
  bool has_schema(std::string_view schema) const override;
  std::string_view database() const override { return "dev"; }
  std::string_view creation_schema() const override { return "public"; }
  std::vector<std::string> similar_relations(std::string_view schema, std::string_view name) const override;

 private:
  static constexpr semantics::Oid kFirstOid = 100000;
  std::deque<semantics::Relation> relations_;  // relation i has oid kFirstOid + i
  std::map<std::pair<std::string, std::string>, const semantics::Relation*, std::less<>> by_name_;
  std::set<std::string, std::less<>> schemas_{"public"};
};

}  // namespace garland::models
