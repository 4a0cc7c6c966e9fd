// A bound expression as text, for tests that look at its shape.
#pragma once

#include <string>

#include "semantics/bound.h"

namespace garland::semantics {

inline std::string dump(const BoundExpr& expr);

inline std::string dump(const std::vector<BoundExpr>& exprs) {
  std::string text;
  for (const BoundExpr& expr : exprs) text += (text.empty() ? "" : ", ") + dump(expr);
  return text;
}

inline std::string dump(const BoundQuery& query) { return "query/" + std::to_string(query.columns.size()); }

inline std::string dump_window(const BoundWindow& node) {
  std::string text = node.function + "(" + dump(node.arguments) + ") over (";
  if (!node.partition_by.empty()) text += "partition " + dump(node.partition_by);
  for (const BoundOrder& order : node.order_by)
    text += " order " + dump(order.expr) + (order.descending ? " desc" : "");
  if (node.frame) text += " framed";
  return text + ")";
}

/// Columns are r<relation>.<column>, constants 'text':type, casts cast(… as type).
inline std::string dump(const BoundExpr& expr) {
  const std::string type = engine::to_string(expr.type);
  return std::visit(
      overloaded{[&](const BoundConstant& node) { return (node.text ? "'" + *node.text + "'" : "null") + ":" + type; },
                 [&](const BoundColumn& node) {
                   return "r" + std::to_string(node.relation) + "." + std::to_string(node.column);
                 },
                 [&](const BoundParameter& node) { return "$" + std::to_string(node.number) + ":" + type; },
                 [&](const BoundCall& node) { return node.function + "(" + dump(node.arguments) + ")"; },
                 [&](const BoundCast& node) { return "cast(" + dump(*node.operand) + " as " + type + ")"; },
                 [&](const BoundCase& node) {
                   std::string text = "case";
                   for (const BoundWhen& when : node.whens)
                     text += " when " + dump(*when.condition) + " then " + dump(*when.result);
                   return text + (node.otherwise ? " else " + dump(**node.otherwise) : "") + " end";
                 },
                 [&](const BoundInList& node) { return dump(*node.operand) + " in (" + dump(node.list) + ")"; },
                 [&](const BoundInQuery& node) { return "(" + dump(node.operands) + ") in " + dump(*node.query); },
                 [&](const BoundExists& node) { return "exists " + dump(*node.query); },
                 [&](const BoundScalarQuery& node) { return "scalar " + dump(*node.query); },
                 [&](const BoundQuantified& node) {
                   return dump(*node.operand) + " " + node.op + (node.all ? " all " : " any ") + dump(*node.query);
                 },
                 [&](const BoundAggregate& node) {
                   return node.function + "[" + (node.distinct ? "distinct " : "") + dump(node.arguments) + "]";
                 },
                 [&](const Box<BoundWindow>& node) { return dump_window(*node); },
                 [&](const BoundGrouping& node) { return "grouping(" + dump(node.arguments) + ")"; }},
      expr.node);
}

/// The plain SELECT that a statement is.
inline const BoundSelect& select_of(const BoundStatement& statement) {
  return std::get<BoundSelect>(std::get<BoundQuery>(statement.node).body.node);
}

inline std::string dump_first(const BoundStatement& statement) { return dump(select_of(statement).outputs.at(0).expr); }

}  // namespace garland::semantics
