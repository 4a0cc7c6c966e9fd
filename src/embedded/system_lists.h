// Base relations of system relations (system_relations.h) that need more than the catalog's rows.
#pragma once

#include "embedded/system_relations.h"

namespace garland::embedded {

/// late_columns, time_zones.
std::vector<BaseRelation> listed_bases();

/// The columns that late-binding views have now; views whose text no longer resolves have none.
void fill_late_columns(Context& context, SystemRows& rows);
/// Zones by name with what they are now, and abbreviations.
void fill_time_zones(Context& context, SystemRows& rows);

}  // namespace garland::embedded
