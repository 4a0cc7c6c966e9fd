// The documented statements, one JSON object a line, and what is judged of them: scope.toml, exceptions.toml.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace garland::conformance {

struct Example {
  std::string page;
  int n = 0;  // its place on the page
  std::string kind;
  std::vector<std::string> tags;
  std::string sql;
  std::optional<std::string> output;  // as a terminal client prints it
};

/// The statements of one page, in order: they share their tables.
struct Page {
  std::string name;
  std::vector<Example> examples;
};

/// Pages in the order of the file. Throws std::runtime_error when the file cannot be read or is not of that shape.
std::vector<Page> read_pages(const std::filesystem::path& file);

/// What is judged, by kind and tag alone.
class Scope {
 public:
  static Scope read(const std::filesystem::path& file);
  bool holds(const Example& example) const;
  /// False where the printed output shows the guide's own cluster (rows of system views, costs of plans).
  bool holds_output(const Example& example) const;

 private:
  std::set<std::string> out_kinds_, out_tags_, out_output_kinds_, out_output_tags_;
};

/// Page and place → the reason why the statement is not judged.
using Exceptions = std::map<std::pair<std::string, int>, std::string>;
Exceptions read_exceptions(const std::filesystem::path& file);

/// The least that the documented examples reach; `make test` fails below it.
struct Floor {
  int parsed = 0, right = 0, parsed_all = 0;
};
Floor read_floor(const std::filesystem::path& file);

}  // namespace garland::conformance
