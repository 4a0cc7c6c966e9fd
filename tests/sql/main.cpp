// sql_tests [--reprint] [--served] [--quiet] [TEXT]: runs the scripts whose path holds TEXT. Prints as tests/README.md says.
#include <cstring>
#include <iostream>

#include "base/log.h"
#include "files.h"
#include "runner.h"

int main(int argc, char** argv) {
  using namespace garland::sqltest;
  Options options;
#ifdef GARLAND_REPRINT
  options.reprint = true;
#endif
#ifdef GARLAND_SERVED
  options.served = true;
#endif
  spdlog::set_level(spdlog::level::warn);
  bool quiet = false;
  std::string only;
  for (int i = 1; i < argc; ++i) {
    if (!std::strcmp(argv[i], "--reprint")) {
      options.reprint = true;
    } else if (!std::strcmp(argv[i], "--served")) {
      options.served = true;
    } else if (!std::strcmp(argv[i], "--quiet")) {
      quiet = true;
    } else {
      only = argv[i];
    }
  }
  const std::filesystem::path folder = GARLAND_SQL_TESTS;
  int passed = 0, failed = 0, skipped = 0;
  for (const auto& path : find_scripts(folder, only)) {
    for (const Outcome& outcome : run_script(path, options)) {
      std::string name = std::filesystem::relative(path, folder).string() + ":" + std::to_string(outcome.line);
      switch (outcome.kind) {
        case Outcome::Kind::kPassed:
          ++passed;
          if (!quiet) std::cout << "PASS " << name << "\n";
          break;
        case Outcome::Kind::kFailed:
          ++failed;
          std::cout << "FAIL " << name << ": " << outcome.report << "\n";
          break;
        case Outcome::Kind::kSkipped:
          ++skipped;
          std::cout << "SKIP " << name << ": " << outcome.report << "\n";
          break;
      }
    }
  }
  std::cout << passed << " passed, " << failed << " failed, " << skipped << " skipped" << std::endl;
  return failed ? 1 : 0;
}
