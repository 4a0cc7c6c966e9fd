// Window functions and their rules (guide page r_Window_function_synopsis).
#include <algorithm>
#include <array>

#include "semantics/resolver.h"
#include "semantics/sketch_rules.h"
#include "semantics/walk.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

bool is_constant(const BoundExpr& expr) {
  if (std::holds_alternative<BoundColumn>(expr.node) || query_of(expr) ||
      std::holds_alternative<BoundAggregate>(expr.node))
    return false;
  if (std::holds_alternative<BoundParameter>(expr.node) || std::holds_alternative<BoundConstant>(expr.node))
    return true;
  bool constant = true, any = false;
  for_each_part(expr, [&](const BoundExpr& part) {
    constant = constant && is_constant(part);
    any = true;
  });
  return constant && any;
}

/// Functions over the rows of a frame: with ORDER BY they need to be told which frame.
bool reads_frame(std::string_view name) {
  return is_aggregate(name) || name == "first_value" || name == "last_value" || name == "nth_value";
}

bool takes_null_treatment(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames{"first_value", "last_value", "nth_value", "lag", "lead"};
  return std::ranges::find(kNames, name) != kNames.end();
}

/// Ordered by WITHIN GROUP, or over the whole partition only: OVER has neither ORDER BY nor frame.
bool takes_partition_only(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames{"percentile_cont", "percentile_disc", "median", "listagg",
                                                   "ratio_to_report"};
  return std::ranges::find(kNames, name) != kNames.end();
}

[[noreturn]] void refuse(std::string message, Span span, SqlState state = kWindowingError) {
  throw Error(state, std::move(message)).at(span.begin);
}

void check_edges(const sql::Frame& frame, Span span) {
  using sql::FrameBound;
  const FrameBound start = frame.start.bound;
  const FrameBound end = frame.end ? frame.end->bound : FrameBound::kCurrentRow;
  if (start == FrameBound::kUnboundedFollowing) refuse("frame start cannot be UNBOUNDED FOLLOWING", span);
  if (end == FrameBound::kUnboundedPreceding) refuse("frame end cannot be UNBOUNDED PRECEDING", span);
  if (start > end) refuse("frame starting from a row cannot end before it", span);
}

}  // namespace

std::vector<BoundOrder> Resolver::orders(const std::vector<sql::OrderItem>& items, Scope& scope) {
  std::vector<BoundOrder> bound;
  bound.reserve(items.size());
  for (const sql::OrderItem& item : items) {
    const bool first = item.nulls == sql::NullOrder::kDefault ? item.descending : item.nulls == sql::NullOrder::kFirst;
    bound.push_back({settled(expression(item.expr, scope)), item.descending, first});
    check_ordered(bound.back().expr.type, item.expr.span.begin);
  }
  return bound;
}

BoundFrameEdge Resolver::frame_edge(const sql::FrameEdge& edge, Span span, Scope& scope) {
  BoundFrameEdge bound{edge.bound, std::nullopt};
  if (!edge.offset) return bound;
  BoundExpr offset = convert(expression(**edge.offset, scope), Type::of(TypeId::kBigint), CastContext::kAssignment);
  const auto* constant = std::get_if<BoundConstant>(&offset.node);
  if (!constant || !constant->text || constant->text->starts_with('-')) {
    refuse("frame offsets must be unsigned integer constants", span, kSyntaxError);
  }
  bound.offset = Box<BoundExpr>(std::move(offset));
  return bound;
}

std::optional<BoundFrame> Resolver::frame(const sql::Call& call, const std::string& name, Span span, Scope& scope) {
  const sql::WindowSpec& over = **call.over;
  if (!over.frame) {
    if (over.order_by.empty() || !reads_frame(name) || takes_partition_only(name)) return std::nullopt;
    refuse("Aggregate window functions with an ORDER BY clause require a frame clause", span, kSyntaxError);
  }
  if (!reads_frame(name) || takes_partition_only(name))
    refuse("window function " + name + " does not take a frame clause", span, kSyntaxError);
  if (over.frame->unit == sql::FrameUnit::kRange)
    refuse("RANGE in a window frame is not supported", span, kFeatureNotSupported);
  if (over.order_by.empty()) refuse("a window frame needs an ORDER BY", span, kSyntaxError);
  check_edges(*over.frame, span);
  BoundFrameEdge start = frame_edge(over.frame->start, span, scope);
  BoundFrameEdge end{sql::FrameBound::kCurrentRow, std::nullopt};
  if (over.frame->end) end = frame_edge(*over.frame->end, span, scope);
  return BoundFrame{sql::FrameUnit::kRows, std::move(start), std::move(end)};
}

BoundExpr Resolver::window(const sql::Call& call, const std::string& name, Span span, Scope& scope) {
  if (scope.in_window) refuse("window function calls cannot be nested", span);
  if (scope.in_aggregate) refuse("aggregate function calls cannot contain window function calls", span);
  if (scope.clause != Clause::kSelect && scope.clause != Clause::kQualify && scope.clause != Clause::kOrderBy) {
    refuse("window functions not allowed in " + std::string(clause_name(scope.clause)), span);
  }
  if (call.distinct) refuse("DISTINCT is not supported for window functions", span, kFeatureNotSupported);
  if (call.approximate) refuse("APPROXIMATE is not supported for window functions", span, kFeatureNotSupported);
  if (call.nulls != sql::NullTreatment::kNone && !takes_null_treatment(name)) {
    refuse("window function " + name + " does not take IGNORE NULLS or RESPECT NULLS", span, kSyntaxError);
  }
  const sql::WindowSpec& over = **call.over;
  if (takes_partition_only(name) && !over.order_by.empty()) {
    refuse("ORDER BY is not allowed in the OVER clause of " + name, span, kSyntaxError);
  }
  scope.in_window = true;
  BoundWindow bound;
  bound.ignore_nulls = call.nulls == sql::NullTreatment::kIgnore;
  const bool star = call.arguments.size() == 1 && std::holds_alternative<sql::Star>(call.arguments[0].node);
  if (star && name != "count") refuse(name + "(*) is not allowed", span, kSyntaxError);
  if (!star) bound.arguments = arguments(call, name, scope);
  bound.within_group = orders(call.within_group, scope);
  for (const sql::Expr& expr : over.partition_by) {
    bound.partition_by.push_back(settled(expression(expr, scope)));
    check_told_apart(bound.partition_by.back().type, expr.span.begin);
    if (is_constant(bound.partition_by.back())) {
      refuse("constant expressions are not supported in partition by clauses", expr.span, kFeatureNotSupported);
    }
  }
  bound.order_by = orders(over.order_by, scope);
  for (size_t i = 0; i < bound.order_by.size(); ++i) {
    if (!is_constant(bound.order_by[i].expr)) continue;
    refuse("constant expressions are not supported in order by clauses", over.order_by[i].expr.span,
           kFeatureNotSupported);
  }
  bound.frame = frame(call, name, span, scope);
  scope.in_window = false;
  const bool ordered_set = name == "percentile_cont" || name == "percentile_disc";
  if (ordered_set) {
    if (bound.within_group.size() != 1)
      refuse(name + " requires WITHIN GROUP (ORDER BY expression)", span, kSyntaxError);
    bound.arguments.push_back(bound.within_group[0].expr);
  }
  FunctionMatch found = match(name, bound.arguments, span);
  if (ordered_set) {
    bound.within_group[0].expr = std::move(bound.arguments.back());
    bound.arguments.pop_back();
  }
  bound.function = std::move(found.canonical);
  return make(std::move(bound), found.result, span);
}

}  // namespace garland::semantics
