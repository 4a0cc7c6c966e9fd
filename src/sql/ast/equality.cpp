// Comparisons: of the nodes, compiled once, and those that need types which are complete only here.
#include "sql/ast/statement.h"

namespace garland::sql {

bool Expr::Node::operator==(const Node&) const = default;
bool TableRef::Node::operator==(const Node&) const = default;
bool QueryBody::Node::operator==(const Node&) const = default;
bool Statement::Node::operator==(const Node&) const = default;
bool Logical::operator==(const Logical&) const = default;
bool InList::operator==(const InList&) const = default;
bool InQuery::operator==(const InQuery&) const = default;
bool Exists::operator==(const Exists&) const = default;
bool Quantified::operator==(const Quantified&) const = default;
bool ScalarQuery::operator==(const ScalarQuery&) const = default;
bool Row::operator==(const Row&) const = default;
bool Case::operator==(const Case&) const = default;
bool WindowSpec::operator==(const WindowSpec&) const = default;
bool Call::operator==(const Call&) const = default;
bool DerivedTable::operator==(const DerivedTable&) const = default;
bool Join::operator==(const Join&) const = default;
bool Pivot::operator==(const Pivot&) const = default;
bool Unpivot::operator==(const Unpivot&) const = default;
bool SetOperation::operator==(const SetOperation&) const = default;
bool QueryBody::operator==(const QueryBody&) const = default;
bool Cte::operator==(const Cte&) const = default;
bool Prepare::operator==(const Prepare&) const = default;
bool Explain::operator==(const Explain&) const = default;

}  // namespace garland::sql
