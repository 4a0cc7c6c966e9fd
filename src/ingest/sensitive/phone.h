// Telephone numbers in the form of ITU-T E.164: "+442079460958". Calling codes, trunk prefixes and lengths of national
// numbers are those of ITU-T E.164 and the countries' numbering plans (ITU "National Numbering Plans"). Only shape and
// length are judged, not whether the number is given to anybody.
#pragma once

#include <string_view>

#include "ingest/sensitive/classes.h"

namespace garland::ingest {

bool knows_phones(std::string_view country);

/// An international number (+, 00, or 011 from North America) needs no country; a national one becomes international by
/// it. Where neither is known, the digits alone are the normal form, invalid. Extensions ("x12", "ext. 12") are cut.
void normalise_phone(std::string_view original, std::string_view country, Normal& out);

}  // namespace garland::ingest
