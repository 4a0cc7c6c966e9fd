#include "embedded/snapshot.h"

#include <algorithm>
#include <atomic>

#include "base/box.h"

namespace garland::embedded {

namespace {

uint64_t next_version() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

void CatalogSnapshot::apply(const CatalogChange& change) {
  std::visit(overloaded{[&](const PutRelation& put_change) { put(put_change); },
                        [&](const DropRelation& dropped) {
                          forget(ObjectClass::kRelation, dropped.oid);
                          drop(dropped.oid);
                          if (objects_->knows(dropped.oid)) change_objects(ForgetObject{dropped.oid});
                        },
                        [&](const PutSchema& schema) { schemas_[schema.name] = schema.oid; },
                        [&](const DropSchema& schema) {
                          const Oid* oid = find_schema(schema.name);
                          if (oid && objects_->knows(*oid)) change_objects(ForgetObject{*oid});
                          if (oid) forget(ObjectClass::kSchema, *oid);
                          schemas_.erase(schema.name);
                        },
                        [&](const FlagBlanks& flagged) { flag(flagged); },
                        [&](const RenameSchema& renamed) { rename(renamed); },
                        [&](const ObjectChange& object) { change_objects(object); },
                        [&](const AccessChange& access) { change_access(access); }},
             change);
  version_ = next_version();
}

void CatalogSnapshot::change_access(const AccessChange& change) {
  auto changed = std::make_shared<Access>(*access_);
  changed->apply(change);
  access_ = std::move(changed);
}

/// What was granted on an object goes with it.
void CatalogSnapshot::forget(ObjectClass object_class, Oid oid) {
  const ObjectKey key{object_class, oid};
  if (access_->objects().contains(key)) change_access(DropPermissions{key});
}

void CatalogSnapshot::change_objects(const ObjectChange& change) {
  auto changed = std::make_shared<Objects>(*objects_);
  changed->apply(change);
  objects_ = std::move(changed);
}

void CatalogSnapshot::rename(const RenameSchema& change) {
  const auto schema = schemas_.find(change.from);
  if (schema == schemas_.end()) return;
  schemas_[change.to] = schema->second;
  schemas_.erase(schema);
  for (const StoredRelation* stored : in_schema(change.from)) {
    auto moved = std::make_shared<StoredRelation>(*stored);
    moved->relation.schema = change.to;
    names_.erase({change.from, moved->relation.name});
    names_[{change.to, moved->relation.name}] = moved->relation.oid;
    relations_[moved->relation.oid] = std::move(moved);
  }
  auto changed = std::make_shared<Objects>(*objects_);
  changed->rename_schema(change.from, change.to);
  objects_ = std::move(changed);
}

std::vector<const StoredRelation*> CatalogSnapshot::materialized_over(Oid relation) const {
  std::vector<const StoredRelation*> views;
  if (!objects_->has_materialized_views()) return views;
  for (const auto& [oid, detail] : objects_->details()) {
    const StoredRelation* view = detail.view ? find(oid) : nullptr;
    const auto uses = [&](const Dependency& use) { return use.relation == relation; };
    if (view && std::ranges::any_of(view->uses, uses)) views.push_back(view);
  }
  return views;
}

void CatalogSnapshot::put(const PutRelation& change) {
  const semantics::Relation& relation = change.relation->relation;
  StoredRelationPtr stored = change.relation;
  if (const StoredRelation* old = find(relation.oid)) {
    // A writer may have flagged a column since the change was made; flags are never taken back.
    std::vector<int16_t> flagged;
    for (const auto& column : old->relation.columns) {
      if (column.may_have_trailing_blanks) flagged.push_back(column.attnum);
    }
    auto merged = std::make_shared<StoredRelation>(*stored);
    for (auto& column : merged->relation.columns) {
      if (std::ranges::count(flagged, column.attnum)) column.may_have_trailing_blanks = true;
    }
    stored = std::move(merged);
    drop(relation.oid);
  }
  names_[{relation.schema, relation.name}] = relation.oid;
  relations_[relation.oid] = std::move(stored);
}

void CatalogSnapshot::drop(Oid oid) {
  const auto found = relations_.find(oid);
  if (found == relations_.end()) return;
  const semantics::Relation& relation = found->second->relation;
  const auto name = names_.find({relation.schema, relation.name});
  if (name != names_.end() && name->second == oid) names_.erase(name);
  relations_.erase(found);
}

void CatalogSnapshot::flag(const FlagBlanks& change) {
  const auto found = relations_.find(change.relation);
  if (found == relations_.end()) return;
  auto flagged = std::make_shared<StoredRelation>(*found->second);
  for (auto& column : flagged->relation.columns) {
    if (column.attnum == change.attnum) column.may_have_trailing_blanks = true;
  }
  found->second = std::move(flagged);
}

const StoredRelation* CatalogSnapshot::find(std::string_view schema, std::string_view name) const {
  const auto found = names_.find({std::string(schema), std::string(name)});
  return found == names_.end() ? nullptr : find(found->second);
}

const StoredRelation* CatalogSnapshot::find(Oid oid) const {
  const auto found = relations_.find(oid);
  return found == relations_.end() ? nullptr : found->second.get();
}

const Oid* CatalogSnapshot::find_schema(std::string_view name) const {
  const auto found = schemas_.find(name);
  return found == schemas_.end() ? nullptr : &found->second;
}

std::vector<const StoredRelation*> CatalogSnapshot::in_schema(std::string_view schema) const {
  std::vector<const StoredRelation*> result;
  for (auto it = names_.lower_bound({std::string(schema), ""}); it != names_.end() && it->first.first == schema; ++it) {
    result.push_back(find(it->second));
  }
  return result;
}

std::vector<const StoredRelation*> CatalogSnapshot::users_of(Oid relation, int16_t attnum) const {
  std::vector<const StoredRelation*> result;
  for (const auto& [oid, stored] : relations_) {
    const auto uses = [&](const Dependency& use) {
      return use.relation == relation && (attnum == 0 || use.column == attnum);
    };
    if (std::ranges::any_of(stored->uses, uses)) result.push_back(stored.get());
  }
  std::ranges::sort(result, {}, [](const StoredRelation* view) { return view->relation.oid; });
  return result;
}

std::vector<std::string> CatalogSnapshot::similar(std::string_view schema, std::string_view name) const {
  constexpr size_t kMaxHints = 3;
  std::vector<std::pair<size_t, std::string>> found;
  for (const StoredRelation* stored : in_schema(schema)) {
    const size_t distance = edit_distance(stored->relation.name, name);
    if (distance <= std::max<size_t>(2, name.size() / 4)) found.emplace_back(distance, stored->relation.name);
  }
  std::ranges::sort(found);
  std::vector<std::string> result;
  for (size_t i = 0; i < std::min(kMaxHints, found.size()); ++i) result.push_back(found[i].second);
  return result;
}

}  // namespace garland::embedded
