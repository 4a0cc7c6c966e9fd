// "Did you mean …": names close to a misspelt one, by edit distance.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace garland::semantics {

/// Insertions, deletions, replacements and swaps of neighbours that lead from one name to the other; at most `limit`
/// + 1.
size_t edit_distance(std::string_view a, std::string_view b, size_t limit);

/// The candidates near `name`, nearest first, at most three; a third of the name's length (at least one edit) is near.
std::vector<std::string> similar_names(std::string_view name, std::span<const std::string_view> candidates);

/// `did you mean "x"?`, or "" when there is no candidate.
std::string did_you_mean(std::span<const std::string> names);

}  // namespace garland::semantics
