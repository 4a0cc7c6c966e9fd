// Queries: WITH around a body, ORDER BY, LIMIT.
#include <limits>

#include "semantics/ordinal.h"
#include "semantics/resolver.h"
#include "semantics/sketch_rules.h"
#include "semantics/walk.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

bool nulls_first(const sql::OrderItem& item) {
  return item.nulls == sql::NullOrder::kDefault ? item.descending : item.nulls == sql::NullOrder::kFirst;
}

}  // namespace

BoundQuery Resolver::query(const sql::Query& query, Scope* outer, bool keep_unknown) {
  const Depth depth(*this);
  const size_t visible = common_tables_.size();
  BoundQuery bound;
  bound.with = common_tables(query.with, query.recursive, outer);
  Scope scope(outer);
  query_body(query, scope, bound, keep_unknown);
  common_tables_.resize(visible);
  return bound;
}

void Resolver::query_body(const sql::Query& query, Scope& scope, BoundQuery& bound, bool keep_unknown) {
  bool plain = false;
  bound.body = body(query.body, scope, bound.columns, plain);
  bound.order_by = order_by(query.order_by, bound.body, bound.columns, scope, plain);
  if (plain) {
    auto& select = std::get<BoundSelect>(bound.body.node);
    check_groups(select, scope);
    for (const BoundQueryOrder& order : bound.order_by) {
      const auto* key = std::get_if<BoundExpr>(&order.key);
      if (select.grouped && key) check_grouped(select, *key, scope);
    }
    if (!keep_unknown) settle_outputs(select, bound.columns);
  }
  if (query.limit) bound.limit = row_count(*query.limit, "LIMIT");
  if (query.offset) bound.offset = row_count(*query.offset, "OFFSET");
  const auto* select = std::get_if<sql::Select>(&query.body.node);
  if (!select || !select->top) return;
  if (query.limit) throw Error(kSyntaxError, "TOP and LIMIT cannot both be used").at(query.limit->span.begin);
  bound.limit = row_count(**select->top, "TOP");
}

BoundBody Resolver::body(const sql::QueryBody& body, Scope& scope, std::vector<OutputColumn>& columns, bool& plain) {
  const Depth depth(*this);
  if (const auto* select = std::get_if<sql::Select>(&body.node)) {
    plain = true;
    BoundSelect bound = this->select(*select, scope);
    columns = output_columns(bound.outputs, scope);
    if (bound.distinct) check_told_apart(columns, body.span.begin);
    return BoundBody{std::move(bound)};
  }
  if (const auto* operation = std::get_if<sql::SetOperation>(&body.node)) {
    return set_operation(*operation, scope.outer, columns, body.span);
  }
  const sql::Query& inner = *std::get<Box<sql::Query>>(body.node);
  const auto* select = std::get_if<sql::Select>(&inner.body.node);
  const bool bare =
      inner.with.empty() && inner.order_by.empty() && !inner.limit && !inner.offset && !(select && select->top);
  if (bare) return this->body(inner.body, scope, columns, plain);
  BoundQuery bound = query(inner, scope.outer);
  columns = bound.columns;
  return BoundBody{Box<BoundQuery>(std::move(bound))};
}

std::vector<BoundQueryOrder> Resolver::order_by(const std::vector<sql::OrderItem>& items, const BoundBody& body,
                                                const std::vector<OutputColumn>& columns, Scope& scope, bool plain) {
  std::vector<BoundQueryOrder> bound;
  bound.reserve(items.size());
  scope.clause = Clause::kOrderBy;
  for (const sql::OrderItem& item : items) {
    if (const std::optional<int32_t> position = ordinal(item.expr, columns.size(), "ORDER BY")) {
      bound.push_back({*position, item.descending, nulls_first(item)});
    } else if (plain) {
      bound.push_back(order_key(item, std::get<BoundSelect>(body.node), scope));
    } else {
      const sql::Name* name = bare_name(item.expr);
      std::optional<int32_t> found;
      for (size_t i = 0; name && i < columns.size() && !found; ++i) {
        if (columns[i].name == name->text) found = static_cast<int32_t>(i);
      }
      if (!found) {
        throw Error(kFeatureNotSupported,
                    "ORDER BY on a UNION/INTERSECT/EXCEPT result must be on one of the result columns")
            .at(item.expr.span.begin);
      }
      bound.push_back({*found, item.descending, nulls_first(item)});
    }
    const auto* key = std::get_if<BoundExpr>(&bound.back().key);
    check_ordered(key ? key->type : columns[static_cast<size_t>(std::get<int32_t>(bound.back().key))].type,
                  item.expr.span.begin);
  }
  return bound;
}

/// A bare name is an output column first, then a column of FROM; everything else is an expression over FROM.
BoundQueryOrder Resolver::order_key(const sql::OrderItem& item, const BoundSelect& select, Scope& scope) {
  BoundQueryOrder bound{0, item.descending, nulls_first(item)};
  if (const sql::Name* name = bare_name(item.expr)) {
    std::optional<size_t> found;
    for (size_t i = 0; i < select.outputs.size(); ++i) {
      if (select.outputs[i].name != name->text) continue;
      if (found && !same(select.outputs[*found].expr, select.outputs[i].expr)) {
        throw Error(kAmbiguousColumn, "ORDER BY \"" + name->text + "\" is ambiguous").at(name->span.begin);
      }
      if (!found) found = i;
    }
    if (found) {
      bound.key = static_cast<int32_t>(*found);
      return bound;
    }
  }
  scope.aliases_visible = false;
  BoundExpr key = settled(expression(item.expr, scope));
  for (size_t i = 0; i < select.outputs.size(); ++i) {
    if (!same(select.outputs[i].expr, key)) continue;
    bound.key = static_cast<int32_t>(i);
    return bound;
  }
  if (select.distinct) {
    throw Error(kInvalidColumnReference, "for SELECT DISTINCT, ORDER BY expressions must appear in select list")
        .at(item.expr.span.begin);
  }
  bound.key = std::move(key);
  return bound;
}

/// LIMIT, OFFSET and TOP: a count up to 2,147,483,647 (guide page r_ORDER_BY_clause), or a parameter.
std::optional<BoundExpr> Resolver::row_count(const sql::Expr& expr, std::string_view clause) {
  if (std::holds_alternative<sql::NullLiteral>(expr.node)) return std::nullopt;
  Scope nothing;
  nothing.clause = Clause::kLimit;
  BoundExpr bound = expression(expr, nothing);
  refresh(bound);
  const bool counts = bound.type.is_integer() || bound.type.id == TypeId::kUnknown;
  const auto* constant = std::get_if<BoundConstant>(&bound.node);
  if (!counts || (!constant && !std::holds_alternative<BoundParameter>(bound.node))) {
    throw Error(kSyntaxError, std::string(clause) + " takes an integer constant or a parameter").at(expr.span.begin);
  }
  bound = convert(std::move(bound), Type::of(TypeId::kBigint), CastContext::kImplicit);
  constant = std::get_if<BoundConstant>(&bound.node);
  if (!constant) return bound;
  if (constant->text && constant->text->starts_with('-')) {
    throw Error(kInvalidParameterValue, std::string(clause) + " must not be negative").at(expr.span.begin);
  }
  if (constant->text && std::stoll(*constant->text) > std::numeric_limits<int32_t>::max()) {
    throw Error(kNumericValueOutOfRange, std::string(clause) + " is at most 2147483647").at(expr.span.begin);
  }
  return bound;
}

}  // namespace garland::semantics
