// Two answers to one query: the same rows, up to Redshift's result types.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace garland::bench {

struct Answer {
  std::vector<engine::Type> types;
  std::vector<engine::TextRow> rows;
};

/// Nothing when `ours` says what `theirs` says: as many rows, texts equal up to trailing blanks, exact numbers of one
/// scale equal, other numbers equal to the last digit that ours has (AVG of integers is an integer in Redshift, DuckDB
/// has fractions) or to nine digits. Rows that stand in another order are compared sorted.
std::optional<std::string> difference(const Answer& ours, const Answer& theirs);

}  // namespace garland::bench
