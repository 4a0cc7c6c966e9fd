#include "embedded/plan.h"

namespace garland::embedded {

bool ends_transaction(const sql::Statement& statement) {
  return std::holds_alternative<sql::Commit>(statement.node) || std::holds_alternative<sql::Rollback>(statement.node);
}

std::string PlanCache::key(std::string_view sql, std::span<const engine::Type> types) {
  std::string key;
  for (const engine::Type& type : types) key += to_string(type) + ",";
  return key.append("|").append(sql);
}

bool Plan::is_for(const SessionCatalog& now, uint64_t generation) const {
  return settings_generation == generation && catalog->version() == now.version() &&
         catalog->temporary_version() == now.temporary_version();
}

PlanPtr PlanCache::find(const std::string& key, const SessionCatalog& catalog, uint64_t settings_generation) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  const PlanPtr plan = found->second->second;
  if (!plan->is_for(catalog, settings_generation)) return nullptr;
  plans_.splice(plans_.begin(), plans_, found->second);
  return plan;
}

void PlanCache::put(const std::string& key, PlanPtr plan) {
  if (key.size() > kMaxTextBytes) return;
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    found->second->second = std::move(plan);
    plans_.splice(plans_.begin(), plans_, found->second);
    return;
  }
  plans_.emplace_front(key, std::move(plan));
  by_key_[key] = plans_.begin();
  if (plans_.size() > kMaxPlans) {
    by_key_.erase(plans_.back().first);
    plans_.pop_back();
  }
}

}  // namespace garland::embedded
