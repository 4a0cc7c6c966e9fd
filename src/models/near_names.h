// Names close to a misspelt one, for "did you mean" hints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace garland::models {

/// The candidates within a third of the name's length in edits (insert, delete, change, swap of neighbours), best
/// first, at most `limit`. A name `schema.table` is also close to a candidate of another schema with nearly the same
/// table.
std::vector<std::string> near_names(std::string_view name, const std::vector<std::string>& candidates, size_t limit);

}  // namespace garland::models
