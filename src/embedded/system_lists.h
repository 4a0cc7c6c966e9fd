// Base relations of system relations (system_relations.h) that need more than the catalog's rows.
#pragma once

#include "embedded/system_relations.h"

namespace garland::embedded {

/// late_columns, time_zones, view_uses.
std::vector<BaseRelation> listed_bases();

/// The columns that late-binding views have now; views whose text no longer resolves have none.
void fill_late_columns(Context& context, SystemRows& rows);
/// "character varying", "numeric": without length, precision and scale.
std::string plain_type_name(const engine::Type& type);
/// "numeric(10,2), integer".
std::string argument_types(const semantics::Function& function);
/// Nine columns that say what a type is: "typid oid, typmod int, typename text, plaintype text, charlength int,
/// numprecision int, numradix int, numscale int, timeprecision int".
void put_type(SystemRows& rows, const engine::Type& type);
/// Zones by name with what they are now, and abbreviations.
void fill_time_zones(Context& context, SystemRows& rows);
/// What the rules of standard and materialized views read (deptype 'n'), and the views that they belong to ('i').
void fill_view_uses(Context& context, SystemRows& rows);

}  // namespace garland::embedded
