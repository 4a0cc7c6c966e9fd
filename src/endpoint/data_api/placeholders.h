// Named parameters of the Data API: `:name` in a statement (AWS documentation, "Running SQL statements with
// parameters").
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace garland::endpoint {

struct NumberedStatement {
  std::string sql;                                 // with $1, $2, … in the place of names
  std::vector<std::optional<std::string>> values;  // by number
};

/// Throws 22023 for a name without a value. Names that no statement uses are the caller's to refuse: `used` gets those
/// that this one uses.
NumberedStatement number_parameters(std::string_view sql, const std::map<std::string, std::string>& parameters,
                                    std::map<std::string, bool>& used);

}  // namespace garland::endpoint
