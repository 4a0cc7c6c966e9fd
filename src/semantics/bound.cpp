// The special members of the bound tree's nodes, compiled once.
#include "semantics/bound.h"

namespace garland::semantics {

GARLAND_DEFINE_NODE(BoundExpr);
GARLAND_DEFINE_NODE(BoundRelation);
GARLAND_DEFINE_NODE(BoundBody);
GARLAND_DEFINE_NODE(BoundStatement);

}  // namespace garland::semantics
