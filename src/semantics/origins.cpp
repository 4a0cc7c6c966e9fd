#include "semantics/origins.h"

namespace garland::semantics {

namespace {

using Origins = std::vector<std::optional<Origin>>;

const BoundRelation* find(const BoundRelation& from, RelationNo number) {
  if (const auto* join = std::get_if<BoundJoin>(&from.node)) {
    const BoundRelation* found = find(*join->left, number);
    return found ? found : find(*join->right, number);
  }
  return from.number == number ? &from : nullptr;
}

std::optional<Origin> origin(const BoundRelation& from, const BoundColumn& column) {
  const BoundRelation* relation = find(from, column.relation);
  if (!relation) return std::nullopt;  // of a query around this one
  if (const auto* table = std::get_if<BoundTable>(&relation->node)) return Origin{table->oid, column.column};
  const auto* subquery = std::get_if<BoundSubquery>(&relation->node);
  if (!subquery) return std::nullopt;
  if (subquery->view != 0) return Origin{subquery->view, column.column};
  return origins(*subquery->query)[static_cast<size_t>(column.column)];
}

}  // namespace

Origins origins(const BoundQuery& query) {
  if (const auto* inner = std::get_if<Box<BoundQuery>>(&query.body.node)) return origins(**inner);
  const auto* select = std::get_if<BoundSelect>(&query.body.node);
  if (!select) return Origins(query.columns.size());
  Origins result;
  for (const BoundOutput& output : select->outputs) {
    const auto* column = std::get_if<BoundColumn>(&output.expr.node);
    result.push_back(column ? origin(select->from, *column) : std::nullopt);
  }
  result.resize(query.columns.size());  // ORDER BY may add outputs that the result does not show
  return result;
}

}  // namespace garland::semantics
