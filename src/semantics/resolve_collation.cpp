// Collations (guide pages r_COLLATE, r_CREATE_DATABASE): strings that a case-insensitive one meets are compared as it
// is; two columns of different collations do not meet.
#include <algorithm>
#include <cctype>

#include "semantics/resolver.h"
#include "semantics/walk.h"

namespace garland::semantics {
namespace {

bool reads_column(const BoundExpr& expr) {
  if (std::holds_alternative<BoundColumn>(expr.node) || query_of(expr)) return true;
  bool found = false;
  for_each_part(expr, [&](const BoundExpr& part) { found = found || reads_column(part); });
  return found;
}

[[noreturn]] void refuse_mixture(size_t at) {
  throw Error(kFeatureNotSupported, "Query with different collations is not supported yet.").at(at);
}

}  // namespace

bool Resolver::blend_collations(const std::vector<BoundExpr*>& exprs) const {
  const auto insensitive = [](const BoundExpr* expr) { return expr->type.case_insensitive; };
  if (std::ranges::none_of(exprs, insensitive)) return false;
  for (BoundExpr* expr : exprs) {
    if (expr->type.id == engine::TypeId::kSuper) {
      throw Error(kFeatureNotSupported, "Coercing from case insensitive string to SUPER is not supported.")
          .at(expr->span.begin);
    }
    if (!expr->type.is_string()) continue;
    if (!insensitive(expr) && reads_column(*expr)) refuse_mixture(expr->span.begin);
    expr->type.case_insensitive = true;
  }
  return true;
}

bool Resolver::blend_collations(std::vector<BoundExpr>& exprs) const {
  std::vector<BoundExpr*> pointers;
  for (BoundExpr& expr : exprs) pointers.push_back(&expr);
  return blend_collations(pointers);
}

void Resolver::blend_collations(BoundExpr& expr, OutputColumn& column) const {
  if (!expr.type.is_string() || !column.type.is_string()) return;
  if (expr.type.case_insensitive == column.type.case_insensitive) return;
  if (!expr.type.case_insensitive && reads_column(expr)) refuse_mixture(expr.span.begin);
  if (!column.type.case_insensitive && expr.type.case_insensitive) refuse_mixture(expr.span.begin);
  expr.type.case_insensitive = true;
}

Type Resolver::blended(const Type& common, const Type& left, const Type& right, Span span) const {
  if (!common.is_string()) return common;
  const bool differ = left.is_string() && right.is_string() && left.case_insensitive != right.case_insensitive;
  if (differ) refuse_mixture(span.begin);
  Type type = common;
  type.case_insensitive = left.case_insensitive || right.case_insensitive;
  return type;
}

/// `collate(string, 'case_insensitive')`, with the same abbreviations as in CREATE TABLE.
BoundExpr Resolver::collate(std::vector<BoundExpr> arguments, Span span) {
  if (arguments.size() != 2) throw Error(kUndefinedFunction, "function collate takes two arguments").at(span.begin);
  const auto* name = std::get_if<BoundConstant>(&arguments[1].node);
  std::string wanted = name && name->text ? *name->text : std::string();
  std::ranges::transform(wanted, wanted.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool insensitive = wanted == "case_insensitive" || wanted == "ci";
  if (!insensitive && wanted != "case_sensitive" && wanted != "cs") {
    throw Error(kInvalidParameterValue, "collation must be 'case_sensitive' or 'case_insensitive'")
        .at(arguments[1].span.begin);
  }
  BoundExpr expr = settled(arguments[0]);
  if (!expr.type.is_string()) {
    throw Error(kDatatypeMismatch, "collations are not supported by type " + engine::to_string(expr.type))
        .at(expr.span.begin);
  }
  Type type = expr.type;
  type.case_insensitive = insensitive;
  return BoundExpr{BoundCast{CastContext::kExplicit, std::move(expr)}, type, place(span)};
}

}  // namespace garland::semantics
