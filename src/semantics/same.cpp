// Equality of bound expressions, for GROUP BY, DISTINCT and ORDER BY.
#include <algorithm>

#include "semantics/walk.h"

namespace garland::semantics {
namespace {

template <class T>
bool same_lists(const std::vector<T>& a, const std::vector<T>& b);

bool alike(const BoundExpr& a, const BoundExpr& b) { return same(a, b); }
bool alike(const BoundOrder& a, const BoundOrder& b) {
  return a.descending == b.descending && a.nulls_first == b.nulls_first && same(a.expr, b.expr);
}
bool alike(const BoundWhen& a, const BoundWhen& b) {
  return same(*a.condition, *b.condition) && same(*a.result, *b.result);
}
bool alike(const std::optional<Box<BoundExpr>>& a, const std::optional<Box<BoundExpr>>& b) {
  return a.has_value() == b.has_value() && (!a || same(**a, **b));
}
bool alike(const BoundFrameEdge& a, const BoundFrameEdge& b) { return a.bound == b.bound && alike(a.offset, b.offset); }

template <class T>
bool same_lists(const std::vector<T>& a, const std::vector<T>& b) {
  return std::ranges::equal(a, b, [](const T& left, const T& right) { return alike(left, right); });
}

/// Relation numbers are unique in a statement, so two queries with the same expressions over the same numbers are
/// copies.
bool copies(const BoundQuery& a, const BoundQuery& b) {
  std::vector<const BoundExpr*> left;
  for_each_expression(a, [&](const BoundExpr& expr) { left.push_back(&expr); });
  size_t at = 0;
  bool equal = true;
  for_each_expression(b, [&](const BoundExpr& expr) {
    equal = equal && at < left.size() && same(*left[at], expr);
    ++at;
  });
  return equal && at == left.size() && a.columns.size() == b.columns.size();
}

bool nodes(const BoundConstant& a, const BoundConstant& b) { return a.text == b.text; }
bool nodes(const BoundColumn& a, const BoundColumn& b) { return a.relation == b.relation && a.column == b.column; }
bool nodes(const BoundParameter& a, const BoundParameter& b) { return a.number == b.number; }
bool nodes(const BoundCall& a, const BoundCall& b) {
  return a.function == b.function && same_lists(a.arguments, b.arguments);
}
bool nodes(const BoundCast& a, const BoundCast& b) { return same(*a.operand, *b.operand); }
bool nodes(const BoundCase& a, const BoundCase& b) {
  return same_lists(a.whens, b.whens) && alike(a.otherwise, b.otherwise);
}
bool nodes(const BoundInList& a, const BoundInList& b) {
  return same(*a.operand, *b.operand) && same_lists(a.list, b.list);
}
bool nodes(const BoundInQuery& a, const BoundInQuery& b) {
  return same_lists(a.operands, b.operands) && copies(*a.query, *b.query);
}
bool nodes(const BoundExists& a, const BoundExists& b) { return copies(*a.query, *b.query); }
bool nodes(const BoundScalarQuery& a, const BoundScalarQuery& b) { return copies(*a.query, *b.query); }
bool nodes(const BoundQuantified& a, const BoundQuantified& b) {
  return a.op == b.op && a.all == b.all && same(*a.operand, *b.operand) && copies(*a.query, *b.query);
}
bool nodes(const BoundAggregate& a, const BoundAggregate& b) {
  return a.function == b.function && a.distinct == b.distinct && a.approximate == b.approximate &&
         same_lists(a.arguments, b.arguments) && same_lists(a.within_group, b.within_group);
}
bool nodes(const Box<BoundWindow>& first, const Box<BoundWindow>& second) {
  const BoundWindow &a = *first, &b = *second;
  if (a.frame.has_value() != b.frame.has_value()) return false;
  if (a.frame &&
      !(a.frame->unit == b.frame->unit && alike(a.frame->start, b.frame->start) && alike(a.frame->end, b.frame->end))) {
    return false;
  }
  return a.function == b.function && a.distinct == b.distinct && a.ignore_nulls == b.ignore_nulls &&
         same_lists(a.arguments, b.arguments) && same_lists(a.within_group, b.within_group) &&
         same_lists(a.partition_by, b.partition_by) && same_lists(a.order_by, b.order_by);
}
bool nodes(const BoundGrouping& a, const BoundGrouping& b) { return same_lists(a.arguments, b.arguments); }

}  // namespace

bool same(const BoundExpr& a, const BoundExpr& b) {
  if (a.node.index() != b.node.index() || a.type != b.type) return false;
  return std::visit([&]<class Node>(const Node& node) { return nodes(node, std::get<Node>(b.node)); }, a.node);
}

}  // namespace garland::semantics
