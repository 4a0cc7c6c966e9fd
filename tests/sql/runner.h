// Runs one script against a fresh embedded engine, through engine::Session only: its own sessions, or a server's.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace garland::sqltest {

struct Options {
  bool reprint = false;  // each statement is parsed and printed, and the printed text runs
  bool served = false;   // sessions are libpq's, over a Unix socket to an endpoint in front of the engine
};

struct Outcome {
  enum class Kind { kPassed, kFailed, kSkipped } kind;
  int line;
  std::string report;  // what was expected and what came, or the reason
};

/// One outcome for each record; a script that cannot be read has one failed outcome.
std::vector<Outcome> run_script(const std::filesystem::path& path, const Options& options);

}  // namespace garland::sqltest
