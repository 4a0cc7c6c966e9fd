// The special members of the trees' nodes, compiled once.
#include "sql/ast/statement.h"

namespace garland::sql {

GARLAND_DEFINE_NODE(Expr);
GARLAND_DEFINE_NODE(TableRef);
GARLAND_DEFINE_NODE(QueryBody);
GARLAND_DEFINE_NODE(Statement);

}  // namespace garland::sql
