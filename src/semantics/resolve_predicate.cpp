// Predicates over several values: BETWEEN, IN, LIKE, EXISTS, ANY and ALL, rows; and scalar subqueries.
#include "semantics/constant.h"
#include "semantics/resolver.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

std::string_view comparison_name(sql::BinaryOp op) {
  switch (op) {
    case sql::BinaryOp::kEqual:
      return "=";
    case sql::BinaryOp::kNotEqual:
      return "<>";
    case sql::BinaryOp::kLess:
      return "<";
    case sql::BinaryOp::kLessEqual:
      return "<=";
    case sql::BinaryOp::kGreater:
      return ">";
    case sql::BinaryOp::kGreaterEqual:
      return ">=";
    default:
      return {};
  }
}

std::vector<BoundExpr> pair(BoundExpr left, BoundExpr right) {
  std::vector<BoundExpr> operands;
  operands.reserve(2);
  operands.push_back(std::move(left));
  operands.push_back(std::move(right));
  return operands;
}

void check_row_sizes(size_t left, size_t right, Span span) {
  if (left != right) throw Error(kSyntaxError, "unequal number of entries in row expressions").at(span.begin);
}

}  // namespace

BoundExpr Resolver::node(const sql::Between& between, Span span, Scope& scope) {
  BoundExpr operand = expression(*between.operand, scope);
  BoundExpr again = copy(operand);
  BoundExpr low = operation(">=", pair(std::move(operand), expression(*between.low, scope)), span);
  BoundExpr high = operation("<=", pair(std::move(again), expression(*between.high, scope)), span);
  return negated(between.negated, boolean_call("and", pair(std::move(low), std::move(high)), span));
}

BoundExpr Resolver::node(const sql::InList& in, Span span, Scope& scope) {
  if (std::holds_alternative<sql::Row>(in.operand->node)) return negated(in.negated, in_rows(in, span, scope));
  BoundExpr operand = expression(*in.operand, scope);
  return negated(in.negated, in_list(std::move(operand), expressions(in.list, scope), span));
}

/// One type for operand and list; where there is none (a string beside numbers), one comparison each.
BoundExpr Resolver::in_list(BoundExpr operand, std::vector<BoundExpr> list, Span span) {
  refresh(operand);
  for (BoundExpr& item : list) fit_constant(item, operand.type);
  std::vector<Type> types = types_of(list);
  types.push_back(operand.type);
  const std::optional<Type> common = common_type(types);
  if (common && common->id != engine::TypeId::kHllSketch) {
    operand = as_argument(std::move(operand), *common);
    std::vector<BoundExpr*> compared{&operand};
    for (BoundExpr& item : list) {
      item = as_argument(std::move(item), *common);
      compared.push_back(&item);
    }
    blend_collations(compared);
    return make(BoundInList{std::move(operand), std::move(list)}, Type::of(TypeId::kBoolean), span);
  }
  std::vector<BoundExpr> comparisons;
  for (BoundExpr& item : list) {
    comparisons.push_back(operation("=", pair(copy(operand), std::move(item)), span));
  }
  if (comparisons.size() == 1) return std::move(comparisons[0]);
  return boolean_call("or", std::move(comparisons), span);
}

std::vector<BoundExpr> Resolver::row_fields(const sql::Expr& expr, Scope& scope) {
  if (const auto* row = std::get_if<sql::Row>(&expr.node)) return expressions(row->fields, scope);
  throw Error(kSyntaxError, "a row is compared with a row or a subquery").at(expr.span.begin);
}

BoundExpr Resolver::in_rows(const sql::InList& in, Span span, Scope& scope) {
  const std::vector<BoundExpr> operand = row_fields(*in.operand, scope);
  std::vector<BoundExpr> rows;
  for (const sql::Expr& item : in.list) {
    std::vector<BoundExpr> left;
    for (const BoundExpr& field : operand) left.push_back(copy(field));
    rows.push_back(compare_rows(sql::BinaryOp::kEqual, std::move(left), row_fields(item, scope), item.span));
  }
  if (rows.size() == 1) return std::move(rows[0]);
  return boolean_call("or", std::move(rows), span);
}

BoundExpr Resolver::row_comparison(const sql::Binary& binary, Span span, Scope& scope) {
  const auto* scalar = std::get_if<sql::ScalarQuery>(&binary.right->node);
  if (scalar)
    throw Error(kFeatureNotSupported, "comparing a row with a subquery's row is not supported yet").at(span.begin);
  return compare_rows(binary.op, row_fields(*binary.left, scope), row_fields(*binary.right, scope), span);
}

BoundExpr Resolver::compare_rows(sql::BinaryOp op, std::vector<BoundExpr> left, std::vector<BoundExpr> right,
                                 Span span) {
  if (op != sql::BinaryOp::kEqual && op != sql::BinaryOp::kNotEqual) {
    throw Error(kFeatureNotSupported, "comparing rows other than by = and <> is not supported yet").at(span.begin);
  }
  check_row_sizes(left.size(), right.size(), span);
  std::vector<BoundExpr> equal;
  for (size_t i = 0; i < left.size(); ++i) {
    equal.push_back(operation("=", pair(std::move(left[i]), std::move(right[i])), span));
  }
  BoundExpr all = equal.size() == 1 ? std::move(equal[0]) : boolean_call("and", std::move(equal), span);
  return negated(op == sql::BinaryOp::kNotEqual, std::move(all));
}

void Resolver::match_columns(std::vector<BoundExpr>& operands, BoundQuery& query, std::string_view op, Span span) {
  if (query.columns.size() != operands.size()) {
    const bool many = query.columns.size() > operands.size();
    throw Error(kSyntaxError, many ? "subquery has too many columns" : "subquery has too few columns").at(span.begin);
  }
  for (size_t i = 0; i < operands.size(); ++i) {
    refresh(operands[i]);
    const Type column = query.columns[i].type;
    const std::vector<Type> types{operands[i].type, column};
    std::optional<Type> type = common_type(types);
    if (!type) type = comparison_type(operands[i].type, column);
    if (!type || type->id == engine::TypeId::kHllSketch) {
      throw Error(kUndefinedFunction, "operator does not exist: " + engine::to_string(operands[i].type) + " " +
                                          std::string(op) + " " + engine::to_string(column))
          .at(span.begin);
    }
    operands[i] = as_argument(std::move(operands[i]), *type);
    blend_collations(operands[i], query.columns[i]);
    if (!(column.is_string() && type->is_string())) {
      convert_output(query, i, *type, matched_context(column, *type));
    }
  }
}

BoundExpr Resolver::node(const sql::InQuery& in, Span span, Scope& scope) {
  std::vector<BoundExpr> operands;
  if (std::holds_alternative<sql::Row>(in.operand->node)) {
    operands = row_fields(*in.operand, scope);
  } else {
    operands.push_back(expression(*in.operand, scope));
  }
  BoundQuery query = this->query(*in.query, &scope);
  match_columns(operands, query, "=", span);
  return negated(in.negated,
                 make(BoundInQuery{std::move(operands), std::move(query)}, Type::of(TypeId::kBoolean), span));
}

BoundExpr Resolver::node(const sql::Quantified& quantified, Span span, Scope& scope) {
  const std::string_view op = comparison_name(quantified.op);
  if (op.empty()) throw Error(kFeatureNotSupported, "ANY and ALL take comparisons only").at(span.begin);
  std::vector<BoundExpr> operands;
  operands.push_back(expression(*quantified.operand, scope));
  BoundQuery query = this->query(*quantified.query, &scope);
  match_columns(operands, query, op, span);
  return make(BoundQuantified{std::string(op), quantified.quantifier == sql::Quantifier::kAll, std::move(operands[0]),
                              std::move(query)},
              Type::of(TypeId::kBoolean), span);
}

BoundExpr Resolver::node(const sql::Match& match, Span span, Scope& scope) {
  constexpr std::string_view kNames[] = {"like", "ilike", "similar", "regex", "regex_i"};
  std::vector<BoundExpr> operands = pair(expression(*match.operand, scope), expression(*match.pattern, scope));
  if (match.escape) operands.push_back(expression(**match.escape, scope));
  return negated(match.negated, operation(kNames[static_cast<size_t>(match.kind)], std::move(operands), span));
}

BoundExpr Resolver::node(const sql::Exists& exists, Span span, Scope& scope) {
  return make(BoundExists{query(*exists.query, &scope)}, Type::of(TypeId::kBoolean), span);
}

BoundExpr Resolver::node(const sql::ScalarQuery& scalar, Span span, Scope& scope) {
  BoundQuery query = this->query(*scalar.query, &scope);
  if (query.columns.size() != 1) throw Error(kSyntaxError, "subquery must return only one column").at(span.begin);
  const Type type = query.columns[0].type;
  return make(BoundScalarQuery{std::move(query)}, type, span);
}

BoundExpr Resolver::node(const sql::Row&, Span span, Scope&) {
  throw Error(kFeatureNotSupported, "row expressions are supported only in comparisons and IN").at(span.begin);
}

}  // namespace garland::semantics
