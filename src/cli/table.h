// Results for people and for programs: aligned tables, or one JSON object a row.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace garland::cli {

enum class ResultFormat { kTable, kJson };

/// Writes a cursor's rows to `out` and returns how many. Tables take their column widths from the first rows (the rest
/// streams), numbers stand to the right, NULL is shown as such; JSON has numbers and booleans as such, SUPER as JSON,
/// everything else as text. `rows_shown`: at most so many are printed, the rest is counted; 0 = all.
uint64_t print_result(std::FILE* out, engine::Cursor& cursor, ResultFormat format, uint64_t rows_shown = 0);

/// A small table of texts, first row the headings; `right` says which columns stand to the right.
std::string text_table(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right,
                       size_t indent = 0);

}  // namespace garland::cli
