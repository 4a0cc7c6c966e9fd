// Postcodes by country: their shape (Universal Postal Union, "Postal addressing systems") and the area that may stay in
// clear.
#pragma once

#include <string_view>

#include "ingest/sensitive/classes.h"

namespace garland::ingest {

/// Whether postcodes of the country can be judged by their shape.
bool knows_postcodes(std::string_view country);

/// `out.text` is a postcode without blanks: puts it in upper case and fills in valid and part, the area: Britain's
/// outward code, Ireland's routing key, the first three characters in the United States and Canada, else the first two.
/// Where the country is unknown, letters, digits and hyphens are valid.
void judge_postcode(std::string_view country, Normal& out);

}  // namespace garland::ingest
