// UNION, INTERSECT, EXCEPT: columns by position, one type each; and conversions of a query's output columns.
#include "semantics/resolver.h"
#include "semantics/sketch_rules.h"

namespace garland::semantics {
namespace {

std::string_view operation_name(sql::SetOp op) {
  switch (op) {
    case sql::SetOp::kUnion:
      return "UNION";
    case sql::SetOp::kIntersect:
      return "INTERSECT";
    case sql::SetOp::kExcept:
      return "EXCEPT";
  }
  return "";
}

}  // namespace

/// One side: a SELECT with its own TOP becomes a query of its own.
BoundBody Resolver::side(const sql::QueryBody& text, Scope* outer, std::vector<OutputColumn>& columns) {
  Scope scope(outer);
  bool plain = false;
  BoundBody bound = body(text, scope, columns, plain);
  if (!plain) return bound;
  auto& select = std::get<BoundSelect>(bound.node);
  check_groups(select, scope);
  const auto* written = std::get_if<sql::Select>(&text.node);
  if (!written || !written->top) return bound;
  settle_outputs(select, columns);
  BoundQuery alone;
  alone.body = std::move(bound);
  alone.columns = columns;
  alone.limit = row_count(**written->top, "TOP");
  return BoundBody{Box<BoundQuery>(std::move(alone))};
}

BoundBody Resolver::set_operation(const sql::SetOperation& operation, Scope* outer, std::vector<OutputColumn>& columns,
                                  Span span) {
  const std::string_view name = operation_name(operation.op);
  if (operation.all && operation.op != sql::SetOp::kUnion) {
    throw Error(kFeatureNotSupported, std::string(name) + " ALL is not supported").at(span.begin);
  }
  BoundBody left = side(*operation.left, outer, columns);
  std::vector<OutputColumn> right_columns;
  BoundBody right = side(*operation.right, outer, right_columns);
  unify(left, columns, right, right_columns, name, operation.right->span);
  if (!operation.all) check_told_apart(columns, span.begin);
  return BoundBody{BoundSetOperation{operation.op, operation.all, std::move(left), std::move(right)}};
}

void Resolver::unify(BoundBody& left, std::vector<OutputColumn>& left_columns, BoundBody& right,
                     std::vector<OutputColumn>& right_columns, std::string_view what, Span span) {
  if (left_columns.size() != right_columns.size()) {
    throw Error(kSyntaxError, "each " + std::string(what) + " query must have the same number of columns")
        .at(span.begin);
  }
  for (size_t i = 0; i < left_columns.size(); ++i) {
    const std::vector<Type> types{left_columns[i].type, right_columns[i].type};
    const std::optional<Type> common = common_type(types);
    if (!common) {
      throw Error(kDatatypeMismatch, std::string(what) + " types " + engine::to_string(types[0]) + " and " +
                                         engine::to_string(types[1]) + " cannot be matched")
          .at(span.begin);
    }
    const Type type = blended(*common, types[0], types[1], span);
    convert_output(left, left_columns, i, type, CastContext::kImplicit);
    convert_output(right, right_columns, i, type, CastContext::kImplicit);
    left_columns[i].may_have_trailing_blanks |= right_columns[i].may_have_trailing_blanks;
  }
}

/// `select … from (query)`, one column for each of the query's.
BoundBody Resolver::wrapped(BoundQuery query) {
  BoundSelect outer;
  const RelationNo number = next_relation();
  std::vector<OutputColumn> columns = query.columns;
  for (size_t i = 0; i < columns.size(); ++i) {
    outer.outputs.push_back(
        {columns[i].name, BoundExpr{BoundColumn{number, static_cast<int32_t>(i)}, columns[i].type, {}}});
  }
  outer.from = BoundRelation{BoundSubquery{std::move(query), 0}, number, std::move(columns)};
  return BoundBody{std::move(outer)};
}

/// Casts in place where that changes nothing but the type; under DISTINCT, set operations and LIMIT the cast stands
/// around.
void Resolver::convert_output(BoundBody& body, std::vector<OutputColumn>& columns, size_t index, const Type& type,
                              CastContext context) {
  if (columns[index].type == type) return;
  auto* select = std::get_if<BoundSelect>(&body.node);
  const bool unknown = columns[index].type.id == engine::TypeId::kUnknown;
  if (!select || (select->distinct && !unknown)) {
    BoundQuery inner;
    inner.columns = columns;
    inner.body = std::move(body);
    body = wrapped(std::move(inner));
    select = &std::get<BoundSelect>(body.node);
  }
  BoundExpr& expr = select->outputs[index].expr;
  expr = convert(std::move(expr), type, context);
  columns[index].type = type;
}

void Resolver::convert_output(BoundQuery& query, size_t index, const Type& type, CastContext context) {
  if (query.columns[index].type == type) return;
  const bool unknown = query.columns[index].type.id == engine::TypeId::kUnknown;
  if (unknown || (query.order_by.empty() && !query.limit && !query.offset)) {
    return convert_output(query.body, query.columns, index, type, context);
  }
  BoundQuery outer;
  outer.columns = query.columns;
  outer.body = wrapped(std::move(query));
  query = std::move(outer);
  convert_output(query.body, query.columns, index, type, context);
}

void Resolver::settle_outputs(BoundSelect& select, std::vector<OutputColumn>& columns) {
  for (size_t i = 0; i < columns.size(); ++i) {
    select.outputs[i].expr = settled(std::move(select.outputs[i].expr));
    columns[i].type = select.outputs[i].expr.type;
  }
}

}  // namespace garland::semantics
