// The catalog's vectors: arrays of numbers and of ACL items, which its columns hold as text (`{1,2}`, or `1 2` for
// PostgreSQL's int2vector). Redshift has arrays nowhere else; PostgreSQL 8.0, "Row and Array Comparisons", "Array
// Functions".
#include <algorithm>

#include "semantics/resolver.h"

namespace garland::semantics {
namespace {

/// By columns' names, in system relations only.
constexpr std::string_view kNumbers[] = {"conkey", "confkey", "indkey", "grolist", "proargtypes"};
constexpr std::string_view kItems[] = {"relacl", "nspacl", "datacl", "attacl", "proacl", "useconfig", "datconfig"};

constexpr std::string_view kHolds =
    "position(',' || cast($1 as varchar) || ',' in ',' || replace(btrim($2, '{}'), ' ', ',') || ',') > 0";

/// The system relation's column that the expression is; empty for all others.
std::string_view system_column(const Catalog& catalog, const Scope& scope, const BoundExpr& expr) {
  const auto* column = std::get_if<BoundColumn>(&expr.node);
  if (!column) return {};
  for (const Scope* block = &scope; block; block = block->outer) {
    for (const ScopeRelation& from : block->relations) {
      const int32_t place = column->column - from.first_column;
      if (from.number != column->relation || place < 0 || static_cast<size_t>(place) >= from.columns.size()) continue;
      const Relation* relation = from.oid == 0 ? nullptr : catalog.find_relation(from.oid);
      if (!relation || relation->kind != RelationKind::kSystemTable) return {};
      return relation->columns[static_cast<size_t>(place)].name;
    }
  }
  return {};
}

}  // namespace

bool Resolver::is_vector(const BoundExpr& expr, const Scope& scope, bool of_numbers) const {
  const std::string_view name = system_column(catalog_, scope, expr);
  return std::ranges::count(kNumbers, name) > 0 || (!of_numbers && std::ranges::count(kItems, name) > 0);
}

/// `x = any(vector)`, `x <> all(vector)`; nothing where the right side is no call of ANY or ALL (parse_array.cpp).
std::optional<BoundExpr> Resolver::vector_comparison(const sql::Binary& binary, Span span, Scope& scope) {
  const auto* call = std::get_if<sql::Call>(&binary.right->node);
  if (!call || call->function.parts.size() != 1 || call->arguments.size() != 1) return std::nullopt;
  const std::string& name = call->function.last().text;
  if (name != "any" && name != "all") return std::nullopt;
  const bool all = name == "all";
  std::vector<BoundExpr> operands;
  operands.push_back(settled(expression(*binary.left, scope)));
  operands.push_back(expression(call->arguments[0], scope));
  const bool comparable = operands[0].type.is_integer() && is_vector(operands[1], scope, true);
  if (!comparable || binary.op != (all ? sql::BinaryOp::kNotEqual : sql::BinaryOp::kEqual)) {
    throw Error(kFeatureNotSupported, "ANY or ALL of an array is not supported yet")
        .hint("= ANY and <> ALL take ARRAY[…] and, for whole numbers, the arrays of pg_catalog.")
        .at(binary.right->span.begin);
  }
  return negated(all, system_expression(kHolds, name, operands, span, scope));
}

}  // namespace garland::semantics
