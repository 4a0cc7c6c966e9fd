// Passes over bound trees: direct parts of an expression, every expression of a query, equality, size.
#pragma once

#include <cstddef>
#include <functional>

#include "semantics/bound.h"

namespace garland::semantics {

using ExprVisitor = std::function<void(const BoundExpr&)>;

/// Calls `visit` for each expression directly below `expr`; queries below it are left to `query_of`.
void for_each_part(const BoundExpr& expr, const ExprVisitor& visit);

/// The query that an expression holds (EXISTS, IN, ANY, scalar), or nullptr.
const BoundQuery* query_of(const BoundExpr& expr);

/// Calls `visit` for each expression that stands directly in the query or in the queries of its FROM clauses, CTEs and
/// set operations: outputs, conditions, keys. Their parts are left to the visitor.
void for_each_expression(const BoundQuery& query, const ExprVisitor& visit);
void for_each_expression(const BoundRelation& relation, const ExprVisitor& visit);

/// Whether two expressions are written alike: same nodes, same columns, same types; positions do not count. Queries
/// inside are alike only when they are copies of one another.
bool same(const BoundExpr& a, const BoundExpr& b);

/// Nodes of an expression, with those of its queries.
size_t node_count(const BoundExpr& expr);

/// Whether strings of this expression may end with blanks that comparisons must ignore.
bool may_have_trailing_blanks(const BoundExpr& expr, const std::function<bool(const BoundColumn&)>& column);

}  // namespace garland::semantics
