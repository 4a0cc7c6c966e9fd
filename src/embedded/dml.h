// INSERT, UPDATE, DELETE, MERGE. All run in the context's transaction, which must have started and hold the table's
// lock.
#pragma once

#include "embedded/context.h"

namespace garland::embedded {

Outcome insert(Context& context, const Plan& plan, const semantics::BoundInsert& statement, Parameters values);
Outcome update(Context& context, const Plan& plan, const semantics::BoundUpdate& statement, Parameters values);
Outcome delete_rows(Context& context, const Plan& plan, const semantics::BoundDelete& statement, Parameters values);
Outcome merge(Context& context, const Plan& plan, const semantics::BoundMerge& statement, Parameters values);

/// Inserts the rows of a translated query, whose columns fill `columns` (numbers) of the table; identity columns
/// without values are filled. Checks NOT NULL. Returns the number of rows.
uint64_t insert_query(Context& context, const Plan& plan, const semantics::Relation& table,
                      const std::vector<int32_t>& columns, const Translation& query, Parameters values);

}  // namespace garland::embedded
