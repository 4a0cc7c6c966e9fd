#include "semantics/sort_orders.h"

#include <functional>

#include "base/error.h"
#include "semantics/walk.h"

namespace garland::semantics {
namespace {

/// What an aggregate sorts by: MEDIAN by its argument; nothing when it does not sort.
std::vector<BoundOrder> order_of(const BoundAggregate& aggregate) {
  if (aggregate.function == "median") return {{aggregate.arguments[0], false, false}};
  return aggregate.within_group;
}

bool equal(const std::vector<BoundOrder>& left, const std::vector<BoundOrder>& right) {
  if (left.size() != right.size()) return false;
  for (size_t i = 0; i < left.size(); ++i) {
    if (!same(left[i].expr, right[i].expr)) return false;
  }
  return true;
}

}  // namespace

void check_sort_orders(const BoundSelect& select) {
  std::vector<BoundOrder> first;
  const std::function<void(const BoundExpr&)> look = [&](const BoundExpr& expr) {
    if (const auto* aggregate = std::get_if<BoundAggregate>(&expr.node)) {
      std::vector<BoundOrder> order = order_of(*aggregate);
      if (!first.empty() && !order.empty() && !equal(first, order)) {
        throw Error(kSyntaxError, "within group ORDER BY clauses for aggregate functions must be the same")
            .at(expr.span.begin);
      }
      if (first.empty()) first = std::move(order);
      return;
    }
    for_each_part(expr, look);
  };
  for (const BoundOutput& output : select.outputs) look(output.expr);
  if (select.having) look(*select.having);
}

}  // namespace garland::semantics
