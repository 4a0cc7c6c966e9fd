// The catalog's vectors: arrays of numbers, names and ACL items, which its columns hold as text (`{1,2}`, or `1 2` for
// PostgreSQL's int2vector). Redshift has arrays nowhere else; PostgreSQL 8.0, "Row and Array Comparisons", "Array
// Functions", "Accessing Arrays".
#include <fmt/format.h>

#include <algorithm>

#include "semantics/resolver.h"

namespace garland::semantics {
namespace {

constexpr std::string_view kName = "varchar", kAclItem = "varchar(1024)";

/// By columns' names, in system relations only. Those that count from 0 are `1 2`, the others `{1,2}`.
struct VectorColumn {
  std::string_view column;
  CatalogVector vector;
};
constexpr VectorColumn kColumns[] = {
    {"conkey", {"smallint", 1}}, {"confkey", {"smallint", 1}},   {"indkey", {"smallint", 0}},
    {"grolist", {"int", 1}},     {"proargtypes", {"bigint", 0}}, {"proargnames", {kName, 1}},
    {"relacl", {kAclItem, 1}},   {"nspacl", {kAclItem, 1}},      {"datacl", {kAclItem, 1}},
    {"attacl", {kAclItem, 1}},   {"proacl", {kAclItem, 1}},      {"useconfig", {kName, 1}},
    {"datconfig", {kName, 1}},
};
constexpr CatalogVector kSchemas{kName, 1};

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

/// SQL for the elements of `argument`, with commas between.
std::string listed(const CatalogVector& vector, std::string_view argument) {
  return vector.first == 0 ? fmt::format("replace({}, ' ', ',')", argument)
                           : fmt::format("btrim({}, '{{}}')", argument);
}

}  // namespace

std::optional<CatalogVector> Resolver::vector_of(const BoundExpr& expr, const Scope& scope) const {
  if (const auto* value = std::get_if<BoundParameter>(&expr.node)) {
    const int32_t index = value->number - user_parameters_ - 1;
    const bool schemas =
        index >= 0 && result_.session_values[static_cast<size_t>(index)].starts_with("current_schemas:");
    return schemas ? std::optional(kSchemas) : std::nullopt;
  }
  const std::string_view name = system_column(catalog_, scope, expr);
  for (const auto& known : kColumns) {
    if (known.column == name) return known.vector;
  }
  return std::nullopt;
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
  const std::optional<CatalogVector> vector = vector_of(operands[1], scope);
  const Type& left = operands[0].type;
  const bool comparable =
      vector && vector->element != kAclItem && (vector->element == kName ? left.is_string() : left.is_integer());
  if (!comparable || binary.op != (all ? sql::BinaryOp::kNotEqual : sql::BinaryOp::kEqual)) {
    throw Error(kFeatureNotSupported, "ANY or ALL of an array is not supported yet")
        .hint("= ANY and <> ALL take ARRAY[…] and the arrays of pg_catalog.")
        .at(binary.right->span.begin);
  }
  const std::string holds =
      "position(',' || cast($1 as varchar) || ',' in ',' || " + listed(*vector, "$2") + " || ',') > 0";
  return negated(all, system_expression(holds, name, operands, span, scope));
}

/// `vector[number]`, NULL where there is no such element; nothing for what is no vector.
std::optional<BoundExpr> Resolver::vector_element(const BoundExpr& base, const Steps& steps, Span span, Scope& scope) {
  const std::optional<CatalogVector> vector = vector_of(base, scope);
  const auto* index = steps.size() == 1 ? std::get_if<Box<sql::Expr>>(&steps[0]) : nullptr;
  if (!vector || !index) return std::nullopt;
  std::vector<BoundExpr> operands{base};
  operands.push_back(convert(expression(**index, scope), Type::of(engine::TypeId::kInteger), CastContext::kImplicit));
  const std::string element = fmt::format("cast(nullif(cast((split_to_array({}, ','))[$2 - {}] as varchar), '') as {})",
                                          listed(*vector, "$1"), vector->first, vector->element);
  return system_expression(element, "array element", operands, span, scope);
}

/// ARRAY_TO_STRING, ARRAY_LOWER and ARRAY_UPPER; nothing for other functions, or what is no vector.
std::optional<BoundExpr> Resolver::vector_function(const sql::Call& call, const std::string& name, Span span,
                                                   Scope& scope) {
  const bool to_string = name == "array_to_string", upper = name == "array_upper";
  if ((!to_string && !upper && name != "array_lower") || call.arguments.size() != 2) return std::nullopt;
  std::vector<BoundExpr> arguments;
  for (const sql::Expr& argument : call.arguments) arguments.push_back(settled(expression(argument, scope)));
  const std::optional<CatalogVector> vector = vector_of(arguments[0], scope);
  if (!vector) return std::nullopt;
  const std::string list = listed(*vector, "$1");
  if (to_string) return system_expression("replace(" + list + ", ',', $2)", name, arguments, span, scope);
  const std::string bound =
      upper ? fmt::format("regexp_count({}, ',') + {}", list, vector->first) : std::to_string(vector->first);
  return system_expression("case when $2 = 1 and " + list + " <> '' then " + bound + " end", name, arguments, span,
                           scope);
}

}  // namespace garland::semantics
