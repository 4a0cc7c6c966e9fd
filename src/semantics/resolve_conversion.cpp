// Types of expressions that need another one.
#include <algorithm>

#include "semantics/constant.h"
#include "semantics/resolver.h"
#include "semantics/walk.h"
#include "sql/parser.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

/// Copies of expressions in one statement: far beyond what people write, far below what costs memory.
constexpr size_t kMostCopiedNodes = 100'000;

bool is_unknown(const BoundExpr& expr) { return expr.type.id == TypeId::kUnknown; }

/// A string literal's own type: VARCHAR of its bytes.
Type literal_type(const BoundConstant& constant) {
  const size_t bytes = constant.text ? constant.text->size() : 0;
  if (bytes > static_cast<size_t>(kMaxVarcharBytes)) {
    throw Error(kStringDataRightTruncation, "string literal is longer than 65535 bytes");
  }
  return Type::varchar(std::max(1, static_cast<int32_t>(bytes)));
}

}  // namespace

BoundExpr Resolver::make(BoundExpr::Node node, const Type& type, Span span) const {
  return BoundExpr{std::move(node), type, place(span)};
}

BoundExpr Resolver::boolean_call(std::string_view function, std::vector<BoundExpr> arguments, Span span) const {
  return make(BoundCall{std::string(function), std::move(arguments)}, Type::of(TypeId::kBoolean), span);
}

BoundExpr Resolver::negated(bool yes, BoundExpr expr) const {
  if (!yes) return expr;
  const Span span = expr.span;
  std::vector<BoundExpr> operand;
  operand.push_back(std::move(expr));
  return boolean_call("not", std::move(operand), span);
}

BoundExpr Resolver::copy(const BoundExpr& expr) {
  copied_nodes_ += node_count(expr);
  if (copied_nodes_ > kMostCopiedNodes) {
    throw Error(kStatementTooComplex, "statement is too complex")
        .detail("Its expressions repeat one another too often");
  }
  return expr;
}

void Resolver::refresh(BoundExpr& expr) const {
  if (!is_unknown(expr)) return;
  if (const auto* parameter = std::get_if<BoundParameter>(&expr.node)) {
    expr.type = result_.parameters[static_cast<size_t>(parameter->number - 1)];
  }
}

BoundExpr Resolver::convert(BoundExpr expr, const Type& type, CastContext context) {
  refresh(expr);
  if (expr.type == type) return expr;
  // A client's text for a SUPER is a string, not JSON.
  if (type.id == TypeId::kSuper && is_unknown(expr) && std::holds_alternative<BoundParameter>(expr.node))
    expr = convert(std::move(expr), Type::varchar(kMaxVarcharBytes), context);
  if (expr.type.id == TypeId::kSuper && options_.super.strict_casts) context = CastContext::kStrict;
  const size_t at = expr.span.begin;
  if (is_unknown(expr)) {
    if (const auto* parameter = std::get_if<BoundParameter>(&expr.node)) {
      result_.parameters[static_cast<size_t>(parameter->number - 1)] = type;
      expr.type = type;
      return expr;
    }
    auto& constant = std::get<BoundConstant>(expr.node);
    try {
      if (constant.text) {
        if (std::optional<BoundExpr> moment = named_moment(*constant.text, type, expr.span)) return std::move(*moment);
      }
      std::optional<std::string> text;
      if (constant.text) text = read_constant(*constant.text, type, context);
      if (!constant.text || text) return BoundExpr{BoundConstant{std::move(text)}, type, expr.span};
      expr.type = literal_type(constant);
    } catch (Error& error) {
      if (hidden_ == 0) error.at(at);
      throw;
    }
  } else if (auto* constant = std::get_if<BoundConstant>(&expr.node)) {
    if (!constant->text && can_convert(expr.type, type, context)) {
      expr.type = type;
      return expr;
    }
    if (std::optional<std::string> text =
            constant->text ? convert_constant(*constant->text, expr.type, type) : std::nullopt) {
      return BoundExpr{BoundConstant{std::move(text)}, type, expr.span};
    }
  }
  if (type.id == TypeId::kSuper && expr.type.case_insensitive && context != CastContext::kExplicit) {
    throw Error(kFeatureNotSupported, "Coercing from case insensitive string to SUPER is not supported.").at(at);
  }
  if (!can_convert(expr.type, type, context)) {
    throw Error(kCannotCoerce, "cannot cast type " + engine::to_string(expr.type) + " to " + engine::to_string(type))
        .at(at);
  }
  const Span span = expr.span;
  return BoundExpr{BoundCast{context, std::move(expr)}, type, span};
}

BoundExpr Resolver::as_argument(BoundExpr expr, const Type& type) {
  refresh(expr);
  if (type.is_string() && (expr.type.id == type.id || (expr.type.is_string() && expr.type.length <= type.length)))
    return expr;
  if (type.is_string() && is_unknown(expr) && std::holds_alternative<BoundConstant>(expr.node))
    return settled(std::move(expr));
  const CastContext context = is_unknown(expr) ? CastContext::kImplicit : matched_context(expr.type, type);
  return convert(std::move(expr), type, context);
}

BoundExpr Resolver::settled(BoundExpr expr) {
  refresh(expr);
  if (!is_unknown(expr)) return expr;
  if (const auto* parameter = std::get_if<BoundParameter>(&expr.node)) {
    throw Error(kIndeterminateDatatype,
                "could not determine data type of parameter $" + std::to_string(parameter->number))
        .at(expr.span.begin);
  }
  expr.type = literal_type(std::get<BoundConstant>(expr.node));
  return expr;
}

std::vector<Type> Resolver::types_of(std::vector<BoundExpr>& exprs) const {
  std::vector<Type> types;
  types.reserve(exprs.size());
  for (BoundExpr& expr : exprs) {
    refresh(expr);
    types.push_back(expr.type);
  }
  return types;
}

Type Resolver::unify(std::vector<BoundExpr*> exprs, std::string_view what, Span span) {
  std::vector<Type> types;
  types.reserve(exprs.size());
  for (BoundExpr* expr : exprs) {
    refresh(*expr);
    types.push_back(expr->type);
  }
  const std::optional<Type> common = common_type(types);
  if (!common) {
    const auto odd = std::ranges::find_if(types, [&](const Type& type) {
      return type.id != TypeId::kUnknown && !common_type(std::vector<Type>{types[0], type});
    });
    throw Error(kDatatypeMismatch, std::string(what) + " types " + engine::to_string(types[0]) + " and " +
                                       engine::to_string(odd == types.end() ? types.back() : *odd) +
                                       " cannot be matched")
        .at(span.begin);
  }
  Type type = *common;
  type.case_insensitive = type.is_string() && blend_collations(exprs);
  for (BoundExpr* expr : exprs) *expr = convert(std::move(*expr), type, CastContext::kImplicit);
  return type;
}

/// INSERT's and UPDATE's conversion of a value to its column.
BoundExpr Resolver::assigned(BoundExpr expr, const ColumnDef& column) {
  refresh(expr);
  if (!is_unknown(expr) && !can_convert(expr.type, column.type, CastContext::kAssignment) && expr.type != column.type) {
    throw Error(kDatatypeMismatch, "column \"" + column.name + "\" is of type " + engine::to_string(column.type) +
                                       " but expression is of type " + engine::to_string(expr.type))
        .hint("You will need to rewrite or cast the expression.")
        .at(expr.span.begin);
  }
  return convert(std::move(expr), column.type, CastContext::kAssignment);
}

/// A column's default; NULL when it has none.
BoundExpr Resolver::default_value(const ColumnDef& column) {
  if (!column.default_text) return BoundExpr{BoundConstant{}, column.type, {}};
  const HiddenText text(*this, nullptr);
  Scope scope;
  scope.clause = Clause::kDefault;
  return assigned(expression(sql::parse_expression(*column.default_text), scope), column);
}

}  // namespace garland::semantics
