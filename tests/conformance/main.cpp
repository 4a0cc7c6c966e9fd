// conformance [--file F.jsonl] [--all]: runs the documented statements and judges their answers; see README.md.
#include <fmt/format.h>
#include <stdlib.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "page_run.h"
#include "report.h"
#include "warehouse.h"

namespace {

namespace fs = std::filesystem;
using namespace garland::conformance;

/// A folder of its own, removed at the end.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "garland-conformance-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a temporary folder");
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

bool check(const char* name, int value, int least) {
  const bool ok = value >= least;
  fmt::print("{} {}{}\n", ok ? "PASS" : "FAIL", name, ok ? "" : fmt::format(": {}, recorded were {}", value, least));
  return ok;
}

/// Fails below the recorded figures; exceptions are at most one in twenty.
int compare_with_floor(const Sums& sums, const Floor& floor) {
  int passed = 0;
  passed += check("documented_statements_parse", sums.parsed, floor.parsed);
  passed += check("documented_outputs_are_right", sums.right, floor.right);
  passed += check("all_documented_statements_parse", sums.parsed_all, floor.parsed_all);
  passed += check("exceptions_are_few", sums.in_scope / 20 - sums.exceptions, 0);
  fmt::print("{} passed, {} failed, 0 skipped\n", passed, 4 - passed);
  return passed == 4 ? 0 : 1;
}

int run(const fs::path& file, const fs::path& tickit, bool is_own, bool shows_all) {
  const fs::path here = GARLAND_CONFORMANCE;
  const Folder folder;
  const fs::path tables = here / "guide_tables.sql";
  Setting setting{folder.path(), folder.path() / "template", tables_without_rows(tables),
                  Scope::read(here / "scope.toml")};
  prepare_template(setting.warehouse, tables, tickit);
  const std::vector<Page> pages = read_pages(file);
  const auto results = run_pages(pages, setting, 2);
  const Exceptions exceptions = read_exceptions(here / "exceptions.toml");
  const Report report(pages, results, setting.scope, exceptions);
  const char* root = std::getenv("GARLAND_ROOT");
  report.write(fs::path(root ? root : ".") / "build" / "conformance.txt", shows_all);
  const Sums sums = report.sums();
  fmt::print("{}exceptions: {} of {} in scope; every difference stands in build/conformance.txt\n{}\n",
             report.by_kind(), sums.exceptions, sums.in_scope, closing_line(sums));
  return is_own ? compare_with_floor(sums, read_floor(here / "floor.toml")) : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const char* root = std::getenv("GARLAND_ROOT");
  const fs::path shared = fs::absolute(fs::path(root ? root : ".") / "../shared/conformance");
  const fs::path examples = shared / "documented-examples.jsonl";
  const bool is_suite = root != nullptr;  // then the last line is the sum of the checks
  if (!fs::exists(shared / "tickit") || !fs::exists(examples)) {
    fmt::print(
        "SKIP documented_statements: the documented examples are not beside the repository\n0 passed, 0 failed, "
        "1 skipped\n");
    return 0;
  }
  try {
    fs::path file = examples;
    bool shows_all = false;
    for (int i = 1; i < argc; ++i) {
      if (std::string_view(argv[i]) == "--all") shows_all = true;
      if (std::string_view(argv[i]) == "--file" && i + 1 < argc) file = argv[++i];
    }
    return run(file, shared / "tickit", is_suite && file == examples, shows_all);
  } catch (const std::exception& error) {
    fmt::print(stderr, "conformance: {}\n", error.what());
    return 2;
  }
}
