// Statements with the text that they print as: the one table behind the tests of parser and printer.
#pragma once

#include <span>
#include <string_view>

namespace garland::sql {

struct Sample {
  std::string_view input;
  std::string_view printed;  // empty: as the input
};

std::span<const Sample> samples();

}  // namespace garland::sql
