// A statement, planned: parsed and resolved against one version of the catalog.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "duck/connection.h"
#include "embedded/catalog.h"
#include "embedded/translate.h"
#include "engine/engine.h"
#include "semantics/bound.h"
#include "sql/show_parameters.h"

namespace garland::embedded {

struct Plan {
  sql::Statement ast;
  semantics::BoundStatement bound;
  std::shared_ptr<const SessionCatalog> catalog;  // what it was resolved against; `bound` names its objects
  uint64_t settings_generation = 0;
  std::vector<engine::ResultColumn> columns;
  std::optional<sql::ShowParameters> open_show;  // a SHOW whose names are parameters: planned anew with their values

  /// A query as DuckDB reads it, once it ran; of the session that made the plan, whose thread alone uses it.
  struct PreparedQuery {
    Translation translation;
    /// Of a query that reads no relation. DuckDB builds the values' ranges that it knows of a table into its plan, and
    /// does not plan again when rows come that lie outside: such a plan is run once.
    std::shared_ptr<duck::Prepared> prepared;
  };
  mutable std::optional<PreparedQuery> prepared;

  /// Made for this catalog and these settings.
  bool is_for(const SessionCatalog& now, uint64_t generation) const;
  template <class T>
  const T* is() const {
    return std::get_if<T>(&bound.node);
  }
};
using PlanPtr = std::shared_ptr<const Plan>;

/// BEGIN, COMMIT, ROLLBACK, SET … : what `bound` merely repeats.
bool ends_transaction(const sql::Statement& statement);

/// The plans a session made last, by statement text and parameter types. A plan of another catalog or other settings is
/// not given out.
class PlanCache {
 public:
  /// nullptr when there is none for this catalog and these settings.
  PlanPtr find(const std::string& key, const SessionCatalog& catalog, uint64_t settings_generation);
  void put(const std::string& key, PlanPtr plan);
  static std::string key(std::string_view sql, std::span<const engine::Type> types);

 private:
  static constexpr size_t kMaxPlans = 128;            // a client's working set of statements
  static constexpr size_t kMaxTextBytes = 64 << 10;   // longer texts are rarely run twice
  std::list<std::pair<std::string, PlanPtr>> plans_;  // latest first
  std::unordered_map<std::string, std::list<std::pair<std::string, PlanPtr>>::iterator> by_key_;
};

}  // namespace garland::embedded
