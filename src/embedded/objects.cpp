#include "embedded/objects.h"

#include "base/box.h"

namespace garland::embedded {

void Objects::apply(const ObjectChange& change) {
  std::visit(overloaded{[&](const PutDetail& detail) { put(detail); },
                        [&](const MarkStale& marked) {
                          const auto found = details_.find(marked.view);
                          if (found != details_.end() && found->second.view) found->second.view->stale = true;
                        },
                        [&](const PutComment& comment) {
                          if (comment.text) {
                            comments_[comment.key] = *comment.text;
                          } else {
                            comments_.erase(comment.key);
                          }
                        },
                        [&](const PutQuota& quota) {
                          if (quota.megabytes) {
                            quotas_[quota.schema] = *quota.megabytes;
                          } else {
                            quotas_.erase(quota.schema);
                          }
                        },
                        [&](const PutFunction& put) { functions_[put.function.oid] = put.function; },
                        [&](const RemoveFunction& removed) { functions_.erase(removed.oid); },
                        [&](const PutDatabase& put) { databases_[put.database.oid] = put.database; },
                        [&](const RemoveDatabase& removed) { databases_.erase(removed.oid); },
                        [&](const ForgetObject& object) { forget(object.oid); }},
             change);
}

void Objects::put(const PutDetail& change) {
  RelationDetail& detail = details_[change.relation];
  materialized_views_ += change.detail.view.has_value();
  materialized_views_ -= detail.view.has_value();
  detail = change.detail;
}

void Objects::forget(Oid object) {
  if (const auto found = details_.find(object); found != details_.end()) {
    materialized_views_ -= found->second.view.has_value();
    details_.erase(found);
  }
  comments_.erase(comments_.lower_bound({object, INT32_MIN}), comments_.upper_bound({object, INT32_MAX}));
  quotas_.erase(object);
}

bool Objects::knows(Oid object) const {
  const auto comment = comments_.lower_bound({object, INT32_MIN});
  return details_.contains(object) || quotas_.contains(object) ||
         (comment != comments_.end() && comment->first.object == object);
}

const RelationDetail& Objects::detail(Oid relation) const {
  static const RelationDetail kNothing;
  const auto found = details_.find(relation);
  return found == details_.end() ? kNothing : found->second;
}

const Database* Objects::find_database(std::string_view name) const {
  for (const auto& [oid, database] : databases_) {
    if (database.name == name) return &database;
  }
  return nullptr;
}

std::vector<const semantics::Function*> Objects::find_functions(std::string_view schema, std::string_view name) const {
  std::vector<const semantics::Function*> found;
  for (const auto& [oid, function] : functions_) {
    if (function.name == name && function.schema == schema) found.push_back(&function);
  }
  return found;
}

void Objects::rename_schema(std::string_view from, std::string_view to) {
  for (auto& [oid, function] : functions_) {
    if (function.schema == from) function.schema = to;
  }
}

}  // namespace garland::embedded
