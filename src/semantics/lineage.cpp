// Value lineage: which stored columns an output column's values are made of.
#include <algorithm>
#include <set>
#include <unordered_map>

#include "semantics/resolve.h"
#include "semantics/walk.h"

namespace garland::semantics {
namespace {

/// Finds the relations and CTEs of a query by number, then follows columns down to tables.
class Tracer {
 public:
  explicit Tracer(const BoundQuery& query) { note(query); }

  std::vector<Use> sources(const BoundBody& body, size_t output) {
    followed_.clear();
    std::vector<Use> found;
    follow(body, output, found);
    std::ranges::sort(found, {}, [](const Use& use) { return std::pair(use.relation, use.column); });
    const auto repeated = std::ranges::unique(found);
    found.erase(repeated.begin(), repeated.end());
    return found;
  }

 private:
  void note(const BoundExpr& expr) {
    for_each_part(expr, [&](const BoundExpr& part) { note(part); });
    if (const BoundQuery* query = query_of(expr)) note(*query);
  }
  void note(const std::optional<BoundExpr>& expr) {
    if (expr) note(*expr);
  }
  void note(const BoundRelation& relation) {
    if (relation.number >= 0) relations_[relation.number] = &relation;
    if (const auto* subquery = std::get_if<BoundSubquery>(&relation.node)) note(*subquery->query);
    if (const auto* join = std::get_if<BoundJoin>(&relation.node)) {
      note(*join->left);
      note(*join->right);
      note(join->on);
    }
    if (const auto* unnest = std::get_if<BoundUnnest>(&relation.node)) note(*unnest->value);
  }
  void note(const BoundBody& body) {
    if (const auto* select = std::get_if<BoundSelect>(&body.node)) {
      note(select->from);
      for (const BoundOutput& output : select->outputs) note(output.expr);
      note(select->where);
      note(select->having);
      note(select->qualify);
    } else if (const auto* operation = std::get_if<BoundSetOperation>(&body.node)) {
      note(*operation->left);
      note(*operation->right);
    } else {
      note(*std::get<Box<BoundQuery>>(body.node));
    }
  }
  void note(const BoundQuery& query) {
    for (const BoundCte& cte : query.with) {
      common_tables_[cte.number] = &cte;
      note(*cte.query);
    }
    note(query.body);
  }

  void follow(const BoundBody& body, size_t output, std::vector<Use>& found) {
    if (const auto* select = std::get_if<BoundSelect>(&body.node)) return follow(select->outputs[output].expr, found);
    if (const auto* operation = std::get_if<BoundSetOperation>(&body.node)) {
      follow(*operation->left, output, found);
      return follow(*operation->right, output, found);
    }
    follow(std::get<Box<BoundQuery>>(body.node)->body, output, found);
  }

  void follow(const BoundExpr& expr, std::vector<Use>& found) {
    if (const auto* column = std::get_if<BoundColumn>(&expr.node)) return follow(*column, found);
    for_each_part(expr, [&](const BoundExpr& part) { follow(part, found); });
    const BoundQuery* query = query_of(expr);
    // EXISTS, IN and ANY filter; only a scalar subquery gives values.
    if (query && std::holds_alternative<BoundScalarQuery>(expr.node)) follow(query->body, 0, found);
  }

  /// Each column of a subquery or CTE is followed once for an output: a recursive CTE reads itself.
  void follow(const BoundColumn& column, std::vector<Use>& found) {
    const auto known = relations_.find(column.relation);
    if (known == relations_.end()) return;
    const BoundRelation& relation = *known->second;
    const auto index = static_cast<size_t>(column.column);
    if (const auto* table = std::get_if<BoundTable>(&relation.node)) {
      found.push_back({table->oid, column.column, Access::kSelect});
    } else if (const auto* subquery = std::get_if<BoundSubquery>(&relation.node)) {
      follow_query(*subquery->query, index, found);
    } else if (const auto* mention = std::get_if<BoundCteRef>(&relation.node)) {
      const auto cte = common_tables_.find(mention->cte);
      if (cte != common_tables_.end()) follow_query(*cte->second->query, index, found);
    } else if (const auto* unnest = std::get_if<BoundUnnest>(&relation.node)) {
      follow(*unnest->value, found);
    }
  }

  void follow_query(const BoundQuery& query, size_t output, std::vector<Use>& found) {
    if (followed_.emplace(&query, output).second) follow(query.body, output, found);
  }

  std::unordered_map<RelationNo, const BoundRelation*> relations_;
  std::unordered_map<int32_t, const BoundCte*> common_tables_;
  std::set<std::pair<const BoundQuery*, size_t>> followed_;
};

}  // namespace

std::vector<ColumnLineage> lineage(const BoundQuery& query) {
  Tracer tracer(query);
  std::vector<ColumnLineage> columns;
  columns.reserve(query.columns.size());
  for (size_t i = 0; i < query.columns.size(); ++i)
    columns.push_back({query.columns[i].name, tracer.sources(query.body, i)});
  return columns;
}

}  // namespace garland::semantics
