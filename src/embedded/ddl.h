// Statements that change the catalog: in the context's transaction, which must have started and hold the locks that
// locks_of() names.
#pragma once

#include <vector>

#include "embedded/context.h"

namespace garland::embedded {

/// A lock that a statement needs before it runs, and what it is called in messages.
struct NeededLock {
  LockKey key;
  LockMode mode;
  std::string relation;
};

/// Of any statement; none for queries and temporary tables.
std::vector<NeededLock> locks_of(const Plan& plan);

Outcome create_table(Context& context, const semantics::BoundCreateTable& statement);
Outcome create_table_as(Context& context, const Plan& plan, const semantics::BoundCreateTableAs& statement,
                        Parameters values);
/// Makes it with its rows; gives its oid.
Oid create_materialized_view(Context& context, const Plan& plan,
                             const semantics::BoundCreateMaterializedView& statement);
/// As it is kept; `others` are the table's constraints so far. Throws 42710 for a name that is taken, 42830 when there
/// is no key that a foreign key could mean.
Constraint stored_constraint(Context& context, const semantics::Relation& table,
                             const semantics::BoundConstraint& bound, const std::vector<Constraint>& others);
Outcome create_view(Context& context, const Plan& plan, const semantics::BoundCreateView& statement);
Outcome create_schema(Context& context, const sql::CreateSchema& statement);
/// Refuses with 2BP01 while standard views use what is dropped, unless CASCADE drops them too.
Outcome drop(Context& context, const Plan& plan, const semantics::BoundDrop& statement);
Outcome alter_table(Context& context, const semantics::BoundAlterTable& statement);
void drop_relations(Context& context, const std::vector<Oid>& relations, bool cascade);
Outcome truncate(Context& context, const Plan& plan, const semantics::BoundTruncate& statement);

}  // namespace garland::embedded
