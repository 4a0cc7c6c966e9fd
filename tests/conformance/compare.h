// Does an answer hold what the guide prints? By values: NULL is blank, numbers by their digits, floats by the 15 that
// are printed, times by their moment; rows in the printed order where the statement orders them, else in any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "answer.h"
#include "printed.h"

namespace garland::conformance {

/// How a statement orders its rows.
struct Ordering {
  bool is_ordered = false;
  /// The columns that it orders by, when all of them stand in the result: rows that agree in them may change places.
  std::vector<size_t> keys;
};
Ordering ordering_of(std::string_view sql, const std::vector<engine::ResultColumn>& columns);

/// One field: does the text that is printed mean the value?
bool is_same(std::string_view printed, const std::optional<std::string>& value, const engine::Type& type);

/// Nothing when the answer is as printed, otherwise what differs. The answer has not failed.
std::optional<std::string> difference(const Printed& printed, const Answer& answer, const Ordering& ordering);

/// The printed column names, when they differ from the answer's; empty otherwise.
std::string other_names(const Printed& printed, const Answer& answer);

}  // namespace garland::conformance
