#include "semantics/walk.h"

#include <algorithm>

namespace garland::semantics {
namespace {

void each(const std::vector<BoundExpr>& exprs, const ExprVisitor& visit) {
  for (const BoundExpr& expr : exprs) visit(expr);
}
void each(const std::vector<BoundOrder>& orders, const ExprVisitor& visit) {
  for (const BoundOrder& order : orders) visit(order.expr);
}
void each(const std::optional<BoundExpr>& expr, const ExprVisitor& visit) {
  if (expr) visit(*expr);
}
void each(const std::optional<Box<BoundExpr>>& expr, const ExprVisitor& visit) {
  if (expr) visit(**expr);
}

void visit_case(const BoundCase& node, const ExprVisitor& visit) {
  for (const BoundWhen& when : node.whens) {
    visit(*when.condition);
    visit(*when.result);
  }
  each(node.otherwise, visit);
}

void visit_window(const BoundWindow& node, const ExprVisitor& visit) {
  each(node.arguments, visit);
  each(node.within_group, visit);
  each(node.partition_by, visit);
  each(node.order_by, visit);
  if (!node.frame) return;
  each(node.frame->start.offset, visit);
  each(node.frame->end.offset, visit);
}

void for_each_expression(const BoundBody& body, const ExprVisitor& visit);

void for_each_expression(const BoundSelect& select, const ExprVisitor& visit) {
  for (const BoundOutput& output : select.outputs) visit(output.expr);
  semantics::for_each_expression(select.from, visit);
  each(select.where, visit);
  each(select.group_by, visit);
  each(select.having, visit);
  each(select.qualify, visit);
}

void for_each_expression(const BoundBody& body, const ExprVisitor& visit) {
  std::visit(overloaded{[&](const BoundSelect& select) { for_each_expression(select, visit); },
                        [&](const BoundSetOperation& operation) {
                          for_each_expression(*operation.left, visit);
                          for_each_expression(*operation.right, visit);
                        },
                        [&](const Box<BoundQuery>& query) { semantics::for_each_expression(*query, visit); }},
             body.node);
}

}  // namespace

void for_each_part(const BoundExpr& expr, const ExprVisitor& visit) {
  std::visit(overloaded{[](const BoundConstant&) {}, [](const BoundColumn&) {}, [](const BoundParameter&) {},
                        [&](const BoundCall& node) { each(node.arguments, visit); },
                        [&](const BoundCast& node) { visit(*node.operand); },
                        [&](const BoundCase& node) { visit_case(node, visit); },
                        [&](const BoundInList& node) {
                          visit(*node.operand);
                          each(node.list, visit);
                        },
                        [&](const BoundInQuery& node) { each(node.operands, visit); }, [](const BoundExists&) {},
                        [](const BoundScalarQuery&) {}, [&](const BoundQuantified& node) { visit(*node.operand); },
                        [&](const BoundAggregate& node) {
                          each(node.arguments, visit);
                          each(node.within_group, visit);
                        },
                        [&](const Box<BoundWindow>& node) { visit_window(*node, visit); },
                        [&](const BoundGrouping& node) { each(node.arguments, visit); }},
             expr.node);
}

const BoundQuery* query_of(const BoundExpr& expr) {
  if (const auto* node = std::get_if<BoundInQuery>(&expr.node)) return &*node->query;
  if (const auto* node = std::get_if<BoundExists>(&expr.node)) return &*node->query;
  if (const auto* node = std::get_if<BoundScalarQuery>(&expr.node)) return &*node->query;
  if (const auto* node = std::get_if<BoundQuantified>(&expr.node)) return &*node->query;
  return nullptr;
}

void for_each_expression(const BoundRelation& relation, const ExprVisitor& visit) {
  if (const auto* subquery = std::get_if<BoundSubquery>(&relation.node)) {
    for_each_expression(*subquery->query, visit);
  } else if (const auto* join = std::get_if<BoundJoin>(&relation.node)) {
    for_each_expression(*join->left, visit);
    for_each_expression(*join->right, visit);
    each(join->on, visit);
  } else if (const auto* unnest = std::get_if<BoundUnnest>(&relation.node)) {
    visit(*unnest->value);
  }
}

void for_each_expression(const BoundQuery& query, const ExprVisitor& visit) {
  for (const BoundCte& cte : query.with) for_each_expression(*cte.query, visit);
  for_each_expression(query.body, visit);
  for (const BoundQueryOrder& order : query.order_by) {
    if (const auto* expr = std::get_if<BoundExpr>(&order.key)) visit(*expr);
  }
  each(query.limit, visit);
  each(query.offset, visit);
}

size_t node_count(const BoundExpr& expr) {
  size_t count = 1;
  const ExprVisitor add = [&](const BoundExpr& part) { count += node_count(part); };
  for_each_part(expr, add);
  if (const BoundQuery* query = query_of(expr)) for_each_expression(*query, add);
  return count;
}

bool may_have_trailing_blanks(const BoundExpr& expr, const std::function<bool(const BoundColumn&)>& column) {
  if (expr.type.id != engine::TypeId::kVarchar) return false;  // CHAR is stored without its padding
  const auto any = [&](const std::vector<BoundExpr>& parts) {
    return std::ranges::any_of(parts, [&](const BoundExpr& part) { return may_have_trailing_blanks(part, column); });
  };
  if (const auto* node = std::get_if<BoundConstant>(&expr.node)) return node->text && node->text->ends_with(' ');
  if (const auto* node = std::get_if<BoundColumn>(&expr.node)) return column(*node);
  if (const auto* node = std::get_if<BoundCast>(&expr.node)) {
    const Type& from = node->operand->type;
    if (from.is_numeric() || from.is_datetime() || from.id == engine::TypeId::kChar) return false;
    return from.length > expr.type.length || may_have_trailing_blanks(*node->operand, column);  // cut after a blank
  }
  if (const auto* node = std::get_if<BoundCase>(&expr.node)) {
    const auto blank = [&](const BoundExpr& part) { return may_have_trailing_blanks(part, column); };
    return std::ranges::any_of(node->whens, [&](const BoundWhen& when) { return blank(*when.result); }) ||
           (node->otherwise && blank(**node->otherwise));
  }
  if (const auto* node = std::get_if<BoundCall>(&expr.node)) {
    if ((node->function == "btrim" || node->function == "rtrim") && node->arguments.size() == 1) return false;
    if (node->function == "coalesce" || node->function == "upper" || node->function == "lower" ||
        node->function == "greatest" || node->function == "least" || node->function == "||") {
      return any(node->arguments);
    }
  }
  if (const auto* node = std::get_if<BoundAggregate>(&expr.node)) {
    if (node->function == "min" || node->function == "max" || node->function == "any_value")
      return any(node->arguments);
  }
  return true;
}

}  // namespace garland::semantics
