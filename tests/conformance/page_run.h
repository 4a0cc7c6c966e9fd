// Pages run in processes of their own, over a copy of the template: a crash or a hang costs one statement, which is
// named, and pages cannot disturb each other.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "example.h"
#include "verdict.h"

namespace garland::conformance {

struct Setting {
  std::filesystem::path folder;        // of the run, for the pages' warehouses
  std::filesystem::path warehouse;     // the template
  std::set<std::string> without_rows;  // tables of the template
  Scope scope;
};

/// Makes the template in a process of its own. Throws std::runtime_error with the fault.
void prepare_template(const std::filesystem::path& warehouse, const std::filesystem::path& tables,
                      const std::filesystem::path& tickit);

/// Runs the pages, `at_once` at a time; one Judged for each statement of each page. Must be called while the process
/// has one thread.
std::vector<std::vector<Judged>> run_pages(const std::vector<Page>& pages, const Setting& setting, size_t at_once);

}  // namespace garland::conformance
